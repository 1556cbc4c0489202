"""Verification 13: every challenged ballot was opened, and encrypts what its opening says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verifier.election import Election
from verifier.hashing import (
    confirmation_code,
    contest_hash,
    data_key,
    data_mask,
    identifier_hash,
    xor,
)
from verifier.openings import may_wait
from verifier.report import Finding, Location, Tally, VerificationResult, brief

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.algebra import Group
    from verifier.context import BallotTotals, Context
    from verifier.hashing import IdentifierHash
    from verifier.model import Ballot, BallotContest, HashedCiphertext, Opening, OpeningContest
    from verifier.units import Unit

ID = "V13"
TITLE = "Challenged ballots"

_BLOCK = 32
_MEANING = {
    "13.A": "The opened contest data are not those that the box encrypted.",
    "13.B": "The voter's code does not stand for the ballot that was opened.",
    "13.P": "The opening is not one of this ballot: what the box encrypted is not shown by it.",
    "13.Q": "The nonce is not that of the contest data, so what was opened proves nothing of them.",
    "13.R": "A challenge was not answered, or a ballot was opened that must stay secret.",
}


def _fails(at: Location, item: str, expected: str, found: str) -> Finding:
    return at.fails(item, expected=expected, found=found, meaning=_MEANING[item])


def has_shape_of(contest: BallotContest, opened: OpeningContest) -> bool:
    """Whether the opening has as many selections, nonces and data as the contest (V14 says why).

    Only then can the contest be encrypted again.
    """
    if opened.contest != contest.contest:
        return False
    if not len(opened.selections) == len(opened.nonces) == len(contest.options):
        return False
    if contest.data is None or opened.data is None or opened.data_nonce is None:
        return contest.data is None and opened.data is None and opened.data_nonce is None
    return len(opened.data) == len(contest.data.c1)


def encrypt_selections(election: Election, opened: OpeningContest) -> list[tuple[int, int]]:
    """(g^xi, K^(s + xi)) of each option of an opening. Cost: two fixed-base powers an option."""
    group, ones = election.group, [1] * len(opened.nonces)
    sums = [value + xi for value, xi in zip(opened.selections, opened.nonces, strict=True)]
    alphas = group.fixed_powers(group.g, opened.nonces, ones)
    betas = group.fixed_powers(election.vote_key, sums, ones)
    return list(zip(alphas, betas, strict=True))


def encrypt_data(
    election: Election, h_i: IdentifierHash, ic: int, xi: int, data: bytes
) -> tuple[int, bytes]:
    """C0 = g^xi, and C1 = D xor the keys of EQ-66. Cost: two exponentiations."""
    group = election.group
    c0, beta = group.power(group.g, xi), group.power(election.data_key, xi)
    mask = data_mask(data_key(group, h_i, ic, c0, beta), ic, len(data) // _BLOCK)
    return c0, xor(data, mask)


def check_selections(
    group: Group,
    contest: BallotContest,
    opened: OpeningContest,
    again: Sequence[tuple[int, int]],
    at: Location,
) -> Iterator[Finding]:
    """13.P: every xi is below q, and the selections encrypted again are those of the ballot."""
    entries = zip(contest.options, opened.selections, opened.nonces, again, strict=True)
    for io, (selection, value, xi, (alpha, beta)) in enumerate(entries, 1):
        place = at.at(option=io)
        if not group.is_scalar(xi):
            yield _fails(place, "13.P", "xi is below q", f"xi = {brief(xi)}")
        for name, expected, found in (
            ("alpha", alpha, selection.alpha),
            ("beta", beta, selection.beta),
        ):
            if expected != found:
                text = f"{name} = {brief(expected)} for a selection of {value}"
                yield _fails(place, "13.P", text, f"{name} = {brief(found)}")


def check_data(
    group: Group, recorded: HashedCiphertext, xi: int, again: tuple[int, bytes], at: Location
) -> Iterator[Finding]:
    """13.A, 13.Q: the data nonce is below q, and the data encrypted again are those recorded."""
    c0, c1 = again
    if not group.is_scalar(xi):
        yield _fails(at, "13.Q", "the data nonce is below q", f"it is {brief(xi)}")
    if c0 != recorded.c0:
        yield _fails(at, "13.Q", f"C0 = {brief(c0)}", f"C0 = {brief(recorded.c0)}")
    if c1 != recorded.c1:
        yield _fails(at, "13.A", f"C1 = {brief(c1)}", f"C1 = {brief(recorded.c1)}")


def check_opening(
    election: Election, h_i: IdentifierHash, ballot: Ballot, opening: Opening
) -> Iterator[Finding]:
    """Yield a finding for each of 13.A, 13.B, 13.P, 13.Q that fails; nothing if it holds.

    h_i: EQ-32 of the ballot. opening: `has_shape_of` is true of each of its contests.
    Everything is encrypted again from the opening, so 13.B does not depend on the ballot's line.
    Cost: two exponentiations an option, two for contest data.
    """
    hashes = []
    for contest, opened in zip(ballot.contests, opening.contests, strict=True):
        at, ic = ballot.at.at(contest=contest.contest), contest.contest
        pairs, ciphertext = encrypt_selections(election, opened), None
        yield from check_selections(election.group, contest, opened, pairs, at)
        recorded, xi, data = contest.data, opened.data_nonce, opened.data
        if recorded is not None and xi is not None and data is not None:
            again = encrypt_data(election, h_i, ic, xi, data)
            yield from check_data(election.group, recorded, xi, again, at)
            ciphertext = (*again, recorded.c, recorded.v)
        hashes.append(contest_hash(election.group, h_i, ic, pairs, ciphertext))
    code = confirmation_code(h_i, hashes, ballot.b_c)
    if code != ballot.h_c:
        yield _fails(ballot.at, "13.B", f"H_C = {brief(code)}", f"H_C = {brief(ballot.h_c)}")


def check_presence(status: str, *, opened: bool, excused: bool, at: Location) -> Iterator[Finding]:
    """13.R for one ballot: a challenged one has an opening, another has none.

    excused: the stage is `sealed` and the closing lists the position under `to_open`.
    """
    if status == "challenged" and not opened and not excused:
        yield _fails(at, "13.R", "an opening of this challenged ballot", "none")
    if status != "challenged" and opened:
        yield _fails(at, "13.R", f"no opening, since the status is {status}", "an opening")


@dataclass(slots=True)
class Part:
    """V13 of one unit. waiting: challenged ballots whose opening is missing and may be."""

    tally: Tally = field(default_factory=lambda: Tally(ID, TITLE))
    waiting: int = 0


class OfUnit:
    """V13 over the ballots and openings of one unit."""

    def __init__(self, context: Context, unit: Unit) -> None:
        self._stage = context.stage
        self._to_open = frozenset(unit.to_open)
        self._election = Election.of(context)
        self._part = Part()

    def check(self, ballot: Ballot, opening: Opening | None) -> None:
        """Take one ballot, whatever its status, with its opening if it has one."""
        tally, opened = self._part.tally, opening is not None
        excused = not opened and may_wait(self._stage, self._to_open, ballot)
        tally.add(check_presence(ballot.status, opened=opened, excused=excused, at=ballot.at))
        if ballot.status != "challenged":
            return
        self._part.waiting += excused
        if opening is None or self._election is None:
            return
        if len(opening.contests) == len(ballot.contests) and all(
            map(has_shape_of, ballot.contests, opening.contests)
        ):
            h_i = identifier_hash(self._election.h_e, ballot.id_b)
            tally.add(check_opening(self._election, h_i, ballot, opening))
            tally.checked += 1

    def orphan(self, opening: Opening, reason: str) -> None:
        """13.R: an opening that is nobody's, or a second one."""
        expected = "one opening for one challenged ballot"
        self._part.tally.add([_fails(opening.at, "13.R", expected, reason)])

    def part(self) -> Part:
        """What the ballots and openings taken so far amount to."""
        return self._part


class Verification:
    """V13 over the units of a record; units are the challenged ballots that must be open."""

    def __init__(self, context: Context) -> None:
        self._tally = Tally(ID, TITLE)
        self._is_known = Election.of(context) is not None
        self._waiting = 0

    def add(self, _unit: Unit, part: Part) -> None:
        """Take the next unit."""
        self._tally.merge(part.tally)
        self._waiting += part.waiting

    def finish(self, totals: BallotTotals) -> VerificationResult:
        """Demanded are the challenged ballots, at stage `sealed` without those that may wait."""
        if not self._is_known or totals.demanded is None:
            return self._tally.conclude(None)
        return self._tally.conclude(totals.challenged - self._waiting)
