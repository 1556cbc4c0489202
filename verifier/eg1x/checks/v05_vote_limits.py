"""Verification 5 of 1.x: the selections of a contest add up to the number elected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.hashing import limit_challenge
from verifier.eg1x.pairs import check_equal, check_equation, check_members, check_scalars
from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.eg1x.ballots import BallotInHand, Totals
    from verifier.eg1x.election import Election
    from verifier.eg1x.model import BallotContest
    from verifier.eg1x.record import Record

ID = "1x.V5"
TITLE = "Vote limits"
_LIMIT = "The proof is of another number of votes than the manifest allows on a ballot."
_SUM = "The proof of the limit is about something else than the selections of this contest."
_UNPROVEN = "It is not proven that this contest holds the votes that the manifest allows."


def check_contest(
    election: Election,
    contest: BallotContest,
    elected: int,
    at: Location,
    *,
    is_proven: bool = False,
) -> Iterator[Finding]:
    """Yield a finding for each of 1x.5.A to 1x.5.G that fails.

    contest: as recorded, untrusted. elected: s, from the manifest, never from the ballot.
    is_proven: 1x.5.B, 1x.5.C, 1x.5.F and 1x.5.G hold, by a batch; then they are not looked at. The
    equations are evaluated when 1x.5.C holds.
    Cost: six exponentiations and four of g or K, 2 (m + s) products; with is_proven one hash.
    """
    group, proof, sums = election.group, contest.proof, contest.sums
    if contest.constant != elected:
        yield at.fails(
            "1x.5.A",
            expected=f"L = {elected}",
            found=f"L = {contest.constant}",
            meaning=_LIMIT,
        )
    strangers: list[Finding] = []
    if not is_proven:
        yield from _accumulation(election, contest, at)
        elements = {"A*": sums.pad, "B*": sums.data, "a": proof.a, "b": proof.b}
        strangers = list(check_members(group, "1x.5.C", elements, _UNPROVEN, at))
    yield from strangers
    yield from check_scalars(group, "1x.5.D", {"c": proof.c, "v": proof.v}, at)
    expected = limit_challenge(group, election.q_bar, sums, proof.a, proof.b)
    yield from check_equal("1x.5.E", "c", expected, proof.c, _UNPROVEN, at)
    if not is_proven and not strangers:
        yield from _equations(election, contest, elected, at)


def _accumulation(election: Election, contest: BallotContest, at: Location) -> Iterator[Finding]:
    ciphertexts = [selection.ciphertext for selection in contest.selections]
    pads = election.group.product(ciphertext.pad for ciphertext in ciphertexts)
    data = election.group.product(ciphertext.data for ciphertext in ciphertexts)
    yield from check_equal("1x.5.B", "A*", pads, contest.sums.pad, _SUM, at)
    yield from check_equal("1x.5.B", "B*", data, contest.sums.data, _SUM, at)


def _equations(
    election: Election, contest: BallotContest, elected: int, at: Location
) -> Iterator[Finding]:
    group, proof, sums = election.group, contest.proof, contest.sums
    left = group.fixed_power(group.g, proof.v)
    right = group.multiply(proof.a, group.power(sums.pad, proof.c))
    yield from check_equation("1x.5.F", "g^v = a (A*)^c", (left, right), _UNPROVEN, at)
    left = group.multiply(
        group.fixed_power(group.g, proof.c * elected % group.q),
        group.fixed_power(election.key, proof.v),
    )
    right = group.multiply(proof.b, group.power(sums.data, proof.c))
    equation = f"g^({elected} c) K^v = b (B*)^c"
    yield from check_equation("1x.5.G", equation, (left, right), _UNPROVEN, at)


class Verification:
    """1x.V5 over the ballots of a record. A contest that the manifest lacks has no limit."""

    def __init__(self, record: Record, election: Election | None) -> None:
        self._tally = Tally(ID, TITLE)
        self._record = record
        self._election = None if record.manifest is None else election

    def check(self, hand: BallotInHand) -> None:
        """Take one ballot, cast or spoiled."""
        if self._election is None:
            return
        all_known = True
        for contest, at in hand.contests():
            known = self._record.contests.get(contest.id)
            if known is None:
                all_known = False
                continue
            self._tally.add(
                check_contest(self._election, contest, known.elected, at, is_proven=hand.is_proven)
            )
        self._tally.checked += all_known

    def finish(self, totals: Totals) -> VerificationResult:
        """Demanded are the ballot files."""
        return self._tally.conclude(totals.files if self._election is not None else None)
