"""`python -m tests.bench` does every job once, goes on after a stop, and writes four files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.bench import __main__ as program
from tests.bench.jobs import Job
from tests.bench.made_run import made_run

if TYPE_CHECKING:
    from pathlib import Path


class Stopped(Exception):  # noqa: N818 -- says what happened
    """Somebody ended the run."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that everything is written to."""
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(program, "BUILD", tmp_path)
    monkeypatch.setattr(program, "RESULT", tmp_path / "bench.json")
    monkeypatch.setattr(program, "PAGE", tmp_path / "BENCHMARKS.md")
    monkeypatch.setattr(program, "FIGURES", tmp_path / "docs" / "bench" / "figures.json")
    monkeypatch.setattr(program, "PLOT", tmp_path / "docs" / "bench" / "ballots.svg")
    return tmp_path


def jobs_that_note(done: list[str], stop_at: str | None = None) -> list[Job]:
    """The parts of the made run, one of which may end the program."""

    def measuring(name: str, part: dict[str, Any]) -> Job:
        def measure() -> dict[str, Any]:
            if name == stop_at:
                raise Stopped
            done.append(name)
            return part

        return Job(name, 1.0, measure)

    return [measuring(name, part) for name, part in made_run()["parts"].items()]


def test_all_jobs_are_done_and_four_files_are_written(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []
    monkeypatch.setattr(program, "jobs_for", lambda _: jobs_that_note(done))
    assert program.main(["--ballots", "20000"]) == 0
    assert done == list(made_run()["parts"])
    assert json.loads((place / "bench.json").read_bytes())["parts"] == made_run()["parts"]
    written = [path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()]
    assert sorted(written) == [
        "BENCHMARKS.md",
        "bench.json",
        "docs/bench/ballots.svg",
        "docs/bench/figures.json",
    ]
    shown = capsys.readouterr()
    assert "| V6 + V7, gmpy2, against naive |" in shown.out
    assert f"1 of {len(done)}: fixed base, about" in shown.err


def test_a_run_that_was_ended_goes_on(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first: list[str] = []
    monkeypatch.setattr(program, "jobs_for", lambda _: jobs_that_note(first, "kernel"))
    with pytest.raises(Stopped):
        program.main(["--ballots", "20000"])
    assert not (place / "BENCHMARKS.md").exists()
    second: list[str] = []
    monkeypatch.setattr(program, "jobs_for", lambda _: jobs_that_note(second))
    assert program.main(["--ballots", "20000"]) == 0
    assert first == list(made_run()["parts"])[: len(first)] != []
    assert first + second == list(made_run()["parts"])


def test_the_page_is_written_again_from_what_was_measured(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "jobs_for", lambda _: jobs_that_note([]))
    program.main(["--ballots", "20000"])
    page = (place / "BENCHMARKS.md").read_bytes()
    (place / "BENCHMARKS.md").write_text("changed by hand", "utf-8")
    monkeypatch.setattr(program, "jobs_for", lambda _: pytest.fail("measured again"))
    assert program.main(["--page"]) == 0
    assert (place / "BENCHMARKS.md").read_bytes() == page


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("arguments", "error"),
    [(["--ballots", "99"], "at least 100 ballots, not 99"), (["--page"], "no build/bench.json")],
)
def test_what_cannot_be_done_is_refused(
    arguments: list[str], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        program.main(arguments)
    assert ended.value.code == 2
    assert error in capsys.readouterr().err
