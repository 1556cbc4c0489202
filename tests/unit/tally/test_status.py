"""Where a record stands and who is awaited, at every point of an election."""

from __future__ import annotations

import pytest

from tally.lost_boxes import LossReport, state_box_lost
from tally.registration import read_registry
from tally.status import Status, status_of
from tests.toy_groups import TOY
from tests.unit.tally.steps import BOX, OTHER_BOX, STEPS, Desk, voted_election


def seen(desk: Desk) -> Status:
    return status_of(desk.record, desk.exchange, TOY)


def last_detail(desk: Desk) -> str:
    return seen(desk).steps[-1].detail


def at(step: str) -> Desk:
    desk = Desk(voted_election())
    desk.run(step)
    return desk


def detail(desk: Desk, name: str) -> str:
    return next(step.detail for step in seen(desk).steps if step.name == name)


def test_nothing_is_there() -> None:
    status = seen(Desk(voted_election()))
    assert (status.steps[0].done, status.next) == (False, "dalel-tally new")


def test_status_follows_the_steps() -> None:
    desk = Desk(voted_election())
    found = {}
    for name in STEPS:
        getattr(desk, name)()
        status = seen(desk)
        found[name] = (status.steps[-1].name, status.next)
    wait = "wait for guardian 1, guardian 2, guardian 3"
    assert found == {
        "define": ("ceremony", wait),
        "play_ceremony": ("ceremony", "dalel-tally collect ceremony"),
        "collect_ceremony": ("devices", "dalel-tally register device, or list"),
        "register": ("devices", "dalel-tally register end, when the polls have closed"),
        "end_registry": ("devices", "dalel-tally collect devices FOLDER..., or dalel-tally loss"),
        "play_devices": ("devices", "dalel-tally collect devices FOLDER..., or dalel-tally loss"),
        "collect_all": ("seal", "dalel-tally seal"),
        "seal": ("seal", "wait for 2 of guardian 1, guardian 2, guardian 3 to sign the seal"),
        "play_seal": ("seal", "dalel-tally seal --finish"),
        "finish_seal": ("decryption", "wait for the guardians; and dalel-tally plan"),
        "play_openings": (
            "decryption",
            "dalel-tally collect openings; and dalel-tally plan",
        ),
        "collect_openings": ("decryption", "dalel-tally plan"),
        "plan": (
            "decryption",
            "wait for guardian 1, guardian 3, or dalel-tally plan --run 2 with others",
        ),
        "play_decryption": ("decryption", "dalel-tally combine"),
        "combine": ("results", "dalel-tally results"),
        "results": ("results", "dalel-verify check RECORD"),
    }
    assert all(step.done for step in status.steps)


@pytest.mark.parametrize(
    ("lost", "kind", "who"),
    [
        (("ceremony/1/enrol/2.json",), "enrol: 2 of 3", ("guardian 2",)),
        (("ceremony/1/share/3-1.json",), "share: 2 of 3", ("guardian 3",)),
        (
            ("ceremony/1/confirm/1.json", "ceremony/1/confirm/3.json"),
            "confirm: 1 of 3",
            ("guardian 1", "guardian 3"),
        ),
    ],
)
def test_the_first_round_that_lacks_somebody_is_named(
    lost: tuple[str, ...], kind: str, who: tuple[str, ...]
) -> None:
    desk = at("play_ceremony")
    for name in lost:
        del desk.shared[name]
    status = seen(desk)
    assert status.steps[-1].detail == f"ceremony 1, {kind} guardians"
    assert status.awaited == who
    assert status.next == f"wait for {', '.join(who)}"


def test_a_sign_off_is_awaited() -> None:
    desk = at("play_ceremony")
    del desk.shared[f"election/sign_off/{desk.election.h_e.hex()}/2.json"]
    status = seen(desk)
    assert status.steps[-1].detail == "ceremony 1 is confirmed; signed off by 2 of 3"
    assert status.awaited == ("guardian 2",)


def test_a_sign_off_of_another_manifest_does_not_count() -> None:
    desk = at("play_ceremony")
    ours = desk.election.h_e.hex()
    for index in (1, 2, 3):
        raw = desk.shared.pop(f"election/sign_off/{ours}/{index}.json")
        desk.shared[f"election/sign_off/{'0' * 64}/{index}.json"] = raw
    text = last_detail(desk)
    assert "signed off by 0 of 3; there are sign-offs of another election, H_E 000" in text


def test_a_complaint_ends_the_ceremony() -> None:
    desk = at("play_ceremony")
    del desk.shared["ceremony/1/confirm/1.json"]
    desk.shared["ceremony/1/complaint/3.json"] = b"{}\n"
    assert last_detail(desk) == "ceremony 1 has ended by a complaint of guardian 3"
    assert seen(desk).next == "the guardians run: dalel-guardian restart"


def test_a_ceremony_of_another_quorum_is_said() -> None:
    desk = at("play_ceremony")
    raw = desk.files["manifest.json"].replace(b'{"k":2,"n":3}', b'{"k":3,"n":3}')
    desk.files["manifest.json"] = desk.shared["election/manifest/1.json"] = raw
    assert "its quorum is 2 of 3, the manifest has 3" in last_detail(desk)


def test_precincts_without_a_box_and_boxes_are_named() -> None:
    desk = at("collect_ceremony")
    assert seen(desk).awaited == ("a box for precinct p-1", "a box for precinct p-2")
    desk = at("play_devices")
    assert seen(desk).awaited == (BOX, OTHER_BOX)
    desk.collect(OTHER_BOX)
    assert seen(desk).awaited == (BOX,)
    expected = f"1 of 2 boxes are in the record, 2 ballots; awaited: {BOX}"
    assert detail(desk, "devices") == expected


def test_a_lost_box_is_not_awaited() -> None:
    desk = at("play_devices")
    registry = read_registry(desk.record, desk.terms)
    report = LossReport(BOX, 9, "burnt")
    keys = desk.election.registrars.keys
    state_box_lost(desk.record, desk.exchange, desk.terms, registry, report, None, keys)
    assert seen(desk).awaited == (OTHER_BOX,)
    assert "; lost: 1; awaited" in detail(desk, "devices")


def test_one_signature_on_the_seal_is_not_enough() -> None:
    desk = at("play_seal")
    (name,) = [
        name for name in desk.shared if name.startswith("seal/") and name.endswith("/2.json")
    ]
    del desk.shared[name]
    status = seen(desk)
    assert "by 1 guardians of 2 that are needed" in status.steps[-1].detail
    assert status.awaited == ("guardian 2", "guardian 3")


def test_shares_of_openings_are_followed() -> None:
    desk = at("finish_seal")
    folder = f"open/{desk.election.h_e.hex()}/1"
    assert "1 ballot for the guardians to open; nobody has asked" in detail(desk, "openings")
    desk.shared[f"{folder}/request.json"] = b"{}\n"
    assert "request 1: shares by nobody" in detail(desk, "openings")
    assert seen(desk).awaited == ("guardian 1", "guardian 2", "guardian 3")
    desk.shared[f"{folder}/{BOX}-3-2.age"] = b"x"
    assert "shares by guardian 2" in detail(desk, "openings")
    assert seen(desk).next.startswith("wait for shares by 1 of guardian 1, guardian 3; and ")
    desk.shared[f"{folder}/{BOX}-3-3.age"] = b"x"
    assert seen(desk).next.startswith("wait for the guardian that assembles")


def test_shares_for_an_earlier_request_do_not_count() -> None:
    desk = at("finish_seal")
    folder = f"open/{desk.election.h_e.hex()}"
    for name in ("1/request.json", f"1/{BOX}-3-2.age", f"1/{BOX}-3-3.age", "2/request.json"):
        desk.shared[f"{folder}/{name}"] = b"{}\n"
    assert "request 2: shares by nobody" in detail(desk, "openings")
    desk.shared[f"{folder}/2/{BOX}-3-1.age"] = b"x"
    assert "request 2: shares by guardian 1" in detail(desk, "openings")


def test_a_record_whose_manifest_was_replaced_says_so_until_it_is_sealed() -> None:
    desk = at("play_seal")
    desk.shared["election/manifest/2.json"] = b"{}\n"
    status = seen(desk)
    assert "replaced by manifest 2 on the exchange" in status.steps[-1].detail
    assert status.next == "go on with the record of manifest 2"
    del desk.shared["election/manifest/2.json"]
    desk.finish_seal()
    desk.shared["election/manifest/2.json"] = b"{}\n"
    assert detail(desk, "seal") == "in the record, signed by the guardians"


def test_openings_may_come_after_the_results() -> None:
    desk = at("finish_seal")
    for name in STEPS[STEPS.index("plan") :]:
        getattr(desk, name)()
    assert seen(desk).next == "wait for the guardians"
    desk.play_openings()
    assert seen(desk).next == "dalel-tally collect openings"
    desk.collect_openings()
    assert seen(desk).next == "dalel-verify check RECORD"


def test_a_run_names_the_move_and_who_is_missing() -> None:
    desk = at("play_decryption")
    del desk.shared[f"decrypt/{desk.election.h_e.hex()}/1/respond/3.json"]
    status = seen(desk)
    assert status.steps[-1].detail == "run 1, respond: 1 of 2 guardians"
    assert status.awaited == ("guardian 3",)
