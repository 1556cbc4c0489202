"""The ceremony from the exchange: every line checked, who is missing named, nothing half taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore.errors import ElectionError, MissingMessage
from egcore.program import ProgramError
from tally.ceremony_collection import attempts, collect_ceremony, confirmed_attempt
from tally.election import read_election
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.exchange import publish_ceremony, publish_sign_off
from tests.toy_groups import TOY
from tests.unit.tally.steps import Desk, voted_election

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def played() -> Desk:
    desk = Desk(voted_election())
    desk.run("play_ceremony")
    return desk


@pytest.fixture
def desk(played: Desk) -> Desk:
    return played.copy()


def refused(desk: Desk, match: str) -> None:
    before = dict(desk.files)
    with pytest.raises(ElectionError, match=match):
        desk.collect_ceremony()
    assert desk.files == before


def test_what_is_collected_is_the_election_of_the_record(desk: Desk) -> None:
    collected = desk.collect_ceremony()
    assert collected == read_election(desk.record, TOY)
    assert collected.keys == desk.election.ceremony.keys
    assert collected.h_e == desk.election.h_e


def test_no_ceremony_is_confirmed(desk: Desk) -> None:
    del desk.shared["ceremony/1/confirm/2.json"]
    refused(desk, "no ceremony is confirmed by all 3 guardians: ceremony 1 has 2 of 3")
    for name in list(desk.shared):
        if name.startswith("ceremony/"):
            del desk.shared[name]
    refused(desk, "no ceremony has any")
    assert attempts(desk.exchange) == set()


@pytest.mark.parametrize("kind", ["enrol", "roster", "commit", "reveal", "check"])
def test_a_missing_message_names_its_guardian(desk: Desk, kind: str) -> None:
    del desk.shared[f"ceremony/1/{kind}/2.json"]
    refused(desk, "guardian 2")


def test_a_missing_share_names_sender_and_receiver(desk: Desk) -> None:
    del desk.shared["ceremony/1/share/3-1.json"]
    refused(desk, "guardian 3.*guardian 1|share.*3.*1")


def test_all_missing_sign_offs_are_named(desk: Desk) -> None:
    h_e = desk.election.h_e.hex()
    for index in (1, 3):
        del desk.shared[f"election/sign_off/{h_e}/{index}.json"]
    with pytest.raises(MissingMessage, match=f"guardian 1, guardian 3: the sign-off of .* {h_e}"):
        desk.collect_ceremony()


def swap(first: str, second: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        files[first] = files[second]

    return change


def edit(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (
            swap("ceremony/1/commit/2.json", "ceremony/1/commit/1.json"),
            r"commit/2\.json: expected a message of guardian 2, of 1",
        ),
        (
            swap("ceremony/1/share/1-2.json", "ceremony/1/share/1-3.json"),
            r"share/1-2\.json: expected a share for guardian 2, found one for 3",
        ),
        (
            swap("ceremony/1/share/1-2.json", "ceremony/1/share/2-1.json"),
            r"share/1-2\.json: expected a message of guardian 1, of 2",
        ),
        (
            edit("ceremony/1/enrol/2.json", b'"guardian 2"', b'"guardian 4"'),
            "guardian 2: .*signature",
        ),
        (edit("ceremony/1/check/3.json", b'"view":"', b'"view":"00'), "view"),
        (edit("ceremony/1/share/1-2.json", b'"c1":"', b'"c1":"00'), "c1"),
    ],
)
def test_what_is_wrong_on_the_exchange_is_refused(
    desk: Desk, change: Callable[[dict[str, bytes]], None], match: str
) -> None:
    change(desk.shared)
    refused(desk, match)


def test_a_ciphertext_that_was_not_signed(desk: Desk) -> None:
    name = "ceremony/1/share/1-2.json"
    raw = desk.shared[name]
    place = raw.index(b'"c1":"') + 6
    digit = b"0" if raw[place : place + 1] != b"0" else b"1"
    desk.shared[name] = raw[:place] + digit + raw[place + 1 :]
    refused(desk, "guardian 1: signed digest .*, its ciphertext has")


def test_a_sign_off_by_another_key(desk: Desk) -> None:
    name = f"election/sign_off/{desk.election.h_e.hex()}/2.json"
    raw = desk.shared[name]
    place = raw.index(b'"sig":"') + 7
    desk.shared[name] = raw[:place] + b"00" + raw[place + 2 :]
    refused(desk, "guardian 2: .*signature")


def test_the_last_confirmed_ceremony_is_taken_unless_one_is_named(desk: Desk) -> None:
    again = hold_ceremony(TOY, 3, 2)
    publish_ceremony(desk.players, again, 2)
    assert confirmed_attempt(desk.exchange, 3) == 2
    refused(desk, r"guardian 1, guardian 2, guardian 3: the sign-off of election")
    first = collect_ceremony(desk.copy().record, desk.exchange, TOY, 1)
    assert first.h_e == desk.election.h_e
    publish_sign_off(desk.players, again, desk.files["manifest.json"])
    assert desk.collect_ceremony().keys == again.keys


def test_another_ceremony_does_not_replace_a_collected_one(desk: Desk) -> None:
    desk.collect_ceremony()
    again = hold_ceremony(TOY, 3, 2)
    publish_ceremony(desk.players, again, 2)
    publish_sign_off(desk.players, again, desk.files["manifest.json"])
    refused(desk, r"ceremony/transcript\.ndjson is published with SHA-256")


def test_a_quorum_that_is_not_the_manifests(desk: Desk) -> None:
    raw = desk.files["manifest.json"]
    desk.files["manifest.json"] = raw.replace(b'{"k":2,"n":3}', b'{"k":3,"n":3}')
    refused(desk, "quorum")


@pytest.mark.parametrize("path", ["manifest.json", "guardians.json", "parameters.json"])
def test_a_folder_of_two_elections_is_refused(desk: Desk, path: str) -> None:
    desk.collect_ceremony()
    other = Desk(voted_election())
    other.election.ceremony = hold_ceremony(TOY, 3, 2)
    other.run("collect_ceremony")
    desk.files[path] = other.files[path]
    with pytest.raises(
        ElectionError, match=r"parameters\.json: manifest\.json and guardians\.json"
    ):
        read_election(desk.record, TOY)


@pytest.mark.parametrize(
    "path", ["parameters.json", "guardians.json", "ceremony/transcript.ndjson"]
)
def test_a_file_that_is_gone_says_which_step_makes_it(desk: Desk, path: str) -> None:
    desk.collect_ceremony()
    del desk.files[path]
    with pytest.raises(ProgramError, match=rf"{path} is not in the record") as caught:
        read_election(desk.record, TOY)
    assert caught.value.hint == "run first: dalel-tally collect ceremony"
    desk.collect_ceremony()
    assert path in desk.files
