"""T100, T102, T106: the verifier as a program, between two runs and over a larger record."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest

from terminal_bridge.encryption import Selections
from tests.attacks.elections import BOX, ONE, OTHER, PARTICIPANTS, small_election
from tests.e2e.verifier_program import run, run_until
from tests.unit.verifier.many_files import FILES, looked_at, many_files
from tests.unit.verifier.whole_record import (
    GROUP,
    Record,
    lines_of,
    with_line,
    with_object,
    write_folder,
)
from verifier import program
from verifier import run as verifier_run
from verifier.algebra import Group
from verifier.program import Program
from verifier.run import verify_record
from verifier.whole.entries import entry_line
from verifier.whole.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import FrameType
    from typing import Any

    from verifier.core.back_end import Powers, Request


# T100. The verifier is killed half-way and resumed on a changed record.
#
# Means:    the operator of the mirror sees the run stop, and changes ballots before it goes on.
# Covers:   the seal stays as it is; or all of it is made anew for the changed ballots.
# Stopped:  a file with other bytes is looked at again; with another seal the journal is refused.
# Residual: none: what is known is known by the SHA-256 of the bytes that were looked at.


def killed_half_way(folder: Path, journal: Path) -> None:
    """The program is killed by SIGKILL when the second ballot file is in the journal."""

    def half_way(_: object) -> bool:
        return journal.exists() and journal.read_bytes().count(b"\n") >= 3

    run_until(half_way, "check", folder, "--processes", 1, "--resume", journal)
    assert journal.read_bytes().count(b"\n") >= 3


def false_hash(ballot: dict[str, Any]) -> None:
    ballot["h_i"] = "00" * 32


def test_t100_a_ballot_changed_between_two_runs_is_found(tmp_path: Path) -> None:
    record = many_files()
    folder, journal = write_folder(record, tmp_path / "record"), tmp_path / "journal"
    killed_half_way(folder, journal)
    changed = with_line(record, FILES[0], 1, false_hash)  # the file that was done first
    (folder / FILES[0]).write_bytes(changed[FILES[0]])
    resumed = run("check", folder, "--resume", journal, "--json", tmp_path / "resumed.json")
    assert resumed.returncode == 1
    assert "\n5.B: " in resumed.stdout
    fresh = run("check", folder, "--json", tmp_path / "fresh.json")
    assert fresh.returncode == 1
    assert (tmp_path / "resumed.json").read_bytes() == (tmp_path / "fresh.json").read_bytes()


def test_t100_a_journal_of_another_seal_is_refused(tmp_path: Path) -> None:
    record = many_files()
    folder, journal = write_folder(record, tmp_path / "record"), tmp_path / "journal"
    killed_half_way(folder, journal)
    before = journal.read_bytes()
    digests = []
    for seal in (record["seal.json"], with_object(record, "seal.json", other_seal)["seal.json"]):
        (folder / "seal.json").write_bytes(seal)
        digests.append(verify_record(folder, group=GROUP).record.digest)
    resumed = run("check", folder, "--resume", journal)
    assert (resumed.returncode, resumed.stdout) == (3, "")
    assert all(str(digest) in resumed.stderr for digest in digests)
    assert "hint: name a new file" in resumed.stderr
    assert journal.read_bytes() == before


def other_seal(seal: dict[str, Any]) -> None:
    del seal["registrar_sigs"][0]


# T102. An entry that says "verified already" stands for changed bytes.
#
# Means:    the operator changes ballots of a record that was verified once with --known.
# Covers:   file names, numbers, sizes and the seal stay as they are.
# Stopped:  the key is a hash over the bytes, the unit, the rules and the program's own source.
# Residual: whoever can write to the user's own file of known results can write lies into it.


def test_t102_nothing_is_known_of_changed_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, scope = many_files(), Scope(known=tmp_path / "known")
    verify_record(
        write_folder(record, tmp_path / "one"), group=GROUP, scope=scope
    ).require_accepted()
    changed = with_line(record, FILES[3], 0, false_hash)
    folder = write_folder(changed, tmp_path / "two")
    names = looked_at(monkeypatch)
    report = verify_record(folder, group=GROUP, scope=scope)
    assert names == [FILES[3]]
    assert "5.B" in report.failed_items
    assert report.to_json_bytes() == verify_record(folder, group=GROUP).to_json_bytes()


@pytest.mark.parametrize("path", ["manifest.json", "parameters.json", "guardians.json"])
def test_t102_nothing_is_known_under_other_rules(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, scope = many_files(), Scope(known=tmp_path / "known")
    verify_record(write_folder(record, tmp_path / "one"), group=GROUP, scope=scope)
    changed = {**record, path: record[path].replace(b'":"', b'":"0', 1)}
    names = looked_at(monkeypatch)
    folder = write_folder(changed, tmp_path / "two")
    report = verify_record(folder, group=GROUP, scope=scope)
    assert [name for name in names if name in FILES] == FILES
    assert report.to_json_bytes() == verify_record(folder, group=GROUP).to_json_bytes()


def test_t102_nothing_is_known_to_a_changed_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, scope = write_folder(many_files(), tmp_path / "r"), Scope(known=tmp_path / "known")
    verify_record(folder, group=GROUP, scope=scope)
    names, this = looked_at(monkeypatch), program.this_program()
    for other in (Program("0.0.0", this.source), Program(this.version, bytes(32))):
        monkeypatch.setattr(verifier_run, "this_program", lambda other=other: other)
        verify_record(folder, group=GROUP, scope=scope).require_accepted()
    assert names == FILES * 2


def test_t102_an_entry_under_another_key_has_the_wrong_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The good result of one file is put under the key of a bad one."""
    record, known = with_line(many_files(), FILES[0], 0, false_hash), tmp_path / "known"
    folder, scope = write_folder(record, tmp_path / "record"), Scope(known=known)
    journal = tmp_path / "journal"
    verify_record(folder, group=GROUP, scope=Scope(resume=journal))
    keys = [line[:64] for line in lines_of({"j": journal.read_bytes()}, "j")[1:]]
    verify_record(folder, group=GROUP, scope=scope)
    header, *good = lines_of({"k": known.read_bytes()}, "k")
    assert len(good) == len(keys) - 1  # the bad one has findings, so it is not kept
    known.write_bytes(header + keys[0] + good[0][64:])
    names = looked_at(monkeypatch)
    report = verify_record(folder, group=GROUP, scope=scope)
    assert names[0] == FILES[0]
    assert "5.B" in report.failed_items
    assert entry_line(bytes.fromhex(keys[0].decode()), good[0][130:-1]) != keys[0] + good[0][64:]


# T106. A record ten times as large.
#
# Means:    whoever publishes decides how large it is.
# Covers:   everything in it is in order.
# Stopped:  work grows as the ballots do, here counted and not timed; memory: tests/e2e.
# Residual: reading costs what it costs; a reader may stop, and go on with --resume.


@cache
def with_ballots(number: int) -> Record:
    election = small_election()
    for position in range(number):
        selections = Selections("s-1", ONE if position % 2 else OTHER)
        election.boxes[BOX].vote(selections, "challenged" if position % 10 == 3 else "cast")
    return election.record(PARTICIPANTS)


def work_on(number: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """How many powers are computed of a record, and how many functions called.

    Hashing, parsing and comparing count as calls; the arithmetic inside one is of bounded size.
    """
    written = write_folder(with_ballots(number), folder / str(number))
    calls = powers = 0
    raise_each = Group.powers_of_each

    def counting(group: Group, requests: Sequence[Request]) -> list[Powers]:
        nonlocal powers
        powers += sum(len(request.exponents) + 1 for request in requests)
        return raise_each(group, requests)

    def called(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    with monkeypatch.context() as patched:
        patched.setattr(Group, "powers_of_each", counting)
        before = sys.getprofile()
        sys.setprofile(called)
        try:
            report = verify_record(written, group=GROUP)
        finally:
            sys.setprofile(before)
    report.require_accepted()
    return powers, calls


def test_t106_work_grows_as_the_ballots_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times the ballots are less than eleven times the work; squares would be a hundred."""
    few, many = (work_on(number, tmp_path, monkeypatch) for number in (40, 400))
    for of_few, of_many in zip(few, many, strict=True):
        assert 5 * of_few < of_many < 11 * of_few
