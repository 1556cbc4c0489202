"""Verification 11: the tally has the contests and options of the manifest, all and only those."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from verifier.context import Context
    from verifier.groups import TallyGroup, TallyGroups
    from verifier.model import Contest, DecryptedLine

ID = "V11"
TITLE = "Contents of the tally"

_FILE = "tally/decrypted.ndjson"
_PLAN = "tally/plan.ndjson"
_UNKNOWN = "Votes are published for something that nobody could vote on."
_MISSING = "Votes that were cast are not in the published tally."
_MEANING = {
    "11.A": _UNKNOWN,
    "11.B": _UNKNOWN,
    "11.C": _MISSING,
    "11.D": _MISSING,
    "11.P": "Other sums were decrypted than those of the groups, or some were not.",
}


def _fails(at: Location, item: str, expected: str, found: str) -> Finding:
    return at.fails(item, expected=expected, found=found, meaning=_MEANING[item])


def check_labels(
    contests: Collection[Contest], contest: str, options: Sequence[str], at: Location
) -> Iterator[Finding]:
    """11.A, 11.B: the contest of a line exists in the manifest, and its options in the contest.

    contests: of the manifest. contest, options: ids on a line of the plan or the decryption.
    """
    known = next((entry for entry in contests if entry.id == contest), None)
    if known is None:
        yield _fails(at, "11.A", "a contest of the manifest", f"contest {contest}")
        return
    ids = {option.id for option in known.options}
    for option in options:
        if option not in ids:
            yield _fails(at, "11.B", f"an option of contest {contest}", f"option {option}")


def check_options(contest: Contest, options: Sequence[str], at: Location) -> Iterator[Finding]:
    """11.C: the line has every option of its contest, once, in the manifest's order.

    Options that the manifest does not have are 11.B and are passed over here.
    """
    expected = [option.id for option in contest.options]
    found = [option for option in options if option in expected]
    if found != expected:
        yield _fails(at, "11.C", f"options {', '.join(expected)}", f"options {', '.join(found)}")


def check_contests_on_ballots(
    on_ballots: Collection[str], decrypted: Collection[str], at: Location
) -> Iterator[Finding]:
    """11.D: every contest on a cast ballot has a line in the decryption. Both are contest ids."""
    for contest in sorted(set(on_ballots) - set(decrypted)):
        yield _fails(at, "11.D", f"a line for contest {contest}", "none, but ballots carry it")


def check_rows(
    groups: Sequence[tuple[str, str]], lines: Sequence[tuple[str, str]], at: Location
) -> Iterator[Finding]:
    """11.P: the lines are those of the groups, in order. Both are pairs (contest, group)."""
    for place, (group, line) in enumerate(zip(groups, lines, strict=False), 1):
        if group != line:
            yield _fails(
                at.at(line=place),
                "11.P",
                f"contest {group[0]}, group {group[1]}",
                f"contest {line[0]}, group {line[1]}",
            )
            break
    if len(groups) != len(lines):
        yield _fails(at, "11.P", f"{len(groups)} lines", f"{len(lines)} lines")


def check_form(ballots: int, line: DecryptedLine, at: Location) -> Iterator[Finding]:
    """11.P: a group with ballots has T, c, v for each option; one without has zeros alone.

    ballots: cast ballots of the group, counted by the verifier.
    """
    for option in line.options:
        proven = option.power is not None  # and so are c and v: None together (0.C)
        place = at.at(option=option.option)
        if ballots > 0 and not proven:
            yield _fails(place, "11.P", "T, c and v", f"{ballots} ballots and no proof")
        if ballots == 0 and (option.count != 0 or proven):
            yield _fails(place, "11.P", "0 and nothing else", f"{option.count}, or a proof")


def check(context: Context, groups: TallyGroups) -> VerificationResult:
    """V11 of a record; units are the groups of EQ-X11.

    11.A and 11.B speak of the plan as well: without all of its lines V11 does not pass.
    """
    tally = Tally(ID, TITLE)
    manifest = context.manifest
    if manifest is None or not groups.known:
        return tally.conclude(None)
    for planned in context.plan_lines():
        at = planned.at.at(contest=planned.contest, group=planned.group)
        options = [option.option for option in planned.options]
        tally.add(check_labels(manifest.contests, planned.contest, options, at))
    waiting = {(group.contest_id, group.name): group for group in groups.groups}
    rows = []
    for line in context.decrypted_lines():
        rows.append((line.contest, line.group))
        group = waiting.pop((line.contest, line.group), None)
        known = group if group is not None and groups.is_complete(group) else None
        _check_line(tally, context, known, line)
    at = Location(file=_FILE)
    on_ballots = {group.contest_id for group in groups.groups if group.ballots > 0}
    if context.is_whole(_FILE) and not groups.incomplete:
        tally.add(check_rows([(g.contest_id, g.name) for g in groups.groups], rows, at))
        tally.add(check_contests_on_ballots(on_ballots, {contest for contest, _ in rows}, at))
    return tally.conclude(groups.demanded if context.is_whole(_PLAN) else None)


def _check_line(
    tally: Tally, context: Context, group: TallyGroup | None, line: DecryptedLine
) -> None:
    """Check one line; group: the one it belongs to, None if none or if its size is not known."""
    at = line.at.at(contest=line.contest, group=line.group)
    options = [option.option for option in line.options]
    contests = () if context.manifest is None else context.manifest.contests
    tally.add(check_labels(contests, line.contest, options, at))
    index = context.contest_indices.get(line.contest)
    if index is not None:
        tally.add(check_options(context.contest(index), options, at))
    if group is not None:
        tally.add(check_form(group.ballots, line, at))
        tally.checked += 1
