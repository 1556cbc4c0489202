"""Verification 5: every ballot has an identifier of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.hashing import ExtendedBaseHash, identifier_hash
from verifier.report import Finding, Location, Tally, VerificationResult, brief
from verifier.uniqueness import FirstSeen, Values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.context import BallotTotals, Context
    from verifier.model import Ballot
    from verifier.units import Unit

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


@dataclass(frozen=True, slots=True)
class Part:
    """V5 of one unit: 5.B, and the id_B of every ballot."""

    tally: Tally
    ids: Values


class OfUnit:
    """V5 over the ballots of one unit."""

    def __init__(self, context: Context, _unit: Unit) -> None:
        self._parameters = context.parameters
        self._part = Part(Tally(ID, TITLE), Values())

    def check(self, ballot: Ballot) -> None:
        """Take one ballot, whatever its status."""
        if self._parameters is None:
            return
        h_e = ExtendedBaseHash(self._parameters.h_e)
        tally = self._part.tally
        tally.add(check_identifier_hash(h_e, ballot.id_b, ballot.h_i, ballot.at))
        tally.checked += 1
        self._part.ids.add(ballot.line, ballot.id_b)

    def part(self) -> Part:
        """What the ballots taken so far amount to."""
        return self._part


class Verification:
    """V5 over the units of a record, in its order."""

    def __init__(self, context: Context) -> None:
        self._tally = Tally(ID, TITLE)
        self._is_known = context.parameters is not None
        self._seen = FirstSeen()

    def add(self, unit: Unit, part: Part) -> None:
        """Take the next unit."""
        self._tally.merge(part.tally)
        for line, id_b in part.ids:
            at, ordinal = unit.place(line), unit.before + line
            self._tally.add(check_uniqueness(self._seen, unit.device, ordinal, id_b, at))

    def finish(self, totals: BallotTotals) -> VerificationResult:
        """Demanded are the ballots that the seal names."""
        return self._tally.conclude(totals.owed if self._is_known else None)
