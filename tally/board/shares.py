"""Percentages of a contest and their base (EQ-X14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tally.results import valid_votes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from egcore.records.manifest import Contest, Manifest, Option
    from egcore.records.results import ContestResult, Lot, Results

_WHOLE = 10_000


def hundredths_of_percent(votes: int, base: int) -> int | None:
    """Return 100 times votes / base in percent, rounded half up; None when the base is 0.

    Both at least 0. 81.31 % is 8131.
    """
    return (2 * _WHOLE * votes + base) // (2 * base) if base else None


def bar_width(hundredths: int | None) -> str:
    """Return the width of a bar out of 100, as an SVG attribute; never wider than its track."""
    shown = min(hundredths or 0, _WHOLE)
    return f"{shown // 100}.{shown % 100:02d}"


@dataclass(frozen=True)
class Row:
    """One option of a contest: votes, and its share unless it is outside of the base."""

    option: Option
    votes: int
    in_base: bool
    hundredths: int | None
    leads: bool

    @property
    def width(self) -> str:
        """Width of its bar."""
        return bar_width(self.hundredths)


@dataclass(frozen=True)
class ContestShares:
    """The votes of a contest as a page shows them, options in ballot order."""

    contest: Contest
    result: ContestResult
    base: int
    threshold: int
    rows: tuple[Row, ...]
    lots: tuple[Lot, ...] = ()

    @property
    def valid(self) -> int:
        """Sum of the votes of all options but the blank one."""
        return valid_votes(self.contest, self.result.votes)

    @property
    def blank(self) -> int:
        """Votes of the blank option."""
        return sum(row.votes for row in self.rows if row.option.role == "blank")

    @property
    def unmarked(self) -> int | None:
        """Cast ballots without any mark; None where a ballot may hold several."""
        if self.contest.contest_limit > 1:
            return None
        return self.result.ballots - sum(self.result.votes)

    @property
    def leaders(self) -> list[Row]:
        """The options named by the outcome, first place first."""
        return self.named(_named(self.result))

    def named(self, options: Sequence[str]) -> list[Row]:
        """Return the rows of some options, in the order given."""
        return [row for name in options for row in self.rows if row.option.id == name]


def contest_shares(
    contest: Contest, result: ContestResult, lots: Iterable[Lot] = ()
) -> ContestShares:
    """Return the votes of a contest with their shares of its percent base.

    result: for this contest, votes in its option order; ValueError for another number of them.
    lots: those of all contests.
    """
    valid = valid_votes(contest, result.votes)
    bases = {"cast": result.ballots, "valid": valid}
    base = bases[contest.rule.percent_base]
    named = _named(result)
    rows = []
    for option, votes in zip(contest.options, result.votes, strict=True):
        in_base = option.role != "blank" or contest.rule.percent_base == "cast"
        share = hundredths_of_percent(votes, base) if in_base else None
        rows.append(Row(option, votes, in_base, share, option.id in named))
    drawn = tuple(lot for lot in lots if lot.contest == contest.id)
    return ContestShares(
        contest, result, base, bases[contest.rule.threshold_base], tuple(rows), drawn
    )


def all_shares(manifest: Manifest, results: Results | None) -> list[ContestShares]:
    """Return the shares of every contest, in the manifest's order; none before the results.

    results: of this manifest's contests, as `require_results_fit` has checked.
    """
    if results is None:
        return []
    pairs = zip(manifest.contests, results.contests, strict=True)
    return [contest_shares(contest, result, results.lots) for contest, result in pairs]


def _named(result: ContestResult) -> tuple[str, ...]:
    match result.outcome.kind:
        case "elected":
            return (result.outcome.option,)
        case "runoff":
            return result.outcome.options
        case _:
            return ()
