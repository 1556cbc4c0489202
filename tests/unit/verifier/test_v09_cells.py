"""V9: a cell takes all options of a contest or none; a sum outside the group is named once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.verifier.small_election import FIRST, SmallElection
from verifier.algebra import Group
from verifier.checks.v09_aggregation import Cells, Verification

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
