"""Verification 14: an opening has the contests and options of its style, with permitted values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verifier.openings import may_wait, waiting
from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.context import BallotTotals, Context
    from verifier.model import Ballot, Contest, Opening, OpeningContest
    from verifier.units import Unit

ID = "V14"
TITLE = "Contents of openings"

_OTHER_BALLOT = "The voter was shown another ballot than the one that this style has."
_MEANING = {
    "14.A": _OTHER_BALLOT,
    "14.B": _OTHER_BALLOT,
    "14.C": _OTHER_BALLOT,
    "14.D": _OTHER_BALLOT,
    "14.E": "The opening shows more votes for one option than are permitted.",
    "14.F": "The opening shows more votes in one contest than are permitted.",
}


def _fails(at: Location, item: str, expected: str, found: str) -> Finding:
    return at.fails(item, expected=expected, found=found, meaning=_MEANING[item])


def check_contests(style: Sequence[int], opened: Sequence[int], at: Location) -> Iterator[Finding]:
    """14.A, 14.B: the opening has the contests of the style, each once, in index order.

    style: contest indices of the ballot's style, ascending. opened: those of the opening.
    """
    for index in opened:
        if index not in style:
            yield _fails(at, "14.A", f"contests {_list(style)}", f"contest {index}")
    known = [index for index in opened if index in style]
    if known != list(style):
        yield _fails(at, "14.B", f"contests {_list(style)}", f"contests {_list(known)}")


def _list(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers)) if numbers else "none"


def check_contest(contest: Contest, opened: OpeningContest, at: Location) -> Iterator[Finding]:
    """Yield a finding for each of 14.C to 14.F that fails.

    contest: of the manifest, with m, R, L. opened: as recorded, untrusted.
    """
    m = len(contest.options)
    for name, number in (("selections", len(opened.selections)), ("nonces", len(opened.nonces))):
        if number != m:
            item = "14.C" if number > m else "14.D"
            yield _fails(at, item, f"{m} {name}", f"{number} {name}")
    for io, value in enumerate(opened.selections, 1):
        if not 0 <= value <= contest.option_limit:
            place = at.at(option=io)
            yield _fails(place, "14.E", f"0 to {contest.option_limit} votes", f"{value} votes")
    total = sum(opened.selections)
    if total > contest.contest_limit:
        yield _fails(at, "14.F", f"at most {contest.contest_limit} votes", f"{total} votes")


@dataclass(slots=True)
class Part:
    """V14 of one unit. early: openings that are there and might still be missing."""

    tally: Tally = field(default_factory=lambda: Tally(ID, TITLE))
    early: int = 0


class OfUnit:
    """V14 over the openings of one unit."""

    def __init__(self, context: Context, unit: Unit) -> None:
        self._context = context
        self._to_open = frozenset(unit.to_open)
        self._part = Part()

    def check(self, ballot: Ballot, opening: Opening) -> None:
        """Take one opening with the ballot it is of."""
        tally, style = self._part.tally, self._context.style_contests.get(ballot.style, ())
        opened = [contest.contest for contest in opening.contests]
        place = opening.at.at(code=ballot.h_c)
        tally.add(check_contests(style, opened, place))
        for contest in opening.contests:
            if contest.contest in style:
                at = place.at(contest=contest.contest)
                tally.add(check_contest(self._context.contest(contest.contest), contest, at))
        tally.checked += ballot.status == "challenged"
        self._part.early += may_wait(self._context.stage, self._to_open, ballot)

    def part(self) -> Part:
        """What the openings taken so far amount to."""
        return self._part


class Verification:
    """V14 over the units of a record; units are the challenged ballots that must be open."""

    def __init__(self, context: Context) -> None:
        self._tally = Tally(ID, TITLE)
        self._waiting = waiting(context)

    def add(self, _unit: Unit, part: Part) -> None:
        """Take the next unit."""
        self._tally.merge(part.tally)
        self._waiting -= part.early

    def finish(self, totals: BallotTotals) -> VerificationResult:
        """Demanded are the challenged ballots, at stage `sealed` without those that may wait."""
        demanded = totals.challenged - self._waiting
        if totals.demanded is None or demanded < 0:
            return self._tally.conclude(None)
        return self._tally.conclude(demanded)
