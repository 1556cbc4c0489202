"""Results that follow from the decrypted counts by the manifest's rules (specs/17)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.errors import ElectionError
from egcore.groups import contest_areas
from egcore.records.results import (
    AreaResult,
    ContestResult,
    Elected,
    GroupResult,
    Lot,
    NoOutcome,
    Results,
    RunOff,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from egcore.hashing import ExtendedBaseHash
    from egcore.records.manifest import Contest, Manifest
    from egcore.records.tally import DecryptedLine, PlanLine


class LotNeeded(ElectionError):  # noqa: N818 - named as its siblings in egcore.errors
    """The rules meet a tie that decides something: a lot must be drawn and signed.

    contest: id. options: the tied options that compete, in manifest order.
    """

    def __init__(self, contest: str, options: tuple[str, ...]) -> None:
        super().__init__(contest, options)
        self.contest = contest
        self.options = options

    def __str__(self) -> str:
        return (
            f"contest {self.contest}: options {', '.join(self.options)} are tied; draw a lot "
            "in public, have the registrars sign it, and pass it on"
        )


RUN_OFF_PLACES = 2


@dataclass(frozen=True)
class _Leader:
    """A candidate with its votes; place is its position in the manifest, from 0."""

    option: str
    place: int
    votes: int


def compute_results(
    manifest: Manifest,
    h_e: ExtendedBaseHash,
    plan: Iterable[PlanLine],
    decrypted: Iterable[DecryptedLine],
    lots: Sequence[Lot] = (),
) -> Results:
    """Return `results.json` for a decrypted plan.

    plan, decrypted: same lines in the same order. lots: drawn ones, their signatures checked by
    the caller; exactly those that the rules demand.
    Raises LotNeeded for a tie without its lot, ValueError for a lot that nothing demands.
    Source: EQ-X13 to EQ-X16.
    """
    by_contest: dict[str, list[tuple[PlanLine, GroupResult]]] = {
        contest.id: [] for contest in manifest.contests
    }
    for line, counts in zip(plan, decrypted, strict=True):
        votes = tuple(option.count for option in counts.options)
        result = GroupResult(group=line.group, ballots=line.ballots, votes=votes)
        by_contest[line.contest].append((line, result))
    drawn = {lot.contest: lot for lot in lots}
    used: set[str] = set()
    contests = []
    for contest in manifest.contests:
        groups = by_contest[contest.id]
        contests.append(_contest_result(manifest, contest, groups, drawn.get(contest.id), used))
    stray = [lot.contest for lot in lots if lot.contest not in used]
    if stray:
        raise ValueError(f"contest {stray[0]}: a lot was given where no tie decides anything")
    return Results(
        h_e=h_e, rehearsal=manifest.rehearsal, contests=tuple(contests), lots=tuple(lots)
    )


def _contest_result(
    manifest: Manifest,
    contest: Contest,
    groups: Sequence[tuple[PlanLine, GroupResult]],
    lot: Lot | None,
    used: set[str],
) -> ContestResult:
    results = [result for _, result in groups]
    votes = _sum_votes(contest, results)
    ballots = sum(result.ballots for result in results)
    outcome, tied = majority_outcome(contest, votes, ballots, lot.order if lot else None)
    if tied:
        if lot is None or set(lot.options) != set(tied):
            raise LotNeeded(contest.id, tied)
        used.add(contest.id)
    return ContestResult(
        contest=contest.id,
        ballots=ballots,
        votes=votes,
        groups=tuple(results),
        areas=_area_results(manifest, contest, groups),
        outcome=outcome,
    )


def majority_outcome(
    contest: Contest, votes: Sequence[int], ballots: int, order: Sequence[str] | None = None
) -> tuple[Elected | RunOff | NoOutcome, tuple[str, ...]]:
    """Return the outcome of a contest, and the tied options that a lot decides among.

    votes: in option order. ballots: cast ballots that carry the contest. order: the tied options
    as drawn; without it the first of the manifest stand in, and the caller must not use the
    outcome if any options are tied.
    Source: EQ-X14, EQ-X15, EQ-X16.
    """
    leaders = sorted(
        (
            _Leader(option.id, place, votes[place])
            for place, option in enumerate(contest.options)
            if option.role == "candidate"
        ),
        key=lambda leader: (-leader.votes, leader.place),
    )
    base = ballots if contest.rule.threshold_base == "cast" else valid_votes(contest, votes)
    if 2 * leaders[0].votes > base:
        first = [leader for leader in leaders if leader.votes == leaders[0].votes]
        tied = _tied(first, places=1)
        return Elected(option=_drawn(first, order)[0].option), tied
    if len(leaders) < RUN_OFF_PLACES or leaders[0].votes == 0:
        return NoOutcome(), ()
    first = [leader for leader in leaders if leader.votes == leaders[0].votes]
    if len(first) > 1:
        pair = sorted(_drawn(first, order)[:RUN_OFF_PLACES], key=lambda leader: leader.place)
        return _run_off(pair), _tied(first, places=RUN_OFF_PLACES)
    second = [leader for leader in leaders if leader.votes == leaders[1].votes]
    return _run_off([leaders[0], _drawn(second, order)[0]]), _tied(second, places=1)


def valid_votes(contest: Contest, votes: Sequence[int]) -> int:
    """Return the sum of the votes of all options but the blank one (EQ-X14)."""
    return sum(
        count
        for option, count in zip(contest.options, votes, strict=True)
        if option.role != "blank"
    )


def _run_off(pair: Sequence[_Leader]) -> RunOff:
    return RunOff(options=(pair[0].option, pair[1].option))


def _tied(leaders: Sequence[_Leader], places: int) -> tuple[str, ...]:
    """Return the options that compete for fewer places than they are."""
    return tuple(leader.option for leader in leaders) if len(leaders) > places else ()


def _drawn(leaders: Sequence[_Leader], order: Sequence[str] | None) -> list[_Leader]:
    if order is None or set(order) != {leader.option for leader in leaders}:
        return list(leaders)
    return sorted(leaders, key=lambda leader: order.index(leader.option))


def _area_results(
    manifest: Manifest, contest: Contest, groups: Sequence[tuple[PlanLine, GroupResult]]
) -> tuple[AreaResult, ...]:
    """Sum groups by area; areas that share a group are one entry (EQ-X13)."""
    areas = contest_areas(manifest, contest)
    area_of = {precinct: area.area for area in areas for precinct in area.precincts}
    order = [area.area for area in areas]
    merged = _merge_areas(order, [{area_of[p] for p in line.precincts} for line, _ in groups])
    entries = []
    for together in merged:
        members = [result for line, result in groups if area_of[line.group] in together]
        entries.append(
            AreaResult(
                areas=together,
                ballots=sum(result.ballots for result in members),
                votes=_sum_votes(contest, members),
            )
        )
    return tuple(entries)


def _merge_areas(order: Sequence[str], shared: Iterable[set[str]]) -> list[tuple[str, ...]]:
    """Return the areas joined transitively by groups, in manifest order."""
    joined: dict[str, set[str]] = {area: {area} for area in order}
    for areas in shared:
        union = set().union(*(joined[area] for area in areas))
        for area in union:
            joined[area] = union
    entries: list[tuple[str, ...]] = []
    for area in order:
        entry = tuple(other for other in order if other in joined[area])
        if entry not in entries:
            entries.append(entry)
    return entries


def _sum_votes(contest: Contest, results: Iterable[GroupResult]) -> tuple[int, ...]:
    total = [0] * len(contest.options)
    for result in results:
        total = [x + y for x, y in zip(total, result.votes, strict=True)]
    return tuple(total)
