"""V9: a cell takes all options of a contest or none; a sum outside the group is named once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.verifier.small_election import FIRST, LAST, SmallElection
from verifier.algebra import Group
from verifier.checks.v09_aggregation import Cells, Factors, Verification

TINY = Group("tiny", 23, 11, 2)
CELL = (1, "p-1")


@pytest.mark.parametrize("options", [1, 3])
def test_a_ballot_with_another_number_of_options_is_refused(options: int) -> None:
    cells = Cells(TINY)
    cells.multiply(*CELL, [(2, 4), (8, 16)])
    with pytest.raises(ValueError, match=r"argument 2 is (shorter|longer)"):
        cells.multiply(*CELL, [(2, 2)] * options)
    assert cells.product(1, ("p-1",), 2) == ((2, 4), (8, 16))


def test_a_part_with_half_a_ciphertext_is_refused() -> None:
    cells = Cells(TINY)
    with pytest.raises(ValueError, match="shorter"):
        cells.merge("p-1", {1: bytes([2]) * (3 * TINY.lp)})
    assert cells.product(1, ("p-1",), 1) == ((1, 1),)


def test_factors_are_multiplied_contest_by_contest() -> None:
    """As bytes of one width, alpha and beta by option; another number of options is refused."""
    election = SmallElection.load()
    first, second = (election.ballots[place] for place in (FIRST, LAST))
    factors = Factors(election.group)
    assert factors.part() == {}
    for ballot in (first, second):
        factors.add(ballot)
    width = election.group.lp
    for contest, other in zip(first.contests, second.contests, strict=True):
        expected = [
            election.group.multiply(getattr(one, name), getattr(two, name))
            for one, two in zip(contest.options, other.options, strict=True)
            for name in ("alpha", "beta")
        ]
        raw = factors.part()[contest.contest]
        assert raw == b"".join(x.to_bytes(width, "big") for x in expected)
    shorter = replace(first.contests[0], options=first.contests[0].options[1:])
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        factors.add(replace(first, contests=(shorter,)))


def test_a_sum_outside_the_group_is_named_once() -> None:
    election = SmallElection.load()
    council, points = election.ballots[FIRST].contests
    options = (points.options[0], replace(points.options[1], alpha=0))
    election.change_ballot(FIRST, contests=(council, replace(points, options=options)))
    found = [x for x in election.verify()["V9"].findings if x.item == "9.P"]
    assert [(finding.where, finding.found) for finding in found] == [
        ("contest points, group p-1, option south", "A = 0")
    ]


def test_the_sums_of_all_groups_are_tested_together(monkeypatch: pytest.MonkeyPatch) -> None:
    election = SmallElection.load()
    together: list[list[int]] = []
    monkeypatch.setattr(Group, "foresee", lambda _, values: together.append(list(values)))
    sums = Verification(election.context())
    result = sums.finish(election.groups())
    assert result.demanded == len(sums.products) == 4
    assert together == [[value for x in sums.products.values() for pair in x for value in pair]]


def test_a_missing_option_of_the_plan_does_not_hide_a_wrong_one() -> None:
    election = SmallElection.load()
    line = election.plan[0]
    wrong = replace(line.options[2], a=line.options[2].a ^ 1)
    election.plan[0] = replace(line, options=(line.options[0], wrong))
    (finding,) = election.verify()["V9"].findings
    assert (finding.item, finding.where) == ("9.A", "contest council, group p-1, option cyd")
