"""Groups of a contest: which cast ballots are decrypted together (EQ-X11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from egcore.records.manifest import Contest, Manifest


@dataclass(frozen=True)
class BallotGroup:
    """One group of a contest.

    contest: 1-based position of the contest in the manifest.
    precincts: ids in the order visited; the first names the group.
    ballots: cast ballots of these precincts that carry the contest; 0 for an empty group,
    which is published as zeros and never decrypted.
    """

    contest: int
    precincts: tuple[str, ...]
    ballots: int

    @property
    def name(self) -> str:
        """Id of the group's first precinct."""
        return self.precincts[0]


@dataclass(frozen=True)
class AreaPrecincts:
    """An area of a contest and those of its precincts that have the contest, manifest order."""

    area: str
    precincts: tuple[str, ...]


def contest_areas(manifest: Manifest, contest: Contest) -> tuple[AreaPrecincts, ...]:
    """Return the areas in which a contest is held, with their precincts, in manifest order.

    manifest: checked against M-01 to M-13, so each precinct of the contest is in one area of
    the contest's kind. Areas without a precinct of the contest are left out.
    Source: EQ-X11.
    """
    styles = {style.id for style in manifest.styles if contest.id in style.contests}
    kind = {area.id for area in manifest.areas if area.kind == contest.area_kind}
    found: dict[str, list[str]] = {area.id: [] for area in manifest.areas if area.id in kind}
    for precinct in manifest.precincts:
        if styles.intersection(precinct.styles):
            for area in kind.intersection(precinct.areas):
                found[area].append(precinct.id)
    return tuple(AreaPrecincts(area, tuple(ids)) for area, ids in found.items() if ids)


def groups_of_contest(
    manifest: Manifest, contest_index: int, cells: Mapping[str, int]
) -> tuple[BallotGroup, ...]:
    """Return the groups of one contest, ordered by the visit of their first precinct.

    contest_index: 1-based. cells: cast ballots that carry the contest, by precinct id; a
    precinct that is not named has none.
    Source: EQ-X11.
    """
    areas = contest_areas(manifest, manifest.contests[contest_index - 1])
    groups = join_cells((area.precincts for area in areas), cells, manifest.floor)
    visited = [precinct for area in areas for precinct in area.precincts]
    order = {precinct: place for place, precinct in enumerate(visited)}
    groups = sorted(groups, key=lambda precincts: order[precincts[0]])
    return tuple(
        BallotGroup(contest_index, tuple(precincts), sum(cells.get(p, 0) for p in precincts))
        for precincts in groups
    )


def join_cells(
    areas: Iterable[Sequence[str]], cells: Mapping[str, int], floor: int
) -> list[list[str]]:
    """Apply the four steps of EQ-X11 to precincts given area by area.

    Returns lists of precinct ids: disjoint, covering every precinct given, each with at least
    `floor` ballots or with none, except when all ballots together are fewer than `floor`.
    """
    joining = _Joining(cells, floor)
    for area in areas:
        joining.visit_area(area)
    joining.finish()
    return joining.empty + joining.closed


@dataclass
class _Joining:
    """The open group and what has been closed so far."""

    cells: Mapping[str, int]
    floor: int
    empty: list[list[str]] = field(default_factory=list)
    closed: list[list[str]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def visit_area(self, precincts: Sequence[str]) -> None:
        closed_before = len(self.closed)
        for precinct in precincts:
            if self.cells.get(precinct, 0) == 0:
                self.empty.append([precinct])  # step 1
                continue
            self.open.append(precinct)  # step 2
            if sum(self.cells[p] for p in self.open) >= self.floor:
                self._close()
        if self.open and len(self.closed) > closed_before:
            self._join_last()  # step 3

    def finish(self) -> None:
        if self.open and self.closed:
            self._join_last()  # step 4
        elif self.open:
            self._close()

    def _close(self) -> None:
        self.closed.append(self.open)
        self.open = []

    def _join_last(self) -> None:
        self.closed[-1].extend(self.open)
        self.open = []
