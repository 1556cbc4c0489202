"""Verification 6 of 1.x: hashes of ballots, and confirmation codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.hashing import confirmation_code, nested_hash, selection_hash
from verifier.eg1x.pairs import check_equal
from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.algebra import Group
    from verifier.eg1x.ballots import BallotInHand, Totals
    from verifier.eg1x.election import Election
    from verifier.eg1x.model import Ballot, BallotContest, Selection
    from verifier.eg1x.record import Record

ID = "1x.V6"
TITLE = "Ballot hashes and confirmation codes"
_HASH = "The ballot was changed after its code was made, or the code is not its own."
_CODE = "The code that the voter took home is not that of this ballot."
_TWICE = "Two voters hold one code, so one of their ballots can be exchanged unseen."


def check_selection_hash(group: Group, selection: Selection, at: Location) -> Iterator[Finding]:
    """Yield a finding if 1x.6.A fails."""
    expected = selection_hash(group, selection.id, selection.description, selection.ciphertext)
    yield from check_equal("1x.6.A", "hash", expected, selection.hash, _HASH, at)


def check_contest_hash(group: Group, contest: BallotContest, at: Location) -> Iterator[Finding]:
    """Yield a finding if 1x.6.B fails. The hashes of the selections stand as recorded."""
    ordered = sorted(contest.selections, key=lambda selection: selection.order)
    parts = (selection.hash for selection in ordered)
    expected = nested_hash(group, contest.id, contest.description, parts)
    yield from check_equal("1x.6.B", "hash", expected, contest.hash, _HASH, at)


def check_ballot_hash(group: Group, ballot: Ballot, at: Location) -> Iterator[Finding]:
    """Yield a finding for each of 1x.6.C, 1x.6.D that fails. Hashes within stand as recorded."""
    ordered = sorted(ballot.contests, key=lambda contest: contest.order)
    parts = (contest.hash for contest in ordered)
    expected = nested_hash(group, ballot.id, ballot.manifest_hash, parts)
    yield from check_equal("1x.6.C", "hash", expected, ballot.hash, _HASH, at)
    expected = confirmation_code(group, ballot.seed, ballot.timestamp, ballot.hash)
    yield from check_equal("1x.6.D", "code", expected, ballot.code, _CODE, at)


class Verification:
    """1x.V6 over the ballots of a record. Keeps code and file of every ballot."""

    def __init__(self, record: Record, _election: Election | None) -> None:
        self._tally = Tally(ID, TITLE)
        self._group = record.group
        self._first: dict[int, str] = {}

    def check(self, hand: BallotInHand) -> None:
        """Take one ballot, cast or spoiled."""
        for contest, at in hand.contests():
            for selection, place in hand.selections(contest, at):
                self._tally.add(check_selection_hash(self._group, selection, place))
            self._tally.add(check_contest_hash(self._group, contest, at))
        self._tally.add(check_ballot_hash(self._group, hand.ballot, hand.at))
        self._tally.add(self._repetition(hand.ballot, hand.at))
        self._tally.checked += 1

    def _repetition(self, ballot: Ballot, at: Location) -> Iterator[Finding]:
        """1x.6.E."""
        first = self._first.setdefault(ballot.code, ballot.file)
        if first != ballot.file:
            yield at.fails(
                "1x.6.E", expected="a code of its own", found=f"the code of {first}", meaning=_TWICE
            )

    def finish(self, totals: Totals) -> VerificationResult:
        """Demanded are the ballot files."""
        return self._tally.conclude(totals.files)
