"""V9 to V11 and V21 over the sums and the tally: counting, places, and what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.verifier.small_election import (
    DECRYPTED,
    FIRST,
    LAST,
    PLAN,
    VOID,
    SmallElection,
    failed,
    statuses,
)
from verifier.checks import v09_aggregation, v10_tally_decryption, v11_tally_contents, v21_plan
from verifier.groups import TallyGroups
from verifier.report import Status


@pytest.fixture
def election() -> SmallElection:
    return SmallElection.load()


def test_v9_takes_cast_ballots_and_no_others(election: SmallElection) -> None:
    election.change_ballot(VOID, status="cast")
    results = election.verify()
    assert results["V9"].failed_items == {"9.A", "9.B"}
    assert {finding.where for finding in results["V9"].findings} == {
        f"contest {contest}, group p-1, option {option}"
        for contest, options in (("council", ("ada", "bea", "cyd")), ("points", ("north", "south")))
        for option in options
    }


def test_a_missing_line_of_the_plan_is_not_checked(election: SmallElection) -> None:
    del election.plan[0]
    result = election.verify()["V9"]
    assert result.status is Status.NOT_CHECKED
    assert (result.demanded, result.checked) == (4, 3)


def test_a_missing_option_of_the_plan_is_not_checked(election: SmallElection) -> None:
    line = election.plan[0]
    election.plan[0] = replace(line, options=line.options[1:])
    result = election.verify()["V9"]
    assert (result.status, result.checked) == (Status.NOT_CHECKED, 3)


def test_a_repeated_line_of_the_plan_is_not_counted_twice(election: SmallElection) -> None:
    election.plan[1] = election.plan[0]
    result = election.verify()["V9"]
    assert (result.status, result.checked) == (Status.NOT_CHECKED, 3)


def test_the_sum_for_v10_is_never_that_of_the_files(election: SmallElection) -> None:
    """L11: a plan and a decryption of another sum, right by themselves."""
    election.change_ballot(FIRST, status="void")
    results = election.verify()
    assert {"9.A", "9.B"} <= failed(results)
    assert "10.B" in failed(results)


def test_a_missing_line_of_the_decryption(election: SmallElection) -> None:
    del election.decrypted[0]
    results = election.verify()
    assert failed(results) == {"11.P"}
    assert (results["V10"].status, results["V10"].checked) == (Status.NOT_CHECKED, 2)


def test_a_missing_contest_of_the_decryption(election: SmallElection) -> None:
    del election.decrypted[2:]
    assert failed(election.verify()) == {"11.D", "11.P"}


def test_a_decryption_that_is_not_there_is_not_checked(election: SmallElection) -> None:
    election.decrypted.clear()
    election.faulty = frozenset({DECRYPTED})
    results = election.verify()
    assert statuses(results, Status.NOT_CHECKED) == {"V10", "V11"}
    assert failed(results) == set()


def test_v11_does_not_pass_without_all_lines_of_the_plan(election: SmallElection) -> None:
    assert election.verify()["V11"].status is Status.PASS
    election.faulty = frozenset({PLAN})
    result = election.verify()["V11"]
    assert (result.status, result.demanded, result.checked) == (Status.NOT_CHECKED, None, 4)


def test_a_group_without_a_proof_is_not_checked_by_v10(election: SmallElection) -> None:
    line = election.decrypted[0]
    bare = replace(line.options[0], power=None, c=None, v=None)
    election.decrypted[0] = replace(line, options=(bare, *line.options[1:]))
    results = election.verify()
    assert failed(results) == {"11.P"}
    assert results["V10"].checked == 4


def test_a_count_above_the_bound(election: SmallElection) -> None:
    line = election.decrypted[0]
    high = replace(line.options[0], count=4)
    election.decrypted[0] = replace(line, options=(high, *line.options[1:]))
    results = election.verify()
    assert failed(results) == {"10.C", "10.Q"}
    assert {finding.where for finding in results["V10"].findings} == {
        "contest council, group p-1, option ada"
    }


def test_an_empty_group_with_a_proof_is_none_of_v10(election: SmallElection) -> None:
    line, proven = election.decrypted[1], election.decrypted[0].options
    options = tuple(replace(option, count=0) for option in proven)
    election.decrypted[1] = replace(line, options=options)
    results = election.verify()
    assert failed(results) == {"11.P"}
    assert (results["V10"].demanded, results["V10"].checked) == (5, 5)


def test_a_group_of_one_ballot_is_checked(election: SmallElection) -> None:
    election.change_ballot(LAST, status="void")
    election.change_ballot(4, status="void")
    result = election.verify()["V10"]
    assert (result.demanded, result.checked) == (5, 5)
    assert result.failed_items == {"10.B", "10.Q"}


def test_a_missing_option_of_the_decryption(election: SmallElection) -> None:
    line = election.decrypted[0]
    election.decrypted[0] = replace(line, options=line.options[1:])
    results = election.verify()
    assert failed(results) == {"11.C"}
    assert (results["V10"].status, results["V10"].checked) == (Status.NOT_CHECKED, 4)


def test_without_groups_nothing_of_the_tally_passes(election: SmallElection) -> None:
    context, unknown = election.context(), TallyGroups((), known=False)
    sums = v09_aggregation.Verification(context)
    results = (
        sums.finish(unknown),
        v10_tally_decryption.check(context, unknown, sums.products),
        v11_tally_contents.check(context, unknown),
        v21_plan.check(context, unknown),
    )
    for result in results:
        assert (result.status, result.demanded) == (Status.NOT_CHECKED, None)


def test_findings_say_how_many_were_expected(election: SmallElection) -> None:
    ballot = election.ballots[FIRST]
    council, points = ballot.contests
    bare = replace(points.options[0], proof=())
    points = replace(points, options=(bare, points.options[1]), limit_proof=())
    election.change_ballot(FIRST, contests=(council, points))
    line = election.decrypted[0]
    high = replace(line.options[0], count=4)
    election.decrypted[0] = replace(line, options=(high, *line.options[1:]))
    results = election.verify()
    said = {
        finding.item: (finding.expected, finding.found)
        for name in ("V6", "V7", "V10")
        for finding in results[name].findings
    }
    assert said["6.P"] == ("3 proof entries", "0 proof entries")
    assert said["7.P"] == ("4 proof entries", "0 proof entries")
    assert said["10.Q"] == ("at most 3 votes", "4 votes")


def test_an_unknown_contest_in_plan_and_decryption(election: SmallElection) -> None:
    election.plan.append(replace(election.plan[0], contest="mayor"))
    election.decrypted.append(replace(election.decrypted[0], contest="mayor"))
    results = election.verify()
    assert [finding.item for finding in results["V11"].findings].count("11.A") == 2
    assert failed(results) == {"11.A", "11.P"}


def test_lines_in_another_order_are_named_by_the_first_that_differs(
    election: SmallElection,
) -> None:
    election.decrypted[1], election.decrypted[2] = election.decrypted[2], election.decrypted[1]
    (finding,) = election.verify()["V11"].findings
    assert (finding.item, finding.where) == ("11.P", f"{DECRYPTED}, line 2")
    assert finding.expected == "contest council, group p-3"
    assert finding.found == "contest points, group p-1"


def void_all_but(election: SmallElection, kept: int | None) -> None:
    for place, ballot in enumerate(election.ballots):
        if ballot.status == "cast" and place != kept:
            election.change_ballot(place, status="void")


@pytest.mark.parametrize(("kept", "items"), [(None, {"11.P"}), (FIRST, {"11.D", "11.P"})])
def test_a_contest_must_be_in_the_tally_when_a_cast_ballot_carries_it(
    kept: int | None, items: set[str], election: SmallElection
) -> None:
    void_all_but(election, kept)
    election.decrypted.clear()
    assert election.verify()["V11"].failed_items == items


def test_a_group_of_one_ballot_needs_its_proof(election: SmallElection) -> None:
    void_all_but(election, FIRST)
    first = election.groups().groups[0]
    assert (first.contest_id, first.name, first.ballots) == ("council", "p-1", 1)
    empty = election.decrypted[1]
    election.decrypted[0] = replace(empty, group="p-1")
    findings = election.verify()["V11"].findings
    assert {finding.found for finding in findings} >= {"1 ballots and no proof"}
