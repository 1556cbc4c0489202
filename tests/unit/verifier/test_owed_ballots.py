"""A ballot too many never stands for one that was not read: a pass means every ballot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.verifier.whole_record import (
    BALLOTS,
    OTHER_BOX,
    honest,
    lines_of,
    verify,
    with_line,
)
from verifier.context import BallotTotals

if TYPE_CHECKING:
    from pathlib import Path

    from verifier.report import Report

OTHER = f"ballots/{OTHER_BOX}/000000.ndjson"


def totals(read: int, *, is_short: bool, demanded: int | None = 10) -> BallotTotals:
    return BallotTotals(
        demanded=demanded,
        read=read,
        unreadable={},
        challenged=0,
        cast=read,
        void=0,
        cells={},
        incomplete=frozenset(),
        is_short=is_short,
    )


def proofs_of(report: Report) -> list[tuple[str, int, int | None]]:
    """What V6 and V7 say of themselves, of a record with five ballots by its seal."""
    return [
        (result.status.value, result.checked, result.demanded)
        for result in report.verifications
        if result.id in {"V6", "V7"}
    ]


def test_what_is_owed_is_unknown_where_one_ballot_hides_another() -> None:
    assert totals(10, is_short=False).owed == 10
    assert totals(9, is_short=True).owed == 10
    assert totals(11, is_short=False).owed == 10
    assert totals(10, is_short=True).owed is None
    assert totals(11, is_short=True).owed is None
    assert totals(10, is_short=True, demanded=None).owed is None


def test_a_ballot_too_many_does_not_hide_an_unreadable_one(tmp_path: Path) -> None:
    """One ballot of the first box cannot be read; the other box has a copy of its last one more."""
    record = with_line(honest(), BALLOTS, 0, lambda ballot: ballot.update(id_b="AA" * 32))
    record[OTHER] += lines_of(record, OTHER)[-1]
    report = verify(record, tmp_path)
    assert report.record.counts["ballots_unreadable"] == 1
    assert {"0.C", "5.A", "8.P", "8.Q"} <= report.failed_items
    assert proofs_of(report) == [("not checked", 5, None)] * 2


def test_a_ballot_too_many_does_not_hide_one_that_is_not_there(tmp_path: Path) -> None:
    """The first box lacks its last ballot, and nothing is unreadable."""
    record = honest()
    record[BALLOTS] = b"".join(lines_of(record, BALLOTS)[:-1])
    record[OTHER] += lines_of(record, OTHER)[-1]
    report = verify(record, tmp_path)
    assert report.record.counts["ballots_unreadable"] == 0
    assert "8.P" in report.failed_items
    assert proofs_of(report) == [("not checked", 5, None)] * 2
