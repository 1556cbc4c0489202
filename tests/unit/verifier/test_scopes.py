"""Samples and parts accept nothing and find what lies in them; parts together are the record."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.many_files import FILES, looked_at, many_files
from tests.unit.verifier.scope_runs import merged, part, without_parts
from tests.unit.verifier.two_files import FIRST, FULL, SECOND, two_files
from tests.unit.verifier.whole_record import (
    GROUP,
    Record,
    lines_of,
    sealed,
    statuses,
    with_line,
    write_folder,
)
from verifier.cannot_run import CannotRun
from verifier.context import SEALED
from verifier.report import Report, Verdict
from verifier.run import verify_record
from verifier.whole.sampling import draw
from verifier.whole.scope import FileRange, Sample, Scope

if TYPE_CHECKING:
    from pathlib import Path

ON_BALLOTS = {"V0", "V5", "V6", "V7", "V8", "V9", "V10", "V11", "V13", "V14", "V20", "V21", "V22"}
SMALL = {"V1", "V2", "V3", "V4", "V24"}


def with_false_hash(record: Record, path: str, line: int = 0) -> Record:
    """A ballot whose H_I is not its own: 5.B, and in signatures 20.F and 20.J."""
    return with_line(record, path, line, lambda ballot: ballot.update(h_i="00" * 32))


def sampled(folder: Path, percent: str = "5%", seed: str = "dice 3 1 4") -> Report:
    return verify_record(folder, group=GROUP, scope=Scope(sample=Sample(percent, seed)))


# Samples


def test_a_sample_is_drawn_by_a_rule_that_anybody_can_follow() -> None:
    """Written out here once more, with nothing but SHA-256."""
    paths = [f"ballots/box/{number:06d}.ndjson" for number in range(100)]
    record, seed = bytes(range(32)), 'dice 3 1 "4'

    def rank(path: str) -> bytes:
        content = {"file": path, "record": record.hex(), "seed": seed}
        text = json.dumps(content, separators=(",", ":"), sort_keys=True) + "\n"
        return hashlib.sha256(b"dalel/sample/1\0" + text.encode()).digest()

    for percent in ("5%", "0.5%", "33.3333%", "99.9999%"):
        number = ceil(Fraction(percent.removesuffix("%")) * len(paths) / 100)
        drawn = draw(paths, Sample(percent, seed), record)
        assert drawn == set(sorted(paths, key=rank)[:number])
        assert number >= 1
    assert draw([], Sample("5%", seed), record) == frozenset()


@pytest.mark.parametrize(
    "percent", ["0%", "0.0%", "100%", "5", "05%", "-5%", "5.00001%", "%", "٥%"]
)
def test_what_is_no_share_is_refused(percent: str) -> None:
    with pytest.raises(ValueError, match="share above 0%"):
        Sample(percent, "seed")


@pytest.mark.parametrize("seed", ["", " a", "a ", "a\n", "é", "a" * 65])
def test_what_is_no_seed_is_refused(seed: str) -> None:
    with pytest.raises(ValueError, match="seed of 1 to 64"):
        Sample("5%", seed)


def test_a_sample_of_an_honest_record_is_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(many_files(), tmp_path)
    names = looked_at(monkeypatch)
    report = sampled(folder, "30%")
    assert len(names) == 2
    assert report.verdict is Verdict.INCOMPLETE
    found = statuses(report)
    assert {name for name, status in found.items() if status == "not checked"} == ON_BALLOTS
    assert {name for name, status in found.items() if status == "pass"} == SMALL
    assert report.record.counts["ballots_passed_over"] == 6
    assert report.record.counts["ballots_unreadable"] == 0
    (note,) = [note for note in report.notes if note.startswith("Only a sample")]
    assert '30% of the ballot files, drawn with the seed "dice 3 1 4": 2 of 5. 6 ballots' in note
    by_id = {result.id: result for result in report.verifications}
    assert (by_id["V6"].checked, by_id["V6"].demanded) == (4, 10)
    whole = verify_record(folder, group=GROUP)
    v0 = next(result for result in whole.verifications if result.id == "V0")
    assert (by_id["V0"].checked, by_id["V0"].demanded) == (v0.checked - 9, v0.demanded)
    assert not any("did not hold" in note for note in report.notes)
    assert (
        "V6 Selections, nonce and contest data of each ballot, not checked in full: 4 of 10 "
        in (" ".join(report.notes))
    )


def test_a_sample_of_every_file_is_incomplete_all_the_same(tmp_path: Path) -> None:
    """At least one file is drawn; of one there is nothing left out, and still it is a sample."""
    report = sampled(write_folder(many_files(), tmp_path), "99.9%")
    assert "ballots_passed_over" not in report.record.counts
    assert report.verdict is Verdict.INCOMPLETE
    assert not any(statuses(report)[name] == "pass" for name in ON_BALLOTS)


def test_a_sample_finds_what_lies_in_it_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, path in enumerate(FILES):
        record = with_false_hash(many_files(), path)
        folder = write_folder(record, tmp_path / str(number))
        with monkeypatch.context() as patched:
            names = looked_at(patched)
            report = sampled(folder, "40%")
        assert len(names) == 2
        if path in names:
            assert report.failed_items == {"5.B", "20.F", "20.J"}
        else:
            assert report.verdict is Verdict.INCOMPLETE


@pytest.mark.parametrize("seed", "abc")
def test_a_box_of_which_a_file_is_passed_over_has_no_finding_for_it(
    seed: str, tmp_path: Path
) -> None:
    """Neither count nor chain, closing, openings or sums are judged by what was not seen."""
    folder = write_folder(two_files(), tmp_path)
    report = sampled(folder, "50%", seed)
    assert report.failed_items == set()
    assert report.record.counts["ballots_passed_over"] in {2, 4, FULL}


@pytest.mark.parametrize("path", [FIRST, SECOND])
def test_a_file_in_the_wrong_place_is_found_by_its_own_part(path: str, tmp_path: Path) -> None:
    """The files of a box are exchanged: each part finds it by positions alone."""
    record = two_files()
    record[FIRST], record[SECOND] = record[SECOND], record[FIRST]
    number = (FIRST, SECOND).index(path)
    scope = Scope(files=FileRange(number, number), part=tmp_path / "part")
    report = verify_record(write_folder(record, tmp_path / "r"), group=GROUP, scope=scope)
    assert "8.P" in report.failed_items


def test_what_needs_no_ballot_is_found_in_a_sample(tmp_path: Path) -> None:
    record = {**many_files(), "results.json": b"{}\n", "tally/strange": b""}
    del record[FILES[0].replace("ballots", "receipts")]
    report = sampled(write_folder(record, tmp_path), "1%")
    assert {"0.A", "0.C"} <= report.failed_items
    assert report.verdict is Verdict.REJECTED


def test_a_sample_of_a_sealed_record(tmp_path: Path) -> None:
    folder = write_folder(sealed(), tmp_path)
    scope = Scope(sample=Sample("50%", "s"))
    report = verify_record(folder, group=GROUP, stage=SEALED, scope=scope)
    assert report.verdict is Verdict.INCOMPLETE
    assert statuses(report)["V9"] == "not applicable"


def test_a_sample_goes_on_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what it looked at is known to a run over the whole record."""
    folder = write_folder(many_files(), tmp_path / "record")
    scope = Scope(sample=Sample("30%", "s"), resume=tmp_path / "journal")
    first = verify_record(folder, group=GROUP, scope=scope)
    names = looked_at(monkeypatch)
    assert verify_record(folder, group=GROUP, scope=scope) == first
    assert names == []
    verify_record(folder, group=GROUP, scope=Scope(resume=scope.resume)).require_accepted()
    assert len(names) == len(FILES) - 2


# Parts


def test_parts_together_are_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_folder(many_files(), tmp_path / "record")
    alone = verify_record(folder, group=GROUP)
    names = looked_at(monkeypatch)
    places = [tmp_path / name for name in ("a", "b", "c")]
    for files, place in zip(("0..1", "2..2", "3..4"), places, strict=True):
        report = part(folder, files, place)
        assert report.verdict is Verdict.INCOMPLETE
        (note,) = [note for note in report.notes if note.startswith("This is a part")]
        assert f"from 0 to 4 those of {files} were looked at" in note
    assert names == FILES
    names.clear()
    report, line = merged(folder, places[2], places[0], places[1])
    assert names == []
    assert line == "5 of 5 ballot files come from partial results"
    assert without_parts(report) == alone.to_json_bytes()
    report.require_accepted()
    notes = [note for note in report.notes if "partial result" in note]
    assert len(notes) == 3
    for note, files, place in zip(notes, ("0..1", "2..2", "3..4"), places, strict=True):
        digest = hashlib.sha256(place.read_bytes()).hexdigest()
        assert f"Ballot files {files} were looked at elsewhere" in note
        assert "on trust" in note
        assert digest in note


def test_what_no_part_is_about_is_not_checked(tmp_path: Path) -> None:
    folder = write_folder(many_files(), tmp_path / "record")
    part(folder, "1..3", tmp_path / "part")
    report, line = merged(folder, tmp_path / "part")
    assert report.verdict is Verdict.INCOMPLETE
    assert line == "3 of 5 ballot files come from partial results"
    assert "No partial result is about 2 of 5 ballot files: they were not looked at." in (
        report.notes
    )
    assert report.record.counts["ballots_passed_over"] == 4
    assert {name for name, is_ in statuses(report).items() if is_ == "pass"} == SMALL


@pytest.mark.parametrize("processes", [1, 2])
def test_parts_of_a_box_of_two_files(processes: int, tmp_path: Path) -> None:
    """Chain, openings and closing run over the border; a false ballot lies in the second file."""
    record = with_false_hash(two_files(), SECOND, 1)
    folder = write_folder(record, tmp_path / "record")
    alone = verify_record(folder, group=GROUP)
    places = [tmp_path / name for name in ("a", "b")]
    clean = part(folder, "0..0", places[0], processes=processes)
    found = part(folder, "1..2", places[1], processes=processes)
    assert clean.verdict is Verdict.INCOMPLETE
    assert found.failed_items == alone.failed_items == {"5.B", "20.F", "20.J"}
    report, _ = merged(folder, *places)
    assert without_parts(report) == alone.to_json_bytes()


def test_a_file_that_is_missing_shifts_no_number(tmp_path: Path) -> None:
    """Numbers follow from registry and seal, so two machines mean the same file by them."""
    folder = write_folder(many_files(), tmp_path / "record")
    part(folder, "3..4", tmp_path / "part")
    (folder / FILES[0]).unlink()
    report, line = merged(folder, tmp_path / "part")
    assert line == "2 of 4 ballot files come from partial results"
    assert "0.A" in report.failed_items


def test_what_has_changed_since_is_looked_at_by_merge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(many_files(), tmp_path / "record")
    part(folder, "0..4", tmp_path / "part")
    (folder / FILES[1]).write_bytes(with_false_hash(many_files(), FILES[1])[FILES[1]])
    names = looked_at(monkeypatch)
    report, line = merged(folder, tmp_path / "part")
    assert names == [FILES[1]]
    assert line.startswith("4 of 5 ballot files come from partial results; 1 were looked at here")
    assert without_parts(report) == verify_record(folder, group=GROUP).to_json_bytes()
    assert report.failed_items == {"5.B", "20.F", "20.J"}


def test_parts_that_overlap_are_refused(tmp_path: Path) -> None:
    folder = write_folder(many_files(), tmp_path / "record")
    part(folder, "0..2", tmp_path / "a")
    part(folder, "2..4", tmp_path / "b")
    with pytest.raises(CannotRun, match=r"a \(ballot files 0\.\.2\) and .*b \(.* 2\.\.4\) overlap"):
        merged(folder, tmp_path / "b", tmp_path / "a")
    with pytest.raises(CannotRun, match="overlap"):
        merged(folder, tmp_path / "a", tmp_path / "a")


def test_parts_of_another_record_or_stage_are_refused(tmp_path: Path) -> None:
    folder = write_folder(many_files(), tmp_path / "record")
    other = write_folder(sealed(), tmp_path / "other")
    part(other, "0..1", tmp_path / "part", stage=SEALED)
    with pytest.raises(CannotRun, match=r"of a record whose seal\.json has the SHA-256"):
        merged(folder, tmp_path / "part", stage=SEALED)
    with pytest.raises(CannotRun, match="for the stage sealed, and this run final"):
        merged(other, tmp_path / "part")


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda raw: raw[:-1],
        lambda raw: raw + b"x",
        lambda raw: b"".join(raw.splitlines(keepends=True)[:-1]),
        lambda raw: b"".join(raw.splitlines(keepends=True)[:-2]) + b"end 5\n",
        lambda raw: raw.replace(b'"V5"', b'"V6"', 1),
        lambda raw: raw.replace(b'"files":"0..4"', b'"files":"4..0"'),
        lambda raw: raw.replace(b'"files":"0..4"', b'"files":"0..5"'),
        lambda raw: raw.replace(b"dalel/part/1", b"dalel/part/2"),
    ],
)
def test_a_damaged_part_is_refused(damage: object, tmp_path: Path) -> None:
    assert callable(damage)
    folder, place = write_folder(many_files(), tmp_path / "record"), tmp_path / "part"
    part(folder, "0..4", place)
    raw = damage(place.read_bytes())
    assert raw != place.read_bytes()
    place.write_bytes(raw)
    with pytest.raises(CannotRun, match=r"partial result|ballot files"):
        merged(folder, place)


def test_files_that_the_record_does_not_have_are_a_usage_error(tmp_path: Path) -> None:
    folder = write_folder(many_files(), tmp_path / "record")
    with pytest.raises(
        CannotRun, match=r"5 ballot files \(from 0 to 4\).*asks for 4\.\.5"
    ) as fault:
        part(folder, "4..5", tmp_path / "part")
    assert fault.value.code == 2
    assert not (tmp_path / "part").exists()


def test_a_part_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, place = write_folder(many_files(), tmp_path / "record"), tmp_path / "parts" / "part"
    place.parent.mkdir()
    place.write_bytes(b"an older one")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("verifier.ballot_pass.BallotPass._totals", stop)
    with pytest.raises(KeyboardInterrupt):
        part(folder, "0..4", place)
    assert [path.name for path in place.parent.iterdir()] == ["part"]
    assert place.read_bytes() == b"an older one"
    monkeypatch.undo()
    part(folder, "0..4", place)
    assert [path.name for path in place.parent.iterdir()] == ["part"]
    merged(folder, place)[0].require_accepted()


def test_scopes_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    sample, files = Sample("5%", "s"), FileRange(0, 1)
    for given in (
        {"files": files},
        {"part": tmp_path},
        {"sample": sample, "files": files, "part": tmp_path},
        {"sample": sample, "parts": (tmp_path,)},
    ):
        with pytest.raises(ValueError, match=r"together|exclude"):
            Scope(**given)


@pytest.mark.parametrize(
    "text", ["", "1", "1..", "..1", "2..1", "-1..2", "01..2", "1...2", "1..2 "]
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not A\.\.B"):
        FileRange.parse(text)


def test_lines_of_a_part_are_those_of_a_journal(tmp_path: Path) -> None:
    """The same entries, whoever keeps them."""
    folder = write_folder(many_files(), tmp_path / "record")
    part(folder, "0..4", tmp_path / "part")
    verify_record(folder, group=GROUP, scope=Scope(resume=tmp_path / "journal"))
    files = {name: (tmp_path / name).read_bytes() for name in ("part", "journal")}
    assert lines_of(files, "part")[1:-1] == lines_of(files, "journal")[1:]
