"""Groups of a contest with their precincts, a page of them at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from egcore.records.manifest import Precinct
    from tally.board.record import PublicRecord
    from tally.board.shares import ContestShares
    from tally.board.snapshot import Snapshot

INLINE: Final = 12  # groups that the results page shows itself
ON_A_PAGE: Final = 100
_PAGE: Final = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


@dataclass(frozen=True)
class GroupRow:
    """One group: its precincts, the one that names it first, cast ballots, votes of options."""

    precincts: tuple[Precinct, ...]
    ballots: int
    votes: tuple[int, ...]


@dataclass(frozen=True)
class GroupPage:
    """Some groups of a contest, in the order of the record. number: of the page, from 1."""

    rows: tuple[GroupRow, ...]
    total: int
    number: int
    pages: int


def first_groups(record: PublicRecord, now: Snapshot, shares: ContestShares) -> GroupPage:
    """Return all groups of a contest where they are few, else none of them and their number."""
    total = len(shares.result.groups)
    shown = total if total <= INLINE else 0
    return GroupPage(_rows(record, now, shares, 0, shown), total, 1, _pages(total))


def group_page(
    record: PublicRecord, now: Snapshot, shares: ContestShares, page: str
) -> GroupPage | None:
    """Return a page of groups; None where there is no page of that number.

    page: untrusted.
    """
    total = len(shares.result.groups)
    number = int(page) if _PAGE.fullmatch(page) else 0
    if not 1 <= number <= _pages(total):
        return None
    first = (number - 1) * ON_A_PAGE
    rows = _rows(record, now, shares, first, first + ON_A_PAGE)
    return GroupPage(rows, total, number, _pages(total))


def _pages(total: int) -> int:
    return max(1, -(-total // ON_A_PAGE))


def _rows(
    record: PublicRecord, now: Snapshot, shares: ContestShares, first: int, end: int
) -> tuple[GroupRow, ...]:
    shown = shares.result.groups[first:end]
    if not shown:
        return ()
    shared = record.shared_groups()
    precincts = {precinct.id: precinct for precinct in now.manifest.precincts}
    rows = []
    for group in shown:
        names = shared.get((shares.contest.id, group.group), (group.group,))
        known = tuple(precincts[name] for name in names if name in precincts)
        rows.append(GroupRow(known, group.ballots, group.votes))
    return tuple(rows)
