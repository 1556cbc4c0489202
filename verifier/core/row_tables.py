"""Tables of the powers of a few bases, in the rows of one arena with room to work (specs/24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verifier.core.row_digits import fixed_digits_of, octets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.core.row_digits import Indices, Octets
    from verifier.core.rows import RowEngine


class RowTables:
    """For each base b, place i and digit d the row of b^(d 2^(window i)); built by the engine."""

    def __init__(
        self, engine: RowEngine, bases: Sequence[int], bits: int, window: int, work: int
    ) -> None:
        """Build them. bases: one or more, each from 1 to p - 1. bits: of the longest exponent.

        work: rows beside the tables.
        Cost for each base in products: one for every entry; memory for 4096 bits: 6 MiB with 8
        bits, 60 MiB with 12.
        """
        self.window = window
        self.bases = tuple(bases)
        self._bits = bits
        self._rows = -(-bits // window)
        self._size = self._rows << window
        self.free = 1 + self._size * len(bases)
        """The first of the rows to work with."""
        self.arena = engine.arena(self.free + max(work, 1))
        self._firsts = 1 + self._size * np.arange(len(bases))
        self._build(octets_of(bases, engine.width))

    def multiply(self, rows: Indices, which: Indices, raw: Octets) -> None:
        """Row rows[i] becomes itself times bases[which[i]]^(exponent i).

        rows: each once. raw: the exponents, big-endian, each below 2^bits.
        Cost: a product for each digit, 22 for 256 bits and a window of 12.
        """
        digits = fixed_digits_of(raw, self._bits, self.window)
        places = np.arange(self._rows)[:, None] << self.window
        entries = np.where(digits > 0, self._firsts[which] + places + digits, 0)
        dst = np.tile(rows, self._rows)
        steps = np.arange(self._rows + 1) * len(rows)
        self.arena.run(dst, dst, entries.ravel(), steps)

    def _build(self, raw: Octets) -> None:
        """Entries of one bit by squarings, one after the other; then from k bits those of k + 1.

        All places and bases side by side.
        """
        bits = np.arange(self._bits)
        in_place = (bits // self.window << self.window) + (1 << bits % self.window)
        of_bits = self._firsts[:, None] + in_place
        self.arena.load(of_bits[:, 0], raw)
        squared, roots = of_bits[:, 1:].T.ravel(), of_bits[:, :-1].T.ravel()
        self.arena.run(squared, roots, roots, np.arange(self._bits) * len(raw))
        for k in range(1, self.window):
            firsts = of_bits[:, bits % self.window == k].ravel()[:, None] - (1 << k)
            halves = np.arange((1 << (k - 1)) + 1, 1 << k)
            even, root = (firsts + 2 * halves).ravel(), (firsts + halves).ravel()
            self.arena.run(even, root, root, np.array([0, len(even)]))
            evens = np.arange(1 << k, 2 << k, 2)
            even = (firsts + evens).ravel()
            one = np.repeat(firsts + 1, len(evens))
            self.arena.run(even + 1, even, one, np.array([0, len(even)]))
