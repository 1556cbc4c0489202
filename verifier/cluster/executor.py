"""Gives the units of a record to the workers of a cluster, and looks at some of them again.

All answers are in before anything is drawn, and the draw is over before the first result is handed
on: a worker that is found out takes everything with it that it said.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

from verifier.ballot_checks import modules_of
from verifier.cannot_run import CannotRun
from verifier.cluster.connection import Connection
from verifier.cluster.draw import draw
from verifier.cluster.facts import ClusterFacts
from verifier.cluster.gathering import Gathering
from verifier.cluster.kept import Kept
from verifier.cluster.said import findings_in
from verifier.cluster.spool import Spool
from verifier.cluster.tasks import Tasks
from verifier.guard import Fault
from verifier.plain_text import plain
from verifier.processes import Workers, run_here, worthwhile
from verifier.program import this_program
from verifier.reader.zip_folder import open_record
from verifier.whole.unit_codec import NotAResult, decode_result, encode_result
from verifier.whole.unit_keys import digests_on_disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import TracebackType

    from verifier.cluster.spool import Store
    from verifier.cluster.terms import ClusterTerms
    from verifier.unit_result import UnitResult
    from verifier.unit_run import Advance, UnitRunner
    from verifier.units import Unit
    from verifier.whole.unit_keys import Terms
    from verifier.worker import Briefing


class ClusterExecutor:
    """Runs over one record, in a `with` block. facts: what they came to, complete when they end.

    Arguments as those of `verifier.cluster.executor`.
    """

    def __init__(
        self,
        terms: ClusterTerms,
        briefing: Briefing,
        runner: UnitRunner,
        *,
        processes: int | None,
        kept: Path | None,
        keys: Terms | None,
        say: Callable[[str], None],
    ) -> None:
        self._terms = terms
        self._briefing = briefing
        self._runner = runner
        self._processes = processes
        self._kept = kept
        self._keys = keys
        self._say = say
        self._open = ExitStack()
        self._connection: Connection | None = None
        self._store: Store = Spool()
        self.facts = ClusterFacts(plain(terms.address), terms.trust_workers)

    def __enter__(self) -> Self:
        """Raises CannotRun when the file of answers is not of this run."""
        if self._kept is not None and self._keys is not None:
            kept = self._open.enter_context(Kept(self._kept, self._keys))
            self.facts.rejected.update(dict.fromkeys(kept.rejected, "a unit in an earlier run"))
            self._store = kept
        else:
            self._store = self._open.enter_context(Spool())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the cluster, and close the file of answers."""
        self._open.__exit__(kind, fault, trace)

    def run(self, units: Iterable[Unit], advance: Advance) -> Iterator[tuple[Unit, UnitResult]]:
        """The results of the units in the order in which they come. Raises CannotRun.

        Memory: some hundred bytes a unit; what was answered lies in a file. Once results have been
        handed on they cannot be taken back: when their worker is rejected in a later run of the
        same block, that one ends.
        """
        tasks = Tasks(units, self._store, advance, self._key_of)
        self._take_up(tasks)
        while tasks.open() or any(tasks.fresh()):
            if tasks.open():
                self._gather(tasks)
                self._look_here(tasks)
            self._look_again(tasks)
        self.facts.units += len(tasks.all)
        self.facts.workers.update(task.worker for task in tasks.all if task.worker is not None)
        for task in tasks.all:
            yield task.unit, decode_result(tasks.raw_of(task))

    def _key_of(self, unit: Unit, digests: Mapping[str, bytes]) -> bytes | None:
        if self._keys is None or unit.path is None:
            return None
        return self._keys.key(unit, digests)

    def _take_up(self, tasks: Tasks) -> None:
        """Take what was answered in an earlier run about the bytes that lie there now."""
        if self._kept is None:
            return
        folder, found = open_record(Path(self._briefing.folder)), 0
        for place, task in enumerate(tasks.all):
            key = self._key_of(task.unit, digests_on_disk(folder, task.unit))
            known = None if key is None else self._store.find(key)
            if known is None:
                continue
            worker, at = known
            try:
                result = decode_result(self._store.read(at))
            except NotAResult:
                continue
            if worker is None:
                self.facts.confirmed.update(findings_in(result))
            tasks.done_before(place, worker, at, result)
            found += 1
        self._say(f"{found} of {len(tasks.all)} units were answered already")

    def _gather(self, tasks: Tasks) -> None:
        """Have the workers answer. Raises CannotRun: a fault of Dask says nothing of the record."""
        try:
            if self._connection is None:
                connection = Connection(self._terms, self._briefing, this_program())
                self._connection = self._open.enter_context(connection)
            parts = frozenset(module.ID for module in modules_of(self._briefing.stage))
            Gathering(self._connection, tasks, self.facts, self._say, parts).run()
        except (CannotRun, MemoryError):
            raise
        except Exception as fault:  # noqa: BLE001 -- whatever Dask may do
            for line in Fault.of(fault).trace:
                print(line, file=sys.stderr)  # noqa: T201 -- talk, for a report of the fault
            raise CannotRun(
                f"the connection with the cluster failed ({type(fault).__name__})",
                "run it again, or without --cluster; please report the lines above",
            ) from None

    def _look_here(self, tasks: Tasks) -> None:
        """Look at what the workers have left open."""
        for place, result in self._results(tasks, tasks.open()):
            self.facts.confirmed.update(findings_in(result))
            tasks.done_here(place, encode_result(result), result)

    def _look_again(self, tasks: Tasks) -> None:
        """Draw among the new answers; whoever said something else is rejected with all it said.

        Units of which a worker reports findings are looked at as well, whether drawn or not.
        """
        fresh = dict(tasks.fresh())
        if not fresh:
            return
        drawn = draw(fresh, self._terms.recheck)
        self.facts.draws.append(drawn)
        for place, result in self._results(tasks, sorted(drawn.places | tasks.suspect())):
            said, own = tasks.said(place), encode_result(result)
            self.facts.confirmed.update(findings_in(result))
            tasks.done_here(place, own, result)
            if said != own and not result.has_fault:
                self._reject(tasks, fresh[place], tasks.all[place].unit)
        tasks.settle(fresh)

    def _reject(self, tasks: Tasks, worker: str, unit: Unit) -> None:
        if worker in self.facts.rejected:
            return
        self.facts.rejected[worker] = unit.name
        number = len(tasks.withdraw(worker))
        self._say(
            f"the worker {worker} is rejected: of {unit.name} it said something else than this "
            f"process found; {number} more units that it had answered are looked at anew"
        )
        if self.facts.workers[worker]:
            raise CannotRun(
                f"the worker {worker} was rejected after its results had been added up",
                "run it again, without that worker",
            )

    def _results(self, tasks: Tasks, places: list[int]) -> Iterator[tuple[int, UnitResult]]:
        """Look at units on this machine, in as many processes as they are worth."""
        units = [tasks.all[place].unit for place in places]
        processes = min(self._processes or worthwhile(len(units), None), len(units))
        with ExitStack() as opened:
            if processes > 1:
                workers = Workers(processes, self._briefing, self._runner)
                results = opened.enter_context(workers).run(units, lambda _: None)
            else:
                results = run_here(units, self._runner, lambda _: None)
            yield from zip(places, (result for _, result in results), strict=True)
