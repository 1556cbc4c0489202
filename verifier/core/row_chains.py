"""Several powers of each of many bases: one chain of squarings a base, all side by side (specs/24).

A plan is made in numpy, with no loop over products: some 20 ns for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from verifier.core.row_digits import sliding_digits_of
from verifier.core.windows import BUCKETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verifier.core.row_digits import Indices, Octets
    from verifier.core.rows import Arena


@dataclass(frozen=True, slots=True)
class Raised:
    """powers: a row for each exponent. squares: for each place kept the rows x^(2^place)."""

    powers: Indices
    squares: Indices


class RowChains:
    """Powers with exponents below 2^bits, and the squares at some places for every base."""

    def __init__(self, bits: int, kept: Sequence[int]) -> None:
        """kept: the places, from 0 to `bits`."""
        self._bits = bits
        self._kept = list(kept)
        self._columns = np.empty((3, 0), np.int64)  # used again: new memory costs more than to fill

    def rows_for(self, bases: int, exponents: int) -> int:
        """The most rows that `raise_bases` writes."""
        return (2 + len(self._kept)) * bases + 2 * BUCKETS * exponents

    def raise_bases(
        self, arena: Arena, bases: Indices, of: Indices, raw: Octets, free: int
    ) -> Raised:
        """Raise the base in row bases[of[i]] to exponent i, used as it is.

        bases: rows, which keep their numbers. raw: the exponents, big-endian; one or more. free:
        the first of `rows_for` rows that may be written. Raises ValueError for one of more bits.
        Cost in products: for a base as many as the highest place, for an exponent of 256 bits 58.
        """
        plan = _Plan(bases, of, sliding_digits_of(raw, self._bits), self._kept, free)
        if plan.products:
            if plan.products > self._columns.shape[1]:
                self._columns = np.empty((3, plan.products), np.int64)
            dst, left, right = columns = self._columns[:, : plan.products]
            plan.write(columns)
            arena.run(dst, left, right, plan.steps)
        own = plan.own.reshape(-1, BUCKETS).T
        _join(arena, plan.held.reshape(-1, BUCKETS).T, own)
        return Raised(own[0], plan.squares[self._kept])


class _Plan:
    """The squarings, and the product of each square with the buckets that it goes to.

    A step has the squarings from one place to the next and the products of the place. A bucket that
    holds one square is that square's row (`held`), and no product; from its second on it has a row
    of its own. A square that some bucket holds keeps its row; others take turns in two of a base.
    """

    def __init__(
        self,
        bases: Indices,
        of: Indices,
        digits: tuple[Indices, Indices, Indices],
        kept: Sequence[int],
        free: int,
    ) -> None:
        places, exponents, buckets = digits
        buckets = buckets + exponents * BUCKETS
        count = len(of) * BUCKETS
        first = _firsts(buckets, count)
        last = max((int(places[-1]) if len(places) else 0), *kept, 0)
        stays = np.zeros((last + 1, len(bases)), np.bool_)
        stays[kept] = True
        squared = of[exponents[first]]
        stays[places[first], squared] = True
        self.squares = _rows_of_squares(bases, stays, free)
        free += 2 * len(bases) + int(np.count_nonzero(stays[1:]))
        self.own = np.arange(free, free + count)
        self.held = np.zeros(count, np.int64)  # an empty bucket is row 0, which is 1
        self.held[buckets[first]] = self.squares[places[first], squared]
        is_more = np.ones(len(buckets), np.bool_)
        is_more[first] = False
        places, exponents, buckets = places[is_more], exponents[is_more], buckets[is_more]
        second = _firsts(buckets, count)
        self._dst = buckets + free
        self._left = self._dst.copy()
        self._left[second] = self.held[buckets[second]]
        self._right = self.squares.ravel().take(places * len(bases) + of.take(exponents))
        self.held[buckets] = self._dst
        self._ends = np.append(0, np.cumsum(np.bincount(places, minlength=last + 1)))
        squarings = np.append(np.arange(1, last + 1), last) * len(bases)
        self.steps = np.unique(np.append(0, squarings + self._ends[1:]))
        self.products = int(self.steps[-1])

    def write(self, columns: Indices) -> None:
        """The plan in three columns of as many products."""
        slices = [slice(*ends) for ends in pairwise(self._ends.tolist())]
        squares = list(self.squares)
        for column, squared, rows in (
            (columns[0], squares[1:], self._dst),
            (columns[1], squares[:-1], self._left),
            (columns[2], squares[:-1], self._right),
        ):
            of_buckets = [rows[of_place] for of_place in slices]
            parts = [*chain(*zip(squared, of_buckets, strict=False)), of_buckets[-1]]
            np.concatenate(parts, out=column)


def _firsts(buckets: Indices, count: int) -> Indices:
    """Where each bucket has its first entry."""
    first = np.full(count, -1)
    first[buckets[::-1]] = np.arange(len(buckets) - 1, -1, -1)  # the last one written stays
    return first[first >= 0]


def _rows_of_squares(bases: Indices, stays: NDArray[np.bool_], free: int) -> Indices:
    """[places, bases]: the row of x^(2^place), by whether it stays; at place 0 that of x."""
    turns = np.arange(stays.shape[0])[:, None] % 2 * len(bases)
    rows: Indices = free + turns + np.arange(len(bases))
    kept = stays.copy()
    kept[0] = False
    rows[kept] = np.arange(np.count_nonzero(kept)) + free + 2 * len(bases)
    rows[0] = bases
    return rows


def _join(arena: Arena, held: Indices, own: Indices) -> None:
    """Row own[0] becomes the product of bucket d to the power 2 d + 1.

    held, own: [buckets, exponents]. 15 products an exponent: the products of the buckets from d on,
    for each d; of those but the last one again the product; its square times the last one.
    """
    highest, exponents = BUCKETS - 1, held.shape[1]
    running, total = held[highest], held[highest]
    steps = [(own[highest - 1], running, held[highest - 1])]
    running = own[highest - 1]
    for d in range(highest - 2, -1, -1):
        steps += [(own[d], running, held[d]), (own[highest], total, running)]
        running, total = own[d], own[highest]
    steps += [(total, total, total), (running, total, running)]
    dst, left, right = (np.concatenate(column) for column in zip(*steps, strict=True))
    sizes = [1, *[2] * (highest - 1), 1, 1]
    arena.run(dst, left, right, np.append(0, np.cumsum(sizes)) * exponents)
