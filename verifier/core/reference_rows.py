"""The engine of reference for rows: gmpy2's integers, one product after the other, for any p."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from gmpy2 import mpz

if TYPE_CHECKING:
    from numpy import int64, uint8
    from numpy.typing import NDArray


class ReferenceRows:
    """What other engines are held against; it also serves groups that no other one knows."""

    name = "gmpy2, rows"

    def __init__(self, p: int) -> None:
        """p: 2 or more."""
        self.p = p
        self.width = -(-p.bit_length() // 8)

    def arena(self, rows: int) -> ReferenceArena:
        """Memory for so many rows, 1 or more. Raises ValueError for fewer."""
        return ReferenceArena(self.p, self.width, rows)


class ReferenceArena:
    """Rows as a list of numbers below p; those that were not written yet are 0."""

    def __init__(self, p: int, width: int, rows: int) -> None:
        check_number_of_rows(rows)
        self.rows = rows
        self._p = mpz(p)
        self._width = width
        self._held = [mpz(1), *[mpz(0)] * (rows - 1)]

    def load(self, at: NDArray[int64], raw: NDArray[uint8]) -> None:
        """Row at[i] becomes the number raw[i]: see `Arena.load`. A number from p on is reduced."""
        check_numbers(raw, len(at), self._width)
        check_rows(at, self.rows, first=1)
        octets = np.ascontiguousarray(raw).tobytes()
        for place, row in enumerate(at.tolist()):
            number = octets[place * self._width : (place + 1) * self._width]
            self._held[row] = int.from_bytes(number, "big") % self._p

    def store(self, at: NDArray[int64]) -> NDArray[uint8]:
        """The numbers of rows at[i]: see `Arena.store`."""
        check_rows(at, self.rows, first=0)
        octets = b"".join(int(self._held[row]).to_bytes(self._width, "big") for row in at.tolist())
        return np.frombuffer(octets, np.uint8).reshape(len(at), self._width).copy()

    def run(
        self,
        dst: NDArray[int64],
        left: NDArray[int64],
        right: NDArray[int64],
        steps: NDArray[int64],
    ) -> None:
        """The products, in order: see `Arena.run`. Cost: two look-ups and a product each."""
        check_products(dst, left, right, steps, self.rows)
        p, held = self._p, self._held
        columns = dst.tolist(), left.tolist(), right.tolist()
        for to, one, other in zip(*columns, strict=True):
            held[to] = held[one] * held[other] % p


def check_number_of_rows(rows: int) -> None:
    """Raise ValueError if an arena cannot have so many rows."""
    if rows < 1:
        raise ValueError(f"an arena has 1 row or more, not {rows}")


def check_numbers(raw: NDArray[uint8], number: int, width: int) -> None:
    """Raise ValueError unless `raw` holds so many numbers of `width` bytes each."""
    if raw.dtype != np.uint8 or raw.shape != (number, width):
        expected = f"bytes of the shape {(number, width)}"
        raise ValueError(f"expected {expected}, found {raw.dtype} of the shape {raw.shape}")


def check_rows(at: NDArray[int64], rows: int, first: int) -> None:
    """Raise ValueError unless `at` is a column of row numbers from `first` and below `rows`."""
    if at.dtype != np.int64 or at.ndim != 1:
        found = f"{at.dtype} in {at.ndim} dimensions"
        raise ValueError(f"expected one column of int64, found {found}")
    if len(at) and not first <= int(at.min()) <= int(at.max()) < rows:
        found = f"{int(at.min())} to {int(at.max())}"
        raise ValueError(f"expected rows {first} to {rows - 1}, found {found}")


def check_products(
    dst: NDArray[int64],
    left: NDArray[int64],
    right: NDArray[int64],
    steps: NDArray[int64],
    rows: int,
) -> None:
    """Raise ValueError unless these are columns of products as `Arena.run` takes them."""
    check_rows(dst, rows, first=1)
    check_rows(left, rows, first=0)
    check_rows(right, rows, first=0)
    lengths = len(dst), len(left), len(right)
    if len(set(lengths)) != 1:
        raise ValueError(f"expected columns of one length, found {lengths}")
    if steps.dtype != np.int64 or steps.ndim != 1 or not len(steps):
        raise ValueError("expected the steps as one column of int64 that begins with 0")
    ends = int(steps[0]), int(steps[-1])
    if ends != (0, len(dst)) or bool((steps[1:] < steps[:-1]).any()):
        raise ValueError(f"expected steps that ascend from 0 to {len(dst)}, found {ends}")
