"""Rows modulo the standard p by the kernel: checked here, computed there (specs/26)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from verifier.core.ifma.form import LIMBS, MASK, RADIX, ROW, ROW_BYTES, WIDTH, R, row_of
from verifier.core.reference_rows import (
    check_number_of_rows,
    check_numbers,
    check_products,
    check_rows,
)

if TYPE_CHECKING:
    from numpy import int64, uint8, uint64
    from numpy.typing import NDArray

    from verifier.core.ifma.kernel import Kernel

_LINE: Final = 64  # bytes of a line of the cache: rows begin with one
_CHUNK: Final = 256  # numbers that leave an arena at a time


class IfmaRows:
    """The engine; its arenas share one compiled kernel."""

    name = "AVX-512 IFMA"
    width = WIDTH

    def __init__(self, p: int, kernel: Kernel) -> None:
        """kernel: compiled for this p."""
        self.p = p
        self._kernel = kernel

    def arena(self, rows: int) -> IfmaArena:
        """Memory for so many rows, 704 bytes each, 1 or more. Raises ValueError for fewer."""
        return IfmaArena(self.p, self._kernel, rows)


class IfmaArena:
    """Rows in Montgomery form, each below 2 p (specs/26, Bounds), and a hidden one after them.

    Rows that were not written yet are 0.
    """

    def __init__(self, p: int, kernel: Kernel, rows: int) -> None:
        check_number_of_rows(rows)
        self.rows = rows
        self._kernel = kernel
        self._memory = _lines(rows + 1)
        self._memory[0] = row_of(R % p)
        self._memory[rows] = row_of(R * R % p)  # a product by it brings a number into the form
        self._p = np.array(row_of(p), np.uint64)

    def load(self, at: NDArray[int64], raw: NDArray[uint8]) -> None:
        """Row at[i] becomes the number raw[i]: see `Arena.load`. Cost: a product each."""
        check_numbers(raw, len(at), WIDTH)
        check_rows(at, self.rows, first=1)
        if not len(at):
            return
        at, raw = np.ascontiguousarray(at), np.ascontiguousarray(raw)
        self._kernel.unpack(self._memory.ctypes.data, at.ctypes.data, raw.ctypes.data, len(at))
        self._multiply_all(self._memory, at, self.rows)

    def store(self, at: NDArray[int64]) -> NDArray[uint8]:
        """The numbers of rows at[i]: see `Arena.store`. Cost: a product each."""
        check_rows(at, self.rows, first=0)
        raw = np.empty((len(at), WIDTH), np.uint8)
        for start in range(0, len(at), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            raw[chunk] = self._numbers(self._memory[at[chunk]])
        return raw

    def run(
        self,
        dst: NDArray[int64],
        left: NDArray[int64],
        right: NDArray[int64],
        steps: NDArray[int64],
    ) -> None:
        """The products, eight at a time within a step: see `Arena.run`.

        A group of eight whose factors are the same rows costs as a squaring, 0.8 of a product.
        """
        check_products(dst, left, right, steps, self.rows)
        self._run(self._memory, dst, left, right, steps)

    def write_form(self, row: int, x: int) -> None:
        """Put a number as it is, in the form, from 0 and below R: for tests of the kernel."""
        self._memory[row] = row_of(x)

    def read_form(self, row: int) -> int:
        """The number that a row holds, in the form. Raises ValueError for a limb that is too long.

        For tests of the kernel.
        """
        limbs = self._memory[row].tolist()
        if max(limbs) > MASK or any(limbs[LIMBS:]):
            raise ValueError(f"row {row} has a limb of more than {RADIX} bits")
        return sum(limb << (RADIX * place) for place, limb in enumerate(limbs))

    def _numbers(self, held: NDArray[uint64]) -> NDArray[uint8]:
        """The numbers of some rows. A product by 1 leaves the form; it is p at most."""
        number = len(held)
        rows = _lines(number + 1)
        rows[:number] = held
        rows[number] = row_of(1)
        self._multiply_all(rows, np.arange(number), number)
        rows[:number][(rows[:number] == self._p).all(axis=1)] = 0
        raw = np.empty((number, WIDTH), np.uint8)
        self._kernel.pack(raw.ctypes.data, rows.ctypes.data, number)
        return raw

    def _multiply_all(self, rows: NDArray[uint64], at: NDArray[int64], factor: int) -> None:
        """Multiply rows at[i], each named once, by one other row."""
        self._run(rows, at, at, np.full(len(at), factor), np.array([0, len(at)]))

    def _run(self, rows: NDArray[uint64], *columns: NDArray[int64]) -> None:
        *_, steps = held = [np.ascontiguousarray(column) for column in columns]
        if len(steps) > 1:
            places = [column.ctypes.data for column in held]
            self._kernel.run(rows.ctypes.data, *places, len(steps) - 1)


def _lines(rows: int) -> NDArray[uint64]:
    """Rows of 0, the first at an address that is a multiple of 64."""
    octets = np.zeros(rows * ROW_BYTES + _LINE, np.uint8)
    start = -octets.ctypes.data % _LINE
    return octets[start : start + rows * ROW_BYTES].view(np.uint64).reshape(rows, ROW)
