"""What one run of the verifier may cost: beyond it, it counts as a hang or as a bomb."""

from __future__ import annotations

import resource
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

SECONDS: Final = 60.0  # an honest record of this size takes half a second
MORE_BYTES: Final = 512 * 2**20  # an honest record of this size takes none that can be measured


class HangError(BaseException):
    """The time is up. No `except Exception` of the program under test can take it for its own."""


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise HangError(f"no answer after {SECONDS:.0f} s")


@contextmanager
def bounded() -> Iterator[None]:
    """Raise HangError after SECONDS; let memory beyond MORE_BYTES more than now give out.

    Only in the main thread of a process. Not nested.
    """
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + MORE_BYTES
    before = signal.signal(signal.SIGALRM, _ring)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGALRM, before)
