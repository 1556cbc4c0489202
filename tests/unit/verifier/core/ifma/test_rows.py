"""What every engine of rows promises (`verifier.core.rows`), for each engine there is."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.toy_groups import TINY, TOY
from tests.unit.verifier.core.ifma.engines import (
    Plan,
    column,
    kernel_rows,
    loaded,
    numbers,
    raw,
)
from verifier.core.reference_rows import ReferenceRows
from verifier.parameters import STANDARD

if TYPE_CHECKING:
    from verifier.core.rows import Arena, RowEngine

ROWS = 12


@pytest.fixture(params=["tiny", "toy", "standard", "kernel"])
def engine(request: pytest.FixtureRequest) -> RowEngine:
    if request.param == "kernel":
        return kernel_rows()
    return ReferenceRows({"tiny": TINY.p, "toy": TOY.p, "standard": STANDARD.p}[request.param])


@pytest.fixture
def arena(engine: RowEngine) -> Arena:
    rng = random.Random(5)
    given = [0, 1, engine.p - 1, *(rng.randrange(engine.p) for _ in range(ROWS - 4))]
    return loaded(engine.arena(ROWS), given, engine.width)


def test_numbers_are_as_wide_as_p(engine: RowEngine) -> None:
    assert engine.width == len(engine.p.to_bytes(engine.width, "big"))
    assert engine.p.bit_length() > 8 * (engine.width - 1)


def test_row_0_is_1(arena: Arena) -> None:
    assert numbers(arena, [0, 0]) == [1, 1]


def test_what_is_loaded_is_stored(engine: RowEngine) -> None:
    given = [0, 1, 2, engine.p - 1, engine.p // 2]
    arena = loaded(engine.arena(6), given, engine.width)
    assert numbers(arena, [1, 2, 3, 4, 5]) == given
    assert numbers(arena, [5, 1, 5]) == [given[4], given[0], given[4]]


def test_a_load_leaves_other_rows(arena: Arena, engine: RowEngine) -> None:
    before = numbers(arena, range(ROWS))
    arena.load(column(7, 3), raw([5, 6], engine.width))
    after = numbers(arena, range(ROWS))
    assert (after[7], after[3]) == (5, 6)
    assert [x for i, x in enumerate(after) if i not in (3, 7)] == [
        x for i, x in enumerate(before) if i not in (3, 7)
    ]


def test_products_of_one_step_and_of_a_next_one(arena: Arena, engine: RowEngine) -> None:
    held = numbers(arena, range(ROWS))
    arena.run(column(4, 5, 4), column(4, 6, 4), column(6, 6, 5), column(0, 2, 3))
    expected = held[6] ** 2 % engine.p
    assert numbers(arena, [5, 4]) == [expected, held[4] * held[6] * expected % engine.p]


def test_empty_steps_and_no_steps(arena: Arena, engine: RowEngine) -> None:
    held = numbers(arena, range(ROWS))
    arena.run(column(), column(), column(), column(0))
    arena.run(column(), column(), column(), column(0, 0, 0))
    assert numbers(arena, range(ROWS)) == held
    arena.run(column(4), column(5), column(6), column(0, 0, 1, 1))
    assert numbers(arena, [4]) == [held[5] * held[6] % engine.p]
    assert arena.store(column()).shape == (0, engine.width)
    arena.load(column(), raw([], engine.width))


@pytest.mark.parametrize("seed", range(6))
def test_plans(engine: RowEngine, seed: int) -> None:
    """Steps of 0 to 40 products, squares and others, in place and not."""
    rng, rows = random.Random(seed), 60
    given = [rng.randrange(engine.p) for _ in range(rows - 1)]
    arena = loaded(engine.arena(rows), given, engine.width)
    plan, held = Plan(rng, rows, steps=12, most=40), [1, *given]
    plan.run(arena)
    for dst, left, right in zip(plan.dst, plan.left, plan.right, strict=True):
        held[dst] = held[left] * held[right] % engine.p
    assert numbers(arena, range(rows)) == held


def test_strided_columns_are_taken_as_they_are(engine: RowEngine) -> None:
    """A column of a table of plans is no block of memory of its own."""
    table = np.array([[1, 2, 3], [2, 3, 1]], np.int64)
    given = loaded(engine.arena(4), [3, 5, 7], engine.width)
    given.run(table[:, 0], table[:, 1], table[:, 2], np.array([0, 9, 1, 9, 2])[::2])
    assert numbers(given, [1, 2, 3]) == [35, 245 % engine.p, 7]
    assert numbers(given, [3]) == numbers(given, [0, 3])[1:]


@pytest.mark.parametrize(
    ("dst", "left", "right", "steps"),
    [
        ([0], [1], [1], [0, 1]),
        ([ROWS], [1], [1], [0, 1]),
        ([-1], [1], [1], [0, 1]),
        ([1], [ROWS], [1], [0, 1]),
        ([1], [1], [ROWS], [0, 1]),
        ([1], [-1], [1], [0, 1]),
        ([1], [1], [-1], [0, 1]),
        ([1, 2], [3], [3, 3], [0, 2]),
        ([1, 2], [3, 3], [3], [0, 2]),
        ([1, 2], [3, 3], [3, 3], [0, 1]),
        ([1, 2], [3, 3], [3, 3], [1, 2]),
        ([1, 2], [3, 3], [3, 3], [0, 3]),
        ([1, 2], [3, 3], [3, 3], [0, 2, 1, 2]),
        ([1], [1], [1], []),
    ],
)
def test_wrong_plans_are_refused_whole(
    arena: Arena, dst: list[int], left: list[int], right: list[int], steps: list[int]
) -> None:
    before = arena.store(np.arange(ROWS))
    with pytest.raises(ValueError, match="expected"):
        arena.run(column(*dst), column(*left), column(*right), column(*steps))
    assert (arena.store(np.arange(ROWS)) == before).all()


def test_wrong_rows_and_shapes_are_refused(arena: Arena, engine: RowEngine) -> None:
    given = raw([1], engine.width)
    for at in (column(0), column(ROWS), column(-1)):
        with pytest.raises(ValueError, match=f"expected rows 1 to {ROWS - 1}, found"):
            arena.load(at, given)
    for at in (column(ROWS), column(-1)):
        with pytest.raises(ValueError, match=f"expected rows 0 to {ROWS - 1}, found"):
            arena.store(at)
    with pytest.raises(ValueError, match="expected bytes of the shape"):
        arena.load(column(1, 2), given)
    with pytest.raises(ValueError, match="expected bytes of the shape"):
        arena.load(column(1), given.astype(np.int64))
    with pytest.raises(ValueError, match="expected one column of int64"):
        arena.store(np.array([[1]], np.int64))
    with pytest.raises(ValueError, match="expected one column of int64"):
        arena.store(np.array([1.0]))
    with pytest.raises(ValueError, match="expected the steps as one column"):
        arena.run(column(1), column(1), column(1), np.array([0.0, 1.0]))
    with pytest.raises(ValueError, match="an arena has 1 row or more, not 0"):
        engine.arena(0)
