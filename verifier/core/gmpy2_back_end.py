"""The reference: the algorithms of specs/24 as direct loops over gmpy2's integers.

`verifier.core.row_back_end` writes the same products down as plans; run by gmpy2 those cost more
than these loops (ADR-0007), so it serves engines that compute many products at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gmpy2 import mpz, powmod

from verifier import modular
from verifier.core.back_end import Powers
from verifier.core.batch import all_members
from verifier.core.fixed_base import Tables
from verifier.core.windows import BUCKETS, ones, schedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.core.back_end import Request
    from verifier.core.shape import Shape

_FEWEST_FOR_BATCH: Final = 4  # below that, one by one is as cheap


class Gmpy2BackEnd:
    """Arithmetic in one process on one core, for a group of the shape that shortcuts need."""

    name = "gmpy2"

    def __init__(self, shape: Shape, expected: int = 0) -> None:
        """expected: fixed powers of each base that are sure to come."""
        self._shape = shape
        self._p = mpz(shape.p)
        self._tables = Tables(shape.p, expected)

    def powers(self, requests: Sequence[Request]) -> list[Powers]:
        """The powers of each base, from one chain of squarings.

        The test is exact (specs/24, Membership), also for 0 and multiples of p.
        Cost of a base with 256-bit exponents, in products: 256, 58 for each exponent, 6 for the
        test; without a test as many squarings as the longest exponent has bits.
        """
        return [self._powers_of(request) for request in requests]

    def fixed_powers(
        self, base: int, exponents: Sequence[int], factors: Sequence[int]
    ) -> list[int]:
        """The products factor base^exponent mod p.

        Cost: 64 products each, 32 after 255 powers of this base, 22 after 9,009; one exponentiation
        from 2^256 on. Once the table, and each wider one.
        """
        table = self._tables.of(base, len(exponents))
        return [
            int(table.power(exponent, factor))
            for exponent, factor in zip(exponents, factors, strict=True)
        ]

    def products(self, lists: Sequence[Sequence[int]]) -> list[int]:
        """The product of each list mod p. Cost: one product a factor."""
        return [modular.product(factors, self._shape.p) for factors in lists]

    def members(self, values: Sequence[int]) -> list[bool]:
        """Whether each value is in G: all at once, and one by one if that fails.

        A value outside is taken for one of G with a chance below 2^-128 (specs/24, Batches); one
        of G is never refused. Cost: see `verifier.core.batch`; after a failure 262 products each.
        """
        fixed = tuple(values)
        many = len(fixed) >= _FEWEST_FOR_BATCH and self._shape.admits_batches
        if many and all_members(self._shape, fixed):
            return [True] * len(fixed)
        return [self._is_element(value) for value in fixed]

    def _is_element(self, x: int) -> bool:
        return 1 <= x < self._shape.p and self._is_in_order(mpz(x))

    def _is_in_order(self, x: mpz) -> bool:
        """Whether x^q = 1, for 1 <= x < p. Cost: one exponentiation."""
        return powmod(x, self._shape.q, self._p) == 1

    def _powers_of(self, request: Request) -> Powers:
        base, exponents, shape = request.base, request.exponents, self._shape
        is_in_range = 1 <= base < shape.p
        longest = max((e.bit_length() for e in exponents), default=0)
        if not is_in_range or not exponents or longest > shape.bits:
            values = tuple(int(powmod(base, e, self._p)) for e in exponents)
            is_element = is_in_range and self._is_in_order(mpz(base)) if request.test else None
            return Powers(values, is_element)
        places = tuple(ones(shape.excess)) if request.test else ()
        slots, last = self._chain(mpz(base), exponents, places, shape.bits if places else longest)
        values = tuple(
            int(self._joined(slots[start : start + BUCKETS]))
            for start in range(0, len(exponents) * BUCKETS, BUCKETS)
        )
        return Powers(values, slots[-1] == last if places else None)

    def _chain(
        self, x: mpz, exponents: tuple[int, ...], places: tuple[int, ...], bits: int
    ) -> tuple[list[mpz | None], mpz]:
        """The buckets of each exponent, then the product of x^(2^i) for i in places; x^(2^bits).

        A square is multiplied where it is needed as soon as it is there, and not kept.
        """
        p, (steps, rest) = self._p, schedule(exponents, places, bits)
        slots: list[mpz | None] = [None] * (len(exponents) * BUCKETS + 1)
        for squarings, slot in steps:
            for _ in squarings:
                x = x * x % p
            held = slots[slot]
            slots[slot] = x if held is None else held * x % p
        for _ in rest:
            x = x * x % p
        return slots, x

    def _joined(self, buckets: Sequence[mpz | None]) -> mpz:
        """The product of bucket d to the power 2 d + 1; 1 when all are empty."""
        p, running, total = self._p, None, None
        for held in buckets[:0:-1]:
            if held is not None:
                running = held if running is None else running * held % p
            if running is not None:
                total = running if total is None else total * running % p
        lowest = buckets[0]
        if running is None or total is None:
            return mpz(1) if lowest is None else lowest
        result = total * total % p * running % p
        return result if lowest is None else result * lowest % p
