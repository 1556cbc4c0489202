"""Units spread over processes, and their results in the order of the record.

Workers are spawned, never forked: this process may have threads. Each has one unit at a time, and
no more than IN_FLIGHT units a worker are between the plan and the sum, so memory is bounded
whatever the record holds.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Final, Self

from verifier.cannot_run import CannotRun
from verifier.guard import Fault
from verifier.worker import serve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from types import TracebackType

    from verifier.unit_result import UnitResult
    from verifier.unit_run import Advance, UnitRunner
    from verifier.units import Unit
    from verifier.worker import Briefing

    Results = Iterator[tuple[Unit, UnitResult]]

IN_FLIGHT: Final = 4
BALLOTS_FOR_A_PROCESS: Final = 16  # whatever computes, fewer never repay a start
_MOST_LOSSES: Final = 2
_HINT: Final = "run it again; with --processes 1 it needs the least memory"


def all_cores() -> int:
    """How many processes can run at once on this machine, as far as this one may use it."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def worthwhile(files: int, ballots: int | None, each: int = BALLOTS_FOR_A_PROCESS) -> int:
    """How many processes a record is worth: a worker must save more than its start costs.

    files: ballot files, which are the units. ballots: of the whole record, None if unknown.
    each: ballots that repay the start of a worker. It takes about 0.3 s, what ten ballots cost on
    the standard group with gmpy2 (BENCHMARKS.md).
    """
    most = files if ballots is None else min(files, ballots // each)
    return max(1, min(all_cores(), most))


def run_here(units: Iterable[Unit], runner: UnitRunner, advance: Advance) -> Results:
    """The results of the units, one after the other, in this process."""
    for unit in units:
        yield unit, runner.run(unit, advance)


@dataclass(slots=True)
class _Task:
    """A unit in flight. told: ballots that were made known as done. losses: workers it has cost."""

    unit: Unit
    result: UnitResult | None = None
    is_given: bool = False
    told: int = 0
    losses: int = 0


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    connection: Connection
    task: _Task | None = None


class Workers:
    """At most `processes` workers, started as they are needed; all end with the `with` block.

    runner: looks at a unit in this process when a worker could not: what is no fault of the
    process happens here again, and is treated as if there were no workers. A unit whose worker
    died goes to another one; when that dies as well the run ends.
    """

    def __init__(self, processes: int, briefing: Briefing, runner: UnitRunner) -> None:
        self._most = processes
        self._briefing = briefing
        self._runner = runner
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """End every worker at once; they hold nothing that could be lost."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()
        self._workers.clear()

    def run(self, units: Iterable[Unit], advance: Advance) -> Results:
        """The results of the units in the order in which they come. Raises CannotRun."""
        source, tasks = iter(units), deque[_Task]()
        while True:
            while len(tasks) < IN_FLIGHT * self._most:
                unit = next(source, None)
                if unit is None:
                    break
                tasks.append(_Task(unit))
            self._give(tasks)
            if not tasks:
                return
            if tasks[0].result is None:
                self._hear(advance)
                continue
            first = tasks.popleft()
            if first.result is not None:
                yield first.unit, first.result

    def _give(self, tasks: Iterable[_Task]) -> None:
        """Give the units that nobody has to workers that have none, and start workers for them."""
        for task in tasks:
            if task.is_given:
                continue
            worker = next((worker for worker in self._workers if worker.task is None), None)
            if worker is None and len(self._workers) < self._most:
                worker = self._start()
            if worker is None:
                return
            task.is_given, worker.task = True, task
            try:
                worker.connection.send(task.unit)
            except OSError:
                self._lose(worker, task)

    def _start(self) -> _Worker:
        spawning = multiprocessing.get_context("spawn")
        here, there = spawning.Pipe()
        process = spawning.Process(target=serve, args=(there, self._briefing), daemon=True)
        try:
            with _interrupts_held():
                process.start()
        except OSError as fault:
            raise CannotRun(f"no process can be started ({fault.strerror})", _HINT) from None
        finally:
            there.close()
        self._workers.append(_Worker(process, here))
        return self._workers[-1]

    def _hear(self, advance: Advance) -> None:
        """Wait until a worker says something or dies, and take what there is."""
        busy = [worker for worker in self._workers if worker.task is not None]
        ready = wait([worker.connection for worker in busy])
        for worker in busy:
            task = worker.task
            if task is None or worker.connection not in ready:
                continue
            try:
                answer = worker.connection.recv()
            except (EOFError, OSError):
                self._lose(worker, task)
                continue
            self._take(worker, task, answer, advance)

    def _take(
        self, worker: _Worker, task: _Task, answer: int | UnitResult | Fault, advance: Advance
    ) -> None:
        if isinstance(answer, int):
            done = answer
        else:
            worker.task = None
            if isinstance(answer, Fault):
                answer = self._runner.run(task.unit, lambda _: None)
            task.result, done = answer, answer.ballots
        if done > task.told:
            advance(done - task.told)
            task.told = done

    def _lose(self, worker: _Worker, task: _Task) -> None:
        """A worker died: its unit is to be given again, unless it has cost too many."""
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        self._workers.remove(worker)
        task.is_given = False
        task.losses += 1
        if task.losses >= _MOST_LOSSES:
            code = worker.process.exitcode
            raise CannotRun(
                f"the process that read {task.unit.name} ended ({_ending(code)}), and so did the "
                "next one",
                _HINT,
            )


def _ending(code: int | None) -> str:
    return f"exit code {code}" if code is None or code >= 0 else f"signal {-code}"


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C from the processes that are started here: this one hears it and ends them."""
    resource_tracker.ensure_running()  # else it would be started below, and let interrupts through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
