"""What a run of the benchmarks stands on: its store, its jobs, its record, the machine."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.attacks.judge import write_folder
from tests.bench import record, suites, whole_ways
from tests.bench.gmp_routines import Routines, gmp_routines, split
from tests.bench.jobs import jobs_for
from tests.bench.machine import this_machine
from tests.bench.progress import clock
from tests.bench.store import REPOSITORY, Store, sources
from tests.bench.watched import watch
from tests.toy_groups import TOY
from verifier.algebra import Group
from verifier.core.ifma.choose import Choice
from verifier.exit_codes import EXIT_CODES
from verifier.run import verify_record

if TYPE_CHECKING:
    from pathlib import Path

GROUP = Group(TOY.name, TOY.p, TOY.q, TOY.g)
MIB = 2**20


class Counted:
    """A measurement that says how often it was made."""

    def __init__(self, **figures: object) -> None:
        self.calls = 0
        self.figures = figures

    def __call__(self) -> dict[str, object]:
        self.calls += 1
        return {"call": self.calls, **self.figures}


def test_a_part_is_measured_once_on_the_same_terms(tmp_path: Path) -> None:
    measure = Counted()
    for _ in range(2):  # as after a run that was ended
        store = Store(tmp_path / "bench", {"ballots": 200, "flags": ("adx",)})
        assert store.part("a part", measure) == {"call": 1}
        assert store.has("a part")
    assert measure.calls == 1


def test_other_terms_drop_what_was_measured(tmp_path: Path) -> None:
    measure = Counted()
    Store(tmp_path / "bench", {"ballots": 200}).part("a part", measure)
    store = Store(tmp_path / "bench", {"ballots": 201})
    assert not store.has("a part")
    assert store.part("a part", measure) == {"call": 2}


def test_what_is_missing_is_tried_again(tmp_path: Path) -> None:
    store, measure = Store(tmp_path / "bench", {}), Counted(missing="a neighbour")
    assert [store.part("a part", measure)["call"] for _ in range(2)] == [1, 2]
    assert not store.has("a part")


def test_a_store_that_was_dropped_is_empty(tmp_path: Path) -> None:
    store = Store(tmp_path / "bench", {})
    store.part("a part", Counted())
    store.drop()
    assert list(tmp_path.iterdir()) == []


def test_the_code_is_known_by_its_bytes(tmp_path: Path) -> None:
    write_folder({"verifier/a.py": b"1", "egcore/b.py": b"2"}, tmp_path)
    before = sources(tmp_path)
    write_folder({"verifier/notes.md": b"no code"}, tmp_path)
    assert sources(tmp_path) == before
    write_folder({"verifier/a.py": b"3"}, tmp_path)
    assert sources(tmp_path) != before


def test_jobs_have_names_of_their_own_and_take_turns() -> None:
    names = [job.name for job in jobs_for(20_000)]
    assert len(set(names)) == len(names)
    assert [name for name in names if name.startswith("check gmpy2 200 by")] == [
        f"check gmpy2 200 by {processes} round {number}"
        for number in (1, 2, 3)
        for processes in (1, 2)
    ]
    assert {"record of 200", "record of 2000", "record of 20000"} < set(names)
    assert all(job.seconds >= 0 for job in jobs_for(20_000))


def test_a_way_that_this_machine_lacks_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_ways, "options_of", lambda _: "--backend")
    choice = Choice(None, "this processor has no avx512ifma")
    monkeypatch.setattr(whole_ways, "ifma_rows", lambda: choice)
    lacks = {way.way.name: whole_ways.lacking(way) for way in whole_ways.WAYS}
    reason = "the kernel cannot run: this processor has no avx512ifma"
    assert lacks == {
        "gmpy2": "",
        "kernel": reason,
        "gmpy2 with hints": "",
        "kernel with hints": reason,
    }
    assert whole_ways.run(whole_ways.WAYS[1], 8, 1) == {"missing": reason}


def test_files_of_benchmarks_are_there() -> None:
    from tests.bench.jobs import SUITES  # noqa: PLC0415

    there = {file for file, _ in SUITES.values() if (REPOSITORY / file).is_file()}
    assert {file for file, _ in SUITES.values()} - there <= {"tests/bench/test_kernel.py"}


def test_a_file_of_benchmarks_that_is_not_there_is_missing() -> None:
    found = suites.measure("tests/bench/test_nothing.py")
    assert found == {"missing": "there is no tests/bench/test_nothing.py"}


def test_a_file_whose_tests_are_no_benchmarks_measures_nothing() -> None:
    assert "Skipping non-benchmark" in suites.measure("tests/bench/test_plot.py")["missing"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("__gmpn_mul_basecase_zen", ("mul_basecase", "zen")),
        ("__gmpn_addmul_1_x86_64", ("addmul_1", "x86_64")),
        ("__gmpn_redc_1_fat", ("redc_1", "fat")),
        ("__gmpn_sqr_basecase_coreihwl", ("sqr_basecase", "coreihwl")),
    ],
)
def test_names_of_routines(name: str, parts: tuple[str, str]) -> None:
    assert split(name) == parts


def test_a_library_that_knows_no_processor_is_generic() -> None:
    assert Routines({"mul_basecase": "fat", "addmul_1": "x86_64"}).family == "generic"
    assert Routines({"mul_basecase": "zen", "redc_1": "fat", "com": "x86_64"}).family == "zen"
    assert Routines({}, "no table").sentence() == "routines not known (no table)"


def test_routines_of_this_process_are_named_or_their_lack_is_explained() -> None:
    found = gmp_routines()
    if not found.reason:
        assert {"mul_basecase", "sqr_basecase", "addmul_1", "redc_1"} <= set(found.chosen)
        assert not {kind for kind in found.chosen.values() if kind == "init"}


def test_a_machine_is_told_without_its_name() -> None:
    machine = this_machine().as_json()
    assert machine["cores"] >= 1
    assert json.loads(json.dumps(machine))["gmp"].startswith("GMP")
    assert "node" not in machine


def test_memory_of_all_processes_is_seen(tmp_path: Path) -> None:
    child = "import time; held = bytearray(60 * 2**20); time.sleep(0.5)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    ran = watch([sys.executable, "-c", parent], tmp_path)
    assert ran.code == 0
    assert len(ran.peaks) == 2
    assert 60 * MIB < max(ran.peaks.values()) < ran.memory
    assert 0 <= ran.first <= ran.clock


def test_work_of_the_first_process_is_told_apart(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.5: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    ran = watch([sys.executable, "-c", code], tmp_path)
    assert ran.first < 0.5 <= ran.cpu


def test_a_record_is_built_whole_and_accepted_with_hints_and_without(tmp_path: Path) -> None:
    folder = tmp_path / "record"
    (tmp_path / "record.draft").mkdir()  # of a build that was ended
    (tmp_path / "record.draft" / "stray").touch()
    record.build(folder, 330, TOY, of_a_box=300)
    hinted = tmp_path / "record-hints"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["record", "record-hints"]
    for place in (folder, hinted):
        report = verify_record(place, GROUP)
        assert EXIT_CODES[report.verdict] == 0, report
        counts = report.record.counts
        assert (counts["ballots"], counts["challenged"], counts["boxes"]) == (330, 3, 2)
    names = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    more = {path.relative_to(hinted) for path in hinted.rglob("*") if path.is_file()} - names
    assert sorted(path.as_posix() for path in more) == [
        "hints/box-p-0001-1/000000.bin",
        "hints/box-p-0001-1/000001.bin",
        "hints/box-p-0002-1/000000.bin",
    ]


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0 s"), (119, "119 s"), (150, "2 min")])
def test_times_for_people(seconds: float, text: str) -> None:
    assert clock(seconds) == text
