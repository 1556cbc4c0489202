"""V8: the places of what is wrong: between two files of a box, with a code, and with a count."""

from __future__ import annotations

import pytest

from tests.unit.verifier.small_election import FIRST, LAST, VOID, SmallElection
from verifier.checks.v08_chain import check_place
from verifier.checks.v08_confirmation_codes import Part, Verification
from verifier.labelled import typed_code
from verifier.report import Location
from verifier.units import Unit

AT = Location(file="ballots/box-1/000001.ndjson", line=1)


@pytest.mark.parametrize("ballots", [0, 1, 4096])
def test_a_file_that_begins_where_its_number_says(ballots: int) -> None:
    assert list(check_place(ballots, ballots, AT)) == []


@pytest.mark.parametrize(("named", "found"), [(4096, 4095), (4096, 4097), (0, 1)])
def test_a_file_that_begins_elsewhere(named: int, found: int) -> None:
    (finding,) = check_place(named, found, AT)
    assert finding.item == "8.P"
    assert finding.expected == f"{named} ballots before this one"
    assert finding.found == f"{found} ballots"
    assert finding.where == "ballots/box-1/000001.ndjson, line 1"
    assert finding.meaning == (
        "Ballots of this box are missing, or there are more than the seal names."
    )


def test_both_faults_of_a_file_out_of_place_name_its_first_ballot() -> None:
    """The second file of a box without its first: 256 ballots are missing, and their chain."""
    election = SmallElection.load()
    box = election.devices[0]
    unit = Unit(box.id, box.precinct, box.key, 1, 2, path="ballots/box-1/000001.ndjson")
    verification = Verification(election.context())
    verification.add(unit, Part(b_c=bytes(36), last=bytes(32), ballots=1))
    of_unit = [
        (finding.item, finding.where)
        for finding in verification.finish(election.totals()).findings
        if "000001" in finding.where
    ]
    place = "ballots/box-1/000001.ndjson, line 1, device box-1, ballot 257"
    assert of_unit == [("8.P", place), ("8.E", place)]


def test_a_shared_code_is_shown_as_its_voter_has_it() -> None:
    election = SmallElection.load()
    code = election.ballots[FIRST].h_c
    election.change_ballot(VOID, h_c=code)
    (finding,) = [x for x in election.verify()["V8"].findings if x.item == "8.Q"]
    assert finding.where == f"x, line 1, device box-2, ballot 1, code {typed_code(code)}"


def test_a_count_and_an_end_that_do_not_fit_name_the_box() -> None:
    """The file of a box bears its name, yet a reader of a finding does not have to parse it."""
    election = SmallElection.load()
    del election.ballots[LAST]
    found = [(finding.item, finding.where) for finding in election.verify()["V8"].findings]
    assert found == [(item, "devices/box-1.json, device box-1") for item in ("8.P", "8.G", "8.G")]
