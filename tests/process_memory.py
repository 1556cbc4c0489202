"""The most memory that a program and all its processes have needed, as the system counts it."""

from __future__ import annotations

import re
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_PEAK: Final = re.compile(r"VmHWM:\s+(\d+) kB")
_SECONDS: Final = 0.05


@dataclass(frozen=True)
class Ran:
    """A program that has ended. peaks: bytes resident at most, of it and of each descendant.

    Their sum is more than was ever needed at once: pages that they share count several times, and
    not all had their peak together.
    """

    code: int
    output: str
    peaks: dict[int, int]

    @property
    def bytes(self) -> int:
        return sum(self.peaks.values())


def run_and_measure(command: Sequence[str], folder: Path) -> Ran:
    """Run a program in a folder to its end and look at its processes twenty times a second.

    What a process needs in its last twentieth of a second is not seen.
    """
    peaks: dict[int, int] = {}
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as running:
        while running.poll() is None:
            for pid in _tree(running.pid):
                with suppress(OSError, TypeError):  # it has gone, or is about to
                    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
                    found = _PEAK.search(status)
                    peaks[pid] = max(peaks.get(pid, 0), 1024 * int(found[1]) if found else 0)
            time.sleep(_SECONDS)
        assert running.stdout is not None
        return Ran(running.returncode, running.stdout.read(), peaks)


def _tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(OSError):
                found += map(int, children.read_text().split())
    return found
