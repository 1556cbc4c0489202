"""V11: where in plan and decryption a finding is, and what is said of rows that end early."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.verifier.small_election import DECRYPTED, PLAN, SmallElection
from verifier.checks.v11_tally_contents import check_rows
from verifier.report import Finding, Location

PLACE = "contest council, group p-1"


def findings(election: SmallElection) -> tuple[Finding, ...]:
    return election.verify()["V11"].findings


def test_an_unknown_option_of_the_plan() -> None:
    election = SmallElection.load()
    line = election.plan[0]
    options = (*line.options, replace(line.options[0], option="zoe"))
    election.plan[0] = replace(line, options=options, at=Location(file=PLAN, line=1))
    (found,) = findings(election)
    assert (found.item, found.found, found.where) == (
        "11.B",
        "option zoe",
        f"{PLAN}, line 1, {PLACE}",
    )


@pytest.mark.parametrize("item", ["11.B", "11.C"])
def test_an_option_too_many_or_too_few_of_the_decryption(item: str) -> None:
    election = SmallElection.load()
    line = election.decrypted[0]
    more = (*line.options, replace(line.options[0], option="zoe"))
    options = more if item == "11.B" else line.options[1:]
    election.decrypted[0] = replace(line, options=options, at=Location(file=DECRYPTED, line=1))
    (found,) = findings(election)
    assert (found.item, found.where) == (item, f"{DECRYPTED}, line 1, {PLACE}")


def test_rows_may_differ_in_one_place_and_in_number() -> None:
    at = Location(file=DECRYPTED)
    groups = [("council", "p-1"), ("council", "p-2"), ("points", "p-1")]
    found = list(check_rows(groups, [("council", "p-1"), ("points", "p-1")], at))
    assert [(finding.where, finding.expected, finding.found) for finding in found] == [
        (f"{DECRYPTED}, line 2", "contest council, group p-2", "contest points, group p-1"),
        (DECRYPTED, "3 lines", "2 lines"),
    ]
