"""An engine for rows that refuses a plan whose steps depend on the order within them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from verifier.core.reference_rows import ReferenceArena, ReferenceRows

if TYPE_CHECKING:
    from verifier.core.row_digits import Indices, Octets


class StrictRows(ReferenceRows):
    """Counts what it multiplies and stores, over all of its arenas."""

    def __init__(self, p: int) -> None:
        super().__init__(p)
        self.products = 0
        self.squarings = 0
        self.arenas: list[StrictArena] = []

    def arena(self, rows: int) -> StrictArena:
        self.arenas.append(StrictArena(self, rows))
        return self.arenas[-1]


class StrictArena(ReferenceArena):
    """Computes a step from its last product to its first; no row is read before it is written."""

    def __init__(self, engine: StrictRows, rows: int) -> None:
        super().__init__(engine.p, engine.width, rows)
        self._engine = engine
        self._written = {0}

    def load(self, at: Indices, raw: Octets) -> None:
        p = self._engine.p.to_bytes(self._engine.width, "big")
        assert all(number.tobytes() < p for number in raw)
        super().load(at, raw)
        self._written.update(at.tolist())

    def store(self, at: Indices) -> Octets:
        assert self._written.issuperset(at.tolist())
        return super().store(at)

    def run(self, dst: Indices, left: Indices, right: Indices, steps: Indices) -> None:
        assert steps[0] == 0
        assert steps[-1] == len(dst) == len(left) == len(right)
        for start, end in pairwise(steps.tolist()):
            last, one, other = (column[start:end][::-1] for column in (dst, left, right))
            self._check(last.tolist(), one.tolist(), other.tolist())
            super().run(last, one, other, np.array([0, end - start]))
            self._engine.squarings += int((one == other).sum())
        self._engine.products += len(dst)

    def _check(self, dst: list[int], left: list[int], right: list[int]) -> None:
        """No product writes a row that another one of the step reads or writes."""
        writer = {row: place for place, row in enumerate(dst)}
        assert len(writer) == len(dst)
        for place, factors in enumerate(zip(left, right, strict=True)):
            for row in factors:
                assert row in self._written
                assert writer.get(row, place) == place
        self._written.update(dst)
