"""What looks at units: this process, others of this machine, or a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from verifier.processes import Workers, run_here

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from verifier.processes import Results
    from verifier.unit_run import Advance, UnitRunner
    from verifier.units import Unit
    from verifier.worker import Briefing


class Executor(Protocol):
    """Looks at units in a `with` block.

    `run` gives the results in the order of the units, and may be called again when it has ended.
    It must not hold more units than it is looking at.
    """

    def __enter__(self) -> Self:
        """Itself."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        """End whatever was started."""

    def run(self, units: Iterable[Unit], advance: Advance) -> Results:
        """The result of each unit. advance: called with ballots that are done with."""


class Here:
    """Only the process that asks."""

    def __init__(self, runner: UnitRunner) -> None:
        self._runner = runner

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Nothing was started."""

    def run(self, units: Iterable[Unit], advance: Advance) -> Results:
        """The results of the units, one after the other."""
        return run_here(units, self._runner, advance)


def on_this_machine(processes: int, briefing: Briefing, runner: UnitRunner) -> Executor:
    """So many processes, this one alone for 1."""
    return Here(runner) if processes == 1 else Workers(processes, briefing, runner)
