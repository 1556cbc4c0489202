"""Verification 8: codes follow from the ciphertexts, and the ballots of a box form one chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verifier.hashing import (
    ExtendedBaseHash,
    chain_field,
    chain_start,
    closing_field,
    closing_hash,
    confirmation_code,
    contest_hash,
    device_hash,
    identifier_hash,
)
from verifier.report import Finding, Location, Tally, VerificationResult, brief
from verifier.uniqueness import FirstSeen, Values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.algebra import Group
    from verifier.context import BallotTotals, Context, Device
    from verifier.hashing import IdentifierHash
    from verifier.model import Ballot, BallotContest, DeviceStart
    from verifier.units import Unit

ID = "V8"
TITLE = "Confirmation codes and chain"

_MEANING = {
    "8.A": "The published hash does not stand for these ciphertexts.",
    "8.B": "The voter's code does not stand for this ballot.",
    "8.C": "The chain is not bound to this box and precinct.",
    "8.E": "Ballots of this box were left out, put in or moved.",
    "8.F": "The chain of this box does not start where it must.",
    "8.G": "The chain of this box does not end with the ballots in the record.",
    "8.P": "Ballots of this box are missing, or there are more than the seal names.",
    "8.Q": "Two voters hold one code, so one ballot could stand for both.",
}


def _differs(
    item: str, at: Location, name: str, expected: bytes, found: bytes
) -> Iterator[Finding]:
    if expected != found:
        yield at.fails(
            item,
            expected=f"{name} = {brief(expected)}",
            found=f"{name} = {brief(found)}",
            meaning=_MEANING[item],
        )


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


@dataclass(frozen=True)
class ChainStart:
    """B_C0 and H_0 as the verifier computes them for a box."""

    h_di: bytes
    b_c0: bytes
    h_0: bytes

    @classmethod
    def of(cls, h_e: ExtendedBaseHash, s_device: bytes) -> ChainStart:
        """EQ-72, EQ-73, EQ-74 of the device string."""
        h_di = device_hash(h_e, s_device)
        b_c0 = chain_field(h_di)
        return cls(h_di, b_c0, chain_start(h_e, b_c0))


def check_start(start: ChainStart, recorded: DeviceStart, at: Location) -> Iterator[Finding]:
    """Yield a finding for each of 8.C, 8.F that fails. start: recomputed from the registry."""
    yield from _differs("8.C", at, "H_DI", start.h_di, recorded.h_di)
    yield from _differs("8.F", at, "B_C0", start.b_c0, recorded.b_c0)
    yield from _differs("8.F", at, "H_0", start.h_0, recorded.h_0)


def check_link(previous: bytes, b_c: bytes, at: Location) -> Iterator[Finding]:
    """8.E: B_C is EQ-75. previous: H_C of the ballot before as recorded, H_0 for the first."""
    yield from _differs("8.E", at, "B_C", chain_field(previous), b_c)


def check_closing(
    h_e: ExtendedBaseHash,
    start: ChainStart,
    last: bytes,
    closing: tuple[bytes, bytes],
    at: Location,
) -> Iterator[Finding]:
    """8.G: field is EQ-78 and hash EQ-77. closing: field and hash as recorded.

    last: H_C of the last ballot as recorded, H_0 if there is none.
    """
    field, hash_ = closing
    expected = closing_field(h_e, last, start.b_c0)
    yield from _differs("8.G", at, "field", expected, field)
    yield from _differs("8.G", at, "hash", closing_hash(h_e, expected), hash_)


def check_position(position: int, ordinal: int, at: Location) -> Iterator[Finding]:
    """8.P: the ballot at place `ordinal`, by number and line of its file, says so."""
    if position != ordinal:
        yield at.fails(
            "8.P",
            expected=f"position {ordinal}",
            found=f"position {position}",
            meaning=_MEANING["8.P"],
        )


def check_place(named: int, found: int, at: Location) -> Iterator[Finding]:
    """8.P: as many ballots lie before a file as its number says. at: its first ballot."""
    if named != found:
        yield at.fails(
            "8.P",
            expected=f"{named} ballots before this one",
            found=f"{found} ballots",
            meaning=_MEANING["8.P"],
        )


def check_count(sealed: int, found: int, at: Location) -> Iterator[Finding]:
    """8.P: the device has as many ballots as the seal names."""
    if sealed != found:
        yield at.fails(
            "8.P",
            expected=f"{sealed} ballots, as the seal says",
            found=f"{found} ballots",
            meaning=_MEANING["8.P"],
        )


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


@dataclass
class _Chain:
    """How far the chain of a box was followed: last is H_C, None after an unreadable ballot."""

    start: ChainStart
    last: bytes | None
    ballots: int = 0


class Verification:
    """V8 over the units of a record, in its order; units are ballots and boxes."""

    def __init__(self, context: Context) -> None:
        self._tally = Tally(ID, TITLE)
        self._context = context
        self._seen = FirstSeen()
        self._chains: dict[str, _Chain] = {}
        if context.parameters is not None:
            self._h_e = ExtendedBaseHash(context.parameters.h_e)
            for device in context.devices:
                start = ChainStart.of(self._h_e, device.s_device)
                self._chains[device.id] = _Chain(start, start.h_0)

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
            at, ordinal = unit.place(line), unit.before + line
            self._tally.add(check_code_uniqueness(self._seen, unit.device, ordinal, h_c, at))
        chain.last = part.last
        chain.ballots += part.ballots

    def finish(self, totals: BallotTotals) -> VerificationResult:
        """Demanded are the ballots that the seal names, and every box of the registry."""
        for device in self._context.devices:
            self._finish_device(device)
        if self._context.parameters is None or totals.demanded is None:
            return self._tally.conclude(None)
        return self._tally.conclude(totals.demanded + len(self._context.devices))

    def _finish_device(self, device: Device) -> None:
        chain, file = self._chains.get(device.id), device.file
        if chain is None or file is None or device.sealed is None:
            return
        self._tally.add(check_start(chain.start, file.start, file.at))
        at = file.at.at(device=device.id)
        self._tally.add(check_count(device.sealed.ballots, chain.ballots, at))
        if not device.is_lost:
            if file.closing is None or chain.last is None:
                return
            closing = (file.closing.field, file.closing.hash)
            self._tally.add(check_closing(self._h_e, chain.start, chain.last, closing, at))
        self._tally.checked += 1
