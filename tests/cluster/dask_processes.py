"""A real scheduler and real workers, each a process of its own on this machine's loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).parents[2]
PRELOADS: Final = Path(__file__).parent / "preloads"
NOTHING: Final[Mapping[str, str]] = {}
_STARTED: Final = re.compile(r"Start worker at: +(\S+)")
# When the tests were killed: of a scheduler, of a worker.
_LEFT_ALONE: Final = (("--idle-timeout", "600"), ("--death-timeout", "60"))
_SECONDS: Final = 240.0
_NOT_SO_FAST: Final = 0.05


@dataclass
class Cluster:
    """A scheduler and its workers. folder: for their files and logs. tls: options of Dask."""

    folder: Path
    tls: Sequence[str] = ()
    address: str = ""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    scheduler: subprocess.Popen[bytes] | None = None

    def start(self, preload: str | None = None, **told: str) -> None:
        said = self.folder / "scheduler.json"
        protocol = ("--protocol", "tls") if self.tls else ()
        self.scheduler = self._run(
            "scheduler",
            "--port",
            "0",
            "--scheduler-file",
            str(said),
            *protocol,
            *_LEFT_ALONE[0],
            *_load(preload),
            told=told,
        )
        self.address = wait_for(lambda: _address(said), "a scheduler")

    def add(self, preload: str | None = None, **told: str) -> str:
        """Start a worker and return its address when it is there.

        preload: a program of `preloads` that changes it. told: what it finds in its environment.
        """
        log = self.folder / f"worker-{len(self.workers)}.log"
        options = (
            "--nthreads",
            "1",
            "--no-nanny",
            "--local-directory",
            str(self.folder),
            *_LEFT_ALONE[1],
        )
        self.workers.append(self._run("worker", self.address, *options, *_load(preload), told=told))
        return wait_for(lambda: _registered(log.read_text()), "a worker")

    def _run(
        self, what: str, *options: str, told: Mapping[str, str] = NOTHING
    ) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{what}-{len(self.workers)}.log").open("wb")
        quiet = ("--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0")
        command = (sys.executable, "-m", "dask", what, *options, *quiet, *self.tls)
        with log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env={**os.environ, **told, "PYTHONPATH": str(ROOT)},
            )

    def kill_worker(self, number: int) -> None:
        self.workers[number].send_signal(signal.SIGKILL)

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process is not None:
                process.kill()
                process.wait()


@contextmanager
def running(
    folder: Path, *, tls: Sequence[str] = (), preload: str | None = None, **told: str
) -> Iterator[Cluster]:
    """A scheduler without workers; whatever was started has ended afterwards."""
    folder.mkdir(exist_ok=True)
    cluster = Cluster(folder, tls)
    try:
        cluster.start(preload, **told)
        yield cluster
    finally:
        cluster.end()


def _load(preload: str | None) -> tuple[str, ...]:
    return () if preload is None else ("--preload", str(PRELOADS / f"{preload}.py"))


def _address(said: Path) -> str:
    try:
        return str(json.loads(said.read_text())["address"])
    except (OSError, ValueError, KeyError):
        return ""


def _registered(log: str) -> str:
    """The address of a worker, once its log says that it has been registered."""
    found = _STARTED.search(log)
    return "" if found is None or "Registered to:" not in log else found[1]


def wait_for(look: Callable[[], str], what: str) -> str:
    """What a function returns as soon as it is not empty."""
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(_NOT_SO_FAST)
    raise AssertionError(f"{what} did not come")
