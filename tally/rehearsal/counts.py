"""Plain counts, which only a rehearsal knows, against what the record and its verifier say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from egcore.groups import groups_of_contest
from egcore.program import ProgramError
from egcore.records.opening import Opening
from tally.rehearsal.polling import one_hot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from egcore.group import Group
    from egcore.records.manifest import Contest, Manifest
    from tally.rehearsal.polling import Day

_HINT = "keep the folder and report it: the record was accepted and is wrong"

Counts = dict[str, dict[str, dict[str, int]]]


def expected_counts(manifest: Manifest, days: Mapping[str, Day]) -> dict[str, Any]:
    """Return plain counts, `{groups: {group: {contest: {option: n}}}, total: {contest: ...}}`.

    days: by precinct. The manifest's only contest has all ballots.
    """
    contest = manifest.contests[0]
    cells = {precinct: day.cast.total() for precinct, day in days.items()}
    groups: Counts = {}
    total = {option.id: 0 for option in contest.options}
    for group in groups_of_contest(manifest, 1, cells):
        counts = {
            option.id: sum(days[precinct].cast[option.id] for precinct in group.precincts)
            for option in contest.options
        }
        groups[group.name] = {contest.id: counts}
        for option, votes in counts.items():
            total[option] += votes
    return {"groups": groups, "total": {contest.id: total}}


def published_counts(manifest: Manifest, results: bytes) -> dict[str, Any]:
    """Return the counts of `results.json` in the same shape."""
    groups: Counts = {}
    total: dict[str, dict[str, int]] = {}
    for contest, found in zip(manifest.contests, json.loads(results)["contests"], strict=True):
        total[contest.id] = _by_option(contest, found["votes"])
        for group in found["groups"]:
            counts = _by_option(contest, group["votes"])
            groups.setdefault(group["group"], {})[contest.id] = counts
    return {"groups": groups, "total": total}


def require_equal(expected: dict[str, Any], published: dict[str, Any]) -> None:
    """Raise ProgramError, with both values, where the published counts are not the plain ones."""
    for name in ("groups", "total"):
        if expected[name] != published[name]:
            raise ProgramError(
                f"{name}: the voters chose {json.dumps(expected[name], sort_keys=True)}, "
                f"published are {json.dumps(published[name], sort_keys=True)}",
                _HINT,
            )


def require_report(report: bytes, stage: str, days: Mapping[str, Day]) -> None:
    """Require the verifier to accept at this stage, and to have counted every ballot.

    report: what `dalel-verify check --json` wrote. Raises ProgramError.
    """
    value = json.loads(report)
    counts = value["record"]["counts"]
    cast = sum(day.cast.total() for day in days.values())
    challenged = sum(day.challenged for day in days.values())
    due = {
        "verdict": "accepted",
        "stage": stage,
        "rehearsal": True,
        "ballots": cast + challenged,
        "cast": cast,
        "challenged": challenged,
    }
    found = {
        "verdict": value["verdict"],
        "stage": value["stage"],
        "rehearsal": value["record"]["rehearsal"],
        **{name: counts[name] for name in ("ballots", "cast", "challenged")},
    }
    if found != due:
        raise ProgramError(f"the verifier's report: expected {due}, found {found}", _HINT)


def require_opened(openings: bytes, contest: Contest, day: Day, group: Group) -> None:
    """Require the guardians' opening of the ballot whose nonce was lost to show the own choice.

    openings: the file of the box in the record. Raises ProgramError.
    """
    if day.lost is None:
        return
    position, _, option = day.lost
    lines = (Opening.from_bytes(line, group) for line in openings.splitlines(keepends=True))
    found = [list(line.contests[0].selections) for line in lines if line.position == position]
    if found != [one_hot(contest, option)]:
        raise ProgramError(
            f"the guardians opened position {position} as {found}, and another choice was marked",
            _HINT,
        )


def _by_option(contest: Contest, votes: list[int]) -> dict[str, int]:
    return {option.id: count for option, count in zip(contest.options, votes, strict=True)}
