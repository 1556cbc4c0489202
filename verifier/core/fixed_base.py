"""Tables of the powers of a base that every ballot raises: g and K."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from gmpy2 import mpz, powmod

from verifier.core.windows import FIXED_BITS, fixed_digits, rows_of, window_after

_MOST_TABLES: Final = 4  # g, K, and those of another election where one process judges two


class Table:
    """For each row i the powers base^(d 2^(window i)) of every digit d."""

    def __init__(self, base: int, p: int, window: int) -> None:
        """base: from 0. Cost: rows (2^window - 1) products.

        Memory for 4096 bits: 4.5 MiB with 8 bits, 50 MiB with 12.
        """
        self.window = window
        self._base = mpz(base)
        self._p = mpz(p)
        self._rows = self._built()

    def power(self, exponent: int, factor: int = 1) -> mpz:
        """Factor base^exponent mod p; exponent and factor from 0.

        Cost: a product for each digit that is not 0; one exponentiation from 2^256 on.
        """
        p, result = self._p, mpz(factor)
        for entry in self.entries(exponent):
            result = result * entry % p
        return result % p

    def entries(self, exponent: int) -> list[mpz]:
        """Numbers below p whose product is base^exponent: one for each digit that is not 0.

        From 2^256 on it is the power itself, by one exponentiation.
        """
        if exponent.bit_length() > FIXED_BITS:
            return [powmod(self._base, exponent, self._p)]
        digits = fixed_digits(exponent, self.window)
        return [row[digit] for row, digit in zip(self._rows, digits, strict=True) if digit]

    def _built(self) -> list[list[mpz]]:
        p, step, rows = self._p, self._base % self._p, []
        for _ in range(rows_of(self.window)):
            entry, row = mpz(1), [mpz(1)]
            for _ in range((1 << self.window) - 1):
                entry = entry * step % p
                row.append(entry)
            rows.append(row)
            step = entry * step % p
        return rows


class Tables:
    """The tables of one modulus, each built when its first power is asked for, wider as it is used.

    A process that is forked afterwards shares them; one that is spawned builds its own.
    """

    def __init__(self, p: int, expected: int = 0) -> None:
        """expected: powers of each base that are sure to come, so that no table has to grow."""
        self._p = p
        self._expected = expected
        self._built: OrderedDict[int, Table] = OrderedDict()
        self._asked: dict[int, int] = {}

    def of(self, base: int, powers: int) -> Table:
        """The table of a base, of which so many powers are asked for now.

        Cost: nothing, or a table of 4, 8 or 12 bits.
        """
        asked = self._asked[base] = self._asked.get(base, self._expected) + powers
        table, window = self._built.get(base), window_after(asked)
        if table is None or table.window < window:
            table = self._built[base] = Table(base, self._p, window)
        self._built.move_to_end(base)
        while len(self._built) > _MOST_TABLES:
            del self._asked[self._built.popitem(last=False)[0]]
        return table
