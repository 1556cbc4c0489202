"""Verification 4 of 1.x: every selection of every ballot is an encryption of 0 or 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.hashing import selection_challenge
from verifier.eg1x.pairs import check_equal, check_equation, check_members, check_scalars
from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.eg1x.ballots import BallotInHand, Totals
    from verifier.eg1x.election import Election
    from verifier.eg1x.model import DisjunctiveProof, Selection
    from verifier.eg1x.record import Record

ID = "1x.V4"
TITLE = "Selection encryptions"
_NO_ELEMENT = "This is not an encryption; nothing that is computed from it means anything."
_UNPROVEN = "It is not proven that this selection counts as 0 or 1."


def check_selection(
    election: Election, selection: Selection, at: Location, *, is_proven: bool = False
) -> Iterator[Finding]:
    """Yield a finding for each of 1x.4.A to 1x.4.H that fails.

    selection: as recorded, untrusted. is_proven: 1x.4.A and 1x.4.E to 1x.4.H hold, by a batch; then
    they are not looked at. They are evaluated otherwise, the equations when 1x.4.A holds.
    Cost: ten exponentiations and five of g or K; with is_proven one hash.
    """
    group, proof, ciphertext = election.group, selection.proof, selection.ciphertext
    commitments = {"a0": proof.a0, "b0": proof.b0, "a1": proof.a1, "b1": proof.b1}
    elements = {"A": ciphertext.pad, "B": ciphertext.data, **commitments}
    strangers = [] if is_proven else list(check_members(group, "1x.4.A", elements, _NO_ELEMENT, at))
    yield from strangers
    scalars = {"c0": proof.c0, "c1": proof.c1, "c": proof.c, "v0": proof.v0, "v1": proof.v1}
    yield from check_scalars(group, "1x.4.B", scalars, at)
    expected = selection_challenge(
        group, election.q_bar, ciphertext, (proof.a0, proof.b0, proof.a1, proof.b1)
    )
    yield from check_equal("1x.4.C", "c", expected, proof.c, _UNPROVEN, at)
    total = (proof.c0 + proof.c1) % group.q
    yield from check_equal("1x.4.D", "c0 + c1", proof.c, total, _UNPROVEN, at)
    if not is_proven and not strangers:
        yield from _equations(election, selection, proof, at)


def _equations(
    election: Election, selection: Selection, proof: DisjunctiveProof, at: Location
) -> Iterator[Finding]:
    group, key = election.group, election.key
    pad, data = selection.ciphertext.pad, selection.ciphertext.data

    def of_g(exponent: int) -> int:
        return group.fixed_power(group.g, exponent)

    def of_key(exponent: int) -> int:
        return group.fixed_power(key, exponent)

    def right(commitment: int, base: int, challenge: int) -> int:
        return group.multiply(commitment, group.power(base, challenge))

    one_data = group.multiply(of_g(proof.c1), of_key(proof.v1))
    for item, equation, sides in (
        ("1x.4.E", "g^v0 = a0 A^c0", (of_g(proof.v0), right(proof.a0, pad, proof.c0))),
        ("1x.4.F", "K^v0 = b0 B^c0", (of_key(proof.v0), right(proof.b0, data, proof.c0))),
        ("1x.4.G", "g^v1 = a1 A^c1", (of_g(proof.v1), right(proof.a1, pad, proof.c1))),
        ("1x.4.H", "g^c1 K^v1 = b1 B^c1", (one_data, right(proof.b1, data, proof.c1))),
    ):
        yield from check_equation(item, equation, sides, _UNPROVEN, at)


class Verification:
    """1x.V4 over the ballots of a record."""

    def __init__(self, _record: Record, election: Election | None) -> None:
        self._tally = Tally(ID, TITLE)
        self._election = election

    def check(self, hand: BallotInHand) -> None:
        """Take one ballot, cast or spoiled."""
        if self._election is None:
            return
        for contest, at in hand.contests():
            for selection, place in hand.selections(contest, at):
                proven = hand.is_proven
                self._tally.add(check_selection(self._election, selection, place, is_proven=proven))
        self._tally.checked += 1

    def finish(self, totals: Totals) -> VerificationResult:
        """Demanded are the ballot files."""
        return self._tally.conclude(totals.files if self._election is not None else None)
