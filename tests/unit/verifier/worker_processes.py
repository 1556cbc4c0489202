"""The worker processes of a run, found and killed by their id."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def workers_of(pid: int) -> set[int]:
    """The worker processes of a process, which are its only children of this kind."""
    found = set()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            with suppress(OSError):  # it has gone
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.add(child)
    return found


@contextmanager
def killing(most: int) -> Iterator[list[int]]:
    """Kill the first workers that this process starts, as soon as they are there."""
    killed: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.002):
            for worker in workers_of(os.getpid()).difference(killed):
                if len(killed) < most:
                    killed.append(worker)
                    os.kill(worker, signal.SIGKILL)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield killed
    finally:
        done.set()
        watcher.join()
