"""Work in a process of its own, for tests that fork: one with threads must not."""

from __future__ import annotations

from multiprocessing import get_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def work_in_fresh_process(
    work: Callable[[Path], None], folder: Path, seconds: float = 300.0
) -> None:
    """Have a function of a module do its work on a folder; what it raises is on stderr.

    A process of pytest-xdist has threads, and a fork of it takes over locks that nobody frees.
    """
    process = get_context("spawn").Process(target=work, args=(folder,))
    process.start()
    process.join(seconds)
    late = process.is_alive()
    process.kill()
    process.join()
    assert not late, f"not done after {seconds:g} s"
    assert process.exitcode == 0, "see stderr"
