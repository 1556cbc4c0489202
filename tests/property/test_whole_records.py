"""Whole records changed at random: never anything but a report, and none that changed is accepted.

A few hundred cases; `make fuzz` judges 20,000. What is drawn is in tests/fuzzing/case.py, what must
be true of each answer in tests/fuzzing/judge.py.
"""

from __future__ import annotations

import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import fuzz
from tests.attacks.judge import write_folder
from tests.fuzzing import bounds
from tests.fuzzing import judge as judging
from tests.fuzzing.bases import NAMES, base_named
from tests.fuzzing.campaign import Counts, Judged, case_number, judge_number, kept_case
from tests.fuzzing.case import KINDS, UNCHANGED, Case, Terms, draw_case
from tests.fuzzing.judge import Answer, judge_case, judge_written
from tests.fuzzing.multiples import multiples_kept
from verifier import run as verifier_run
from verifier.report import Report, Verdict
from verifier.run import verify_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

HONEST = Answer(Verdict.ACCEPTED.value, frozenset(), ())


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    with multiples_kept():
        yield


@settings(max_examples=250, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_any_change_gives_a_report_and_is_not_accepted(random: Random) -> None:
    case = draw_case(random)
    with tempfile.TemporaryDirectory() as folder:
        answer = judge_case(case, Path(folder))
    assert not answer.problems, (case.base, case.kinds, case.terms)


@pytest.mark.parametrize("name", NAMES)
def test_the_records_that_cases_start_from_are_accepted(name: str, tmp_path: Path) -> None:
    base = base_named(name)
    for number, files in enumerate((base.files, base.twin)):
        honest = {path: raw for path, raw in files.items() if isinstance(raw, bytes)}
        case = Case(name, (UNCHANGED,), honest, files, None, Terms(receipts=True, program=True))
        assert judge_case(case, tmp_path / str(number)) == HONEST
    assert base.files != base.twin
    assert base.files["manifest.json"] == base.twin["manifest.json"]


def test_cases_are_the_same_again_and_every_kind_is_drawn() -> None:
    counts = Counts()
    for number in range(800):
        case = case_number(1, number)
        counts.add(Judged(number, case.kinds, HONEST))
        if number < 100:
            assert case_number(1, number) == case
    assert counts.never_drawn == []
    assert set(counts.by_kind) == set(KINDS)


# What the judge must see: each is a way in which a verifier could be wrong.


def _raises(*_: object, **__: object) -> Report:
    raise ZeroDivisionError


def _hangs(*_: object, **__: object) -> Report:
    time.sleep(30)
    raise AssertionError


def _takes_memory(*_: object, **__: object) -> Report:
    raise AssertionError(len(bytearray(4 * bounds.MORE_BYTES)))


def _accepts(_path: Path, **terms: Any) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "record"
        write_folder(base_named("one").files, written)
        return verify_record(written, **terms)


def _talks_to_the_terminal(path: Path, **terms: Any) -> Report:
    return verify_record(path, **terms).with_notes("\x1b[2J")


def _leaves_its_schema(path: Path, **terms: Any) -> Report:
    return verify_record(path, **terms).with_notes("")


def _rejects(_path: Path, **terms: Any) -> Report:
    return verify_record(Path(__file__).parent, **terms)


def _says_another_thing_of_a_zip(path: Path, **terms: Any) -> Report:
    report = verify_record(path, **terms)
    return report.with_notes("a zip") if path.suffix == ".zip" else report


def one(*, changed: bool, program: bool = False) -> Case:
    """The smallest record, as it is or with one byte changed, in a folder and in a zip."""
    honest = {path: raw for path, raw in base_named("one").files.items() if isinstance(raw, bytes)}
    files = dict(honest)
    if changed:
        files["results.json"] += b" "
    with tempfile.TemporaryFile() as stream:
        with zipfile.ZipFile(stream, "w") as made:
            for path, raw in files.items():
                made.writestr(path, raw)
        stream.seek(0)
        return Case("one", (UNCHANGED,), honest, {**files}, stream.read(), Terms(program=program))


@pytest.mark.parametrize(
    ("fault", "changed", "problem"),
    [
        (_raises, True, "ZeroDivisionError"),
        (_hangs, True, "HangError"),
        (_takes_memory, True, "MemoryError"),
        (_accepts, True, "a changed record is accepted"),
        (_rejects, False, "an unchanged record is not accepted"),
        (_talks_to_the_terminal, False, "cannot be printed"),
        (_leaves_its_schema, False, ": minLength"),
        (_says_another_thing_of_a_zip, False, "folder and zip give two reports"),
    ],
)
def test_a_verifier_that_is_wrong_is_seen(
    fault: Callable[..., Report],
    changed: bool,  # noqa: FBT001 -- a parameter
    problem: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = one(changed=changed)
    assert judge_case(case, tmp_path / "right").problems == ()
    monkeypatch.setattr(judging, "verify_record", fault)
    if fault is _hangs:
        monkeypatch.setattr(bounds, "SECONDS", 0.1)
    answer = judge_case(case, tmp_path / "wrong")
    assert any(problem in said for said in answer.problems), answer.problems


def test_a_fault_inside_of_the_verifier_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier_run, "compute_groups", _raises)
    answer = judge_case(one(changed=True), tmp_path)
    assert "the verifier itself is at fault" in answer.problems


@pytest.mark.parametrize("code", [0, 2, 3, 4])
def test_a_program_that_gives_another_code_is_seen(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "main", lambda *_: code)
    answer = judge_case(one(changed=True, program=True), tmp_path)
    assert f"exit code {code} for verdict rejected" in answer.problems


def test_a_failing_case_is_kept_and_can_be_judged_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From its folder alone, with links, zips and all: the same answer as before."""
    monkeypatch.setattr(judging, "faults_of_report", lambda *_: iter(["planted"]))
    for number in range(24):
        judged = judge_number((1, number, tmp_path))
        if judged.answer.verdict == judging.REFUSED:
            continue
        kept = tmp_path / str(number)
        assert judge_written(kept_case(kept), kept) == judged.answer
    assert fuzz.main(["--replay", str(kept)]) == 1
    assert "FAILED  planted" in capsys.readouterr().out


def test_the_program_counts_what_it_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--cases", "16", "--seed", "1", "--processes", "2", "--out", str(tmp_path)]
    assert fuzz.main(arguments) == 0
    out, err = capsys.readouterr()
    assert out.startswith("seed 1, cases 0 to 15\n")
    assert out.endswith(f"{fuzz.GOOD}\n")
    assert err == ""  # nobody looks at the progress of a pipe
    assert list(tmp_path.iterdir()) == []


def test_what_was_judged_before_an_interrupt_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> Iterator[Judged]:
        yield Judged(0, (UNCHANGED,), HONEST)
        raise KeyboardInterrupt

    monkeypatch.setattr(fuzz, "campaign", interrupted)
    assert fuzz.main(["--cases", "5", "--seed", "1", "--out", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "\n1 cases in 0 s" in out
    assert out.endswith("interrupted: 4 cases were not judged\n")
