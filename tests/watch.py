"""What a log of a test run shows while it goes on: a line a minute, and each failure at once.

A run that hangs or is ended from outside never prints its summary.
"""

from __future__ import annotations

import time
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

EVERY = 60.0  # seconds
LINES = 40  # of a failure; the summary has all of it


class Watch:
    """Writes to a log that nobody sees as a terminal; one for all processes of pytest-xdist.

    write: takes a line past what pytest captures; `reporter_of` gives one.
    """

    def __init__(self, write: Callable[[str], None], every: float = EVERY) -> None:
        self._write = write
        self._every = every
        self._start = time.monotonic()
        self._running: dict[str, float] = {}
        self._done = 0
        self._ended = Event()
        self._thread = Thread(target=self._tell, daemon=True)

    def pytest_sessionstart(self) -> None:
        self._thread.start()

    def pytest_sessionfinish(self) -> None:
        self._ended.set()
        self._thread.join()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._running[nodeid] = time.monotonic()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self._running.pop(nodeid, None)
        self._done += 1

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            text = "\n".join(report.longreprtext.splitlines()[-LINES:])
            self._write(f"FAILED at once: {report.nodeid} ({report.when})\n{text}")

    def line(self) -> str:
        """Minutes since the start, tests done, and each test at work with its seconds."""
        now = time.monotonic()
        work = "; ".join(
            f"{test} {now - start:.0f} s" for test, start in list(self._running.items())
        )
        return (
            f"{(now - self._start) / 60:.0f} min, {self._done} tests done, at work: {work or '-'}"
        )

    def _tell(self) -> None:
        while not self._ended.wait(self._every):
            self._write(self.line())


def reporter_of(config: pytest.Config) -> Callable[[str], None]:
    """The way to pytest's own stdout, which is not captured."""
    reporter = config.pluginmanager.getplugin("terminalreporter")

    def write(text: str) -> None:
        reporter.ensure_newline()
        reporter.write_line(text)
        reporter.flush()

    return write
