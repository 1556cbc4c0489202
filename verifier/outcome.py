"""What the counts of a contest mean: sums, the outcome, and whether lots are drawn.

EQ-X13 to EQ-X16 of specs/17-results.md. Votes are in option order, as the manifest lists them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.model_results import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verifier.model import Contest

CANDIDATE: Final = "candidate"
BLANK: Final = "blank"
CAST: Final = "cast"
ELECTED: Final = "elected"
RUNOFF: Final = "runoff"
NONE: Final = "none"
_PLACES_OF_A_RUNOFF: Final = 2


def add_votes(rows: Iterable[Sequence[int]], options: int) -> tuple[int, ...]:
    """EQ-X13: the sums of counts, option by option. Each row has `options` counts."""
    sums = [0] * options
    for row in rows:
        for place, count in enumerate(row):
            sums[place] += count
    return tuple(sums)


def join_areas(
    areas: Sequence[tuple[str, Sequence[str]]], group_of: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """EQ-X13: the areas of a contest, those that share a group together, transitively.

    areas: the area's id and its precincts that have the contest, in the manifest's order.
    group_of: the group of each precinct. Entries are in the order of their first area.
    """
    leader = {area: area for area, _ in areas}  # area -> an earlier area of its entry, or itself

    def first(area: str) -> str:
        while leader[area] != area:
            area = leader[area]
        return area

    order = {area: place for place, (area, _) in enumerate(areas)}
    seen: dict[str, str] = {}  # group -> an area that has a part of it
    for area, precincts in areas:
        for precinct in precincts:
            other = first(seen.setdefault(group_of.get(precinct, precinct), area))
            mine = first(area)
            early, late = sorted((mine, other), key=order.__getitem__)
            leader[late] = early
    entries: dict[str, list[str]] = {}
    for area, _ in areas:
        entries.setdefault(first(area), []).append(area)
    return [tuple(entry) for entry in entries.values()]


def base_of(kind: str, contest: Contest, votes: Sequence[int], ballots: int) -> int:
    """EQ-X14: the number that shares are measured against.

    kind: `cast` (ballots that carry the contest) or `valid` (votes for options that are not blank).
    """
    if kind == CAST:
        return ballots
    return sum(
        count for count, option in zip(votes, contest.options, strict=True) if option.role != BLANK
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """EQ-X15 as far as the votes decide it.

    certain: options that have a place. tied: options that draw lots for `places` open places, in
    the manifest's order; empty when no lot is needed (EQ-X16).
    """

    kind: str
    certain: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()
    places: int = 0

    def admits(self, order: Sequence[str]) -> bool:
        """EQ-X16: whether `order` is a permutation of the tied options."""
        return sorted(order) == sorted(self.tied)

    def outcome(self, order: Sequence[str] = ()) -> Outcome:
        """EQ-X15: the outcome once the lot is drawn; `order` is admitted, empty without a lot.

        The tied options that were drawn stand in the manifest's order, after the certain one.
        """
        drawn = set(order[: self.places])
        return Outcome(self.kind, (*self.certain, *(o for o in self.tied if o in drawn)))


def standing(contest: Contest, votes: Sequence[int], ballots: int) -> Standing:
    """EQ-X15 for one contest.

    votes: in option order. ballots: cast ballots that carry the contest.
    """
    candidates = [
        (option.id, count)
        for option, count in zip(contest.options, votes, strict=True)
        if option.role == CANDIDATE
    ]
    base = base_of(contest.rule.threshold_base, contest, votes, ballots)
    most = max((count for _, count in candidates), default=0)
    if 2 * most > base:  # step 1
        leaders = _with(candidates, most)
        return (
            Standing(ELECTED, leaders) if len(leaders) == 1 else Standing(ELECTED, (), leaders, 1)
        )
    if len(candidates) < _PLACES_OF_A_RUNOFF or most == 0:  # step 2
        return Standing(NONE)
    return _run_off(candidates, most)


def _with(candidates: Iterable[tuple[str, int]], votes: int) -> tuple[str, ...]:
    return tuple(option for option, count in candidates if count == votes)


def _run_off(candidates: Sequence[tuple[str, int]], most: int) -> Standing:
    """Step 3, with at least two candidates, of whom one has votes."""
    first = _with(candidates, most)
    if len(first) == _PLACES_OF_A_RUNOFF:
        return Standing(RUNOFF, first)
    if len(first) > _PLACES_OF_A_RUNOFF:
        return Standing(RUNOFF, (), first, _PLACES_OF_A_RUNOFF)
    second = _with(candidates, max(count for _, count in candidates if count < most))
    if len(second) == 1:
        return Standing(RUNOFF, first + second)
    return Standing(RUNOFF, first, second, 1)
