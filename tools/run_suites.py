"""Run the lint steps and the test suites, time each, and print the time share at the end.

`test`: lint, then every test not marked long. `lint`, `long`: those alone.
A failing step does not hide the next one; the exit code is 1 when any step failed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
SUMMARY = REPOSITORY / "build" / "suites.json"
MEMORY = Path("/dev/shm")  # noqa: S108 - where syncing a test's files takes no time
ROOM = 4 * 2**30  # bytes that all suites leave there at most, with much to spare
BUDGET_MINUTES = 20  # for `make test` on two cores; what does not fit is marked long


class Step(NamedTuple):
    """One command and the name that the table shows for it."""

    name: str
    command: tuple[str, ...]


class Row(NamedTuple):
    """One line of the table."""

    name: str
    seconds: float
    tests: int | None
    passed: bool


def program(name: str, *arguments: str) -> tuple[str, ...]:
    """Give the command line of a program of the virtual environment."""
    return (str(PROGRAMS / name), *arguments)


def pytest(*arguments: str) -> tuple[str, ...]:
    """Give the command line of a pytest run that leaves its times in the summary file."""
    return (sys.executable, "-m", "pytest", "-q", f"--summary-file={SUMMARY}", *arguments)


LINT = (
    Step("ruff check", program("ruff", "check", ".")),
    Step("ruff format", program("ruff", "format", "--check", ".")),
    Step("mypy --strict", program("mypy")),
    Step("import contracts", program("lint-imports", "--no-logo")),
)
PROCESSES = ("-n", "auto", "--dist", "loadfile")  # what a file shares is made once
TEST = Step("tests", pytest("-m", "not long", "--benchmark-disable", "--timeout=600", *PROCESSES))
LONG = Step("long tests", pytest("-m", "long", "--benchmark-disable", "--timeout=1800", *PROCESSES))
TARGETS = {"test": (*LINT, TEST), "lint": LINT, "long": (LONG,)}


@contextmanager
def scratch() -> Iterator[str]:
    """A folder for what the tests write, in memory where there is room; then it is gone."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM
    with TemporaryDirectory(prefix="dalel-", dir=MEMORY if in_memory else None) as folder:
        yield folder


def run(step: Step) -> Row:
    """Run one step with its output on the terminal."""
    print(f"\n--- {step.name}", flush=True)
    start = time.monotonic()
    with scratch() as folder:
        environment = {**os.environ, "TMPDIR": folder}
        code = subprocess.run(step.command, cwd=REPOSITORY, check=False, env=environment).returncode
    return Row(step.name, time.monotonic() - start, None, code == 0)


def suite_rows(run_row: Row, summary: dict[str, dict[str, float]]) -> list[Row]:
    """Split the row of a pytest run into one row a suite.

    Suites run side by side: the seconds are those of the tests, added up, and not of a clock.
    """
    return [
        Row(f"tests/{suite}", seconds, int(summary["tests"].get(suite, 0)), run_row.passed)
        for suite, seconds in summary["seconds"].items()
    ]


def print_table(rows: list[Row], clock: float) -> None:
    """Print the time share of each step, the longest first. clock: seconds that passed."""
    total = sum(row.seconds for row in rows) or 1.0
    print("\n=== time share")
    for row in sorted(rows, key=lambda row: -row.seconds):
        tests = "" if row.tests is None else f"{row.tests} tests"
        print(f"{row.name:<24}{tests:>12}{row.seconds:>10.1f} s{100 * row.seconds / total:>7.1f}%")
    print(f"{'total, added up':<36}{total:>10.1f} s  100.0%")
    print(f"{'by the clock':<36}{clock:>10.1f} s")


def print_not_run(summary: dict[str, dict[str, list[str]]], deselected: int) -> None:
    """Print every reason for which tests did not run, with their number."""
    if summary["not_run"] or deselected:
        print("\n=== NOT RUN")
    for reason, places in summary["not_run"].items():
        print(f"{len(places):>5} not run: {reason}")
        for place in places[:5]:
            print(f"      {place}")
    if deselected:
        print(f"{deselected:>5} belong to another target (make test, make long)")


def main(arguments: list[str]) -> int:
    """Run one target; 0 when every step passed, 1 when one failed, 2 for an unknown target."""
    if len(arguments) != 1 or arguments[0] not in TARGETS:
        print(f"usage: run_suites.py {'|'.join(TARGETS)}", file=sys.stderr)
        return 2
    SUMMARY.parent.mkdir(exist_ok=True)
    SUMMARY.unlink(missing_ok=True)
    rows = [run(step) for step in TARGETS[arguments[0]]]
    failed = [row.name for row in rows if not row.passed]
    total = sum(row.seconds for row in rows)
    if SUMMARY.exists():
        summary = json.loads(SUMMARY.read_text("utf-8"))
        rows = [*rows[:-1], *suite_rows(rows[-1], summary)]
        print_not_run(summary, summary["deselected"])
    print_table(rows, total)
    if arguments[0] == "test" and total > 60 * BUDGET_MINUTES:
        print(f"\nOVER BUDGET: {total / 60:.1f} minutes, {BUDGET_MINUTES} are allowed")
    print(f"\nFAILED: {', '.join(failed)}" if failed else "\nall passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
