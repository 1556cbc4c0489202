"""Ballot files that hold more or fewer ballots than their number says (0.B, 8.P, 20.F)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.verifier.two_files import FIRST, FULL, OPENINGS, SECOND, two_files
from tests.unit.verifier.whole_record import BOX, findings_of, lines_of, statuses, verify

if TYPE_CHECKING:
    from pathlib import Path


def test_a_record_of_full_files_is_accepted(tmp_path: Path) -> None:
    report = verify(two_files(), tmp_path)
    report.require_accepted()
    assert report.record.counts["ballots"] == FULL + 6
    assert report.record.counts["openings"] == 5


def test_lines_beyond_those_of_a_file_are_no_ballots(tmp_path: Path) -> None:
    """A ballot that stands twice is judged once, and the box is not whole."""
    record = two_files()
    record[FIRST] += lines_of(record, SECOND)[0]
    report = verify(record, tmp_path)
    assert findings_of(report, "0.B") == [(FIRST, "at most 256 lines", "257 lines")]
    assert [found for _, _, found in findings_of(report, "8.P")] == ["257 ballots", "261 ballots"]
    assert report.record.counts["ballots"] == FULL + 6
    assert report.record.counts["ballots_unreadable"] == 1
    assert {"0.B", "8.P", "20.F", "20.J"} <= report.failed_items
    assert statuses(report)["V9"] == "not checked"


def test_a_file_that_is_not_full_moves_no_ballot_of_the_next(tmp_path: Path) -> None:
    """A ballot's place is that of its file and line, so each finds its own opening."""
    record = two_files()
    record[FIRST] = b"".join(lines_of(record, FIRST)[:-4])  # two of them challenged
    report = verify(record, tmp_path)
    assert findings_of(report, "8.P") == [
        (
            f"{SECOND}, line 1, device {BOX}, ballot {FULL + 1}",
            f"{FULL} ballots before this one",
            f"{FULL - 4} ballots",
        ),
        (f"devices/{BOX}.json, device {BOX}", "260 ballots, as the seal says", "256 ballots"),
    ]
    opened = [found for _, _, found in findings_of(report, "13.R")]
    assert opened == [
        f"position {position} has no ballot, or was opened before" for position in (255, 256)
    ]
    assert "13.P" not in report.failed_items
    assert "20.F" in report.failed_items


def test_an_opening_between_two_files_that_cannot_be_read_may_be_of_either(tmp_path: Path) -> None:
    """256 and 257 were challenged; the opening of 256 cannot be read, so nobody is accused."""
    record = two_files()
    lines = lines_of(record, OPENINGS)
    lines[2] = b"{}\n"
    report = verify({**record, OPENINGS: b"".join(lines)}, tmp_path)
    assert report.failed_items == {"0.C"}
    assert statuses(report)["V13"] == "not checked"
