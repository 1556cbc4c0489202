"""Plans: steps whose products do not depend on one another, rows that nobody needs any more."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.core.back_ends import TOY, shape
from verifier.core.back_end import Request
from verifier.core.gmpy2_engine import Gmpy2Engine
from verifier.core.plan import Plan, Planner
from verifier.core.planned_back_end import PlannedBackEnd

if TYPE_CHECKING:
    from collections.abc import Sequence

P = TOY.p


class Backwards:
    """An engine that computes each step from its last product to its first, from a copy."""

    name = "backwards"

    def __init__(self) -> None:
        self.plans: list[Plan] = []

    def run(self, plan: Plan, inputs: Sequence[int]) -> list[int]:
        self.plans.append(plan)
        rows = [1, *inputs] + [0] * (plan.rows - len(inputs) - 1)
        for start, end in pairwise(plan.steps):
            for i in reversed(range(start, end)):
                rows[plan.dst[i]] = rows[plan.left[i]] * rows[plan.right[i]] % P
        return [rows[row] for row in plan.outputs]


def requests(number: int) -> list[Request]:
    rng = random.Random(7)
    return [
        Request(rng.randrange(1, P), (rng.getrandbits(64), rng.getrandbits(64)), i % 3 != 0)
        for i in range(number)
    ]


def test_the_order_within_a_step_does_not_matter() -> None:
    forwards, backwards = Gmpy2Engine(P), Backwards()
    asked = requests(16)
    assert PlannedBackEnd(shape(TOY), backwards).powers(asked) == PlannedBackEnd(
        shape(TOY), forwards
    ).powers(asked)


def test_no_product_of_a_step_writes_what_another_one_uses() -> None:
    engine = Backwards()
    PlannedBackEnd(shape(TOY), engine).powers(requests(9))
    (plan,) = engine.plans
    assert plan.steps[0] == 0
    assert plan.steps[-1] == len(plan.dst) == len(plan.left) == len(plan.right)
    for start, end in pairwise(plan.steps):
        written = list(plan.dst[start:end])
        read = {*plan.left[start:end], *plan.right[start:end]}
        assert 0 < len(written) == len(set(written))
        assert not read & set(written)
        assert min(written) > plan.inputs  # 1 and the inputs stay


def test_rows_are_used_again() -> None:
    """16 bases: 8 buckets for each of 2 exponents, and not a row for each product."""
    engine = Backwards()
    PlannedBackEnd(shape(TOY), engine).powers(requests(16))
    (plan,) = engine.plans
    assert len(plan.dst) > 1_500
    assert plan.rows < 16 * (2 * 8 + 8) * 2


def test_the_arrays_are_buffers_of_64_bit_integers() -> None:
    planner = Planner(2)
    plan = planner.plan([planner.multiply(1, 2)])
    for column in (plan.dst, plan.left, plan.right, plan.steps, plan.outputs):
        view = memoryview(column)
        assert (view.format, view.itemsize) == ("q", 8)
        assert view.contiguous


def test_a_tree_has_few_steps() -> None:
    planner = Planner(100)
    plan = planner.plan([planner.product(range(1, 101))])
    assert len(plan.dst) == 99
    assert len(plan.steps) - 1 == 7
    expected = 1
    for x in range(3, 103):
        expected = expected * x % P
    assert Gmpy2Engine(P).run(plan, range(3, 103)) == [expected]


def test_one_is_not_multiplied() -> None:
    planner = Planner(1)
    assert planner.multiply(Planner.ONE, 1) == planner.multiply(1, Planner.ONE) == 1
    plan = planner.plan([Planner.ONE, 1, planner.product([])])
    assert len(plan.dst) == 0
    assert Gmpy2Engine(P).run(plan, [9]) == [1, 9, 1]


def test_another_number_of_inputs_is_refused() -> None:
    with pytest.raises(ValueError, match="the plan has 2 inputs, not 1"):
        Gmpy2Engine(P).run(Planner(2).plan([1]), [5])


def test_what_a_plan_does_not_cover_is_answered_in_its_place() -> None:
    engine = Backwards()
    own = PlannedBackEnd(shape(TOY), engine)
    asked = [Request(0, (3,)), Request(5, (3,)), Request(7, (1 << 70,)), Request(P + 2, (2,))]
    answers = own.powers(asked)
    assert [a.values for a in answers] == [(0,), (125,), (pow(7, 1 << 70, P),), (4,)]
    assert [a.is_element for a in answers[::3]] == [False, False]
    assert engine.plans[0].inputs == 1
