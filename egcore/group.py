"""The subgroup G of order q of the integers modulo p.

Values are plain integers. `gmpy2` does the arithmetic inside the functions. Neither it nor the
tables of fixed bases run in constant time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gmpy2 import invert, mpz, powmod

from egcore.fixed_base import FixedBase

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Group:
    """A group of prime order q in Z_p^*, with its generator g.

    p and q are primes, q divides p - 1 once, and g has order q: a property of the constants
    that a test proves, not of this class.
    """

    name: str
    p: int
    q: int
    g: int

    @cached_property
    def lp(self) -> int:
        """Bytes of p: the width of an element."""
        return (self.p.bit_length() + 7) // 8

    @cached_property
    def lq(self) -> int:
        """Bytes of q: the width of a scalar."""
        return (self.q.bit_length() + 7) // 8

    @cached_property
    def cofactor(self) -> int:
        """The number r = (p - 1) / q."""
        return (self.p - 1) // self.q

    def is_element(self, x: int) -> bool:
        """Tell whether x is in G: 1 <= x < p and x^q = 1. Cost: one exponentiation."""
        return 1 <= x < self.p and powmod(x, self.q, self._modulus) == 1

    def is_scalar(self, x: int) -> bool:
        """Tell whether x is in Z_q: 0 <= x < q."""
        return 0 <= x < self.q

    def power(self, base: int, e: int) -> int:
        """Return base^e mod p.

        base: in G, checked by the caller. e: 0 <= e < q, else ValueError, so that nobody takes
        a power that was reduced behind his back for a test of membership.
        Cost: one exponentiation.
        """
        self._need_scalar(e)
        return int(powmod(base, e, self._modulus))

    def power_g(self, e: int) -> int:
        """Return g^e mod p from a table that the first call builds.

        e: 0 <= e < q, else ValueError. Cost: an eighth of an exponentiation.
        """
        return self._generator.power(e)

    def multiply(self, x: int, y: int) -> int:
        """Return x y mod p."""
        return int(mpz(x) * y % self._modulus)

    def product(self, factors: Iterable[int]) -> int:
        """Return the product of all factors mod p; 1 for none."""
        result = mpz(1)
        for factor in factors:
            result = result * factor % self._modulus
        return int(result)

    def divide(self, x: int, y: int) -> int:
        """Return x / y mod p. y: in G, so not 0 (else ZeroDivisionError)."""
        return int(invert(y, self._modulus) * x % self._modulus)

    @cached_property
    def _modulus(self) -> mpz:
        return mpz(self.p)

    @cached_property
    def _generator(self) -> FixedBase:
        return FixedBase(self, self.g)

    def _need_scalar(self, e: int) -> None:
        if not 0 <= e < self.q:
            raise ValueError(f"an exponent is in 0..q-1, found {e.bit_length()} bits")

    def __reduce__(self) -> tuple[type[Group], tuple[str, int, int, int]]:
        # A pickle carries the constants, not tables of megabytes.
        return Group, (self.name, self.p, self.q, self.g)
