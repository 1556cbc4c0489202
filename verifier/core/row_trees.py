"""Products of many numbers in rows, as trees (specs/24, Products)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from verifier.core.row_digits import Indices
    from verifier.core.rows import Arena


def multiply_lists(arena: Arena, factors: Indices, counts: Indices, free: int) -> Indices:
    """The row of the product of each list; row 0, which is 1, of an empty one.

    factors: the rows of all lists, one list after the other; they keep their numbers. counts: how
    many of them each list has. free: the first of as many rows as there are factors, that may be
    written. Cost: n - 1 products for a list of n, the lists side by side.
    """
    products = np.zeros(len(counts), np.int64)
    (lists,) = np.nonzero(counts)
    counts = counts[lists]
    while len(factors) > len(lists):
        starts = np.cumsum(counts) - counts
        in_list = np.arange(len(factors)) - np.repeat(starts, counts)
        (left,) = np.nonzero((in_list % 2 == 0) & (in_list + 1 < np.repeat(counts, counts)))
        made = np.arange(free, free + len(left))
        free += len(left)
        arena.run(made, factors[left], factors[left + 1], np.array([0, len(left)]))
        factors = factors.copy()
        factors[left] = made
        factors = factors[in_list % 2 == 0]
        counts = (counts + 1) // 2
    products[lists] = factors
    return products
