"""Units in order, whoever answers for them, and few results held whatever the record has."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, cast

import pytest

from verifier.report import Tally
from verifier.unit_result import UnitResult
from verifier.units import Unit
from verifier.whole.unit_work import UnitWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from verifier.whole.executors import Executor
    from verifier.whole.unit_memory import UnitMemory

MANY = 20_000


def unit(number: int, *, is_there: bool = True) -> Unit:
    path = f"ballots/b/{number:06d}.ndjson" if is_there else None
    return Unit("b", "p", bytes(32), number, number + 1, path=path, sealed=256 * MANY)


class Held(UnitResult):
    """A result that can be watched."""

    __slots__ = ("__weakref__",)


def result(number: int) -> UnitResult:
    return Held(Tally("V0", ""), frozenset(), {}, {"cast": 1}, {}, 0, number)


class Executing:
    """Looks a few units ahead, as processes do."""

    def __init__(self, ahead: int) -> None:
        self.ahead = ahead
        self.looked: list[int] = []
        self.runs = 0

    def run(
        self, units: Iterable[Unit], _advance: Callable[[int], None]
    ) -> Iterator[tuple[Unit, UnitResult]]:
        self.runs += 1
        source, waiting = iter(units), list[Unit]()
        while True:
            while len(waiting) < self.ahead:
                one = next(source, None)
                if one is None:
                    break
                waiting.append(one)
            if not waiting:
                return
            first = waiting.pop(0)
            self.looked.append(first.first)
            yield first, result(first.first)


class Remembering:
    """Knows some units; watches how many of its results are alive."""

    def __init__(self, is_known: Callable[[int], bool]) -> None:
        self.is_known = is_known
        self.taken: list[int] = []
        self.alive = self.most = 0

    def find(self, one: Unit, number: int) -> UnitResult | None:
        assert one.first == number
        if not self.is_known(number):
            return None
        found = result(number)
        self.alive += 1
        weakref.finalize(found, self.forget)
        self.most = max(self.most, self.alive)
        return found

    def forget(self) -> None:
        self.alive -= 1

    def take(self, one: Unit, _result: UnitResult) -> None:
        self.taken.append(one.first)


def work(
    executor: Executing, memory: Remembering, is_wanted: Callable[[int], bool] = lambda _: True
) -> UnitWork:
    return UnitWork(
        cast("Executor", executor),
        cast("UnitMemory", memory),
        lambda number, _path: is_wanted(number),
    )


@pytest.mark.parametrize("ahead", [1, 8, 1_000])
@pytest.mark.parametrize(
    "is_known",
    [
        lambda _: False,
        lambda _: True,
        lambda number: number < MANY - 1,
        lambda number: number > 0,
        lambda number: number % 2 == 0,
        lambda number: number % 97 != 5,
    ],
    ids=["nothing", "all", "all but the last", "all but the first", "every other", "most"],
)
def test_outcomes_come_in_order_and_few_are_held(
    ahead: int, is_known: Callable[[int], bool]
) -> None:
    executor, memory = Executing(ahead), Remembering(is_known)
    told = 0

    def advance(ballots: int) -> None:
        nonlocal told
        told += ballots

    for expected, (one, found) in enumerate(
        work(executor, memory).run(map(unit, range(MANY)), advance)
    ):
        assert one.first == expected
        assert found is not None
        assert found.openings == expected
    assert expected == MANY - 1
    fresh = [number for number in range(MANY) if not is_known(number)]
    assert executor.looked == memory.taken == fresh
    assert memory.most <= 66
    assert told == MANY - len(fresh)


def test_a_run_without_anything_known_is_one_run() -> None:
    """Otherwise processes would wait for each other now and then."""
    executor = Executing(8)
    list(work(executor, Remembering(lambda _: False)).run(map(unit, range(1_000)), lambda _: None))
    assert executor.runs == 1


def test_what_is_not_wanted_is_passed_over_and_not_asked_for() -> None:
    memory, executor = Remembering(lambda number: number == 3), Executing(4)
    doing = work(executor, memory, lambda number: number in {3, 5})
    units = [*map(unit, range(8)), unit(8, is_there=False)]
    found = [(one.first, answer) for one, answer in doing.run(units, lambda _: None)]
    assert [number for number, answer in found if answer is not None] == [3, 5, 8]
    assert executor.looked == [5, 8]
    assert (doing.seen, doing.passed_over) == (2, 6)


@pytest.mark.parametrize("all_at_once", [True, False])
def test_an_executor_that_holds_all_units_runs_once(*, all_at_once: bool) -> None:
    executor, memory = Executing(8), Remembering(lambda _: False)
    doing = UnitWork(
        cast("Executor", executor),
        cast("UnitMemory", memory),
        lambda number, _path: number % 1_000 == 0,
        all_at_once=all_at_once,
    )
    assert len(list(doing.run(map(unit, range(MANY)), lambda _: None))) == MANY
    assert (executor.runs == 1) is all_at_once


@pytest.mark.parametrize(
    ("first", "sealed", "expected"),
    [(0, None, 256), (0, 256, 256), (1, 256, 1), (1, 257, 1), (1, 300, 44), (0, 10**9, 256)],
)
def test_ballots_that_should_lie_in_a_file(first: int, sealed: int | None, expected: int) -> None:
    assert Unit("b", "p", b"", first, first + 1, path="x", sealed=sealed).expected == expected
