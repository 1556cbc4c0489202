"""How exponents are cut into windows where many elements share buckets (specs/25, Costs)."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDEST: Final = 13  # bits of a window: 8,192 buckets


def stretches(bits: Iterable[int]) -> list[tuple[int, int]]:
    """Stretches of bits that the same elements reach: from, and to without.

    bits: the lengths of the exponents, in any order.
    """
    return list(pairwise(sorted({0, *bits})))


def cost(elements: int, width: int) -> int:
    """Products of one window: n (1 - 2^-w) - 2^w to fill buckets, and 2^(w + 1) to fold them.

    It is what it says where buckets are full, and less where there are more buckets than elements.
    """
    return elements - (elements >> width) + (1 << width)


@lru_cache(maxsize=64)
def windows(elements: int, bits: int) -> tuple[int, ...]:
    """The widths of the windows of a stretch, lowest first: those that cost least together.

    elements: how many reach it. Widths differ by 1 at most, wider ones first.
    """
    fewest = -(-bits // WIDEST)
    ways = (_spread(bits, number) for number in range(fewest, bits + 1))
    return min(ways, key=lambda widths: sum(cost(elements, width) for width in widths))


def _spread(bits: int, number: int) -> tuple[int, ...]:
    narrow, wide = divmod(bits, number)
    return (narrow + 1,) * wide + (narrow,) * (number - wide)
