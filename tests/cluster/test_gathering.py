"""Units out and answers in, with a connection that answers as a test wants: bounds and losses."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.cluster.records import many_units, written
from tests.unit.verifier.units_of import prepared, results_of
from verifier.ballot_checks import modules_of
from verifier.cannot_run import CannotRun
from verifier.cluster import gathering
from verifier.cluster.connection import Answer
from verifier.cluster.facts import ClusterFacts
from verifier.cluster.gathering import IN_FLIGHT, MOST_LOSSES, Gathering
from verifier.cluster.spool import Spool
from verifier.cluster.tasks import Tasks
from verifier.whole.unit_codec import encode_result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from verifier.units import Unit

ONE, TWO = "tcp://127.0.0.1:1", "tcp://127.0.0.1:2"


class Answers:
    """In place of a connection: `answer` says what a worker makes of a unit; None: it is lost."""

    def __init__(self, answer: Callable[[str, int], bytes | None], *workers: str) -> None:
        self.there = set(workers)
        self.most: Counter[str] = Counter()
        self.given: list[tuple[int, str]] = []
        self._answer = answer
        self._waiting: list[tuple[int, str]] = []

    def workers(self) -> set[str]:
        return set(self.there)

    def give(self, place: int, _unit: Unit, worker: str) -> None:
        self.given.append((place, worker))
        self._waiting.append((place, worker))
        flying = Counter(name for _, name in self._waiting)
        self.most |= flying

    def drop(self, place: int, worker: str) -> None:
        self._waiting = [one for one in self._waiting if one != (place, worker)]

    def hear(self, _seconds: float) -> Answer | None:
        if not self._waiting:
            return None
        place, worker = self._waiting.pop(0)
        raw = self._answer(worker, place)
        if raw is None:
            self.there.discard(worker)
        return Answer(place, worker, raw)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(many_units(), tmp_path_factory.mktemp("record"))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "_SECONDS_BETWEEN_LOOKS", 0.0)
    monkeypatch.setattr(gathering, "_SECONDS_WITHOUT_WORKERS", 0.01)


@pytest.fixture
def tasks(folder: Path) -> Iterator[Tasks]:
    _, units, _ = prepared(folder)
    with Spool() as spool:
        yield Tasks(units, spool, lambda _: None, lambda _, __: None)


@pytest.fixture(scope="module")
def results(folder: Path) -> list[bytes]:
    return [b"R" + encode_result(result) for _, result in results_of(folder)]


def gathered(tasks: Tasks, answers: Answers) -> ClusterFacts:
    facts = ClusterFacts("tcp://127.0.0.1:9", trust_workers=True)
    parts = frozenset(module.ID for module in modules_of("final"))
    Gathering(answers, tasks, facts, lambda _: None, parts).run()  # type: ignore[arg-type]
    return facts


def test_every_unit_is_answered_once(tasks: Tasks, results: list[bytes]) -> None:
    answers = Answers(lambda _, place: results[place], ONE, TWO)
    gathered(tasks, answers)
    assert tasks.open() == []
    assert sorted(place for place, _ in answers.given) == list(range(len(results)))
    assert answers.most == {ONE: IN_FLIGHT, TWO: IN_FLIGHT}


def test_units_of_a_lost_worker_go_to_another(tasks: Tasks, results: list[bytes]) -> None:
    seen: list[int] = []

    def answer(worker: str, place: int) -> bytes | None:
        seen.append(place)
        return None if worker == ONE and len(seen) > 4 else results[place]

    answers = Answers(answer, ONE, TWO)
    facts = gathered(tasks, answers)
    assert tasks.open() == []
    assert (facts.refused, facts.rejected) == ({}, {})


def test_a_unit_that_costs_too_many_workers_ends_the_run(
    tasks: Tasks, results: list[bytes]
) -> None:
    workers = [f"tcp://127.0.0.1:{number}" for number in range(1, 9)]
    answers = Answers(lambda _, place: results[place] if place else None, *workers)
    with pytest.raises(CannotRun, match=f"{MOST_LOSSES} workers were lost while they had ballots/"):
        gathered(tasks, answers)


def test_what_a_worker_failed_at_stays_open(tasks: Tasks, results: list[bytes]) -> None:
    gathered(tasks, Answers(lambda _, place: results[place] if place != 5 else b"FValueError", ONE))
    assert tasks.open() == [5]


def test_a_worker_that_can_look_at_nothing_is_left_out(tasks: Tasks, results: list[bytes]) -> None:
    facts = gathered(
        tasks, Answers(lambda w, place: b"Nno folder" if w == ONE else results[place], ONE, TWO)
    )
    assert facts.refused == {ONE: "no folder"}
    assert tasks.open() == []


def test_no_worker_can_look_at_anything(tasks: Tasks) -> None:
    with pytest.raises(CannotRun, match="looked at nothing: no folder"):
        gathered(tasks, Answers(lambda _, __: b"Nno folder", ONE, TWO))


def test_no_worker_comes(tasks: Tasks) -> None:
    with pytest.raises(CannotRun, match="has had no workers"):
        gathered(tasks, Answers(lambda _, __: None))


def test_when_all_have_gone_the_rest_is_for_this_process(
    tasks: Tasks, results: list[bytes]
) -> None:
    gathered(tasks, Answers(lambda _, place: results[place] if place < 7 else None, ONE))
    assert tasks.open() == list(range(7, len(results)))


def test_no_result_takes_back_everything_that_the_worker_said(
    tasks: Tasks, results: list[bytes]
) -> None:
    facts = gathered(tasks, Answers(lambda w, n: b"R[]" if (w, n) == (ONE, 9) else results[n], ONE))
    assert set(facts.rejected) == {ONE}
    assert tasks.open() == list(range(len(results)))
