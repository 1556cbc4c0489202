"""The plan of a tally: the sums of every group, computed from the ballots (EQ-X11, EQ-X12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from egcore.elgamal import Ciphertext
from egcore.groups import BallotGroup, groups_of_contest
from egcore.records.tally import PlanLine, PlanOption

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from egcore.group import Group
    from egcore.records.ballot import Ballot
    from egcore.records.manifest import Manifest

IDENTITY = Ciphertext(1, 1)


class Row(NamedTuple):
    """One sum to decrypt: a (group, option) pair of a group that has ballots.

    contest, option: 1-based positions in the manifest. bound: the largest count possible,
    option limit times ballots of the group.
    """

    contest: int
    option: int
    group: str
    a: int
    b: int
    bound: int


class CellSums:
    """Products of the cast ballots of every cell, built from a stream of ballots.

    Holds one ciphertext for each option of each (precinct, contest), never a ballot.
    """

    def __init__(self, group: Group, manifest: Manifest) -> None:
        self._group = group
        self._manifest = manifest
        self._sums: dict[tuple[str, int], list[Ciphertext]] = {}
        self._counts: dict[tuple[str, int], int] = {}

    def add(self, precinct: str, ballot: Ballot) -> None:
        """Multiply a ballot into its cells if it was cast; other statuses are in no sum.

        precinct: that of the ballot's device. ballot: its proofs checked by the caller.
        Cost: two products mod p an option.
        """
        if ballot.status != "cast":
            return
        for contest in ballot.contests:
            cell = (precinct, contest.contest)
            options = [Ciphertext(o.alpha, o.beta) for o in contest.options]
            before = self._sums.get(cell, [IDENTITY] * len(options))
            self._sums[cell] = self._multiply(before, options)
            self._counts[cell] = self._counts.get(cell, 0) + 1

    def count(self, precinct: str, contest: int) -> int:
        """Return the number of cast ballots of a cell; contest is a 1-based position."""
        return self._counts.get((precinct, contest), 0)

    def aggregate(self, ballot_group: BallotGroup) -> list[Ciphertext]:
        """Return (A, B) for each option of a group, (1, 1) where it has no ballot (EQ-X12)."""
        contest = self._manifest.contests[ballot_group.contest - 1]
        total = [IDENTITY] * len(contest.options)
        for precinct in ballot_group.precincts:
            cell = self._sums.get((precinct, ballot_group.contest))
            if cell is not None:
                total = self._multiply(total, cell)
        return total

    def _multiply(
        self, left: Sequence[Ciphertext], right: Sequence[Ciphertext]
    ) -> list[Ciphertext]:
        multiply = self._group.multiply
        return [
            Ciphertext(multiply(x.alpha, y.alpha), multiply(x.beta, y.beta))
            for x, y in zip(left, right, strict=True)
        ]


def all_groups(manifest: Manifest, sums: CellSums) -> tuple[BallotGroup, ...]:
    """Return the groups of every contest, contests in manifest order (EQ-X11)."""
    groups: list[BallotGroup] = []
    for index in range(1, len(manifest.contests) + 1):
        cells = {p.id: sums.count(p.id, index) for p in manifest.precincts}
        groups.extend(groups_of_contest(manifest, index, cells))
    return tuple(groups)


def plan_lines(manifest: Manifest, sums: CellSums) -> tuple[PlanLine, ...]:
    """Return the lines of `tally/plan.ndjson` for the ballots summed so far.

    Every guardian, and the tally, computes this for itself from the sealed record.
    Source: EQ-X11, EQ-X12.
    """
    return tuple(_plan_line(manifest, sums, group) for group in all_groups(manifest, sums))


def _plan_line(manifest: Manifest, sums: CellSums, group: BallotGroup) -> PlanLine:
    contest = manifest.contests[group.contest - 1]
    aggregates = sums.aggregate(group)
    return PlanLine(
        contest=contest.id,
        group=group.name,
        precincts=group.precincts,
        ballots=group.ballots,
        options=tuple(
            PlanOption(option=option.id, a=total.alpha, b=total.beta)
            for option, total in zip(contest.options, aggregates, strict=True)
        ),
    )


def plan_rows(manifest: Manifest, lines: Iterable[PlanLine]) -> tuple[Row, ...]:
    """Return the rows to decrypt, in the plan's order, empty groups left out.

    lines: computed by the caller or compared with its own plan.
    """
    indices = {contest.id: place for place, contest in enumerate(manifest.contests, start=1)}
    rows: list[Row] = []
    for line in lines:
        if line.ballots == 0:
            continue
        index = indices[line.contest]
        bound = manifest.contests[index - 1].option_limit * line.ballots
        rows.extend(
            Row(index, place, line.group, option.a, option.b, bound)
            for place, option in enumerate(line.options, start=1)
        )
    return tuple(rows)
