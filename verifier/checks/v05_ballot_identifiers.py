"""Verification 5: every ballot has an identifier of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.hashing import ExtendedBaseHash, identifier_hash
from verifier.report import Finding, Location, Tally, VerificationResult, brief
from verifier.uniqueness import FirstSeen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.context import BallotTotals, Context
    from verifier.model import Ballot

ID = "V5"
TITLE = "Ballot identifiers"

_MEANING = {
    "5.A": "One ballot may be a copy of the other, which shows how somebody voted.",
    "5.B": "The proofs of this ballot are not bound to its identifier.",
}


def check_uniqueness(
    seen: FirstSeen, device: str, ordinal: int, id_b: bytes, at: Location
) -> Iterator[Finding]:
    """5.A: no earlier ballot of the record has this id_B. seen: takes note of this one."""
    earlier = seen.earlier(id_b, device, ordinal)
    if earlier is not None:
        yield at.fails(
            "5.A",
            expected="no two ballots share id_B",
            found=f"id_B {brief(id_b)} is also that of {earlier}",
            meaning=_MEANING["5.A"],
        )


def check_identifier_hash(
    h_e: ExtendedBaseHash, id_b: bytes, h_i: bytes, at: Location
) -> Iterator[Finding]:
    """5.B: H_I is EQ-32. h_e: as recorded (4.A)."""
    expected = identifier_hash(h_e, id_b)
    if h_i != expected:
        yield at.fails("5.B", expected=brief(expected), found=brief(h_i), meaning=_MEANING["5.B"])


class Verification:
    """V5 over the ballots of a record, one after the other."""

    def __init__(self, context: Context) -> None:
        self._tally = Tally(ID, TITLE)
        self._parameters = context.parameters
        self._seen = FirstSeen()

    def check(self, ballot: Ballot) -> None:
        """Take one ballot, whatever its status."""
        if self._parameters is None:
            return
        h_e = ExtendedBaseHash(self._parameters.h_e)
        self._tally.add(
            check_uniqueness(self._seen, ballot.device, ballot.ordinal, ballot.id_b, ballot.at)
        )
        self._tally.add(check_identifier_hash(h_e, ballot.id_b, ballot.h_i, ballot.at))
        self._tally.checked += 1

    def finish(self, totals: BallotTotals) -> VerificationResult:
        """Demanded are the ballots that the seal names."""
        return self._tally.conclude(None if self._parameters is None else totals.demanded)
