"""V13: every challenged ballot of a unit is counted, and what is said of nobody's opening."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.verifier.small_election import CHALLENGED, FIRST, SmallElection
from tests.unit.verifier.test_ballot_pass import to_open
from verifier.context import SEALED
from verifier.report import Finding, Location, Status


@pytest.fixture
def election() -> SmallElection:
    """Two challenged ballots in the first box, at positions 1 and 2."""
    election = SmallElection.load()
    election.change_ballot(FIRST, status="challenged")
    return election


def test_every_challenge_that_may_wait_does(election: SmallElection) -> None:
    election.stage = SEALED
    to_open(election, *(election.ballots[place].position for place in (FIRST, CHALLENGED)))
    election.openings.clear()
    result = election.verify()["V13"]
    assert (result.status, result.demanded, result.checked) == (Status.PASS, 0, 0)


def test_every_opening_of_the_right_shape_is_encrypted_again(election: SmallElection) -> None:
    opening = election.openings[0]
    election.openings.append(replace(opening, position=election.ballots[FIRST].position))
    result = election.verify()["V13"]
    assert (result.demanded, result.checked) == (2, 2)
    assert {finding.where.split(", contest")[0] for finding in result.findings} == {
        "device box-1, ballot 1"
    }


def test_an_opening_of_nobody_says_why(election: SmallElection) -> None:
    election.change_ballot(FIRST, status="cast")
    election.openings.append(replace(election.openings[0], position=9, at=Location(file="x")))
    assert election.verify()["V13"].findings == (
        Finding(
            "13.R",
            "x",
            "one opening for one challenged ballot",
            "no ballot at this position",
            "A challenge was not answered, or a ballot was opened that must stay secret.",
        ),
    )
