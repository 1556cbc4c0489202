"""Bit products by an engine that multiplies rows: plans in numpy, groups of eight full.

Needs numpy, and is imported only where an engine is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from verifier.core.bit_products_plan import Steps, fill, fold
from verifier.core.bit_products_windows import stretches, windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy import int64, uint8, uint16
    from numpy.typing import NDArray

    from verifier.core.bit_products import Terms
    from verifier.core.rows import Arena, RowEngine

_BUCKETS: Final = 1 << 14  # rows beside the elements: 10 MiB of the kernel's, or two widest windows


class RowBitProducts:
    """Holds elements in an arena of the engine. Memory: 640 bytes each with the kernel."""

    def __init__(self, engine: RowEngine) -> None:
        self.name = engine.name
        self._engine = engine
        self._arena: Arena | None = None

    def hold(self, raw: bytes) -> RowHeld:
        """Take elements: into rows 1 to n. The arena of the elements before is used again."""
        elements = np.frombuffer(raw, dtype=np.uint8).reshape(-1, self._engine.width)
        rows = 1 + len(elements) + _BUCKETS
        if self._arena is None or self._arena.rows < rows:
            self._arena = None  # or two would be held for a moment
            self._arena = self._engine.arena(rows)
        self._arena.load(np.arange(1, len(elements) + 1, dtype=np.int64), elements)
        return RowHeld(self._arena, len(elements))


class RowHeld:
    """Elements in rows 1 to n of an arena, buckets in those after them."""

    def __init__(self, arena: Arena, elements: int) -> None:
        self._arena = arena
        self._spare = np.arange(elements + 1, elements + 1 + _BUCKETS, dtype=np.int64)

    def products(self, lists: Sequence[Sequence[int]]) -> list[bytes]:
        """The product mod p of the elements in each list of places: as many side by side."""
        answers: list[bytes] = []
        for start in range(0, len(lists), _BUCKETS):
            some, steps = lists[start : start + _BUCKETS], Steps()
            counts = np.fromiter(map(len, some), dtype=np.int64, count=len(some))
            rows = np.fromiter((place + 1 for places in some for place in places), dtype=np.int64)
            results = fill(steps, rows, counts, self._spare[: len(some)])
            answers += map(bytes, self._computed(steps, results))
        return answers

    def bit_products(self, terms: Sequence[Terms]) -> list[int]:
        """P_j for each j, as many windows at once as there are rows for."""
        answers: list[int] = []
        rows = [np.asarray(some.places, dtype=np.int64) + 1 for some in terms]
        exponents = [_padded(some) for some in terms]
        for low, high in stretches(some.bits for some in terms):
            reach = [place for place, some in enumerate(terms) if some.bits >= high]
            those = np.concatenate([rows[place] for place in reach])
            raw = np.concatenate(
                [exponents[place][low // 8 : (high - 1) // 8 + 3] for place in reach], axis=1
            )
            at, widths = low % 8, windows(len(those), high - low)
            together = max(1, _BUCKETS >> widths[0])
            for start in range(0, len(widths), together):
                some_widths = widths[start : start + together]
                answers += self._of_windows(those, raw, at, some_widths)
                at += sum(some_widths)
        return answers

    def _of_windows(
        self, rows: NDArray[int64], raw: NDArray[uint8], at: int, widths: Sequence[int]
    ) -> list[int]:
        """P_j of the windows that begin at bit `at` of the exponents, the widest first."""
        steps, widest = Steps(), widths[0]
        spare = self._spare[: len(widths) << widest].reshape(len(widths), -1)
        sorted_rows, counts = [], np.zeros_like(spare)
        for window, width in enumerate(widths):
            digits = _digits(raw, at, width)
            counts[window, : 1 << width] = np.bincount(digits, minlength=1 << width)
            order = np.argsort(digits, kind="stable")
            sorted_rows.append(rows[order[counts[window, 0] :]])
            at += width
        counts[:, 0] = 0
        filled = fill(steps, np.concatenate(sorted_rows), counts.ravel(), spare.ravel())
        buckets = filled.reshape(spare.shape)
        fold(steps, buckets, spare)
        bits = [
            buckets[window, 1 << bit] for window, width in enumerate(widths) for bit in range(width)
        ]
        computed = self._computed(steps, np.array(bits, dtype=np.int64))
        return [int.from_bytes(bytes(row), "big") for row in computed]

    def _computed(self, steps: Steps, rows: NDArray[int64]) -> NDArray[uint8]:
        """The numbers in these rows once the steps are done."""
        self._arena.run(*steps.columns())
        return self._arena.store(rows)


def _padded(terms: Terms) -> NDArray[uint8]:
    """Byte b of every exponent in row b, lowest first, and two rows of zeros."""
    raw = np.frombuffer(terms.exponents, dtype=np.uint8).reshape(len(terms.places), terms.width)
    padded = np.zeros((terms.width + 2, len(terms.places)), dtype=np.uint8)
    padded[: terms.width] = raw.T
    return padded


def _digits(raw: NDArray[uint8], at: int, width: int) -> NDArray[uint16]:
    """`width` bits of each exponent from bit `at` on: 13 bits lie in three bytes at most."""
    first, shift = divmod(at, 8)
    three = raw[first].astype(np.uint32)
    three |= raw[first + 1].astype(np.uint32) << 8
    three |= raw[first + 2].astype(np.uint32) << 16
    digits: NDArray[uint16] = (three >> shift & (1 << width) - 1).astype(np.uint16)
    return digits
