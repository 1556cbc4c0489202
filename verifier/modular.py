"""Arithmetic modulo a number, one operation at a time: everything above it speaks `int`.

What every ballot asks for goes through `verifier.core`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from gmpy2 import invert, is_prime, jacobi, mpz, powmod

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def power(base: int, exponent: int, modulus: int) -> int:
    """base^exponent mod modulus; exponent >= 0. Cost: one exponentiation."""
    return int(powmod(base, exponent, modulus))


def product(factors: Iterable[int], modulus: int) -> int:
    """The product of the factors mod modulus; 1 when there is none."""
    result = mpz(1)
    for factor in factors:
        result = result * factor % modulus
    return int(result)


def multiply(x: int, y: int, modulus: int) -> int:
    """The product x y mod modulus."""
    return int(mpz(x) * y % modulus)


def inverse(x: int, modulus: int) -> int:
    """1/x mod modulus. Raises ZeroDivisionError if x has none."""
    return int(invert(x, modulus))


def is_square(x: int, modulus: int) -> bool:
    """Whether x is a square other than 0 modulo an odd prime. Cost: 0.024 exponentiations."""
    return jacobi(x, modulus) == 1


@lru_cache(maxsize=16)  # the same few numbers, by everyone who takes a shortcut
def is_probable_prime(x: int) -> bool:
    """Whether x passes 25 rounds of Miller and Rabin with bases that gmpy2 chooses.

    Cost: some 40 exponentiations for a prime of 4,096 bits not seen before.
    """
    return is_prime(x)


def product_of_powers(factors: Iterable[tuple[int, int]], modulus: int) -> int:
    """The product of base^exponent over the factors, mod modulus; 1 when there is none.

    Exponents from 0, used as they are. Bases with the same digit of the exponent share a bucket
    (Pippenger). Cost: for n factors of b bits some n b / w products, w about the binary
    logarithm of n, and 2^(w + 1) for each of the b / w digits.
    """
    kept = [(mpz(base), exponent) for base, exponent in factors if exponent]
    lengths = [exponent.bit_length() for _, exponent in kept]
    digits = _digit_bits(lengths)
    result = mpz(1)
    for shift in range((max(lengths, default=0) - 1) // digits * digits, -1, -digits):
        for _ in range(digits):
            result = result * result % modulus
        result = result * _product_of_digits(kept, shift, digits, modulus) % modulus
    return int(result)


def _digit_bits(lengths: Sequence[int]) -> int:
    """The width of a digit for which exponents of these lengths cost least."""
    work, longest = sum(lengths), max(lengths, default=1)
    return min(range(1, 14), key=lambda bits: (work + (longest << (bits + 1))) // bits)


def _product_of_digits(
    factors: Sequence[tuple[mpz, int]], shift: int, bits: int, modulus: int
) -> mpz:
    """The product of base^d, d the digit of the exponent that begins at bit `shift`."""
    mask = (1 << bits) - 1
    buckets: list[mpz | None] = [None] * (mask + 1)
    for base, exponent in factors:
        digit = exponent >> shift & mask
        if digit:
            held = buckets[digit]
            buckets[digit] = base if held is None else held * base % modulus
    running, result = mpz(1), mpz(1)
    for held in reversed(buckets[1:]):
        if held is not None:
            running = running * held % modulus
        result = result * running % modulus
    return result
