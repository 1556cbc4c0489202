"""Verification 22: the results follow from the counts by the manifest's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.counted import Counted, DecryptedCounts
from verifier.groups import precincts_by_area
from verifier.outcome import join_areas, standing
from verifier.report import Finding, Location, Tally, VerificationResult
from verifier.signatures import Signers, signature_faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verifier.context import Context
    from verifier.groups import TallyGroup, TallyGroups
    from verifier.model import Manifest
    from verifier.model_results import (
        AreaResult,
        ContestResult,
        GroupResult,
        Lot,
        Outcome,
        Results,
    )
    from verifier.outcome import Standing

ID = "V22"
TITLE = "Results"

_MOST_NAMED: Final = 12
_MEANING = {
    "22.A": "The published votes of a group are not those that were decrypted.",
    "22.B": "The published totals are not the sums of the groups.",
    "22.C": "Another outcome is published than the votes and the rules give.",
    "22.D": "A lot decides where none may, or none was drawn where one must.",
    "22.E": "Nobody answers for the lot as the rules demand.",
}


def _fails(at: Location, item: str, expected: str, found: str) -> Finding:
    return at.fails(item, expected=expected, found=found, meaning=_MEANING[item])


def _listed(names: Sequence[object]) -> str:
    """Names or numbers as a finding may print them: not more than a dozen."""
    more = f", ... ({len(names)})" if len(names) > _MOST_NAMED else ""
    return f"{', '.join(map(str, names[:_MOST_NAMED])) or 'none'}{more}"


def _differs(
    counted: Counted, recorded: GroupResult | AreaResult | ContestResult, item: str, at: Location
) -> Iterator[Finding]:
    if (recorded.ballots, recorded.votes) != (counted.ballots, counted.votes):
        yield _fails(
            at,
            item,
            f"{counted.ballots} ballots, votes {_listed(counted.votes)}",
            f"{recorded.ballots} ballots, votes {_listed(recorded.votes)}",
        )


def check_groups(
    groups: Sequence[TallyGroup], counted: Mapping[str, Counted], recorded: ContestResult
) -> Iterator[Finding]:
    """22.A for one contest: its groups are those of EQ-X11, with the votes decrypted for them.

    counted: of every group of the contest, by name.
    """
    expected = [group.name for group in groups]
    found = [entry.group for entry in recorded.groups]
    if found != expected:
        wanted = f"groups {_listed(expected)}"
        yield _fails(recorded.at, "22.A", wanted, f"groups {_listed(found)}")
    for entry in recorded.groups:
        known = counted.get(entry.group)
        if known is not None:
            yield from _differs(known, entry, "22.A", recorded.at.at(group=entry.group))


def check_sums(
    areas: Sequence[tuple[str, Sequence[str]]],
    groups: Sequence[TallyGroup],
    counted: Mapping[str, Counted],
    options: int,
    recorded: ContestResult,
) -> Iterator[Finding]:
    """22.B for one contest: EQ-X13 for the whole and for each entry of areas.

    areas: the areas of the contest with their precincts. counted: of every group, by name.
    """
    total = Counted.sum_of(counted.values(), options)
    yield from _differs(total, recorded, "22.B", recorded.at)
    group_of = {precinct: group.name for group in groups for precinct in group.precincts}
    precincts = dict(areas)
    expected = join_areas(areas, group_of)
    found = [entry.areas for entry in recorded.areas]
    if found != expected:
        wanted = _listed([" + ".join(entry) for entry in expected])
        listed = _listed([" + ".join(entry) for entry in found])
        yield _fails(recorded.at, "22.B", f"areas {wanted}", f"areas {listed}")
        return
    for entry in recorded.areas:
        names = {group_of[p]: None for area in entry.areas for p in precincts[area]}
        known = Counted.sum_of([counted[name] for name in names], options)
        yield from _differs(known, entry, "22.B", recorded.at.at(group=" + ".join(entry.areas)))


def check_lots(stand: Standing, lots: Sequence[Lot], at: Location) -> Iterator[Finding]:
    """22.D for one contest: a lot stands there exactly when EQ-X16 demands one, and is a lot.

    lots: those that name the contest.
    """
    demanded = 1 if stand.tied else 0
    if len(lots) != demanded:
        yield _fails(at, "22.D", f"{demanded} lots for this contest", f"{len(lots)}")
    if not demanded:
        return
    for lot in lots:
        if lot.options != stand.tied:
            wanted = f"the tied options {_listed(stand.tied)}"
            yield _fails(lot.at, "22.D", wanted, f"options {_listed(lot.options)}")
        if not stand.admits(lot.order):
            wanted = f"an order of {_listed(stand.tied)}"
            yield _fails(lot.at, "22.D", wanted, f"the order {_listed(lot.order)}")


def check_lot_order(contests: Sequence[str], lots: Sequence[Lot]) -> Iterator[Finding]:
    """22.D: lots are for contests of the manifest and in its order. contests: ids, in order."""
    place = {contest: number for number, contest in enumerate(contests)}
    last = -1
    for lot in lots:
        number = place.get(lot.contest)
        if number is None:
            yield _fails(lot.at, "22.D", "a contest of the manifest", f"contest {lot.contest}")
        elif number < last:
            yield _fails(
                lot.at, "22.D", "lots in the manifest's order", f"{lot.contest} after a later one"
            )
        else:
            last = number


def check_outcome(stand: Standing, lots: Sequence[Lot], recorded: ContestResult) -> list[Finding]:
    """22.C for one contest. Where a lot is needed and there is no proper one, 22.D has said so."""
    if stand.tied and not (len(lots) == 1 and stand.admits(lots[0].order)):
        return []
    outcome = stand.outcome(lots[0].order if stand.tied else ())
    if recorded.outcome == outcome:
        return []
    return [_fails(recorded.at, "22.C", _words(outcome), _words(recorded.outcome))]


def _words(outcome: Outcome) -> str:
    return " ".join([outcome.kind, *outcome.options])


def check_lot_signatures(lot: Lot, registrars: Signers, need: int) -> Iterator[Finding]:
    """22.E: at least `need` registrars signed the lot, and no signature is invalid."""
    for expected, found in signature_faults("lot", lot.content, lot.sigs, registrars, need):
        yield _fails(lot.at, "22.E", expected, found)


def check_contests(
    contests: Sequence[str], recorded: Iterable[ContestResult], at: Location
) -> Iterator[Finding]:
    """22.B: the results list the contests of the manifest, in its order."""
    found = [entry.contest for entry in recorded]
    if found != list(contests):
        yield _fails(at, "22.B", f"contests {_listed(contests)}", f"contests {_listed(found)}")


def check(context: Context, groups: TallyGroups) -> VerificationResult:
    """V22 of a record; units are the contests of the manifest.

    A contest is checked when every group of it was decrypted and every ballot in it could be read.
    """
    tally = Tally(ID, TITLE)
    manifest, results = context.manifest, context.results
    if manifest is None or not groups.known:
        return tally.conclude(None)
    if results is None:
        return tally.conclude(len(manifest.contests))
    ids = [contest.id for contest in manifest.contests]
    tally.add(check_contests(ids, results.contests, results.at))
    tally.add(check_lot_order(ids, results.lots))
    registrars = Signers.registrars(manifest.registrars.keys)
    for lot in results.lots:
        tally.add(check_lot_signatures(lot, registrars, manifest.registrars.need))
    _check_each(tally, context, manifest, results, groups)
    return tally.conclude(len(manifest.contests))


def _check_each(
    tally: Tally, context: Context, manifest: Manifest, results: Results, groups: TallyGroups
) -> None:
    """22.A to 22.D of every contest that is in the results and was decrypted."""
    counts, areas = DecryptedCounts(context, groups), precincts_by_area(manifest)
    recorded = {entry.contest: entry for entry in reversed(results.contests)}
    drawn: dict[str, list[Lot]] = {}
    for lot in results.lots:
        drawn.setdefault(lot.contest, []).append(lot)
    for index, contest in enumerate(manifest.contests, start=1):
        entry, counted = recorded.get(contest.id), counts.of(index)
        if entry is None or counted is None:
            continue
        own, options = groups.of_contest(index), len(contest.options)
        tally.add(check_groups(own, counted, entry))
        tally.add(check_sums(areas[contest.id], own, counted, options, entry))
        total = Counted.sum_of(counted.values(), options)
        stand = standing(contest, total.votes, total.ballots)
        lots = drawn.get(contest.id, [])
        tally.add(check_lots(stand, lots, entry.at))
        tally.add(check_outcome(stand, lots, entry))
        tally.checked += 1
