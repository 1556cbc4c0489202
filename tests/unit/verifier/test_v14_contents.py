"""V14: an opening in a style that nobody knows, the code of its ballot, and what came early."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.verifier.small_election import CHALLENGED, FIRST, SmallElection
from tests.unit.verifier.test_ballot_pass import to_open
from verifier.context import SEALED
from verifier.labelled import typed_code
from verifier.report import Status


def test_a_style_that_the_manifest_lacks_has_no_contest() -> None:
    election = SmallElection.load()
    election.change_ballot(CHALLENGED, style="nothing")
    findings = election.verify()["V14"].findings
    assert [(finding.item, finding.expected, finding.found) for finding in findings] == [
        ("14.A", "contests none", "contest 1"),
        ("14.A", "contests none", "contest 2"),
    ]


def test_a_finding_names_the_ballot_by_the_code_that_its_voter_has() -> None:
    election = SmallElection.load()
    opening = election.openings[0]
    election.openings[0] = replace(opening, contests=opening.contests[:1])
    (finding,) = election.verify()["V14"].findings
    code = typed_code(election.ballots[CHALLENGED].h_c)
    assert finding.where == f"ballot 2, code {code}"


def test_every_opening_that_came_early_is_demanded() -> None:
    election = SmallElection.load()
    election.stage = SEALED
    election.change_ballot(FIRST, status="challenged")
    first = election.ballots[FIRST].position
    election.openings.append(replace(election.openings[0], position=first))
    to_open(election, first, election.ballots[CHALLENGED].position)
    result = election.verify()["V14"]
    assert (result.status, result.demanded, result.checked) == (Status.PASS, 2, 2)
