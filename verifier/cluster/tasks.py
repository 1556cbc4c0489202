"""The units of a run: which are open, who answered which, and where the answers lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.cluster.said import is_suspect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from verifier.cluster.spool import Place, Store
    from verifier.unit_result import UnitResult
    from verifier.unit_run import Advance
    from verifier.units import Unit

    KeyOf = Callable[[Unit, Mapping[str, bytes]], bytes | None]


@dataclass(slots=True)
class Task:
    """A unit and what is known about it.

    at: where its encoded result lies, None as long as it is open. worker: who said so; None when
    this process did.
    is_settled: it can no longer be drawn, except that its worker is rejected. is_suspect: findings
    are said to be in it. told: ballots that were made known as done. losses: workers it has cost.
    """

    unit: Unit
    at: Place | None = None
    worker: str | None = None
    is_settled: bool = False
    is_suspect: bool = False
    told: int = 0
    losses: int = 0


class Tasks:
    """All units of a record, by their place in it from 0.

    key_of: the key of a unit by digests of its files, under which its answer is kept; None for a
    unit that has none.
    """

    def __init__(
        self, units: Iterable[Unit], store: Store, advance: Advance, key_of: KeyOf
    ) -> None:
        self.all = [Task(unit) for unit in units]
        self._store = store
        self._advance = advance
        self._key_of = key_of

    def open(self) -> list[int]:
        """Places of the units that nobody has answered."""
        return [place for place, task in enumerate(self.all) if task.at is None]

    def fresh(self) -> Iterator[tuple[int, str]]:
        """Places and workers of the answers that no draw has been made among."""
        for place, task in enumerate(self.all):
            if task.worker is not None and not task.is_settled:
                yield place, task.worker

    def suspect(self) -> set[int]:
        """Those of the fresh ones in which findings are said to be."""
        return {place for place, _ in self.fresh() if self.all[place].is_suspect}

    def done_there(self, place: int, worker: str, raw: bytes, result: UnitResult) -> None:
        """A worker answered. raw: the encoding of the result."""
        task = self.all[place]
        task.at, task.worker, task.is_settled = (
            self._kept(task.unit, worker, raw, result),
            worker,
            False,
        )
        task.is_suspect = is_suspect(result)
        self._tell(task, result.ballots)

    def done_here(self, place: int, raw: bytes, result: UnitResult) -> None:
        """Take what this process said of a unit, which settles it."""
        task = self.all[place]
        task.at, task.worker = self._kept(task.unit, None, raw, result), None
        self._tell(task, result.ballots)

    def done_before(self, place: int, worker: str | None, at: Place, result: UnitResult) -> None:
        """Take what was said of a unit in an earlier run."""
        task = self.all[place]
        task.at, task.worker, task.is_suspect = at, worker, is_suspect(result)
        self._tell(task, result.ballots)

    def _kept(self, unit: Unit, worker: str | None, raw: bytes, result: UnitResult) -> Place:
        return self._store.add(raw, self._key_of(unit, result.digests), worker)

    def said(self, place: int) -> bytes | None:
        """What a worker answered; None when it has been withdrawn."""
        task = self.all[place]
        return None if task.worker is None else self.raw_of(task)

    def settle(self, places: Iterable[int]) -> None:
        """A draw has been made among these."""
        for place in places:
            self.all[place].is_settled = self.all[place].at is not None

    def withdraw(self, worker: str) -> list[int]:
        """Open all units again that this worker answered; their places."""
        places = [place for place, task in enumerate(self.all) if task.worker == worker]
        for place in places:
            task = self.all[place]
            task.at, task.worker, task.is_settled = None, None, False
        self._store.reject(worker)
        return places

    def raw_of(self, task: Task) -> bytes:
        """The encoded result of a unit that is not open."""
        if task.at is None:
            raise RuntimeError(f"nobody has answered {task.unit.name}")
        return self._store.read(task.at)

    def _tell(self, task: Task, ballots: int) -> None:
        if ballots > task.told:
            self._advance(ballots - task.told)
            task.told = ballots
