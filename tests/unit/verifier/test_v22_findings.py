"""V22: item, place and words of each fault, and that one fault does not hide the next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.verifier.small_election import SmallElection
from verifier.checks import v22_results as v22
from verifier.counted import Counted
from verifier.groups import TallyGroup, TallyGroups
from verifier.model_results import AreaResult, ContestResult, GroupResult, Lot, Outcome, Results
from verifier.outcome import Standing
from verifier.report import Finding, Location
from verifier.signatures import Signers

AT = Location(file="results.json", contest="one")
PLACE = "results.json, contest one"
GROUPS = (
    TallyGroup(1, "one", "p-1", ("p-1", "p-2"), 5),
    TallyGroup(1, "one", "p-3", ("p-3",), 4),
)
COUNTED = {"p-1": Counted(5, (3, 2)), "p-3": Counted(4, (1, 3))}
AREAS = [("north", ["p-1"]), ("west", ["p-2"]), ("south", ["p-3"])]
RIGHT = ContestResult(
    AT,
    "one",
    9,
    (4, 5),
    (GroupResult("p-1", 5, (3, 2)), GroupResult("p-3", 4, (1, 3))),
    (AreaResult(("north", "west"), 5, (3, 2)), AreaResult(("south",), 4, (1, 3))),
    Outcome("elected", ("bea",)),
)
TIED = Standing("runoff", ("ada",), ("bea", "cyd"), 1)
LOT = Lot(AT, bytes(32), "one", ("bea", "cyd"), ("cyd", "bea"), "a body", (), {})
WORDS = {
    "22.A": "The published votes of a group are not those that were decrypted.",
    "22.B": "The published totals are not the sums of the groups.",
    "22.C": "Another outcome is published than the votes and the rules give.",
    "22.D": "A lot decides where none may, or none was drawn where one must.",
    "22.E": "Nobody answers for the lot as the rules demand.",
}


def said(item: str, expected: str, found: str, where: str = PLACE) -> Finding:
    return Finding(item, where, expected, found, WORDS[item])


def groups_of(recorded: ContestResult) -> list[Finding]:
    return list(v22.check_groups(GROUPS, COUNTED, recorded))


def sums_of(recorded: ContestResult) -> list[Finding]:
    return list(v22.check_sums(AREAS, GROUPS, COUNTED, 2, recorded))


def test_what_is_right_has_no_finding() -> None:
    assert groups_of(RIGHT) == sums_of(RIGHT) == []


def test_22_a_names_groups_and_each_wrong_count() -> None:
    wrong = (
        GroupResult("p-3", 4, (1, 4)),
        GroupResult("p-9", 1, ()),
        GroupResult("p-1", 6, (3, 2)),
    )
    assert groups_of(replace(RIGHT, groups=wrong)) == [
        said("22.A", "groups p-1, p-3", "groups p-3, p-9, p-1"),
        said("22.A", "4 ballots, votes 1, 3", "4 ballots, votes 1, 4", f"{PLACE}, group p-3"),
        said("22.A", "5 ballots, votes 3, 2", "6 ballots, votes 3, 2", f"{PLACE}, group p-1"),
    ]


def test_22_b_names_the_total_and_each_wrong_area() -> None:
    north, south = RIGHT.areas
    wrong = (replace(north, ballots=4), replace(south, votes=(3, 1)))
    assert sums_of(replace(RIGHT, votes=(), areas=wrong)) == [
        said("22.B", "9 ballots, votes 4, 5", "9 ballots, votes none"),
        said(
            "22.B", "5 ballots, votes 3, 2", "4 ballots, votes 3, 2", f"{PLACE}, group north + west"
        ),
        said("22.B", "4 ballots, votes 1, 3", "4 ballots, votes 3, 1", f"{PLACE}, group south"),
    ]


def test_22_b_names_areas_that_are_not_those_of_the_groups() -> None:
    north, south = RIGHT.areas
    wrong = (replace(north, areas=("north",)), replace(south, areas=("south", "west")))
    assert sums_of(replace(RIGHT, areas=wrong)) == [
        said("22.B", "areas north + west, south", "areas north, south + west")
    ]


def test_22_b_names_contests() -> None:
    found = list(v22.check_contests(["one", "two"], [RIGHT], Location(file="results.json")))
    assert found == [said("22.B", "contests one, two", "contests one", "results.json")]


def test_22_c_names_both_outcomes() -> None:
    assert v22.check_outcome(Standing("elected", ("bea",)), [], RIGHT) == []
    assert v22.check_outcome(TIED, [LOT], RIGHT) == [said("22.C", "runoff ada cyd", "elected bea")]


@pytest.mark.parametrize("lots", [[], [LOT, LOT], [replace(LOT, order=("cyd", "cyd"))]])
def test_22_c_is_not_asked_where_the_lot_is_not_a_proper_one(lots: list[Lot]) -> None:
    assert v22.check_outcome(TIED, lots, RIGHT) == []


def test_22_d_names_how_many_lots() -> None:
    decided = Standing("elected", ("bea",))
    assert list(v22.check_lots(TIED, [LOT], AT)) == list(v22.check_lots(decided, [], AT)) == []
    assert list(v22.check_lots(decided, [LOT], AT)) == [
        said("22.D", "0 lots for this contest", "1")
    ]
    assert list(v22.check_lots(TIED, [], AT)) == [said("22.D", "1 lots for this contest", "0")]


def test_22_d_names_what_each_lot_drew() -> None:
    lot = replace(LOT, options=("cyd", "bea"), order=("cyd", "eve"), at=AT.at(line=7))
    where = "results.json, line 7, contest one"
    assert list(v22.check_lots(TIED, [lot], AT)) == [
        said("22.D", "the tied options bea, cyd", "options cyd, bea", where),
        said("22.D", "an order of bea, cyd", "the order cyd, eve", where),
    ]


def test_22_d_names_lots_out_of_order_and_of_no_contest() -> None:
    lots = [replace(LOT, contest=name) for name in ("two", "one", "two", "nine", "three", "two")]
    assert list(v22.check_lot_order(["one", "two", "three"], lots)) == [
        said("22.D", "lots in the manifest's order", "one after a later one"),
        said("22.D", "a contest of the manifest", "contest nine"),
        said("22.D", "lots in the manifest's order", "two after a later one"),
    ]


def test_22_e_names_the_registrars() -> None:
    registrars = Signers.registrars([bytes(32)])
    assert list(v22.check_lot_signatures(LOT, registrars, 1)) == [
        said("22.E", "valid signatures of at least 1 registrars", "0")
    ]


def test_what_is_demanded_are_the_contests_whatever_the_results_hold() -> None:
    election = SmallElection.load()
    groups, at = election.groups(), Location(file="results.json")
    nothing = Results(at, bytes(32), rehearsal=True, contests=(), lots=())
    assert v22.check(election.context(), groups).demanded == 2
    result = v22.check(election.context(results=nothing), groups)
    assert result.findings == (
        said("22.B", "contests council, points", "contests none", "results.json"),
    )
    assert (result.demanded, result.checked) == (2, 0)
    assert v22.check(election.context(), TallyGroups((), known=False)).demanded is None


def test_a_contest_that_is_missing_does_not_hide_the_next() -> None:
    election = SmallElection.load()
    points = replace(RIGHT, contest="points", at=AT.at(contest="points"))
    lot = replace(LOT, contest="points")
    results = Results(AT, bytes(32), rehearsal=True, contests=(points,), lots=(lot, lot))
    result = v22.check(election.context(results=results), election.groups())
    assert (result.demanded, result.checked) == (2, 1)
    assert [(x.where, x.found) for x in result.findings if x.expected.endswith("this contest")] == [
        ("results.json, contest points", "2")
    ]
    both = replace(results, contests=(replace(RIGHT, contest="council"), points))
    assert v22.check(election.context(results=both), election.groups()).checked == 2
