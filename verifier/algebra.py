"""The group G of order q modulo p, as far as a verifier needs it (specs/00 and 01)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from verifier import modular
from verifier.core.arithmetic import Arithmetic, back_end_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verifier.core.back_end import BackEnd, Powers, Request


@dataclass(frozen=True)
class Group:
    """G = the subgroup of order q of the integers modulo the prime p, with generator g.

    Real elections use `verifier.parameters.STANDARD` and nothing else; tests pass smaller groups.
    back_end: how powers are computed; the fastest one that is sound if None. No answer depends on
    it.
    """

    name: str
    p: int
    q: int
    g: int
    back_end: BackEnd | None = field(default=None, compare=False, repr=False)

    @cached_property
    def arithmetic(self) -> Arithmetic:
        """What computes the powers, with its tables and what it remembers."""
        return Arithmetic(self.back_end or back_end_for(self.p, self.q))

    @cached_property
    def lp(self) -> int:
        """Bytes of an element: 512 for the standard set."""
        return (self.p.bit_length() + 7) // 8

    @cached_property
    def lq(self) -> int:
        """Bytes of a scalar: 32 for the standard set."""
        return (self.q.bit_length() + 7) // 8

    def is_element(self, x: int) -> bool:
        """Whether 1 <= x < p and x^q = 1.

        x: any integer. Cost: one exponentiation for a value not seen lately, none for 1.
        """
        if x == 1:  # the sums of every group in which nobody voted
            return True
        return self.arithmetic.is_element(x)

    def foresee(self, values: Iterable[int]) -> None:
        """Test at once, in a batch, the values that `is_element` will be asked for next.

        Cost: specs/24, Batches, for the first 4,096 values that were not seen lately.
        """
        self.arithmetic.foresee(values)

    def is_scalar(self, x: int) -> bool:
        """Whether 0 <= x < q."""
        return 0 <= x < self.q

    def power(self, base: int, exponent: int) -> int:
        """base^exponent mod p.

        base: any integer from 0; exponent: any integer from 0, used as it is and not reduced mod q,
        so the result is right also for a base outside G. Cost: one exponentiation.
        """
        return modular.power(base, exponent, self.p)

    def powers_of_each(self, requests: Sequence[Request]) -> list[Powers]:
        """Several powers of each base, and whether it is in G where that is asked for.

        Bases and exponents: any integers from 0. Cost: for a base 256 products, 58 for each
        exponent, 6 for the membership.
        """
        return self.arithmetic.powers_of_each(requests)

    def fixed_power(self, base: int, exponent: int) -> int:
        """As `power`, for g and K, which every ballot raises. Cost: 22 to 64 products, a table."""
        return self.fixed_powers(base, [exponent], [1])[0]

    def fixed_powers(
        self, base: int, exponents: Sequence[int], factors: Sequence[int]
    ) -> list[int]:
        """The products factor base^exponent, for g and K. Cost: 22 to 64 products each, a table."""
        return self.arithmetic.back_end.fixed_powers(base, exponents, factors)

    def multiply(self, x: int, y: int) -> int:
        """The product x y mod p."""
        return modular.multiply(x, y, self.p)

    def product(self, factors: Iterable[int]) -> int:
        """The product of the factors mod p; 1 when there is none."""
        return modular.product(factors, self.p)

    def divide(self, x: int, y: int) -> int:
        """The quotient x / y mod p. Raises ZeroDivisionError if y is a multiple of p."""
        return x * modular.inverse(y, self.p) % self.p
