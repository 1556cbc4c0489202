"""Where the time of `dalel-verify check` goes besides the checks of ballots.

`pytest tests/bench/test_parts.py --benchmark-only` prints CPU times. With --benchmark-json=FILE it
stores each in milliseconds and in modexps, and for what. Nothing is asserted about time.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import process_time
from typing import TYPE_CHECKING, Final

import pytest

from tests.bench.machine import modexp
from tests.bench.record import record_of
from tests.bench.ways import ALL, by_gmpy2, record_of_one_file
from verifier.ballot_files import BALLOTS_A_FILE
from verifier.ballot_pass import BallotPass
from verifier.context import FINAL
from verifier.exit_codes import EXIT_CODES
from verifier.parameters import STANDARD
from verifier.reader.ballot_stream import BallotRules, BallotStream
from verifier.reader.form import Form
from verifier.reader.layout import Layout, is_folder_of_a_record
from verifier.reader.record import read_context
from verifier.reader.record_files import RecordFiles
from verifier.reader.unit_plan import UnitPlan
from verifier.reader.zip_folder import open_record
from verifier.run import verify_record
from verifier.unit_run import UnitRunner

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

    from verifier.context import Context

pytestmark = [
    pytest.mark.standard,
    pytest.mark.long,
    pytest.mark.benchmark(group="parts", timer=process_time),
]

ROUNDS: Final = 9
FEW: Final = 8  # ballots of a record that is nearly nothing but one group
PROGRAM: Final = Path(sys.executable).parent / "dalel-verify"


class Opened:
    """A record of one ballot file with all that is read before its ballots."""

    def __init__(self, folder: Path) -> None:
        self.form, self.folder = Form(), open_record(folder)
        self.listing = self.folder.listing(is_folder_of_a_record)
        self.files = RecordFiles(self.folder, self.listing, self.form)
        self.context: Context = read_context(self.files, self.listing, self.form, STANDARD, FINAL)
        self.rules = BallotRules(self.context)

    def plan(self) -> UnitPlan:
        layout = Layout(self.context, self.listing)
        return UnitPlan(self.context, layout, self.listing, self.folder, self.rules.shapes)


@pytest.fixture(scope="module")
def folder() -> Path:
    return record_of_one_file()


@pytest.fixture(scope="module")
def opened(folder: Path) -> Opened:
    return Opened(folder)


def measure(benchmark: BenchmarkFixture, act: Callable[[], object], pieces: int, noun: str) -> None:
    """Note what one of so many pieces costs."""
    before = modexp(3)
    benchmark.pedantic(act, rounds=ROUNDS, warmup_rounds=1)  # type: ignore[no-untyped-call]
    if benchmark.stats is not None:  # else measuring is switched off
        took = benchmark.stats.stats.median / pieces
        note(benchmark, took, (before + modexp(3)) / 2, noun)


def note(benchmark: BenchmarkFixture, took: float, unit: float, noun: str) -> None:
    benchmark.extra_info["ms"] = took * 1e3
    benchmark.extra_info["in modexps"] = took / unit
    benchmark.extra_info["for each"] = noun


def test_small_files(benchmark: BenchmarkFixture, folder: Path) -> None:
    """All files that are read before the ballots."""
    measure(benchmark, lambda: Opened(folder), 1, "record")


def test_plan(benchmark: BenchmarkFixture, opened: Opened) -> None:
    """Its openings are read once to cut them by ballot file."""
    measure(benchmark, lambda: list(opened.plan()), 1, "ballot file")


def test_reading(benchmark: BenchmarkFixture, opened: Opened) -> None:
    """Lines to ballots, their form, and the receipts of the file."""
    (unit,) = opened.plan()
    stream = BallotStream(opened.files, opened.form, opened.rules)

    def read() -> None:
        assert len(list(stream.of_unit(unit))) == BALLOTS_A_FILE + 1

    measure(benchmark, read, BALLOTS_A_FILE, "ballot")


def test_checks(benchmark: BenchmarkFixture, folder: Path) -> None:
    """V5 to V8, nonce, V20."""
    ballots = by_gmpy2(folder).ballots
    measure(benchmark, lambda: ballots.check(ALL), ballots.number, "ballot")


def test_adding_up(benchmark: BenchmarkFixture, opened: Opened) -> None:
    """The results of one file to all verifications that look at ballots."""
    (unit,) = opened.plan()
    result = UnitRunner(opened.folder, opened.context).run(unit, lambda _: None)

    def add() -> None:
        totals = BallotPass(opened.context, Form(), None).run([(unit, result)])
        assert totals.read == BALLOTS_A_FILE

    measure(benchmark, add, BALLOTS_A_FILE, "ballot")


def test_the_rest(benchmark: BenchmarkFixture, folder: Path) -> None:
    """A whole record of one group, without what its few ballots cost."""
    record, ballots = record_of(FEW), by_gmpy2(folder, FEW).ballots
    spent, unit = list[float](), modexp(3)

    def judge() -> None:
        started = process_time()
        assert EXIT_CODES[verify_record(record).verdict] == 0
        between = process_time()
        ballots.check(ALL)
        spent.append(between - started - (process_time() - between))

    benchmark.pedantic(judge, rounds=3, warmup_rounds=1)  # type: ignore[no-untyped-call]
    note(benchmark, sorted(spent)[len(spent) // 2], unit, "record and group")


@pytest.mark.parametrize(
    ("command", "noun"),
    [
        pytest.param((str(PROGRAM), "version"), "program", id="program"),
        pytest.param((sys.executable, "-c", "import verifier.worker"), "worker", id="worker"),
    ],
)
def test_start(benchmark: BenchmarkFixture, command: tuple[str, ...], noun: str) -> None:
    """A program that says its version and ends; and one that imports what a worker does."""
    spent, unit = list[float](), modexp(3)

    def start() -> None:
        before = getrusage(RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = getrusage(RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    benchmark.pedantic(start, rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]
    note(benchmark, sorted(spent)[len(spent) // 2], unit, noun)
