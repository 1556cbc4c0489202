"""How numbers are written down, and that no column can grow beyond 64 bits (specs/26, Bounds)."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from tests.toy_groups import TOY
from verifier.core.ifma.form import (
    BLOCK,
    BLOCKS,
    FIRST_TOP,
    LIMBS,
    LOW_ONES,
    MASK,
    RADIX,
    ROW,
    R,
    factor_blocks,
    limbs_of,
    row_of,
    suits,
)
from verifier.parameters import STANDARD

P: Final = STANDARD.p
LIMB: Final = MASK  # the largest limb
SUM: Final = 2 * MASK  # of two limbs
LOW: Final = (1 << 52) - 1  # the largest low half of any product


class Columns:
    """For each of 162 columns how large the sum of all that is added to it can be, signs aside."""

    def __init__(self) -> None:
        self.most = Counter[int]()

    def add_tile(self, block: int, x: int, y: int, times: int = 1) -> None:
        """A tile of limbs up to x and up to y, at a block, so many times."""
        assert max(x, y) < 1 << 52, "the instruction takes no more than 52 bits"
        for i in range(BLOCK):
            for j in range(BLOCK):
                place = BLOCK * block + i + j
                self.most[place] += times * LOW
                self.most[place + 1] += times * 2 * (x * y >> 52)

    def add_crossed(self, first: int) -> None:
        """The tiles of sums from block `first` on, twice each D_i, and the windows of all D_i."""
        for i in range(first, BLOCKS):
            self.add_tile(2 * i, LIMB, LIMB, 2)
            for block in range(first, BLOCKS):
                self.add_tile(i + block, LIMB, LIMB)
            for j in range(i + 1, BLOCKS):
                self.add_tile(i + j, SUM, SUM)


def test_no_column_leaves_64_bits() -> None:
    """Whatever the limbs are: all that is ever added to a column, taken as positive, and carries.

    What a register holds in between is a part of that sum, or half or a quarter of one.
    """
    columns = Columns()
    columns.add_crossed(0)  # the product
    columns.add_crossed(1)  # quotient times p + 1
    for i in range(BLOCKS):
        columns.add_tile(i, LIMB, LIMB)  # m_0 P_i
        columns.add_tile(i, LIMB, LIMB)  # m_i P_0
    for place in range(LIMBS):
        columns.most[FIRST_TOP + place] += LIMB
    most = max(columns.most.values())
    carry = 2 * most >> RADIX
    assert most + carry < 1 << 61
    assert most > 1 << 60  # so the bound that specs/26 states is not far off


def test_limbs_are_the_number() -> None:
    for x in (0, 1, P, R - 1, 1 << (RADIX * 40), STANDARD.g):
        assert sum(limb << (RADIX * i) for i, limb in enumerate(limbs_of(x))) == x
        assert max(limbs_of(x)) <= MASK
        assert len(limbs_of(x)) == LIMBS
        assert row_of(x) == limbs_of(x) + [0] * (ROW - LIMBS)


def test_factors_are_p_and_the_corrections() -> None:
    blocks = factor_blocks(P)
    limbs = [limb for block in blocks for limb in block]
    assert sum(limb << (RADIX * i) for i, limb in enumerate(limbs)) == P + 1 + (
        1 << (RADIX * FIRST_TOP)
    )
    assert limbs[:LOW_ONES] == [0] * LOW_ONES
    assert limbs[FIRST_TOP:] == [0, 0, 0, 0, 1 << 16]
    assert len(limbs) == LIMBS


def test_the_standard_p_has_the_form() -> None:
    assert suits(P)
    assert R > 4 * P  # so that a product of two numbers below 2 p stays below 2 p


@pytest.mark.parametrize(
    "p",
    [
        TOY.p,
        P - 2,
        P + 2,
        P - (1 << 254),
        P + (1 << 4096),
        P - (1 << 4095),
        P - (1 << (RADIX * FIRST_TOP)),
        (P >> 51 << 51) - 1,
        P - (1 << 4080),
    ],
)
def test_other_moduli_do_not(p: int) -> None:
    assert not suits(p)


def test_a_change_in_the_middle_is_no_matter_of_form() -> None:
    assert suits(P + (1 << 2000))
