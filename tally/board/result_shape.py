"""Whether results have the shape of their manifest, so that a page can show them.

The numbers themselves are the verifier's to judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from egcore.errors import MalformedRecord
from egcore.records.results import Elected, RunOff

if TYPE_CHECKING:
    from egcore.records.manifest import Contest, Manifest
    from egcore.records.results import ContestResult, Results


def require_results_fit(manifest: Manifest, results: Results) -> None:
    """Raise MalformedRecord unless results name the contests, options and areas of a manifest.

    Contests in the manifest's order, one number of votes for each option everywhere, an outcome
    and lots that name options of their contest, areas and groups that the manifest has.
    """
    due = [contest.id for contest in manifest.contests]
    found = [result.contest for result in results.contests]
    if due != found:
        _refuse(f"expected the contests {', '.join(due)[:200]}, found {', '.join(found)[:200]}")
    areas = {area.id for area in manifest.areas}
    precincts = {precinct.id for precinct in manifest.precincts}
    for contest, result in zip(manifest.contests, results.contests, strict=True):
        _require_contest_fits(contest, result)
        if not all(areas.issuperset(area.areas) for area in result.areas):
            _refuse(f"contest {contest.id} has an area that the manifest has not")
        if not all(group.group in precincts for group in result.groups):
            _refuse(f"contest {contest.id} has a group named by no precinct of the manifest")
    options = {
        contest.id: {option.id for option in contest.options} for contest in manifest.contests
    }
    for lot in results.lots:
        if not options.get(lot.contest, set()).issuperset((*lot.options, *lot.order)):
            _refuse(f"a lot for contest {lot.contest} names an option that it has not")


def _require_contest_fits(contest: Contest, result: ContestResult) -> None:
    due = len(contest.options)
    groups = [group.votes for group in result.groups]
    for votes in (result.votes, *groups, *(area.votes for area in result.areas)):
        if len(votes) != due:
            _refuse(f"contest {contest.id}: expected {due} numbers of votes, found {len(votes)}")
    named: tuple[str, ...] = ()
    if isinstance(result.outcome, Elected):
        named = (result.outcome.option,)
    elif isinstance(result.outcome, RunOff):
        named = result.outcome.options
    candidates = {option.id for option in contest.options if option.role == "candidate"}
    if not candidates.issuperset(named) or len(set(named)) != len(named):
        _refuse(f"contest {contest.id}: the outcome names what is none of its candidates")


def _refuse(reason: str) -> NoReturn:
    raise MalformedRecord("results.json", reason)
