"""How the kernel writes numbers down: 81 limbs of 51 bits, in Montgomery form (specs/26, Form).

The instruction multiplies numbers of 52 bits. Limbs have one bit less, so that the sum of two limbs
is a factor as well: that is what halves the work (specs/26, Sums instead of cross products).
"""

from __future__ import annotations

from typing import Final

RADIX: Final = 51  # bits of a limb
LIMBS: Final = 81
BLOCK: Final = 9  # limbs of a block; a tile is the product of two blocks
BLOCKS: Final = LIMBS // BLOCK
LANES: Final = 8  # numbers side by side
ROW: Final = 88  # limbs of a row in memory: whole groups of eight, the last seven are 0
ROW_BYTES: Final = 8 * ROW
WIDTH: Final = 512  # bytes of a number
MASK: Final = (1 << RADIX) - 1
R: Final = 1 << (RADIX * LIMBS)
LOW_ONES: Final = 5  # limbs of p that are all ones, from the lowest
FIRST_TOP: Final = 76  # the first limb of p of the run of ones that ends at the top


def limbs_of(x: int) -> list[int]:
    """The limbs of a number from 0 and below R, lowest first."""
    return [x >> (RADIX * i) & MASK for i in range(LIMBS)]


def row_of(x: int) -> list[int]:
    """The limbs of a number below R, filled up to a row."""
    return limbs_of(x) + [0] * (ROW - LIMBS)


def suits(p: int) -> bool:
    """Whether p has the length and the ones at both ends that the kernel is built on."""
    limbs = limbs_of(p)
    return (
        p.bit_length() == 8 * WIDTH
        and limbs[:LOW_ONES] == [MASK] * LOW_ONES
        and limbs[FIRST_TOP : LIMBS - 1] == [MASK] * (LIMBS - 1 - FIRST_TOP)
        and limbs[LIMBS - 1] == MASK >> (RADIX * LIMBS - 8 * WIDTH)
    )


def factor_blocks(p: int) -> list[list[int]]:
    """The blocks of p + 1 + 2^(51 * 76): what quotients are multiplied by.

    p + 1 has limbs 5 to 75, then ones up to 2^4096: adding 1 at limb 76 leaves 2^16 at limb 80,
    and `reduction` takes the quotient away there.
    """
    limbs = limbs_of(p + 1 + (1 << (RADIX * FIRST_TOP)))
    return [limbs[BLOCK * i : BLOCK * (i + 1)] for i in range(BLOCKS)]
