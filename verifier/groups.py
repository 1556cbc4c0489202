"""The groups of a tally, EQ-X11 of specs/08-aggregation.md: what may be decrypted."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verifier.model import Contest, Manifest


@dataclass(frozen=True, slots=True)
class TallyGroup:
    """Precincts whose cast ballots of one contest are decrypted as one sum.

    contest: index from 1. name: the first precinct. ballots: cast ballots that carry the contest.
    """

    contest: int
    contest_id: str
    name: str
    precincts: tuple[str, ...]
    ballots: int


@dataclass(frozen=True)
class TallyGroups:
    """The groups of all contests, in the order of the plan.

    incomplete: precincts of which a ballot could not be read, so that their counts are not known.
    undecided: by index of the contest the precincts whose group may be another one for that.
    known: false when there was no manifest to derive groups from.
    """

    groups: tuple[TallyGroup, ...]
    incomplete: frozenset[str] = frozenset()
    known: bool = True
    undecided: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def is_complete(self, group: TallyGroup) -> bool:
        """Whether this is a group, and every ballot of it could be read."""
        return self.undecided.get(group.contest, frozenset()).isdisjoint(group.precincts)

    @property
    def demanded(self) -> int | None:
        """Number of groups; None when it depends on what could not be read."""
        return len(self.groups) if self.known and not any(self.undecided.values()) else None

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], TallyGroup]:
        """The groups by (contest id, name of the group)."""
        return {(group.contest_id, group.name): group for group in self.groups}

    def of_contest(self, index: int) -> tuple[TallyGroup, ...]:
        """The groups of the contest of this index, from 1, in order."""
        return self._by_contest.get(index, ())

    @cached_property
    def _by_contest(self) -> Mapping[int, tuple[TallyGroup, ...]]:
        found: dict[int, list[TallyGroup]] = {}
        for group in self.groups:
            found.setdefault(group.contest, []).append(group)
        return {index: tuple(groups) for index, groups in found.items()}


def compute_groups(
    manifest: Manifest | None,
    cells: Mapping[tuple[int, str], int],
    incomplete: frozenset[str],
) -> TallyGroups:
    """The groups that EQ-X11 demands for the cast ballots of a record.

    manifest: its rules (0.D) need not hold; unknown names are passed over. cells: for (contest
    index from 1, precinct) the cast ballots that carry the contest, 0 where it has no entry.
    """
    if manifest is None:
        return TallyGroups((), incomplete, known=False)
    visits = precincts_by_area(manifest)
    groups: list[TallyGroup] = []
    undecided: dict[int, frozenset[str]] = {}
    for index, contest in enumerate(manifest.contests, start=1):
        areas = [precincts for _, precincts in visits[contest.id]]
        counts = {p: cells.get((index, p), 0) for precincts in areas for p in precincts}
        for precincts in group_precincts(areas, counts, manifest.floor):
            ballots = sum(counts[p] for p in precincts)
            groups.append(TallyGroup(index, contest.id, precincts[0], precincts, ballots))
        undecided[index] = undecided_precincts(areas, counts, incomplete, manifest.floor)
    return TallyGroups(tuple(groups), incomplete, undecided=undecided)


def undecided_precincts(
    areas: Iterable[list[str]],
    counts: Mapping[str, int],
    incomplete: frozenset[str],
    floor: int,
) -> frozenset[str]:
    """Precincts whose group depends on ballots that could not be read, for one contest.

    An area whose readable ballots reach the floor closes a group whatever the others are, so
    nothing of it stays open: areas up to such a one are decided apart from those after it. Only
    what is open at the very end goes back, to the last group closed before.
    """
    stretches: list[list[str]] = [[]]
    for precincts in areas:
        stretches[-1].extend(precincts)
        if sum(counts[p] for p in precincts) >= floor:
            stretches.append([])
    in_doubt = [not incomplete.isdisjoint(stretch) for stretch in stretches]
    if len(stretches) > 1 and in_doubt[-1]:
        in_doubt[-2] = True
    return frozenset(
        precinct
        for stretch, doubt in zip(stretches, in_doubt, strict=True)
        for precinct in stretch
        if doubt and (counts[precinct] > 0 or precinct in incomplete)
    )


def precincts_by_area(manifest: Manifest) -> Mapping[str, list[tuple[str, list[str]]]]:
    """For each contest the areas of its kind and in each the precincts that have the contest.

    Both in the manifest's order; areas without such a precinct are left out.
    """
    contests_of_style = {style.id: frozenset(style.contests) for style in manifest.styles}
    members: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for precinct in manifest.precincts:
        carried = frozenset[str]().union(
            *(contests_of_style.get(style, frozenset()) for style in precinct.styles)
        )
        for area in precinct.areas:
            members.setdefault(area, []).append((precinct.id, carried))
    return {contest.id: list(_areas(manifest, contest, members)) for contest in manifest.contests}


def _areas(
    manifest: Manifest, contest: Contest, members: Mapping[str, list[tuple[str, frozenset[str]]]]
) -> Iterator[tuple[str, list[str]]]:
    for area in manifest.areas:
        if area.kind != contest.area_kind:
            continue
        inside = [p for p, carried in members.get(area.id, []) if contest.id in carried]
        if inside:
            yield area.id, inside


def group_precincts(
    areas: Iterable[list[str]], counts: Mapping[str, int], floor: int
) -> list[tuple[str, ...]]:
    """EQ-X11 for one contest: the groups in the order of their first precincts.

    areas: the precincts to visit, area by area. counts: cast ballots of each that carry the
    contest. Every precinct visited is in exactly one group.
    """
    groups: list[list[str]] = []  # in the order of their first precincts
    open_group: list[str] | None = None
    open_ballots = 0
    last_closed: list[str] | None = None
    for precincts in areas:
        closed_here: list[str] | None = None
        for precinct in precincts:
            if counts[precinct] == 0:  # step 1
                groups.append([precinct])
                continue
            if open_group is None:  # step 2
                open_group, open_ballots = [], 0
                groups.append(open_group)
            open_group.append(precinct)
            open_ballots += counts[precinct]
            if open_ballots >= floor:
                closed_here = last_closed = open_group
                open_group = None
        if open_group is not None and closed_here is not None:  # step 3
            _move(open_group, closed_here)
            open_group = None
    if open_group is not None and last_closed is not None:  # step 4
        _move(open_group, last_closed)
    return [tuple(group) for group in groups if group]


def _move(open_group: list[str], closed: list[str]) -> None:
    """Append the precincts of the open group to a closed one; what is left of it is no group."""
    closed.extend(open_group)
    open_group.clear()
