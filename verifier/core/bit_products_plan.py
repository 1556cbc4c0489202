"""Plans of bit products: flat arrays of row numbers, step by step (specs/26, Plans)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray

    Rows = NDArray[int64]


class Steps:
    """Products in steps: those of a step write no row that another one of it reads or writes."""

    def __init__(self) -> None:
        self._columns: list[tuple[Rows, Rows, Rows]] = []
        self._lengths = [0]

    def add(self, dst: Rows, left: Rows, right: Rows) -> None:
        """One more step. Arrays of one length; an empty step is none."""
        if len(dst):
            self._columns.append((dst, left, right))
            self._lengths.append(len(dst))

    def columns(self) -> tuple[Rows, Rows, Rows, Rows]:
        """dst, left, right of all products, and where each step begins."""
        ends = np.cumsum(self._lengths, dtype=np.int64)
        if not self._columns:
            nothing = np.zeros(0, dtype=np.int64)
            return nothing, nothing, nothing, ends
        dst, left, right = (np.concatenate(column) for column in zip(*self._columns, strict=True))
        return dst, left, right, ends


def fill(steps: Steps, rows: Rows, counts: Rows, spare: Rows) -> Rows:
    """Rows that hold the product of the elements of each bucket; 0, the row of 1, if it is empty.

    rows: of the elements, bucket by bucket. counts: how many each bucket has. spare: a row for each
    bucket, written when it has two elements or more; one of a single element is that element's row.
    Every bucket takes its next element in the same step, so steps are as wide as can be.
    """
    starts = np.cumsum(counts) - counts
    fullest_first = np.argsort(-counts, kind="stable")
    ordered = counts[fullest_first]
    starts, into = starts[fullest_first], spare[fullest_first]
    results = np.zeros_like(spare)
    there = int(np.searchsorted(-ordered, 0))
    results[fullest_first[:there]] = rows[starts[:there]]
    most = int(ordered[0]) if len(ordered) else 0
    # How many buckets have more than 0, 1, 2, ... elements.
    wide = np.searchsorted(-ordered, -np.arange(most))
    for taken in range(1, most):
        some = int(wide[taken])
        held = rows[starts[:some]] if taken == 1 else into[:some]
        steps.add(into[:some], held, rows[starts[:some] + taken])
    if most > 1:
        several = int(wide[1])
        results[fullest_first[:several]] = into[:several]
    return results


def fold(steps: Steps, buckets: Rows, spare: Rows) -> None:
    """Reduce buckets to bit products: afterwards buckets[i, 2^j] is the row of P_j of window i.

    buckets: [windows, 2^w], the row of each bucket, 0 if it is empty; changed in place. spare: a
    row for each of them, which nothing else reads.
    The upper half of a window has bit w - 1 set: it is multiplied into the lower half, which then
    is a window of w - 1 bits, and in the steps after that joined to one product by halves. All
    windows and all halves go side by side, in w steps.
    """
    bits = buckets.shape[1].bit_length() - 1
    for step in range(bits):
        pairs = []
        half = 1 << (bits - 1 - step)
        pairs.append((slice(1, half), slice(half + 1, 2 * half)))
        for begun in range(step):
            first = 1 << (bits - 1 - begun)
            joined = first >> (step - begun)
            pairs.append((slice(first, first + joined), slice(first + joined, first + 2 * joined)))
        _multiply(steps, buckets, spare, pairs)


def _multiply(steps: Steps, buckets: Rows, spare: Rows, pairs: list[tuple[slice, slice]]) -> None:
    """One step: multiply the second columns of each pair into the first; empty ones cost nothing.

    An empty first one takes part as 1, so that no row stands for two buckets: one of them may be
    written over.
    """
    left = np.concatenate([buckets[:, first] for first, _ in pairs], axis=1)
    right = np.concatenate([buckets[:, second] for _, second in pairs], axis=1)
    into = np.concatenate([spare[:, first] for first, _ in pairs], axis=1)
    is_product = right != 0
    steps.add(into[is_product], left[is_product], right[is_product])
    results = np.where(is_product, into, left)
    start = 0
    for first, _ in pairs:
        stop = start + first.stop - first.start
        buckets[:, first] = results[:, start:stop]
        start = stop
