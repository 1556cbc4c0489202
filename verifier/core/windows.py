"""How an exponent is cut into digits: what gmpy2's direct loops and plans have in common."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

SLIDING_BITS: Final = 4  # 8 buckets; 5 bits and 16 buckets cost the same for 256-bit exponents
FIXED_BITS: Final = 256  # exponents that a fixed-base table serves
BUCKETS: Final = 1 << (SLIDING_BITS - 1)
WINDOWS: Final = (4, 8, 12)  # a table grows; wider ones than 12 bits (50 MiB) save less than 3 %


def sliding_digits(exponent: int) -> list[tuple[int, int]]:
    """Pairs (i, d) with exponent = the sum of (2 d + 1) 2^i, i ascending, 0 <= d < 8.

    exponent: from 0. A random one of 256 bits has 51 pairs.
    """
    digits, at, mask = [], 0, (1 << SLIDING_BITS) - 1
    while exponent:
        zeros = (exponent & -exponent).bit_length() - 1
        exponent >>= zeros
        at += zeros
        digits.append((at, (exponent & mask) >> 1))
        exponent >>= SLIDING_BITS
        at += SLIDING_BITS
    return digits


@lru_cache(maxsize=16)  # alpha and beta of a selection have the same exponents
def schedule(
    exponents: tuple[int, ...], places: tuple[int, ...], bits: int
) -> tuple[tuple[tuple[range, int], ...], range]:
    """How often to square before a square goes to a slot, in pairs; and how often at the end.

    A range of as many steps stands for the number. Digit d at place i of exponent j (from 0) sends
    x^(2^i) to slot BUCKETS j + d; the places given send theirs to one slot after those. bits: all
    squarings together, no fewer than any place.
    """
    pairs = [
        (place, BUCKETS * j + digit)
        for j, exponent in enumerate(exponents)
        for place, digit in sliding_digits(exponent)
    ]
    pairs += [(place, BUCKETS * len(exponents)) for place in places]
    at, steps = 0, []
    for place, slot in sorted(pairs):
        steps.append((range(place - at), slot))
        at = place
    return tuple(steps), range(bits - at)


def fixed_digits(exponent: int, window: int) -> list[int]:
    """All digits of an exponent below 2^256 to the base 2^window, lowest first."""
    mask = (1 << window) - 1
    digits = []
    for _ in range(rows_of(window)):
        digits.append(exponent & mask)
        exponent >>= window
    return digits


def rows_of(window: int) -> int:
    """How many digits of `window` bits an exponent has."""
    return -(-FIXED_BITS // window)


def cost_of_table(window: int) -> int:
    """Products that a table costs; a power costs one a row."""
    return rows_of(window) * ((1 << window) - 1)


def window_after(powers: int) -> int:
    """The window that a table deserves once so many powers have been asked of it.

    A wider table is worth its cost when it would have saved as much already: however many powers
    follow, not twice is spent of what the best choice would have cost.
    """
    window = WINDOWS[0]
    for wider in WINDOWS[1:]:
        if powers * (rows_of(window) - rows_of(wider)) < cost_of_table(wider):
            break
        window = wider
    return window


def ones(x: int) -> Iterable[int]:
    """The places of the ones of x, lowest first."""
    while x:
        lowest = x & -x
        yield lowest.bit_length() - 1
        x ^= lowest
