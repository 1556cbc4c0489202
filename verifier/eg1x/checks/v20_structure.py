"""Verification 20 of 1.x: ballots are as the manifest says, hold no secret, and are no copies."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from verifier.eg1x.hashing import hash_numbers
from verifier.eg1x.model import CAST, SPOILED
from verifier.eg1x.pairs import check_equal
from verifier.reader.shape import shown
from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from verifier.eg1x.ballots import BallotInHand, Totals
    from verifier.eg1x.election import Election
    from verifier.eg1x.model import Ballot, BallotContest
    from verifier.eg1x.model_manifest import Manifest
    from verifier.eg1x.record import Description, Record

ID = "1x.V20"
TITLE = "Structure of ballots"
_STATE = "Whether the ballot was counted or opened is not settled."
_OTHER = "The ballot belongs to another election description."
_STYLE = "The ballot votes on something that its style does not have, or lacks something it has."
_DESCRIPTION = "The ballot describes what is voted on otherwise than the manifest."
_SELECTIONS = "Votes could be counted for what is not an option, or hidden from the limit."
_EXPOSED = "Whoever reads the record can open this vote."
_COPY = "One voter's encrypted choice stands on two ballots: it counts twice, or was opened."


def check_contests(manifest: Manifest, ballot: Ballot, at: Location) -> Iterator[Finding]:
    """Yield a finding if 1x.20.C fails."""
    demanded = manifest.contests_of_style.get(ballot.style)
    if demanded is None:
        yield at.fails(
            "1x.20.C",
            expected="a style of the manifest",
            found=f"the style {shown(ballot.style)}",
            meaning=_STYLE,
        )
        return
    found = [contest.id for contest in ballot.contests]
    yield from _exactly("1x.20.C", "contest", demanded, found, _STYLE, at)


def check_contest(known: Description, contest: BallotContest, at: Location) -> Iterator[Finding]:
    """Yield a finding for each of 1x.20.D to 1x.20.F that fails.

    known: the contest of this id in the manifest.
    """
    for name, expected, found in (
        ("order", known.order, contest.order),
        ("description hash", known.description, contest.description),
    ):
        yield from check_equal("1x.20.D", name, expected, found, _DESCRIPTION, at)
    ids = [selection.id for selection in contest.selections]
    yield from _exactly("1x.20.E", "selection", known.rows.keys(), ids, _SELECTIONS, at)
    for selection in contest.selections:
        row = known.rows.get(selection.id)
        if row is None:
            continue
        place = at.at(option=shown(selection.id))
        for name, expected, found in (
            ("order", row.order, selection.order),
            ("description hash", row.description, selection.description),
            ("placeholder", row.is_placeholder, selection.is_placeholder),
        ):
            yield from check_equal("1x.20.F", name, expected, found, _DESCRIPTION, place)


def _exactly(
    item: str, what: str, demanded: Collection[str], found: list[str], meaning: str, at: Location
) -> Iterator[Finding]:
    numbers = Counter(found)
    for id_ in sorted(demanded - numbers.keys()):
        yield at.fails(item, expected=f"{what} {shown(id_)}", found="none", meaning=meaning)
    for id_, number in numbers.items():
        if id_ not in demanded:
            yield at.fails(
                item, expected=f"no other {what}", found=f"{what} {shown(id_)}", meaning=meaning
            )
        elif number > 1:
            yield at.fails(
                item,
                expected=f"{what} {shown(id_)} once",
                found=f"{number} times",
                meaning=meaning,
            )


def check_ballot(manifest_hash: int | None, ballot: Ballot, at: Location) -> Iterator[Finding]:
    """Yield a finding for each of 1x.20.A, 1x.20.B that fails. manifest_hash: of the context."""
    if ballot.state not in (CAST, SPOILED):
        yield at.fails(
            "1x.20.A",
            expected=f"{CAST} (cast) or {SPOILED} (spoiled)",
            found=str(ballot.state),
            meaning=_STATE,
        )
    if manifest_hash is not None:
        yield from check_equal(
            "1x.20.B", "manifest hash", manifest_hash, ballot.manifest_hash, _OTHER, at
        )


def check_secrets(hand: BallotInHand) -> Iterator[Finding]:
    """Yield a finding for each nonce that is published: 1x.20.G."""
    if hand.ballot.has_nonce:
        yield _secret(hand.at)
    for contest, at in hand.contests():
        if contest.has_nonce:
            yield _secret(at)
        for selection, place in hand.selections(contest, at):
            if selection.has_nonce:
                yield _secret(place)


def _secret(at: Location) -> Finding:
    return at.fails("1x.20.G", expected="no nonce", found="a nonce", meaning=_EXPOSED)


class Verification:
    """1x.V20 over the ballots of a record. Keeps a digest of the sums of every contest."""

    def __init__(self, record: Record, _election: Election | None) -> None:
        self._tally = Tally(ID, TITLE)
        self._record = record
        self._first: dict[int, str] = {}

    def check(self, hand: BallotInHand) -> None:
        """Take one ballot, cast or spoiled."""
        record, ballot = self._record, hand.ballot
        if record.manifest is None or record.context is None:
            return
        self._tally.add(check_ballot(record.context.manifest_hash, ballot, hand.at))
        self._tally.add(check_contests(record.manifest, ballot, hand.at))
        for contest, at in hand.contests():
            known = record.contests.get(contest.id)
            if known is not None:
                self._tally.add(check_contest(known, contest, at))
            self._tally.add(self._copy(contest, f"{ballot.file}, contest {shown(contest.id)}", at))
        self._tally.add(check_secrets(hand))
        self._tally.checked += 1

    def _copy(self, contest: BallotContest, place: str, at: Location) -> Iterator[Finding]:
        """1x.20.H, by a digest of the sums."""
        sums = hash_numbers(self._record.group, contest.sums.pad, contest.sums.data)
        first = self._first.setdefault(sums, place)
        if first != place:
            yield at.fails(
                "1x.20.H",
                expected="sums of its own",
                found=f"those of {first}",
                meaning=_COPY,
            )

    def finish(self, totals: Totals) -> VerificationResult:
        """Demanded are the ballot files, once manifest and context are there."""
        known = self._record.manifest is not None and self._record.context is not None
        return self._tally.conclude(totals.files if known else None)
