"""The group G of order q modulo p, as far as a verifier needs it (specs/00 and 01)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from verifier import modular

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Group:
    """G = the subgroup of order q of the integers modulo the prime p, with generator g.

    Real elections use `verifier.parameters.STANDARD` and nothing else; tests pass smaller groups.
    """

    name: str
    p: int
    q: int
    g: int

    @cached_property
    def lp(self) -> int:
        """Bytes of an element: 512 for the standard set."""
        return (self.p.bit_length() + 7) // 8

    @cached_property
    def lq(self) -> int:
        """Bytes of a scalar: 32 for the standard set."""
        return (self.q.bit_length() + 7) // 8

    def is_element(self, x: int) -> bool:
        """Whether 1 <= x < p and x^q = 1. Cost: one exponentiation."""
        return 1 <= x < self.p and modular.power(x, self.q, self.p) == 1

    def is_scalar(self, x: int) -> bool:
        """Whether 0 <= x < q."""
        return 0 <= x < self.q

    def power(self, base: int, exponent: int) -> int:
        """base^exponent mod p.

        base: any integer from 0; exponent: any integer from 0, used as it is and not reduced mod q,
        so the result is right also for a base outside G. Cost: one exponentiation.
        """
        return modular.power(base, exponent, self.p)

    def fixed_power(self, base: int, exponent: int) -> int:
        """As `power`, for g and K, which every ballot raises. Cost: 31 products and a table."""
        return modular.fixed_power(base, exponent, self.p)

    def multiply(self, x: int, y: int) -> int:
        """The product x y mod p."""
        return x * y % self.p

    def product(self, factors: Iterable[int]) -> int:
        """The product of the factors mod p; 1 when there is none."""
        return modular.product(factors, self.p)

    def divide(self, x: int, y: int) -> int:
        """The quotient x / y mod p. Raises ZeroDivisionError if y is a multiple of p."""
        return x * modular.inverse(y, self.p) % self.p
