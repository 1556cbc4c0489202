"""What the verifier uses of gmpy2, on Python's own integers.

A test puts this in the place of the module `gmpy2` before the verifier is imported, so that one run
shares no arithmetic with the programs that made the record.
"""

from __future__ import annotations

from typing import Final

mpz: Final = int  # the verifier multiplies, reduces, and gives numbers back as `int`

_BASES: Final = (
    *(2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89),
    97,
)


def powmod(base: int, exponent: int, modulus: int) -> int:
    """base^exponent mod modulus."""
    return pow(base, exponent, modulus)


def invert(x: int, modulus: int) -> int:
    """1/x mod modulus. Raises ZeroDivisionError, as gmpy2 does, if there is none."""
    try:
        return pow(x, -1, modulus)
    except ValueError:
        raise ZeroDivisionError("invert() no inverse exists") from None


def jacobi(x: int, modulus: int) -> int:
    """The Jacobi symbol of x modulo an odd number: 1, -1, or 0 if they have a common factor."""
    x, symbol = x % modulus, 1
    while x:
        while x % 2 == 0:
            x //= 2
            symbol = -symbol if modulus % 8 in (3, 5) else symbol
        x, modulus = modulus, x
        symbol = -symbol if x % 4 == modulus % 4 == 3 else symbol
        x %= modulus
    return symbol if modulus == 1 else 0


def is_prime(x: int) -> bool:
    """Whether x passes 25 rounds of Miller and Rabin, with the primes below 100 as bases."""
    if x < 2 or any(x % base == 0 for base in _BASES):
        return x in _BASES
    twos = ((x - 1) & (1 - x)).bit_length() - 1
    return all(_passes(x, base, twos) for base in _BASES)


def _passes(x: int, base: int, twos: int) -> bool:
    power = pow(base, (x - 1) >> twos, x)
    if power == 1:
        return True
    for _ in range(twos):
        if power == x - 1:
            return True
        power = power * power % x
    return False
