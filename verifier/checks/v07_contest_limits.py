"""Verification 7: the votes in each contest of each ballot add up to at most L."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.election import Election
from verifier.hashing import identifier_hash, limit_challenge
from verifier.range_proof import (
    check_scalars,
    raise_to_challenges,
    recompute_commitments,
    sum_of_challenges,
)
from verifier.report import Finding, Location, Tally, VerificationResult, brief

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.algebra import Group
    from verifier.context import BallotTotals, Context
    from verifier.hashing import IdentifierHash
    from verifier.model import Ballot, ProofPair
    from verifier.units import Unit

ID = "V7"
TITLE = "Contest limits"

_FORM = "The proof is not in its one valid form."
_MEANING = {
    "7.A": "The sum of this contest is not an encryption; its limit cannot be proven.",
    "7.D": "It is not proven that this ballot stays within the votes the contest permits.",
    "7.P": "The proof allows another number of votes than the manifest does.",
}


def check_limit(
    group: Group,
    K: int,
    h_i: IdentifierHash,
    ic: int,
    selections: Sequence[tuple[int, int]],
    proof: Sequence[ProofPair],
    limit: int,
    at: Location,
) -> Iterator[Finding]:
    """Yield a finding for each of 7.A to 7.D, 7.P that fails; nothing if the limit holds.

    K: as recorded (V3). h_i: EQ-32 of the ballot. ic: from 1. selections: alpha and beta of each
    option, as recorded. proof: as recorded. limit: L, from the manifest, never from the ballot.
    7.D is evaluated when the number of entries is right and every alpha, beta is in G.
    Cost in products: 2 * 256 + 2 * 58 (L + 1) for the sums, 44 (L + 1) for g and K, and the
    memberships that 6.A has not computed just before.
    """
    members = True
    for io, pair in enumerate(selections, 1):
        for name, element in zip(("alpha", "beta"), pair, strict=True):
            if not group.is_element(element):
                members = False
                yield at.at(option=io).fails(
                    "7.A",
                    expected=f"{name} is in G",
                    found=f"{name} = {brief(element)}",
                    meaning=_MEANING["7.A"],
                )
    yield from check_scalars(group, proof, ("7.B", "7.C"), _FORM, at)
    if len(proof) != limit + 1:
        yield at.fails(
            "7.P",
            expected=f"{limit + 1} proof entries",
            found=f"{len(proof)} proof entries",
            meaning=_MEANING["7.P"],
        )
        return
    if not members:
        return
    alpha = group.product(pair[0] for pair in selections)
    beta = group.product(pair[1] for pair in selections)
    raised = raise_to_challenges(group, (alpha, beta), proof, test=False)
    commitments = recompute_commitments(group, K, raised, proof)
    expected = limit_challenge(group, h_i, ic, alpha, beta, commitments)
    found = sum_of_challenges(group, proof)
    if found != expected:
        yield at.fails(
            "7.D",
            expected=f"the challenges sum to {brief(expected)}",
            found=f"they sum to {brief(found)}",
            meaning=_MEANING["7.D"],
        )


class OfUnit:
    """V7 over the ballots of one unit."""

    def __init__(self, context: Context, _unit: Unit) -> None:
        self._tally = Tally(ID, TITLE)
        self._context = context
        self._election = Election.of(context)

    def check(self, ballot: Ballot) -> None:
        """Take one ballot, whatever its status; its structure is that of its style (0.E)."""
        if self._election is not None:
            self._tally.add(self._findings(self._election, ballot))
            self._tally.checked += 1

    def count(self, _ballot: Ballot) -> None:
        """Count one ballot of which a batch has shown that it has no finding (specs/25)."""
        if self._election is not None:
            self._tally.checked += 1

    def part(self) -> Tally:
        """What the ballots taken so far amount to."""
        return self._tally

    def _findings(self, election: Election, ballot: Ballot) -> Iterator[Finding]:
        h_i = identifier_hash(election.h_e, ballot.id_b)
        for contest in ballot.contests:
            yield from check_limit(
                election.group,
                election.vote_key,
                h_i,
                contest.contest,
                [(selection.alpha, selection.beta) for selection in contest.options],
                contest.limit_proof,
                self._context.contest(contest.contest).contest_limit,
                ballot.at.at(contest=contest.contest),
            )


class Verification:
    """V7 over the units of a record, in its order."""

    def __init__(self, context: Context) -> None:
        self._tally = Tally(ID, TITLE)
        self._is_known = Election.of(context) is not None

    def add(self, _unit: Unit, part: Tally) -> None:
        """Take the next unit."""
        self._tally.merge(part)

    def finish(self, totals: BallotTotals) -> VerificationResult:
        """Demanded are the ballots that the seal names."""
        return self._tally.conclude(totals.owed if self._is_known else None)
