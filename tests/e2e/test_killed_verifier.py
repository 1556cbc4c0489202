"""A verifier that is killed at any moment goes on, and its report is the one of a fresh run."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.attacks.judge import write_folder
from tests.e2e.test_large_record import with_ballots
from tests.e2e.verifier_program import run, run_until
from tests.unit.verifier.many_files import FILES, many_files
from tests.unit.verifier.scope_runs import Stopped, resumed, stopping_after
from tests.unit.verifier.whole_record import GROUP
from tests.unit.verifier.worker_processes import killing, workers_of
from verifier.run import verify_record
from verifier.whole.scope import Scope

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Running = subprocess.Popen[bytes]


def grown_to(path: Path, size: int) -> Callable[[Running], bool]:
    return lambda _: path.exists() and path.stat().st_size >= size


def after(moment: float) -> Callable[[Running], bool]:
    return lambda _: time.monotonic() >= moment


def entries(journal: Path) -> int:
    return max(0, len(journal.read_bytes().splitlines()) - 1) if journal.exists() else 0


@pytest.mark.parametrize("processes", [1, 2])
def test_killed_after_each_ballot_file(processes: int, tmp_path: Path) -> None:
    """By SIGKILL, as soon as the journal has grown, again and again until the run is through."""
    folder, journal = write_folder(many_files(), tmp_path / "record"), tmp_path / "journal"
    options = ("check", folder, "--processes", processes, "--resume", journal)
    fresh = run("check", folder, "--json", tmp_path / "fresh.json", "--processes", 1)
    assert fresh.returncode == 0
    kills, size = 0, 1
    while run_until(grown_to(journal, size), *options) is not None:
        kills += 1
        size = journal.stat().st_size + 1
        assert kills <= len(FILES) + 1
    assert kills >= 2
    known = entries(journal)
    ended = run(*options, "--json", tmp_path / "resumed.json")
    assert ended.returncode == 0
    assert f"{known} of {len(FILES)} ballot files were known already" in ended.stderr
    assert (tmp_path / "resumed.json").read_bytes() == (tmp_path / "fresh.json").read_bytes()


def test_no_worker_outlives_a_killed_verifier(tmp_path: Path) -> None:
    folder, journal = write_folder(many_files(), tmp_path / "record"), tmp_path / "journal"
    seen: set[int] = set()

    def has_workers(running: Running) -> bool:
        seen.update(workers_of(running.pid))
        return len(seen) == 2

    options = ("check", folder, "--processes", 2, "--resume", journal)
    assert run_until(has_workers, *options) is not None
    end = time.monotonic() + 60
    while any(is_running(pid) for pid in seen):
        assert time.monotonic() < end, "a worker is still there"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_worker_that_is_killed_in_a_resumed_run_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, journal = write_folder(many_files(), tmp_path / "record"), tmp_path / "journal"
    with stopping_after(monkeypatch, 2), pytest.raises(Stopped):
        verify_record(folder, group=GROUP, scope=Scope(resume=journal))
    with killing(1) as killed:
        report, line = resumed(folder, journal, processes=2)
    assert len(killed) == 1
    assert line.startswith("2 of")
    assert report.to_json_bytes() == verify_record(folder, group=GROUP).to_json_bytes()
    assert workers_of(os.getpid()) == set()


@pytest.mark.long
@pytest.mark.parametrize("processes", [1, 2])
def test_killed_at_many_moments_of_a_long_run(processes: int, tmp_path: Path) -> None:
    """At 40 moments that have nothing to do with the journal, in the middle of whatever it does."""
    folder, journal = write_folder(with_ballots(1_500), tmp_path / "record"), tmp_path / "journal"
    options = ("check", folder, "--processes", processes, "--resume", journal)
    fresh = run("check", folder, "--json", tmp_path / "fresh.json", "--processes", 1)
    assert fresh.returncode == 0
    before, kills = -1, 0
    for moment in range(40):
        began = time.monotonic()
        wait = 0.2 + moment * 0.11
        code = run_until(after(began + wait), *options)
        if code is None:
            break
        kills += 1
        assert entries(journal) >= before
        before = entries(journal)
    assert kills >= 5
    ended = run(*options, "--json", tmp_path / "resumed.json")
    assert ended.returncode == 0
    assert (tmp_path / "resumed.json").read_bytes() == (tmp_path / "fresh.json").read_bytes()
