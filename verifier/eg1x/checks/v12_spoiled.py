"""Verification 12 of 1.x: spoiled ballots are opened, each as what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.checks.v07_aggregation import missing_and_foreign
from verifier.eg1x.counts import check_bounds, check_count, check_message
from verifier.eg1x.reader.files import SPOILED, path_of
from verifier.reader.files import printable
from verifier.reader.shape import shown
from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verifier.eg1x.ballots import Totals
    from verifier.eg1x.model import Ballot, Decrypted
    from verifier.eg1x.record import Record

ID = "1x.V12"
TITLE = "Spoiled ballots"
_FILES = "A ballot that was counted was opened, or one that was spoiled was not."
_ROWS = "The opened ballot is not the one that was spoiled."
_MANY = "The opened ballot holds votes that no ballot may hold."
_COUNTS = ("1x.12.D", "1x.12.E")


def check_opened(record: Record, ballot: Ballot, opened: Decrypted) -> Iterator[Finding]:
    """Yield a finding for each of 1x.12.B to 1x.12.F that fails.

    ballot: as submitted, with state 2. opened: its file in `spoiled_ballots/`.
    """
    at = Location(file=opened.file)
    contests = {contest.id: contest for contest in ballot.contests}
    yield from missing_and_foreign("1x.12.B", "contest", contests, opened.contests, at, _ROWS)
    for id_, contest in contests.items():
        found = opened.contests.get(id_)
        if found is None:
            continue
        place = at.at(contest=shown(id_))
        selections = {
            selection.id: selection.ciphertext
            for selection in contest.selections
            if not selection.is_placeholder
        }
        yield from missing_and_foreign(
            "1x.12.B", "option", selections, found.selections, place, _ROWS
        )
        for key, selection in found.selections.items():
            where = place.at(option=shown(key))
            if key in selections:
                yield from check_message("1x.12.C", selections[key], selection, where)
                yield from check_count(record.group, _COUNTS, selection, where)
        known = record.contests.get(id_)
        if known is not None:
            counts = {shown(key): row.count for key, row in found.selections.items()}
            yield from check_bounds("1x.12.F", counts, (1, known.elected), _MANY, place)


def check_files(files: Iterable[str], spoiled: set[str]) -> Iterator[Finding]:
    """Yield a finding for each fault of 1x.12.A.

    files: of `spoiled_ballots/`. spoiled: the ids of the ballots with state 2.
    """
    expected = {path_of(SPOILED, id_) for id_ in spoiled}
    there = set(files)
    for path in sorted(expected - there):
        yield Location(file=printable(path)).fails(
            "1x.12.A", expected="this spoiled ballot, opened", found="no such file", meaning=_FILES
        )
    for path in sorted(there - expected):
        yield Location(file=printable(path)).fails(
            "1x.12.A",
            expected="no file: no ballot of this id is spoiled",
            found="a file",
            meaning=_FILES,
        )


class Verification:
    """1x.V12 over the spoiled ballots of a record. Keeps the id of each."""

    def __init__(self, record: Record) -> None:
        self._tally = Tally(ID, TITLE)
        self._record = record
        self._ids = set[str]()

    def check(self, ballot: Ballot, opened: Decrypted | None) -> None:
        """Take a ballot with state 2, and its opening if it could be read."""
        self._ids.add(ballot.id)
        if opened is not None and self._record.manifest is not None:
            self._tally.add(check_opened(self._record, ballot, opened))
            self._tally.checked += 1

    def finish(self, totals: Totals, files: Iterable[str]) -> VerificationResult:
        """Demanded are the ballots with state 2, once every ballot could be read."""
        if totals.read < totals.files:
            return self._tally.conclude(None, "a ballot could not be read")
        self._tally.add(check_files(files, self._ids))
        return self._tally.conclude(totals.spoiled)
