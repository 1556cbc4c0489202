"""Verification 8: codes follow from the ciphertexts, and the ballots of a box form one chain.

The items of the chain are in `v08_chain.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verifier.ballot_files import BALLOTS_A_FILE
from verifier.checks.v08_chain import (
    Chain,
    ChainStart,
    check_closing,
    check_count,
    check_link,
    check_place,
    check_position,
    check_start,
    hash_findings,
)
from verifier.hashing import ExtendedBaseHash, confirmation_code, contest_hash, identifier_hash
from verifier.report import Finding, Location, Tally, VerificationResult, brief
from verifier.uniqueness import FirstSeen, Values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.algebra import Group
    from verifier.context import BallotTotals, Context, Device
    from verifier.hashing import IdentifierHash
    from verifier.model import Ballot, BallotContest
    from verifier.units import Unit

ID = "V8"
TITLE = "Confirmation codes and chain"

_MEANING = {
    "8.A": "The published hash does not stand for these ciphertexts.",
    "8.B": "The voter's code does not stand for this ballot.",
    "8.Q": "Two voters hold one code, so one ballot could stand for both.",
}


def _differs(
    item: str, at: Location, name: str, expected: bytes, found: bytes
) -> Iterator[Finding]:
    return hash_findings((item, _MEANING[item]), at, name, expected, found)


def compute_contest_hash(group: Group, h_i: IdentifierHash, contest: BallotContest) -> bytes:
    """EQ-70 of a contest as recorded."""
    selections = [(selection.alpha, selection.beta) for selection in contest.options]
    data = contest.data
    if data is None:
        return contest_hash(group, h_i, contest.contest, selections, None)
    ciphertext = (data.c0, data.c1, data.c, data.v)
    return contest_hash(group, h_i, contest.contest, selections, ciphertext)


def check_codes(group: Group, h_i: IdentifierHash, ballot: Ballot) -> Iterator[Finding]:
    """Yield a finding for each chi that is not EQ-70 (8.A), and one if H_C is not EQ-71 (8.B).

    h_i: EQ-32 of the ballot. 8.B takes the recomputed chi and the recorded B_C.
    """
    hashes = []
    for contest in ballot.contests:
        chi = compute_contest_hash(group, h_i, contest)
        hashes.append(chi)
        yield from _differs("8.A", ballot.at.at(contest=contest.contest), "chi", chi, contest.chi)
    code = confirmation_code(h_i, hashes, ballot.b_c)
    yield from _differs("8.B", ballot.at, "H_C", code, ballot.h_c)


def check_code_uniqueness(
    seen: FirstSeen, device: str, ordinal: int, h_c: bytes, at: Location
) -> Iterator[Finding]:
    """8.Q: no earlier ballot of the record has this H_C. seen: takes note of this one."""
    earlier = seen.earlier(h_c, device, ordinal)
    if earlier is not None:
        yield at.fails(
            "8.Q",
            expected="no two ballots share H_C",
            found=f"H_C {brief(h_c)} is also that of {earlier}",
            meaning=_MEANING["8.Q"],
        )


@dataclass(slots=True)
class Part:
    """V8 of one unit: all but 8.Q, and but the link of its first ballot.

    codes: H_C of every ballot. b_c: B_C of the ballot in the first line, None if unreadable. last:
    H_C of the last ballot, None if unreadable. ballots: of the unit, readable or not.
    """

    tally: Tally = field(default_factory=lambda: Tally(ID, TITLE))
    codes: Values = field(default_factory=Values)
    b_c: bytes | None = None
    last: bytes | None = None
    ballots: int = 0


class OfUnit:
    """V8 over the ballots of one unit."""

    def __init__(self, context: Context, _unit: Unit) -> None:
        self._group = context.group
        self._parameters = context.parameters
        self._part = Part()

    def check(self, ballot: Ballot) -> None:
        """Take the next ballot, whatever its status."""
        if self._parameters is None:
            return
        part, at = self._part, ballot.at
        h_i = identifier_hash(ExtendedBaseHash(self._parameters.h_e), ballot.id_b)
        part.tally.add(check_codes(self._group, h_i, ballot))
        part.tally.add(check_position(ballot.position, ballot.ordinal, at))
        if part.ballots == 0:
            part.b_c = ballot.b_c
        elif part.last is not None:
            part.tally.add(check_link(part.last, ballot.b_c, at))
            part.tally.checked += 1
        part.codes.add(ballot.line, ballot.h_c)
        part.last = ballot.h_c
        part.ballots += 1

    def skip(self, ballots: int) -> None:
        """Ballots could not be read: the next link, or the closing, stays unchecked."""
        self._part.last = None
        self._part.ballots += ballots

    def part(self) -> Part:
        """What the ballots taken so far amount to."""
        return self._part


class Verification:
    """V8 over the units of a record, in its order; units are ballots and boxes."""

    def __init__(self, context: Context) -> None:
        self._tally = Tally(ID, TITLE)
        self._context = context
        self._seen = FirstSeen()
        self._chains: dict[str, Chain] = {}
        if context.parameters is not None:
            self._h_e = ExtendedBaseHash(context.parameters.h_e)
            for device in context.devices:
                start = ChainStart.of(self._h_e, device.s_device)
                self._chains[device.id] = Chain(start, start.h_0)

    def add(self, unit: Unit, part: Part) -> None:
        """Take the next unit of its box."""
        chain = self._chains.get(unit.device)
        if chain is None or part.ballots == 0:
            return
        if unit.path is None:  # nothing there lies at a wrong place
            chain.ballots = unit.before
        self._tally.add(check_place(unit.before, chain.ballots, unit.place(1)))
        if part.b_c is not None and chain.last is not None:
            self._tally.add(check_link(chain.last, part.b_c, unit.place(1)))
            self._tally.checked += 1
        self._tally.merge(part.tally)
        for line, h_c in part.codes:
            at, ordinal = unit.place(line).at(code=h_c), unit.before + line
            self._tally.add(check_code_uniqueness(self._seen, unit.device, ordinal, h_c, at))
        chain.last = part.last
        chain.ballots += part.ballots

    def pass_over(self, unit: Unit) -> None:
        """A ballot file that nobody looked at: what follows it is taken to be in its place."""
        chain = self._chains.get(unit.device)
        if chain is not None:
            chain.ballots, chain.last, chain.is_whole = BALLOTS_A_FILE * unit.upto, None, False

    def finish(self, totals: BallotTotals) -> VerificationResult:
        """Demanded are the ballots that the seal names, and every box of the registry."""
        for device in self._context.devices:
            self._finish_device(device)
        if self._context.parameters is None or totals.owed is None:
            return self._tally.conclude(None)
        return self._tally.conclude(totals.owed + len(self._context.devices))

    def _finish_device(self, device: Device) -> None:
        chain, file = self._chains.get(device.id), device.file
        if chain is None or file is None or device.sealed is None:
            return
        self._tally.add(check_start(chain.start, file.start, file.at))
        at = file.at.at(device=device.id)
        if chain.is_whole:
            self._tally.add(check_count(device.sealed.ballots, chain.ballots, at))
        if not device.is_lost:
            if file.closing is None or chain.last is None:
                return
            closing = (file.closing.field, file.closing.hash)
            self._tally.add(check_closing(self._h_e, chain.start, chain.last, closing, at))
        self._tally.checked += chain.is_whole
