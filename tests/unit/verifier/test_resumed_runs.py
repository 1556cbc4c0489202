"""A run that goes on, or builds on earlier ones, says what a fresh one says, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.verifier.many_files import FILES, FIRST_OPENINGS, looked_at, many_files
from tests.unit.verifier.scope_runs import Stopped, resumed, stopping_after
from tests.unit.verifier.two_files import FIRST, OPENINGS, two_files
from tests.unit.verifier.whole_record import GROUP, lines_of, sealed, with_object, write_folder
from verifier import program, run
from verifier.cannot_run import CannotRun
from verifier.checks import v06_selection_encryptions
from verifier.context import SEALED
from verifier.program import Program
from verifier.report import Verdict
from verifier.run import verify_record
from verifier.whole.scope import Scope

if TYPE_CHECKING:
    from pathlib import Path


BOX = "box-p-3-1"


def stopped(monkeypatch: pytest.MonkeyPatch, folder: Path, journal: Path, units: int) -> None:
    """A run over the record that ends after so many units."""
    with stopping_after(monkeypatch, units), pytest.raises(Stopped):
        verify_record(folder, group=GROUP, scope=Scope(resume=journal))


@pytest.mark.parametrize("units", [0, 1, len(FILES) - 1])
def test_a_run_goes_on_where_it_was_stopped(
    units: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, journal = write_folder(many_files(), tmp_path / "record"), tmp_path / "journal"
    fresh = verify_record(folder, group=GROUP)
    fresh.require_accepted()
    stopped(monkeypatch, folder, journal, units)
    names = looked_at(monkeypatch)
    report, line = resumed(folder, journal)
    assert names == FILES[units:]
    assert line == f"{units} of {len(FILES)} ballot files were known already"
    assert report.to_json_bytes() == fresh.to_json_bytes()
    names.clear()
    again, line = resumed(folder, journal)
    assert names == []
    assert line == f"{len(FILES)} of {len(FILES)} ballot files were known already"
    assert again.to_json_bytes() == fresh.to_json_bytes()


def test_a_run_goes_on_with_two_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, journal = write_folder(many_files(), tmp_path / "record"), tmp_path / "journal"
    stopped(monkeypatch, folder, journal, 3)
    names = looked_at(monkeypatch)
    report, line = resumed(folder, journal, processes=2)
    assert line == f"3 of {len(FILES)} ballot files were known already"
    assert names == []  # others looked
    assert report.to_json_bytes() == verify_record(folder, group=GROUP).to_json_bytes()
    assert resumed(folder, journal)[1].startswith(f"{len(FILES)} of")


def test_progress_counts_what_was_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, journal = write_folder(many_files(), tmp_path / "record"), tmp_path / "journal"
    stopped(monkeypatch, folder, journal, 4)
    told: list[tuple[int, int | None]] = []
    verify_record(
        folder,
        group=GROUP,
        progress=lambda done, total: told.append((done, total)),
        scope=Scope(resume=journal),
    )
    assert told[-1] == (2 * len(FILES), 2 * len(FILES))
    assert [done for done, _ in told][:4] == [2, 4, 6, 8]
    assert told == sorted(told)


def test_only_what_was_changed_since_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = many_files()
    folder, journal = write_folder(record, tmp_path / "record"), tmp_path / "journal"
    resumed(folder, journal)
    names = looked_at(monkeypatch)
    changes = {
        FILES[2]: record[FILES[2]].replace(b'"position":1', b'"position":2', 1),
        FILES[3].replace(".ndjson", ".sig"): b"{}\n",
        FILES[4].replace("ballots", "receipts"): b"{}\n" * 2,
        FIRST_OPENINGS: record[FIRST_OPENINGS] * 2,
    }
    for path, raw in changes.items():
        assert raw != record[path]
        (folder / path).write_bytes(raw)
    report, _ = resumed(folder, journal)
    assert names == [FILES[0], FILES[2], FILES[3], FILES[4]]
    assert report.verdict is Verdict.REJECTED
    assert report.to_json_bytes() == verify_record(folder, group=GROUP).to_json_bytes()
    for path in changes:
        (folder / path).write_bytes(record[path])
    names.clear()
    report, _ = resumed(folder, journal)
    report.require_accepted()
    assert names == []


def test_a_file_that_is_gone_or_new_is_noticed(tmp_path: Path) -> None:
    record = many_files()
    folder, journal = write_folder(record, tmp_path / "record"), tmp_path / "journal"
    (folder / FILES[1]).unlink()
    gone, _ = resumed(folder, journal)
    assert gone.to_json_bytes() == verify_record(folder, group=GROUP).to_json_bytes()
    (folder / FILES[1]).write_bytes(record[FILES[1]])
    back, _ = resumed(folder, journal)
    back.require_accepted()
    (folder / FIRST_OPENINGS).unlink()
    without, _ = resumed(folder, journal)
    assert without.failed_items == {"13.R"}
    assert without.to_json_bytes() == verify_record(folder, group=GROUP).to_json_bytes()


def test_a_file_that_cannot_be_read_is_tried_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, journal = write_folder(many_files(), tmp_path / "record"), tmp_path / "journal"
    (folder / FILES[0]).rename(tmp_path / "aside")
    (folder / FILES[0]).symlink_to(tmp_path / "aside")
    first, _ = resumed(folder, journal)
    names = looked_at(monkeypatch)
    second, _ = resumed(folder, journal)
    assert second.to_json_bytes() == first.to_json_bytes()
    assert [name for name in names if name in FILES] == []
    assert first.verdict is Verdict.REJECTED


def test_a_fault_of_a_verification_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, journal = write_folder(many_files(), tmp_path / "record"), tmp_path / "journal"

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(v06_selection_encryptions.OfUnit, "part", broken)
        report, _ = resumed(folder, journal)
    assert report.failed_items == {"internal"}
    assert "ZeroDivisionError" in capsys.readouterr().err
    report, line = resumed(folder, journal)
    report.require_accepted()
    assert line.startswith("0 of")


# What a journal is good for


def test_a_journal_is_of_one_record(tmp_path: Path) -> None:
    one = write_folder(many_files(), tmp_path / "one")
    other = write_folder(two_files(), tmp_path / "other")
    digest = resumed(one, tmp_path / "journal")[0].record.digest
    with pytest.raises(CannotRun) as refused:
        resumed(other, tmp_path / "journal")
    own = verify_record(other, group=GROUP).record.digest
    assert str(digest) in str(refused.value)
    assert str(own) in str(refused.value)


def test_a_journal_is_of_one_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, journal = write_folder(many_files(), tmp_path / "record"), tmp_path / "journal"
    resumed(folder, journal)
    this = program.this_program()
    for other in (Program("0.0.1", this.source), Program(this.version, bytes(32))):
        monkeypatch.setattr(run, "this_program", lambda other=other: other)
        with pytest.raises(CannotRun, match=r"is made by .* and this run"):
            resumed(folder, journal)


def test_a_journal_is_of_one_stage_and_one_set_of_options(tmp_path: Path) -> None:
    journal, scope = tmp_path / "journal", Scope(resume=tmp_path / "journal")
    folder = write_folder(sealed(), tmp_path / "record")
    verify_record(folder, group=GROUP, stage=SEALED, scope=scope).require_accepted()
    with pytest.raises(CannotRun, match="for the stage sealed, and this run final"):
        resumed(folder, journal)
    with pytest.raises(CannotRun, match="for --receipts no, and this run yes"):
        verify_record(folder, group=GROUP, stage=SEALED, receipts=True, scope=scope)


def test_receipts_are_remembered_with_the_rest(tmp_path: Path) -> None:
    record = many_files()
    path = FILES[0].replace("ballots", "receipts")
    first, *rest = lines_of(record, path)
    begins = first.index(b'"submit":"') + len(b'"submit":"')
    digit = b"0" if first[begins : begins + 1] != b"0" else b"1"
    changed = first[:begins] + digit + first[begins + 1 :]
    folder = write_folder({**record, path: b"".join([changed, *rest])}, tmp_path / "record")
    scope = Scope(resume=tmp_path / "journal")
    reports = [
        verify_record(folder, group=GROUP, receipts=True, scope=given).to_json_bytes()
        for given in (Scope(), scope, scope)
    ]
    assert b'"20.O"' in reports[0]
    assert reports[1:] == [reports[0]] * 2


# What is known from other records


def test_what_was_verified_once_is_known_in_a_record_that_has_grown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one has another seal and lacks a box: what is in both is looked at once."""
    whole, known = many_files(), tmp_path / "known"
    early = {path: raw for path, raw in whole.items() if BOX not in path}
    early = with_object(early, "seal.json", forget_a_signature)
    names = looked_at(monkeypatch)
    scope = Scope(known=known)
    report = verify_record(write_folder(early, tmp_path / "early"), group=GROUP, scope=scope)
    assert report.verdict is Verdict.REJECTED
    assert [name for name in names if name in FILES] == [name for name in FILES if BOX not in name]
    names.clear()
    folder = write_folder(whole, tmp_path / "whole")
    report = verify_record(folder, group=GROUP, scope=scope)
    assert names == [name for name in FILES if BOX in name]
    assert report.to_json_bytes() == verify_record(folder, group=GROUP).to_json_bytes()
    report.require_accepted()


def forget_a_signature(seal: dict[str, Any]) -> None:
    del seal["registrar_sigs"][0]


def test_what_had_findings_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, known = two_files(), tmp_path / "known"
    record[OPENINGS] += lines_of(record, OPENINGS)[-1]
    for _ in range(2):
        names = looked_at(monkeypatch)
        folder = write_folder(record, tmp_path / "record")
        report = verify_record(folder, group=GROUP, scope=Scope(known=known))
        assert report.failed_items == {"13.R"}
        monkeypatch.undo()
    assert len(names) == 1
    assert names != [FIRST]


def test_what_is_known_to_another_program_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = tmp_path / "known"
    folder = write_folder(many_files(), tmp_path / "record")
    verify_record(folder, group=GROUP, scope=Scope(known=known))
    this = program.this_program()
    with monkeypatch.context() as patched:
        patched.setattr(run, "this_program", lambda: Program(this.version, bytes(32)))
        names = looked_at(patched)
        scope, said = Scope(known=known), list[str]()
        verify_record(folder, group=GROUP, scope=scope, say=said.append)
    assert names == FILES
    assert said == [f"0 of {len(FILES)} ballot files were known already"]


def test_a_journal_and_known_results_go_together(tmp_path: Path) -> None:
    folder = write_folder(many_files(), tmp_path / "record")
    both = Scope(resume=tmp_path / "journal", known=tmp_path / "known")
    fresh = verify_record(folder, group=GROUP).to_json_bytes()
    for scope in (both, both, Scope(known=both.known), Scope(resume=both.resume)):
        assert verify_record(folder, group=GROUP, scope=scope).to_json_bytes() == fresh
