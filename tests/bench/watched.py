"""A program watched from outside: the memory of all its processes, and the work of the first."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import TYPE_CHECKING, Final

from tests.process_memory import _PEAK, _tree

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECONDS: Final = 0.05
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Watched:
    """A program that has ended. Seconds by the clock, and processor seconds.

    cpu: of all its processes. first: of the one that was started, to a twentieth of a second.
    peaks: bytes resident at most of each process; what it takes in its last twentieth of a second
    is not seen.
    """

    code: int
    clock: float
    cpu: float
    first: float
    peaks: dict[int, int]

    @property
    def memory(self) -> int:
        """The sum of the peaks: pages that processes share count several times."""
        return sum(self.peaks.values())


def watch(command: Sequence[str], folder: Path) -> Watched:
    """Run a program in a folder to its end. What it says on stdout is not kept."""
    peaks: dict[int, int] = {}
    first, before, started = 0.0, _of_children(), time.monotonic()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as running:
        while running.poll() is None:
            for pid in _tree(running.pid):
                with suppress(OSError):  # it has gone
                    peaks[pid] = max(peaks.get(pid, 0), _peak(pid))
            with suppress(OSError):
                first = max(first, _cpu(running.pid))
            time.sleep(_SECONDS)
        clock = time.monotonic() - started
    return Watched(running.returncode, clock, _of_children() - before, first, peaks)


def _peak(pid: int) -> int:
    found = _PEAK.search(Path(f"/proc/{pid}/status").read_text("ascii", "replace"))
    return 1024 * int(found[1]) if found else 0


def _cpu(pid: int) -> float:
    """Processor seconds of a process that runs, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    user, system = fields[11:13]
    return (int(user) + int(system)) / _TICKS


def _of_children() -> float:
    """Processor seconds of all processes that this one has started and that have ended."""
    spent = getrusage(RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
