"""The one place where the verifier computes modulo p: everything above it speaks `int`.

Another implementation of these functions (Python's own `pow`, for one) is another back end.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from gmpy2 import invert, mpz, powmod

if TYPE_CHECKING:
    from collections.abc import Iterable

_WINDOW: Final = 8  # bits: a byte of the exponent chooses an entry of a row
_ROWS: Final = 32  # rows of a table: exponents below 2^256


def power(base: int, exponent: int, modulus: int) -> int:
    """base^exponent mod modulus; exponent >= 0. Cost: one exponentiation."""
    return int(powmod(base, exponent, modulus))


def product(factors: Iterable[int], modulus: int) -> int:
    """The product of the factors mod modulus; 1 when there is none."""
    result = mpz(1)
    for factor in factors:
        result = result * factor % modulus
    return int(result)


def inverse(x: int, modulus: int) -> int:
    """1/x mod modulus. Raises ZeroDivisionError if x has none."""
    return int(invert(x, modulus))


def fixed_power(base: int, exponent: int, modulus: int) -> int:
    """base^exponent mod modulus, for a base that is raised many times; exponent >= 0.

    The result is that of `power` for every base and exponent. Cost: 31 products, once a table of
    8,160 products for each of the last four bases; one exponentiation from 2^256 on.
    """
    if exponent.bit_length() > _WINDOW * _ROWS:
        return power(base, exponent, modulus)
    digits = exponent.to_bytes(_ROWS, "little")
    result = mpz(1)
    for row, digit in zip(_table(base, modulus), digits, strict=True):
        if digit:
            result = result * row[digit] % modulus
    return int(result)


@lru_cache(maxsize=4)  # g, K, and those of another election where one process judges two
def _table(base: int, modulus: int) -> list[list[mpz]]:
    """Row i holds base^(d 256^i) for each digit d."""
    table, step = [], mpz(base) % modulus
    for _ in range(_ROWS):
        row = [mpz(1)]
        for _ in range((1 << _WINDOW) - 1):
            row.append(row[-1] * step % modulus)
        table.append(row)
        step = row[-1] * step % modulus
    return table
