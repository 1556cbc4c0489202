"""What every suite shares: the time share, a loud account of what was skipped, the shared data."""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.watch import Watch, reporter_of

TESTS = Path(__file__).parent
REPOSITORY = TESTS.parent

# Group operations take as long as they take; a deadline would only make slow machines fail.
settings.register_profile(
    "dalel", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("dalel")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder with data written by others; skip, loudly, where it is not there."""
    folder = Path(os.environ.get("DALEL_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"data of other projects not found: DALEL_SHARED={folder}")
    return folder


def suite_of(path: Path) -> str:
    """Give the folder under tests/ that a test file lies in; `repository` for the top level."""
    parts = path.resolve().relative_to(TESTS).parts
    return parts[0] if len(parts) > 1 else "repository"


class SuiteTimes:
    """Adds up seconds and outcomes by suite, and keeps each reason for not running a test."""

    def __init__(self, summary_file: str | None) -> None:
        self.summary_file = summary_file
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.tests: defaultdict[str, int] = defaultdict(int)
        self.not_run: defaultdict[str, list[str]] = defaultdict(list)
        self.deselected = 0

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.deselected += len(items)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A process of pytest-xdist: tell the one that prints what only a collector knows."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["deselected"] = self.deselected

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.deselected = getattr(node, "workeroutput", {}).get("deselected", self.deselected)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.not_run[reason_of(report)].append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        suite = suite_of(REPOSITORY / report.nodeid.split("::")[0])
        self.seconds[suite] += report.duration
        if report.when == "call" or (report.when == "setup" and not report.passed):
            self.tests[suite] += 1
        if report.skipped:
            self.not_run[reason_of(report)].append(report.nodeid)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        write = terminalreporter.write_line
        terminalreporter.section("time share")
        total = sum(self.seconds.values()) or 1.0
        for suite in sorted(self.seconds, key=lambda name: -self.seconds[name]):
            spent = self.seconds[suite]
            share = 100 * spent / total
            write(f"{suite:<14}{self.tests[suite]:>6} tests {spent:>9.1f} s {share:>5.1f}%")
        if self.not_run:
            terminalreporter.section("NOT RUN", red=True, bold=True)
        for reason, places in self.not_run.items():
            write(f"{len(places)} not run: {reason}", red=True)
        if self.summary_file is not None:
            Path(self.summary_file).write_text(
                json.dumps(
                    {
                        "seconds": self.seconds,
                        "tests": self.tests,
                        "not_run": self.not_run,
                        "deselected": self.deselected,
                    }
                ),
                "utf-8",
            )


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Give the text of a skip, or of an expected failure."""
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return f"expected failure: {getattr(report, 'wasxfail', report.longrepr)}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--summary-file", default=None, help="write seconds and skips by suite as JSON to this file"
    )


@pytest.hookimpl(trylast=True)  # the reporter is there then
def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(
        SuiteTimes(config.getoption("--summary-file")), "dalel-suite-times"
    )
    if not hasattr(config, "workerinput") and not sys.stdout.isatty():
        config.pluginmanager.register(Watch(reporter_of(config)), "dalel-watch")
