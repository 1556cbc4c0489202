"""Verification 6: every selection is a vote of 0 to R; nonce and data were encrypted by the box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.core.back_end import Request
from verifier.election import Election
from verifier.hashing import (
    ballot_nonce_challenge,
    data_challenge,
    identifier_hash,
    selection_challenge,
)
from verifier.range_proof import (
    check_scalars,
    raise_to_challenges,
    recompute_commitments,
    sum_of_challenges,
)
from verifier.report import Finding, Location, Tally, VerificationResult, brief

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verifier.algebra import Group
    from verifier.context import BallotTotals, Context
    from verifier.hashing import IdentifierHash
    from verifier.model import Ballot, HashedCiphertext, Selection
    from verifier.units import Unit

ID = "V6"
TITLE = "Selections, nonce and contest data of each ballot"

_FORM = "The proof is not in its one valid form."
_NONCE = "If this ballot is challenged, guardians may be led to open something else."
_DATA = "The contest data may be a copy of another ballot's."
_MEANING = {
    "6.A": "This is not an encryption; it can be counted as any number of votes.",
    "6.D": "It is not proven that this selection is a permitted number of votes.",
    "6.P": "The proof allows another number of votes than the manifest does.",
    "6.Q": _NONCE,
    "6.R": _NONCE,
    "6.S": _DATA,
    "6.T": _DATA,
    "6.U": "It was encrypted without randomness: everybody can read the vote in beta.",
    "6.V": "It was encrypted without randomness: everybody can read what it hides.",
}


def check_selection(
    group: Group,
    K: int,
    h_i: IdentifierHash,
    place: tuple[int, int],
    selection: Selection,
    limit: int,
    at: Location,
) -> Iterator[Finding]:
    """Yield a finding for each of 6.A to 6.D, 6.P, 6.U that fails; nothing if the selection holds.

    K: as recorded (V3). h_i: EQ-32 of the ballot. place: ic and io, from 1.
    selection: as recorded, untrusted. limit: R, from the manifest and never from the ballot.
    6.D is evaluated when the number of entries is right and alpha, beta are in G.
    Cost in products: 2 * 262 + 2 * 58 (R + 1) for alpha and beta, 44 (R + 1) for g and K.
    """
    proof, alpha, beta = selection.proof, selection.alpha, selection.beta
    is_complete = len(proof) == limit + 1
    raised = raise_to_challenges(group, (alpha, beta), proof if is_complete else (), test=True)
    members = True
    for name, element, powers in zip(("alpha", "beta"), (alpha, beta), raised, strict=True):
        if not powers.is_element:
            members = False
            yield at.fails(
                "6.A",
                expected=f"{name} is in G",
                found=f"{name} = {brief(element)}",
                meaning=_MEANING["6.A"],
            )
    if alpha == 1:
        yield at.fails("6.U", expected="alpha is not 1", found="alpha = 1", meaning=_MEANING["6.U"])
    yield from check_scalars(group, proof, ("6.B", "6.C"), _FORM, at)
    if not is_complete:
        yield at.fails(
            "6.P",
            expected=f"{limit + 1} proof entries",
            found=f"{len(proof)} proof entries",
            meaning=_MEANING["6.P"],
        )
        return
    if not members:
        return
    commitments = recompute_commitments(group, K, raised, proof)
    ic, io = place
    expected = selection_challenge(group, h_i, ic, io, alpha, beta, commitments)
    found = sum_of_challenges(group, proof)
    if found != expected:
        yield at.fails(
            "6.D",
            expected=f"the challenges sum to {brief(expected)}",
            found=f"they sum to {brief(found)}",
            meaning=_MEANING["6.D"],
        )


def _check_ciphertext(
    group: Group,
    ciphertext: HashedCiphertext,
    challenge: Callable[[int], int],
    items: tuple[str, str],
    at: Location,
) -> Iterator[Finding]:
    """C0 is in G (first item); c, v are below q and c is the challenge of g^v C0^c (second).

    6.V: C0 is not 1.
    """
    c0, c, v = ciphertext.c0, ciphertext.c, ciphertext.v
    membership, proof = items
    for name, scalar in (("c", c), ("v", v)):
        if not group.is_scalar(scalar):
            yield at.fails(
                proof,
                expected=f"{name} is below q",
                found=f"{name} = {brief(scalar)}",
                meaning=_MEANING[proof],
            )
    powers = group.powers_of_each([Request(c0, (c,))])[0]
    if not powers.is_element:
        yield at.fails(
            membership,
            expected="C0 is in G",
            found=f"C0 = {brief(c0)}",
            meaning=_MEANING[membership],
        )
        return
    if c0 == 1:
        yield at.fails("6.V", expected="C0 is not 1", found="C0 = 1", meaning=_MEANING["6.V"])
    expected = challenge(group.fixed_powers(group.g, [v], powers.values)[0])
    if c % group.q != expected:
        yield at.fails(
            proof,
            expected=f"c = {brief(expected)}",
            found=f"c = {brief(c)}",
            meaning=_MEANING[proof],
        )


def check_nonce(
    group: Group, h_i: IdentifierHash, nonce: HashedCiphertext, at: Location
) -> Iterator[Finding]:
    """Yield a finding for each of 6.Q, 6.R, 6.V that fails.

    h_i: EQ-32 of the ballot. nonce: as recorded, untrusted. Cost: 342 products.
    """

    def challenge(a: int) -> int:
        return ballot_nonce_challenge(group, h_i, a, nonce.c0, nonce.c1)

    yield from _check_ciphertext(group, nonce, challenge, ("6.Q", "6.R"), at)


def check_contest_data(
    group: Group, h_i: IdentifierHash, ic: int, data: HashedCiphertext, at: Location
) -> Iterator[Finding]:
    """Yield a finding for each of 6.S, 6.T, 6.V that fails.

    h_i: EQ-32 of the ballot. ic: from 1. data: as recorded, untrusted.
    Cost: 342 products.
    """

    def challenge(a: int) -> int:
        return data_challenge(group, h_i, ic, a, data.c0, data.c1)

    yield from _check_ciphertext(group, data, challenge, ("6.S", "6.T"), at)


class OfUnit:
    """V6 over the ballots of one unit."""

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
        group, h_i = election.group, identifier_hash(election.h_e, ballot.id_b)
        for contest in ballot.contests:
            ic, at = contest.contest, ballot.at.at(contest=contest.contest)
            limit = self._context.contest(ic).option_limit
            for io, selection in enumerate(contest.options, 1):
                yield from check_selection(
                    group, election.vote_key, h_i, (ic, io), selection, limit, at.at(option=io)
                )
            if contest.data is not None:
                yield from check_contest_data(group, h_i, ic, contest.data, at)
        yield from check_nonce(group, h_i, ballot.nonce, ballot.at)


class Verification:
    """V6 over the units of a record, in its order."""

    def __init__(self, context: Context) -> None:
        self._tally = Tally(ID, TITLE)
        self._is_known = Election.of(context) is not None

    def add(self, _unit: Unit, part: Tally) -> None:
        """Take the next unit."""
        self._tally.merge(part)

    def finish(self, totals: BallotTotals) -> VerificationResult:
        """Demanded are the ballots that the seal names."""
        return self._tally.conclude(totals.owed if self._is_known else None)
