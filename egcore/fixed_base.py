"""Powers of one base by a table of its small powers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gmpy2 import mpz

if TYPE_CHECKING:
    from egcore.group import Group

DEFAULT_WINDOW: Final = 8  # bits; BENCHMARKS.md has the figures
LARGEST_WINDOW: Final = 16


class FixedBase:
    """A base in G whose powers are needed many times: g, K, K-hat.

    group: its parameters. base: in G, checked by the caller. window: bits of the exponent that
    one entry covers, 1 to 16; ceil(|q| / window) products a power, 2^window - 1 entries a row.
    A window of 8 costs 8,160 products to build and 4.3 MiB in the standard group.
    The look-ups are not constant-time.
    """

    def __init__(self, group: Group, base: int, window: int = DEFAULT_WINDOW) -> None:
        if not 1 <= window <= LARGEST_WINDOW:
            raise ValueError(f"a window has 1 to {LARGEST_WINDOW} bits, found {window}")
        self.group = group
        self.base = base
        self.window = window
        self._modulus = mpz(group.p)
        self._rows = self._build()

    def power(self, e: int) -> int:
        """Return base^e mod p.

        e: 0 <= e < q, else ValueError. Cost: ceil(|q| / window) products at most.
        """
        if not self.group.is_scalar(e):
            raise ValueError(f"an exponent is in 0..q-1, found {e.bit_length()} bits")
        mask = (1 << self.window) - 1
        result = mpz(1)
        for row in self._rows:
            digit = e & mask
            if digit:
                result = result * row[digit] % self._modulus
            e >>= self.window
        return int(result)

    def _build(self) -> list[list[mpz]]:
        """Row i holds base^(j 2^(i window)) for j = 0 .. 2^window - 1."""
        rows = []
        step = mpz(self.base)
        for _ in range(-(-self.group.q.bit_length() // self.window)):
            row = [mpz(1)]
            for _ in range((1 << self.window) - 1):
                row.append(row[-1] * step % self._modulus)
            rows.append(row)
            step = row[-1] * step % self._modulus
        return rows

    def __repr__(self) -> str:
        return f"FixedBase({self.group.name}, window={self.window})"
