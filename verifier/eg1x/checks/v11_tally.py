"""Verification 11 of 1.x: the decrypted tally, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.checks.v07_aggregation import missing_and_foreign
from verifier.eg1x.counts import check_bounds, check_count, check_message
from verifier.eg1x.reader.files import TALLY
from verifier.reader.shape import shown
from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.eg1x.ballots import Totals
    from verifier.eg1x.model import Decrypted, DecryptedSelection
    from verifier.eg1x.record import Description, Record

ID = "1x.V11"
TITLE = "Decrypted tally"
_ROWS = "The tally is not one of this election, or is not complete."
_MANY = "There are more votes than the cast ballots can hold."
_COUNTS = ("1x.11.C", "1x.11.D")


def check_rows(contests: Mapping[str, Description], tally: Decrypted) -> Iterator[Finding]:
    """Yield a finding for each fault of 1x.11.A. contests: of the manifest."""
    at = Location(file=TALLY)
    yield from missing_and_foreign("1x.11.A", "contest", contests, tally.contests, at, _ROWS)
    for id_, contest in tally.contests.items():
        if id_ in contests:
            options = dict.fromkeys(contests[id_].options)
            place = at.at(contest=shown(id_))
            yield from missing_and_foreign(
                "1x.11.A", "option", options, contest.selections, place, _ROWS
            )


def rows_of(
    contests: Mapping[str, Description], tally: Decrypted
) -> Iterator[tuple[str, str, DecryptedSelection, Location]]:
    """The selections of the manifest that are there: contest id, selection id, and place."""
    for id_, known in contests.items():
        contest = tally.contests.get(id_)
        if contest is None:
            continue
        for option in known.options:
            selection = contest.selections.get(option)
            if selection is not None:
                at = Location(file=tally.file, contest=shown(id_), option=shown(option))
                yield id_, option, selection, at


def check_contest_counts(record: Record, tally: Decrypted, totals: Totals) -> Iterator[Finding]:
    """Yield a finding for each fault of 1x.11.E. totals: every ballot was read."""
    for id_, known in record.contests.items():
        contest = tally.contests.get(id_)
        if contest is not None:
            counts = {shown(key): row.count for key, row in contest.selections.items()}
            ballots = totals.carried[id_]
            at = Location(file=TALLY, contest=shown(id_))
            bounds = (ballots, ballots * known.elected)
            yield from check_bounds("1x.11.E", counts, bounds, _MANY, at)


def check(record: Record, totals: Totals) -> VerificationResult:
    """Demanded are the selections of the manifest, once every ballot could be read."""
    tally = Tally(ID, TITLE)
    if record.tally is None or record.manifest is None:
        return tally.conclude(record.rows)
    tally.add(check_rows(record.contests, record.tally))
    for contest_id, option, selection, at in rows_of(record.contests, record.tally):
        tally.add(check_count(record.group, _COUNTS, selection, at))
        sums = None if record.encrypted is None else record.encrypted.get(contest_id)
        encrypted = None if sums is None else sums.selections.get(option)
        if encrypted is not None:
            tally.add(check_message("1x.11.B", encrypted.ciphertext, selection, at))
            tally.checked += 1
    if totals.read < totals.files:
        tally.checked = 0
        return tally.conclude(record.rows, "a ballot could not be read")
    tally.add(check_contest_counts(record, record.tally, totals))
    return tally.conclude(record.rows)
