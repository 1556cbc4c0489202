"""V5 to V11, V13, V14 over the ballots of a record: counting, places, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.small_election import (
    CHALLENGED,
    FIRST,
    LAST,
    VOID,
    SmallElection,
    failed,
    lost,
    statuses,
)
from verifier.context import SEALED
from verifier.model import SealedBox
from verifier.report import Location, Status

if TYPE_CHECKING:
    from verifier.context import Device

DEMANDED = {
    "V5": 5, "V6": 5, "V7": 5, "V8": 7, "V9": 4, "V10": 5, "V11": 4, "V13": 1, "V14": 1,
}  # fmt: skip


@pytest.fixture
def election() -> SmallElection:
    return SmallElection.load()


def seal_count(device: Device, count: int) -> Device:
    assert device.sealed is not None
    return replace(device, sealed=replace(device.sealed, count=count))


def test_an_honest_election_passes_with_all_that_is_demanded(election: SmallElection) -> None:
    results = election.verify()
    assert failed(results) == set()
    assert statuses(results, Status.PASS) == set(DEMANDED)
    assert {name: result.demanded for name, result in results.items()} == DEMANDED
    assert {name: result.checked for name, result in results.items()} == DEMANDED


@pytest.mark.parametrize("missing", ["parameters", "guardians"])
def test_without_keys_nothing_passes_that_needs_them(missing: str, election: SmallElection) -> None:
    results = election.verify(**{missing: None})
    needed = {"V6", "V7", "V10", "V13"} | ({"V5", "V8"} if missing == "parameters" else set())
    assert statuses(results, Status.NOT_CHECKED) == needed
    assert all(results[name].demanded is None for name in needed)
    assert failed(results) == set()


def test_one_bad_ballot_does_not_hide_the_next(election: SmallElection) -> None:
    for place in (FIRST, LAST, VOID):
        election.change_ballot(place, h_i=bytes(32))
    result = election.verify()["V5"]
    assert [finding.item for finding in result.findings] == ["5.B"] * 3
    assert [finding.where for finding in result.findings] == [
        "device box-1, ballot 1",
        "device box-1, ballot 3",
        "device box-2, ballot 1",
    ]
    assert (result.demanded, result.checked) == (5, 5)


def test_a_recorded_h_i_is_used_nowhere_else(election: SmallElection) -> None:
    election.change_ballot(FIRST, h_i=bytes(32))
    assert failed(election.verify()) == {"5.B"}


@pytest.mark.parametrize("place", [FIRST, CHALLENGED, VOID])
def test_a_bad_selection_names_its_place_whatever_the_status(
    place: int, election: SmallElection
) -> None:
    ballot = election.ballots[place]
    contest = ballot.contests[1]
    options = (contest.options[0], replace(contest.options[1], alpha=0))
    contests = (ballot.contests[0], replace(contest, options=options))
    election.change_ballot(place, contests=contests)
    results = election.verify()
    for name, item in (("V6", "6.A"), ("V7", "7.A")):
        (finding,) = results[name].findings
        assert finding.item == item
        assert finding.where == (
            f"device {ballot.device}, ballot {ballot.position}, contest 2, option 2"
        )
    expected = {"6.A", "7.A", "8.A", "8.B"}
    if place == FIRST:
        expected |= {"9.P", "9.A", "10.B"}
    if place == CHALLENGED:
        expected |= {"13.P"}
    assert failed(results) == expected


def test_a_bad_nonce_and_bad_contest_data_name_their_place(election: SmallElection) -> None:
    ballot = election.ballots[VOID]
    council, points = ballot.contests
    assert council.data is not None
    data = replace(council.data, c=council.data.c ^ 1)
    nonce = replace(ballot.nonce, c0=0)
    contests = (replace(council, data=data), points)
    election.change_ballot(VOID, nonce=nonce, contests=contests)
    results = election.verify()
    assert [(finding.item, finding.where) for finding in results["V6"].findings] == [
        ("6.T", "device box-2, ballot 1, contest 1"),
        ("6.Q", "device box-2, ballot 1"),
    ]
    assert failed(results) == {"6.Q", "6.T", "8.A", "8.B"}


def test_an_unreadable_ballot_leaves_its_group_and_its_link_unchecked(
    election: SmallElection,
) -> None:
    election.unreadable = {("box-1", 1)}
    results = election.verify()
    assert failed(results) == set()
    checked = {name: result.checked for name, result in results.items()}
    # V8: neither ballot 1 nor the link of ballot 2; V9 to V11: the empty groups alone.
    expected = {"V5": 4, "V6": 4, "V7": 4, "V8": 5, "V9": 2, "V10": 0, "V11": 2}
    assert checked == DEMANDED | expected
    assert statuses(results, Status.NOT_CHECKED) == set(expected)


def test_an_unreadable_last_ballot_leaves_the_closing_unchecked(election: SmallElection) -> None:
    election.unreadable = {("box-2", 2)}
    result = election.verify()["V8"]
    assert result.status is Status.NOT_CHECKED
    assert (result.demanded, result.checked) == (7, 5)


def test_a_dropped_ballot_is_missed_by_count_chain_and_sums(election: SmallElection) -> None:
    del election.ballots[LAST]
    results = election.verify()
    assert failed(results) == {"8.P", "8.G", "9.A", "9.B", "10.B"}
    assert (results["V6"].demanded, results["V6"].checked) == (5, 4)
    assert results["V6"].status is Status.NOT_CHECKED


def test_a_dropped_ballot_with_a_new_seal_is_missed_by_the_chain(election: SmallElection) -> None:
    del election.ballots[LAST]
    election.devices[0] = seal_count(election.devices[0], 2)
    results = election.verify()
    assert results["V8"].failed_items == {"8.G"}
    assert results["V6"].status is Status.PASS


def test_swapped_ballots_break_the_chain(election: SmallElection) -> None:
    first, second = election.ballots[0], election.ballots[1]
    election.ballots[0] = replace(second, ordinal=1)
    election.ballots[1] = replace(first, ordinal=2)
    result = election.verify()["V8"]
    assert [finding.item for finding in result.findings].count("8.E") == 3
    assert result.failed_items == {"8.E", "8.P"}


@pytest.mark.parametrize(("member", "item"), [("h_di", "8.C"), ("b_c0", "8.F"), ("h_0", "8.F")])
def test_the_start_of_every_box_is_checked(member: str, item: str, election: SmallElection) -> None:
    """The recorded start is used nowhere else: chain and closing follow from the device string."""
    device = election.devices[1]
    assert device.file is not None
    changes = {member: bytes(36 if member == "b_c0" else 32)}
    file = replace(device.file, start=replace(device.file.start, **changes))
    election.devices[1] = replace(device, file=file)
    results = election.verify()
    assert failed(results) == {item}
    assert [finding.where for finding in results["V8"].findings] == ["devices/box-2.json"]


def test_a_device_that_the_registry_lacks_is_not_checked(election: SmallElection) -> None:
    election.change_ballot(VOID, device="box-9")
    result = election.verify(devices=(election.devices[0],))["V8"]
    assert result.checked < 7


def test_a_box_without_ballots_closes_with_its_start(election: SmallElection) -> None:
    """H_last is H_0; here the closing of another ballot stands, so 8.G fails and nothing else."""
    del election.ballots[VOID:]
    election.devices[1] = seal_count(election.devices[1], 0)
    result = election.verify()["V8"]
    assert result.failed_items == {"8.G"}
    assert (result.demanded, result.checked) == (5, 5)


def test_a_lost_box_needs_no_closing(election: SmallElection) -> None:
    election.devices[1] = lost(election.devices[1], 2)
    result = election.verify()["V8"]
    assert result.status is Status.PASS
    assert result.checked == 7


@pytest.mark.parametrize("part", ["file", "sealed"])
def test_a_missing_device_file_or_seal_leaves_the_box_unchecked(
    part: str, election: SmallElection
) -> None:
    if part == "file":
        election.devices[1] = replace(election.devices[1], file=None)
    else:
        election.devices[1] = replace(election.devices[1], sealed=None)
    result = election.verify()["V8"]
    assert result.status is Status.NOT_CHECKED
    assert result.checked == 6


def test_a_shared_id_b_and_a_shared_code_name_both_ballots(election: SmallElection) -> None:
    first = election.ballots[FIRST]
    election.change_ballot(VOID, id_b=first.id_b, h_c=first.h_c)
    results = election.verify()
    (finding,) = [x for x in results["V5"].findings if x.item == "5.A"]
    assert finding.where == "x, line 1, device box-2, ballot 1"
    assert "ballot 1 of device box-1" in finding.found
    (finding,) = [x for x in results["V8"].findings if x.item == "8.Q"]
    assert "ballot 1 of device box-1" in finding.found


def test_an_unanswered_challenge(election: SmallElection) -> None:
    election.openings.clear()
    results = election.verify()
    assert failed(results) == {"13.R"}
    assert (results["V13"].demanded, results["V13"].checked) == (1, 0)
    assert results["V14"].status is Status.NOT_CHECKED


@pytest.mark.parametrize(("place", "status"), [(FIRST, "cast"), (VOID, "void")])
def test_an_opening_of_a_ballot_that_was_not_challenged(
    place: int, status: str, election: SmallElection
) -> None:
    ballot = election.ballots[place]
    assert ballot.status == status
    opening = replace(election.openings[0], device=ballot.device, position=ballot.position)
    election.openings.append(opening)
    results = election.verify()
    assert failed(results) == {"13.R"}
    assert (results["V14"].demanded, results["V14"].checked) == (1, 1)


def test_an_opening_of_no_ballot(election: SmallElection) -> None:
    election.openings.append(replace(election.openings[0], position=9, at=Location(file="x")))
    (finding,) = election.verify()["V13"].findings
    assert (finding.item, finding.where) == ("13.R", "x")


def test_a_status_flipped_after_the_opening(election: SmallElection) -> None:
    """T54: the opened ballot is counted after all."""
    election.change_ballot(CHALLENGED, status="cast")
    results = election.verify()
    assert {"13.R", "9.A", "9.B"} <= failed(results)
    assert (results["V13"].demanded, results["V13"].checked) == (0, 0)


@pytest.mark.parametrize("fault", ["contests", "selections", "nonces", "data"])
def test_an_opening_of_another_shape_is_not_encrypted_again(
    fault: str, election: SmallElection
) -> None:
    opening = election.openings[0]
    first, *rest = opening.contests
    contests, items = {
        "contests": ((first,), {"14.B"}),
        "selections": ((replace(first, selections=first.selections[:2]), *rest), {"14.D"}),
        "nonces": ((replace(first, nonces=(*first.nonces, 1)), *rest), {"14.C"}),
        "data": ((replace(first, data=None, data_nonce=None), *rest), set[str]()),
    }[fault]
    election.openings[0] = replace(opening, contests=contests)
    results = election.verify()
    assert failed(results) == items
    assert (results["V13"].status, results["V13"].checked) == (Status.NOT_CHECKED, 0)
    assert results["V14"].checked == 1


def test_a_value_too_high_names_its_option(election: SmallElection) -> None:
    opening = election.openings[0]
    first, second = opening.contests
    second = replace(second, selections=(0, 3))
    election.openings[0] = replace(opening, contests=(first, second))
    results = election.verify()
    (finding,) = results["V14"].findings
    assert finding.item == "14.E"
    assert finding.where.endswith("contest 2, option 2")
    assert finding.expected == "0 to 2 votes"
    assert results["V13"].failed_items == {"13.B", "13.P"}


def to_open(election: SmallElection, *positions: int) -> None:
    device = election.devices[0]
    assert device.file is not None
    assert device.file.closing is not None
    closing = replace(device.file.closing, to_open=positions)
    election.devices[0] = replace(device, file=replace(device.file, closing=closing))


def test_at_stage_sealed_an_opening_of_to_open_may_be_missing(election: SmallElection) -> None:
    election.stage = SEALED
    to_open(election, 2)
    election.openings.clear()
    results = election.verify()
    assert results["V13"].status is results["V14"].status is Status.PASS
    assert results["V13"].demanded == results["V14"].demanded == 0


def test_at_stage_sealed_an_opening_of_to_open_that_is_there_is_checked(
    election: SmallElection,
) -> None:
    election.stage = SEALED
    to_open(election, 2)
    results = election.verify()
    assert results["V13"].demanded == results["V13"].checked == 1
    assert results["V14"].demanded == results["V14"].checked == 1


def test_at_the_end_an_opening_of_to_open_must_be_there(election: SmallElection) -> None:
    to_open(election, 2)
    election.openings.clear()
    assert failed(election.verify()) == {"13.R"}


def test_to_open_of_what_was_not_challenged_does_not_lower_the_demand_to_a_pass(
    election: SmallElection,
) -> None:
    election.stage = SEALED
    to_open(election, 1, 3)
    result = election.verify()["V14"]
    assert (result.status, result.demanded) == (Status.NOT_CHECKED, None)


def test_without_a_seal_nothing_of_the_ballots_passes(election: SmallElection) -> None:
    unknown = SealedBox(Location(), "box-1", bytes(32), None, None, None)
    election.devices = [replace(device, sealed=unknown) for device in election.devices]
    results = election.verify()
    assert statuses(results, Status.PASS).isdisjoint({"V5", "V6", "V7", "V8"})
