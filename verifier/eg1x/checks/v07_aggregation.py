"""Verification 7 of 1.x: the encrypted tally is the product of the cast ballots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.model import CAST
from verifier.eg1x.pairs import check_equal
from verifier.eg1x.reader.files import ENCRYPTED_TALLY
from verifier.reader.shape import shown
from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.eg1x.ballots import BallotInHand, Totals
    from verifier.eg1x.election import Election
    from verifier.eg1x.model import SumContest, SumSelection
    from verifier.eg1x.record import Description, Record, Row

ID = "1x.V7"
TITLE = "Aggregation of the cast ballots"
_ROWS = "The encrypted tally is not one of this election, or is not complete."
_PRODUCT = "What was decrypted is not the sum of the cast ballots."


def check_rows(
    contests: Mapping[str, Description], encrypted: Mapping[str, SumContest]
) -> Iterator[Finding]:
    """Yield a finding for each fault of 1x.7.A. contests: of the manifest."""
    at = Location(file=ENCRYPTED_TALLY)
    yield from missing_and_foreign("1x.7.A", "contest", contests, encrypted, at)
    for id_, contest in encrypted.items():
        known = contests.get(id_)
        if known is None:
            continue
        place = at.at(contest=shown(id_))
        yield from _descriptions(known, contest, place)
        options = dict.fromkeys(known.options)
        yield from missing_and_foreign("1x.7.A", "option", options, contest.selections, place)
        for selection_id, selection in contest.selections.items():
            if selection_id in options:
                where = place.at(option=shown(selection_id))
                yield from _descriptions(known.rows[selection_id], selection, where)


def missing_and_foreign(
    item: str,
    what: str,
    demanded: Mapping[str, object],
    found: Mapping[str, object],
    at: Location,
    meaning: str = _ROWS,
) -> Iterator[Finding]:
    """A finding for each id that is demanded and not there, or there and not demanded."""
    for id_ in demanded:
        if id_ not in found:
            yield at.fails(item, expected=f"{what} {shown(id_)}", found="none", meaning=meaning)
    for id_ in found:
        if id_ not in demanded:
            yield at.fails(
                item, expected=f"no other {what}", found=f"{what} {shown(id_)}", meaning=meaning
            )


def _descriptions(
    known: Description | Row, found: SumContest | SumSelection, at: Location
) -> Iterator[Finding]:
    yield from check_equal("1x.7.A", "order", known.order, found.order, _ROWS, at)
    yield from check_equal(
        "1x.7.A", "description hash", known.description, found.description, _ROWS, at
    )


class Verification:
    """1x.V7 over the ballots of a record. Keeps one product for each selection of the manifest."""

    def __init__(self, record: Record, _election: Election | None) -> None:
        self._tally = Tally(ID, TITLE)
        self._record = record
        self._products = {
            (id_, option): (1, 1)
            for id_, contest in record.contests.items()
            for option in contest.options
        }

    def check(self, hand: BallotInHand) -> None:
        """Take one ballot; only those that were cast are multiplied."""
        if hand.ballot.state != CAST:
            return
        multiply = self._record.group.multiply
        for contest in hand.ballot.contests:
            for selection in contest.selections:
                cell = contest.id, selection.id
                if cell in self._products:
                    pad, data = self._products[cell]
                    ciphertext = selection.ciphertext
                    self._products[cell] = (
                        multiply(pad, ciphertext.pad),
                        multiply(data, ciphertext.data),
                    )

    def finish(self, totals: Totals) -> VerificationResult:
        """Demanded are the selections of the manifest, once every ballot could be read."""
        record = self._record
        if record.encrypted is None or record.manifest is None:
            return self._tally.conclude(record.rows)
        self._tally.add(check_rows(record.contests, record.encrypted))
        if totals.read < totals.files:
            return self._tally.conclude(record.rows, "a ballot could not be read")
        for (contest_id, option), (pad, data) in self._products.items():
            contest = record.encrypted.get(contest_id)
            selection = None if contest is None else contest.selections.get(option)
            if selection is None:
                continue
            at = Location(file=ENCRYPTED_TALLY, contest=shown(contest_id), option=shown(option))
            found = selection.ciphertext
            self._tally.add(check_equal("1x.7.B", "A", pad, found.pad, _PRODUCT, at))
            self._tally.add(check_equal("1x.7.C", "B", data, found.data, _PRODUCT, at))
            self._tally.checked += 1
        return self._tally.conclude(record.rows)
