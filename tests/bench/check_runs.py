"""Whole runs of `dalel-verify check` on large records: clock, processor, memory.

The programs run one after the other and alone; a modexp is measured before and after each of them,
so that a figure in modexps is one of that moment.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from tests.bench.machine import load, modexp
from tests.bench.watched import watch

if TYPE_CHECKING:
    from collections.abc import Sequence

REPOSITORY: Final = Path(__file__).parents[2]
PROGRAM: Final = str(Path(sys.executable).parent / "dalel-verify")


class RunFailed(Exception):  # noqa: N818 -- says what happened
    """A run that did not accept the record."""


@dataclass(frozen=True)
class CheckRun:
    """One run. way: its name. clock: seconds. memory: bytes resident at most, all processes.

    cpu, first: processor seconds of all processes, and of the one that adds up what the others
    find. seen: processes. modexp: seconds, the mean of before and after. load: before it began.
    """

    way: str
    ballots: int
    processes: int
    clock: float
    cpu: float
    first: float
    memory: int
    seen: int
    modexp: float
    load: float

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


@dataclass(frozen=True)
class CheckWay:
    """A way to check a record. options: of the program. hints: whether the record has them."""

    name: str
    options: tuple[str, ...]
    hints: bool = False


@lru_cache
def options_of(command: str) -> str:
    """What the program says of the options of one of its commands; nothing if it has none."""
    done = subprocess.run([PROGRAM, command, "--help"], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def check(
    way: CheckWay, record: Path, ballots: int, processes: int, more: Sequence[str] = ()
) -> CheckRun:
    """Run the program on a record that it is to accept. Raises RunFailed.

    more: further options, which may take the place of processes of its own.
    """
    before, busy = modexp(5), load()
    with TemporaryDirectory(prefix="dalel-bench-") as folder:
        report = Path(folder) / "report.json"
        options = (*way.options, *(more or ("--processes", str(processes))))
        command = [PROGRAM, "check", *options, "--json", str(report), str(record)]
        ran = watch(command, REPOSITORY)
        said = json.loads(report.read_bytes()) if report.exists() else {}
    found = (said.get("verdict"), said.get("record", {}).get("counts", {}).get("ballots"))
    if found != ("accepted", ballots):
        raise RunFailed(
            f"{' '.join(command)}: expected an accepted record of {ballots} ballots, "
            f"found {found}, exit code {ran.code}; delete build/{record.name} and run it again"
        )
    unit = (before + modexp(5)) / 2
    return CheckRun(
        *(way.name, ballots, processes, ran.clock, ran.cpu, ran.first),
        *(ran.memory, len(ran.peaks), unit, busy),
    )
