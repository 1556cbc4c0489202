"""Verification 21: the plan is for the groups that the rules demand, all and only those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.context import Context
    from verifier.groups import TallyGroup, TallyGroups
    from verifier.model import Contest, PlanLine

ID = "V21"
TITLE = "Plan"

_FILE: Final = "tally/plan.ndjson"
_MOST_NAMED: Final = 12
_MEANING = {
    "21.A": "Other sums were to be decrypted than those of the groups, which may single out few.",
    "21.B": "The group was not made of the ballots that the record holds for it.",
    "21.C": "Votes for an option of this group were not to be counted, or not as they were cast.",
}


def _fails(at: Location, item: str, expected: str, found: str) -> Finding:
    return at.fails(item, expected=expected, found=found, meaning=_MEANING[item])


def _listed(names: Sequence[str]) -> str:
    """Names as a finding may print them: not more than a dozen."""
    more = f", ... ({len(names)})" if len(names) > _MOST_NAMED else ""
    return f"{', '.join(names[:_MOST_NAMED]) or 'none'}{more}"


def check_rows(
    groups: Sequence[TallyGroup], lines: Sequence[tuple[str, str]], at: Location
) -> Iterator[Finding]:
    """21.A: the lines are those of the groups, contest by contest, in order.

    groups: of EQ-X11, every count known. lines: (contest, group) of each line of the plan.
    """
    rows = [(group.contest_id, group.name) for group in groups]
    if list(lines) == rows:
        return
    for place, (row, line) in enumerate(zip(rows, lines, strict=False), start=1):
        if row != line:
            yield _fails(
                at.at(line=place),
                "21.A",
                f"contest {row[0]}, group {row[1]}",
                f"contest {line[0]}, group {line[1]}",
            )
            break
    if len(rows) != len(lines):
        yield _fails(at, "21.A", f"{len(rows)} lines", f"{len(lines)} lines")


def check_line(group: TallyGroup, contest: Contest, line: PlanLine) -> Iterator[Finding]:
    """21.A (precincts), 21.B, 21.C of one line of the plan.

    group: the one of EQ-X11 with the name of the line, of which every ballot could be read.
    """
    if line.precincts != group.precincts:
        yield _fails(
            line.at,
            "21.A",
            f"precincts {_listed(group.precincts)}",
            f"precincts {_listed(line.precincts)}",
        )
    if line.ballots != group.ballots:
        yield _fails(line.at, "21.B", f"{group.ballots} ballots", f"{line.ballots} ballots")
    expected = [option.id for option in contest.options]
    found = [option.option for option in line.options]
    if found != expected:
        yield _fails(line.at, "21.C", f"options {_listed(expected)}", f"options {_listed(found)}")


def check(context: Context, groups: TallyGroups) -> VerificationResult:
    """V21 of a record; units are the groups of EQ-X11.

    While a ballot is unreadable the groups that depend on its precinct are not known: the rows are
    then not compared, and those groups stay unchecked.
    """
    tally = Tally(ID, TITLE)
    if context.manifest is None or not groups.known:
        return tally.conclude(None)
    waiting = {(group.contest_id, group.name): group for group in groups.groups}
    rows = []
    for line in context.plan_lines():
        rows.append((line.contest, line.group))
        group = waiting.pop((line.contest, line.group), None)
        if group is not None and groups.is_complete(group):
            tally.add(check_line(group, context.contest(group.contest), line))
            tally.checked += 1
    if context.is_whole(_FILE) and not groups.incomplete:
        tally.add(check_rows(groups.groups, rows, Location(file=_FILE)))
    return tally.conclude(groups.demanded)
