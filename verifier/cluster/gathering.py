"""One round over the workers of a cluster: open units out, answers in."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Final

from verifier.cannot_run import CannotRun
from verifier.cluster.task import FAULT, REFUSED, RESULT
from verifier.whole.unit_codec import NotAResult, decode_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.cluster.connection import Answer, Connection
    from verifier.cluster.facts import ClusterFacts
    from verifier.cluster.tasks import Tasks
    from verifier.unit_result import UnitResult

IN_FLIGHT: Final = 3
MOST_LOSSES: Final = 3
_SECONDS_BETWEEN_LOOKS: Final = 1.0
_SECONDS_WITHOUT_WORKERS: Final = 30.0
_MOST_REASON: Final = 300  # bytes of what a worker says about itself
_SAME_RECORD: Final = (
    "each worker needs the same record under the same path, and the same version of dalel"
)


class Gathering:
    """Gives every open unit to a worker until it is answered, or until there are no workers left.

    parts: the verifications that a result must have something of.
    No worker has more than IN_FLIGHT units. A unit whose worker is lost goes to another one; when
    that has happened MOST_LOSSES times the run ends.
    """

    def __init__(
        self,
        connection: Connection,
        tasks: Tasks,
        facts: ClusterFacts,
        say: Callable[[str], None],
        parts: frozenset[str],
    ) -> None:
        self._connection = connection
        self._tasks = tasks
        self._facts = facts
        self._say = say
        self._parts = parts
        self._open: deque[int] = deque()
        self._in_flight: dict[str, set[int]] = {}
        self._looked = 0.0  # when the scheduler was asked for its workers
        self._alone_since: float | None = None
        self._has_answers = False

    def run(self) -> None:
        """Have the open units answered. Those that are open afterwards are for this process.

        Raises CannotRun when the scheduler is lost, when no worker can look at the record, when
        none comes, and when a unit has cost too many workers.
        """
        self._open = deque(self._tasks.open())
        self._in_flight = {}
        self._alone_since = None
        while self._open or any(self._in_flight.values()):
            self._look_around()
            if self._must_go_on_alone():
                return
            self._give()
            answer = self._connection.hear(_SECONDS_BETWEEN_LOOKS)
            if answer is not None:
                self._take(answer)

    def _is_used(self, worker: str) -> bool:
        return worker not in self._facts.rejected and worker not in self._facts.refused

    def _look_around(self) -> None:
        """Learn of workers that have come or gone."""
        now = time.monotonic()
        if self._in_flight and now - self._looked < _SECONDS_BETWEEN_LOOKS:
            return
        self._looked = now
        there = self._connection.workers()
        for worker in set(self._in_flight) - there:
            self._lose(worker)
        for worker in filter(self._is_used, there):
            self._in_flight.setdefault(worker, set())

    def _must_go_on_alone(self) -> bool:
        """Whether the rest is for this process: workers were there, and none is left."""
        if self._in_flight:
            self._alone_since = None
            return False
        if self._facts.rejected:
            self._say("no worker is left that was not rejected: the rest is looked at here")
            return True
        if self._facts.refused and not self._facts.draws and not self._has_answers:
            worker, reason = next(iter(self._facts.refused.items()))
            raise CannotRun(f"the worker {worker} looked at nothing: {reason}", _SAME_RECORD)
        now = time.monotonic()
        self._alone_since = self._alone_since or now
        if now - self._alone_since < _SECONDS_WITHOUT_WORKERS:
            return False
        if self._has_answers or self._facts.draws:
            self._say("no worker is left: the rest is looked at here")
            return True
        raise CannotRun(
            f"the scheduler {self._facts.scheduler} has had no workers for "
            f"{_SECONDS_WITHOUT_WORKERS:g} s",
            "start them with `dask worker ADDRESS`; docs/cluster.md says how",
        )

    def _give(self) -> None:
        for worker, places in self._in_flight.items():
            while self._open and len(places) < IN_FLIGHT:
                place = self._open.popleft()
                self._connection.give(place, self._tasks.all[place].unit, worker)
                places.add(place)

    def _take(self, answer: Answer) -> None:
        places = self._in_flight.get(answer.worker, set())
        if answer.place not in places:
            return
        places.remove(answer.place)
        kind = None if answer.raw is None else answer.raw[:1]
        body = b"" if answer.raw is None else answer.raw[1:]
        if kind == RESULT:
            self._store(answer.place, answer.worker, body)
        elif kind == REFUSED:
            self._refuse(answer, body[:_MOST_REASON].decode("utf-8", "backslashreplace"))
        elif kind != FAULT:  # a unit that a worker failed at stays open, for this process
            self._take_nothing(answer, places)

    def _take_nothing(self, answer: Answer, places: set[int]) -> None:
        """No answer of this program: the worker has gone, or is another program."""
        if answer.worker in self._connection.workers():
            self._refuse(answer, "it returned nothing that this program knows")
        else:
            places.add(answer.place)
            self._lose(answer.worker)

    def _store(self, place: int, worker: str, raw: bytes) -> None:
        result = self._decoded(raw)
        if result is None:
            self._facts.rejected[worker] = self._tasks.all[place].unit.name
            self._say(f"the worker {worker} is rejected: it returned what is no result")
            self._open.extend([place, *self._tasks.withdraw(worker)])
            self._leave(worker)
        else:
            self._has_answers = True
            self._tasks.done_there(place, worker, raw, result)

    def _decoded(self, raw: bytes) -> UnitResult | None:
        """The result, None if it is none or not one of all verifications that look at ballots."""
        try:
            result = decode_result(raw)
        except NotAResult:
            return None
        return result if result.parts.keys() == self._parts else None

    def _refuse(self, answer: Answer, reason: str) -> None:
        """Use a worker no more that can look at nothing; what it answered before stays."""
        self._facts.refused[answer.worker] = reason
        self._say(f"the worker {answer.worker} is not used: {reason}")
        self._open.appendleft(answer.place)
        self._leave(answer.worker)

    def _lose(self, worker: str) -> None:
        """A worker has gone: its units go to others, unless one has cost too many."""
        for place in self._in_flight.get(worker, set()):
            task = self._tasks.all[place]
            task.losses += 1
            if task.losses >= MOST_LOSSES:
                raise CannotRun(
                    f"{task.losses} workers were lost while they had {task.unit.name}",
                    "run it again without --cluster, or give the workers more memory",
                )
        self._leave(worker)

    def _leave(self, worker: str) -> None:
        for place in sorted(self._in_flight.pop(worker, set()), reverse=True):
            self._connection.drop(place, worker)
            self._open.appendleft(place)
