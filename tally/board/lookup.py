"""Look-up of a ballot by its confirmation code or the beginning of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from egcore.codes import CodeRange, typed_code
from egcore.hashing import ConfirmationCode
from tally.board.entered_code import Fault, read_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from egcore.records.ballot import Ballot
    from egcore.records.opening import Opening
    from tally.board.code_index import BallotPlace, CodeIndex
    from tally.board.record import PublicRecord

SHOWN: Final = 10  # matches that a page names


class Outcome(StrEnum):
    """What a look-up found."""

    FOUND = "found"
    NONE = "none"
    SEVERAL = "several"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class Found:
    """One ballot of the record; an opening only if the ballot was challenged."""

    device: str
    file: str
    ballot: Ballot
    opening: Opening | None

    @property
    def typed(self) -> str:
        """Typed form of its code."""
        return typed_code(ConfirmationCode(self.ballot.h_c))


@dataclass(frozen=True)
class LookUp:
    """The answer to an entry: how many ballots match, and the first of them.

    complete: the entry was a whole code, which two ballots must never share.
    """

    outcome: Outcome
    matches: int = 0
    found: tuple[Found, ...] = ()
    complete: bool = False
    fault: Fault | None = None


def look_up(record: PublicRecord, text: str) -> LookUp:
    """Return the ballots whose code is, or begins with, what somebody typed.

    text: untrusted. Raises MalformedRecord or OSError for a record that cannot be read.
    Cost: two binary searches, then one line of the record for each of at most ten matches.
    """
    entered = read_code(text)
    if isinstance(entered, Fault):
        return LookUp(Outcome.MALFORMED, fault=entered)
    index = record.index()
    places = _distinct(
        place for codes in entered.ranges for place in index.places(codes, SHOWN + 1)
    )
    if not places:
        return LookUp(Outcome.NONE, complete=entered.complete)
    found = tuple(_find(record, place) for place in places[:SHOWN])
    if len(places) == 1:
        return LookUp(Outcome.FOUND, 1, found, entered.complete)
    matches = _matches(index, entered.ranges)
    return LookUp(Outcome.SEVERAL, matches, found, entered.complete)


def _distinct(places: Iterable[BallotPlace]) -> list[BallotPlace]:
    """Each place once, by code: the two readings of one entry may overlap."""
    return sorted(set(places))


def _matches(index: CodeIndex, ranges: Sequence[CodeRange]) -> int:
    """Number of ballots in any of at most two ranges."""
    total = sum(index.count(codes) for codes in ranges)
    if len(ranges) > 1:
        first = max(codes.first for codes in ranges)
        last = min(codes.last for codes in ranges)
        total -= index.count(CodeRange(first, last)) if first <= last else 0
    return total


def _find(record: PublicRecord, place: BallotPlace) -> Found:
    ballot = record.ballot(place)
    device = place.file.device
    return Found(device, place.file.path, ballot, record.opening(device, ballot))
