"""The one place where the verifier computes modulo p: everything above it speaks `int`.

Another implementation of these three functions (Python's own `pow`, for one) is another back end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gmpy2 import invert, mpz, powmod

if TYPE_CHECKING:
    from collections.abc import Iterable


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
