"""The back end for engines that multiply many numbers in rows: long lists are planned for them.

Short ones are left to gmpy2, which needs no plan; the answers are the same. Needs numpy, and is
imported only where an engine is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.core.back_end import Request
from verifier.core.bit_products_rows import RowBitProducts
from verifier.core.gmpy2_back_end import Gmpy2BackEnd
from verifier.core.row_batch import all_members
from verifier.core.row_requests import FixedPowers, Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.core.back_end import Powers
    from verifier.core.rows import RowEngine
    from verifier.core.shape import Shape


@dataclass(frozen=True, slots=True)
class Fewest:
    """How long a list is at least that is worth a plan; measured with the kernel (ADR-0010).

    bases: of `powers`. exponents: of `fixed_powers`. factors: of all lists of `products`.
    values: of `members`.
    """

    bases: int = 3
    exponents: int = 4
    factors: int = 128
    values: int = 32


MEASURED: Final = Fewest()


class RowBackEnd:
    """Arithmetic in one thread, for a group of the shape that shortcuts need.

    Costs in products are those of `Gmpy2BackEnd`; memory is some 20 MiB, and tables of two bases.
    """

    def __init__(
        self, shape: Shape, engine: RowEngine, expected: int = 0, fewest: Fewest = MEASURED
    ) -> None:
        """expected: fixed powers of each base that are sure to come.

        Raises ValueError when the engine multiplies modulo another number.
        """
        if engine.p != shape.p:
            raise ValueError(f"the engine {engine.name} has another modulus than the group")
        self.name = engine.name
        self._shape = shape
        self._fewest = fewest
        self._short = Gmpy2BackEnd(shape)  # few powers: no wide tables
        self._work = Work(shape, engine)
        self._fixed = FixedPowers(shape, engine, expected)
        self._bit_products = RowBitProducts(engine)

    def powers(self, requests: Sequence[Request]) -> list[Powers]:
        """The powers of each base, and whether it is in G. Exact for any integers from 0."""
        answers: dict[int, Powers] = {}
        for test in (True, False):
            places = [
                place
                for place, request in enumerate(requests)
                if request.test is test and self._work.covers(request)
            ]
            if places and len(places) >= self._fewest.bases:
                planned = self._work.powers([requests[place] for place in places], test=test)
                answers.update(zip(places, planned, strict=True))
        rest = [place for place in range(len(requests)) if place not in answers]
        left_over = self._short.powers([requests[place] for place in rest])
        answers.update(zip(rest, left_over, strict=True))
        return [answers[place] for place in range(len(requests))]

    def fixed_powers(
        self, base: int, exponents: Sequence[int], factors: Sequence[int]
    ) -> list[int]:
        """The products factor base^exponent mod p: each a product of entries of a table."""
        many = len(exponents) >= self._fewest.exponents
        if exponents and many and 1 <= base < self._shape.p and self._fixed.covers(exponents):
            return self._fixed.powers(base, exponents, factors)
        return self._short.fixed_powers(base, exponents, factors)

    def products(self, lists: Sequence[Sequence[int]]) -> list[int]:
        """The product of each list mod p, as trees; 1 when it is empty."""
        if sum(map(len, lists)) < self._fewest.factors or not any(lists):
            return self._short.products(lists)
        return self._work.products(lists)

    def members(self, values: Sequence[int]) -> list[bool]:
        """Whether each value is in G: all at once, and one by one if that fails.

        A value outside is taken for one of G with a chance below 2^-128 (specs/24, Batches); one
        of G is never refused. Cost: see `verifier.core.row_batch`; after a failure 259 products
        each.
        """
        fixed = tuple(values)
        many = len(fixed) >= self._fewest.values
        if not (fixed and many and self._shape.admits_batches):
            return self._short.members(fixed)
        in_range = all(1 <= x < self._shape.p for x in fixed)
        if in_range and all_members(self._shape, self._bit_products, fixed):
            return [True] * len(fixed)
        answers = self.powers([Request(x, ()) for x in fixed])
        return [answer.is_element is True for answer in answers]
