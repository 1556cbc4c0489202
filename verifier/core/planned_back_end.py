"""The back end for engines that compute many products side by side: it plans, they multiply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from verifier.core.back_end import Powers
from verifier.core.fixed_base import Tables
from verifier.core.gmpy2_back_end import Gmpy2BackEnd
from verifier.core.plan import Planner
from verifier.core.windows import ones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.core.back_end import Request
    from verifier.core.plan import Plan
    from verifier.core.shape import Shape


class Engine(Protocol):
    """Multiplies modulo p."""

    @property
    def name(self) -> str:
        """A word for reports and benchmarks."""
        ...

    def run(self, plan: Plan, inputs: Sequence[int]) -> list[int]:
        """The outputs of the plan, each below p. inputs: from 0 and below p."""
        ...


class PlannedBackEnd:
    """One plan for all requests of a list; what a plan does not cover is left to gmpy2.

    Costs in products are those of `Gmpy2BackEnd`. A step of `powers` has a product or more for each
    base, so sixteen bases (a ballot of seven options) fill two groups of eight.
    """

    def __init__(self, shape: Shape, engine: Engine, expected: int = 0) -> None:
        """expected: fixed powers of each base that are sure to come."""
        self.name = engine.name
        self._shape = shape
        self._engine = engine
        self._reference = Gmpy2BackEnd(shape)
        self._tables = Tables(shape.p, expected)

    def powers(self, requests: Sequence[Request]) -> list[Powers]:
        """The powers of each base, and whether it is in G. Exact for any integers from 0."""
        is_planned = [self._covers(request) for request in requests]
        planned = [request for request, is_one in zip(requests, is_planned, strict=True) if is_one]
        left_over = [
            request for request, is_one in zip(requests, is_planned, strict=True) if not is_one
        ]
        answers, others = iter(self._planned(planned)), iter(self._reference.powers(left_over))
        return [next(answers) if is_one else next(others) for is_one in is_planned]

    def fixed_powers(
        self, base: int, exponents: Sequence[int], factors: Sequence[int]
    ) -> list[int]:
        """The products factor base^exponent mod p: each a product of entries of a table."""
        table, p = self._tables.of(base, len(exponents)), self._shape.p
        return self.products(
            [
                [factor % p, *map(int, table.entries(exponent))]
                for exponent, factor in zip(exponents, factors, strict=True)
            ]
        )

    def products(self, lists: Sequence[Sequence[int]]) -> list[int]:
        """The product of each list mod p, as trees."""
        inputs = [factor % self._shape.p for factors in lists for factor in factors]
        planner, outputs, start = Planner(len(inputs)), [], 1
        for factors in lists:
            outputs.append(planner.product(range(start, start + len(factors))))
            start += len(factors)
        return self._engine.run(planner.plan(outputs), inputs)

    def members(self, values: Sequence[int]) -> list[bool]:
        """Whether each value is in G: see `Gmpy2BackEnd.members`."""
        return self._reference.members(values)

    def _covers(self, request: Request) -> bool:
        """Whether the base is in 1..p - 1 and no exponent is longer than the chain."""
        bits = self._shape.bits
        return 1 <= request.base < self._shape.p and all(
            exponent.bit_length() <= bits for exponent in request.exponents
        )

    def _planned(self, requests: Sequence[Request]) -> list[Powers]:
        """requests: covered ones, so that x^(2^bits) = x^excess is x^q = 1."""
        planner, shape, outputs = Planner(len(requests)), self._shape, list[int]()
        for node, request in enumerate(requests, 1):
            longest = max((e.bit_length() for e in request.exponents), default=0)
            squares = planner.squares(node, shape.bits if request.test else longest)
            outputs += [planner.power(squares, exponent) for exponent in request.exponents]
            if request.test:
                outputs += [
                    planner.product(squares[place] for place in ones(shape.excess)),
                    squares[shape.bits],
                ]
        computed = iter(self._engine.run(planner.plan(outputs), [r.base for r in requests]))
        answers = []
        for request in requests:
            values = tuple(next(computed) for _ in request.exponents)
            returns = next(computed) == next(computed) if request.test else None
            answers.append(Powers(values, returns))
        return answers
