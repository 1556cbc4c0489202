"""The ceremony over an exchange: it ends, it survives every kill, it names who is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from egcore.errors import (
    DuplicateMessage,
    ElectionError,
    InconsistentShare,
    MalformedRecord,
    MissingMessage,
    ProtocolViolation,
    WrongRecipient,
)
from egcore.program import ProgramError
from egcore.records.ceremony import Commit, ShareMessage
from egcore.records.messages import Complaint
from egcore.signed import sign_record
from egcore.signing import SigningKey
from keyceremony.attempt import CheckFailed, Ended
from keyceremony.complaints import publish_complaint
from keyceremony.election import confirmed
from keyceremony.fingerprints import accept, fingerprint
from keyceremony.home import HOME_FILE, current_attempt, new_key, read_home, send_enrolment, set_up
from keyceremony.key_file import KEY_FILE, Drawn
from keyceremony.steps import FINISHED, work
from keyceremony.waiting import Waiter
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import Fuse, Killed, Place, finish, take_turns

if TYPE_CHECKING:
    from keyceremony.home import Desk

LINES = 3 + 3 + 3 + 3 + 6 + 3 + 3


def secrets_of(desk: Desk) -> set[str]:
    """Every secret in a key file, as hex."""
    key = desk.key
    found = {key.seed.hex()}
    for part in (key.drawn, key.kept):
        if part is not None:
            members = part.to_object(TOY)
            members.pop("public", None)
            members.pop("ceremony")
            found |= set(_texts(list(members.values())))
    return found


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for entry in value for text in _texts(entry)] if isinstance(value, list) else []


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_ceremony_ends_with_shares_of_the_same_keys(place: Place) -> None:
    desks = place.enrol_all()
    finish(desks)
    attempts = [desk.attempt() for desk in desks.values()]
    for attempt in attempts:
        attempt.advance()
    assert len({attempt.transcript.digest(TOY) for attempt in attempts}) == 1
    assert len(place.shared.files) == LINES
    for desk in desks.values():
        assert desk.key.drawn is None
        assert desk.key.kept is not None
        assert desk.key.kept.ceremony == attempts[0].members.ceremony


def test_one_guardian_alone(place: Place) -> None:
    place = Place(1, 1)
    desks = place.enrol_all()
    finish(desks)
    assert desks[1].key.kept is not None


def test_nothing_secret_outside_the_key_file(place: Place) -> None:
    desks = place.enrol_all()
    secrets: set[str] = set()
    for _ in range(6):
        take_turns(desks, "123")
        for desk in desks.values():
            secrets |= secrets_of(desk)
    assert len(secrets) > 3 * 7
    revealed = {
        json.loads(place.shared.files[f"ceremony/1/reveal/{i}.json"])["opening"] for i in desks
    }
    folders = [place.shared, *place.homes.values()]
    everything = b"".join(
        data for folder in folders for path, data in folder.files.items() if path != KEY_FILE
    ).decode()
    assert [secret for secret in secrets - revealed if secret in everything] == []


def test_a_message_already_published_is_sent_again_as_the_same_bytes(place: Place) -> None:
    desks = place.enrol_all()
    finish(desks)
    before = dict(place.shared.files)
    for name in [name for name in before if "/2" in name]:
        del place.shared.files[name]
    desk = place.desk(2)
    assert work(desk, desk.attempt()).round == FINISHED
    for name in [name for name in before if name.endswith(("/2.json", "/2-1.json", "/2-3.json"))]:
        assert place.shared.files[name] == before[name]


def kills() -> range:
    """Every write of guardian 2 in a whole ceremony; a cut after one is a cut before the next."""
    place, fuse = Place(), Fuse()
    place.enrol(1)
    place.enrol(3)
    desks = {1: place.desk(1), 2: place.enrol(2, fuse), 3: place.desk(3)}
    for desk in desks.values():
        place.compared(desk)
    finish(desks)
    return range(1, fuse.count + 1)


@pytest.mark.parametrize("write", kills())
def test_killed_before_any_write_and_started_again(place: Place, write: int) -> None:
    fuse = Fuse(write)
    place.enrol(1)
    place.enrol(3)
    killed = 0
    try:
        desk = place.enrol(2, fuse)
    except Killed:
        killed += 1
        desk = place.enrol(2)
    desks = {1: place.desk(1), 2: desk, 3: place.desk(3)}
    for index in (1, 3):
        place.compared(desks[index])
    while True:
        try:
            place.compared(desks[2])
            finish(desks)
            break
        except Killed:
            killed += 1
            desks[2] = place.desk(2)
    assert killed == 1
    assert len(place.shared.files) == LINES
    shares = [desk.key.kept for desk in desks.values()]
    assert all(kept is not None for kept in shares)


def test_the_public_state_is_made_again(place: Place) -> None:
    desks = place.enrol_all()
    take_turns(desks, "1231")
    home = place.homes[2]
    for path in [path for path in home.files if path.startswith("messages/") or path == HOME_FILE]:
        del home.files[path]
    desks[2] = place.desk(2)
    assert read_home(home, TOY).guardian == 2
    finish(desks)


def test_an_older_key_file_is_refused_and_nothing_is_drawn_again(place: Place) -> None:
    desks = place.enrol_all()
    old = place.homes[2].files[KEY_FILE]
    take_turns(desks, "12312")
    place.homes[2].files[KEY_FILE] = old
    take_turns(desks, "31")
    restored = place.desk(2)
    with pytest.raises(ProgramError, match="does not have the secrets"):
        work(restored, restored.attempt())
    assert restored.key.drawn is None


def test_nobody_rosters_before_fingerprints_are_compared(place: Place) -> None:
    for index in (1, 2, 3):
        place.enrol(index)
    desk = place.desk(1)
    with pytest.raises(ProgramError, match="fingerprints of guardian 2, guardian 3"):
        work(desk, desk.attempt())
    assert "ceremony/1/roster/1.json" not in place.shared.files


def test_a_fingerprint_that_differs_stops(place: Place) -> None:
    lines = [send_enrolment(place.enrol(index), 1) for index in (1, 2, 3)]
    desk = place.desk(1)
    said = fingerprint(lines[1]).hex()
    with pytest.raises(ProgramError, match="guardian 2: the exchange has an enrolment"):
        accept(desk, lines, {2: f"{int(said[0], 16) ^ 1:x}{said[1:]}"})
    assert desk.key.compared == ()
    with pytest.raises(ProgramError, match="guardian 3 has not enrolled"):
        accept(desk, lines[:2], {3: said})
    blocks = " ".join(said[place : place + 4].upper() for place in range(0, 64, 4))
    assert accept(desk, lines, {2: blocks}) == (3,)


def test_somebody_else_in_ones_place(place: Place) -> None:
    impostor = Place()
    impostor.shared = place.shared
    impostor.enrol(2)
    with pytest.raises(DuplicateMessage, match=r"ceremony/1/enrol/2\.json"):
        place.enrol(2)


def test_another_enrolment_in_the_same_home_is_refused(place: Place) -> None:
    place.enrol(1)
    key = new_key(2, 3, 2, "Boris")
    with pytest.raises(ProgramError, match=r"guardian 1 \(Aigul\), 2 of 3, is enrolled here"):
        set_up(place.homes[1], place.identities[1], key, TOY)


@pytest.mark.parametrize(
    ("guardian", "n", "k"), [(4, 3, 2), (1, 4, 2), (1, 3, 4), (1, 101, 51), (1, 2**40, 2**40)]
)
def test_terms_that_no_ceremony_accepts(guardian: int, n: int, k: int) -> None:
    with pytest.raises(ProgramError, match="is refused"):
        new_key(guardian, n, k, "x")


@pytest.mark.parametrize("name", ["", "two\nlines", "x" * 201, "a\u0308"])
def test_a_name_that_no_transcript_takes(name: str) -> None:
    with pytest.raises(ProgramError, match="cannot stand in a transcript"):
        new_key(1, 3, 2, name)


# Files that the exchange changes, moves or replays accuse nobody: no complaint is made.


def before_commits_are_read(place: Place) -> dict[int, Desk]:
    """Every commit is there, and guardian 1 has read none but its own."""
    desks = place.enrol_all()
    take_turns(desks, "12312")
    return desks


def refused(place: Place, desk: Desk, kind: type[ElectionError], match: str) -> None:
    with pytest.raises(kind, match=match):
        work(desk, desk.attempt())
    assert not [name for name in place.shared.files if "complaint" in name]


def test_a_wrong_signature(place: Place) -> None:
    desks = before_commits_are_read(place)
    name = "ceremony/1/commit/2.json"
    line = Commit.from_bytes(place.shared.files[name], TOY)
    forged = sign_record(line, SigningKey.generate(), TOY)
    place.shared.files[name] = forged.to_bytes(TOY)
    refused(place, desks[1], ProtocolViolation, "guardian 2: the signature in .*commit/2.json")


def test_a_damaged_file(place: Place) -> None:
    desks = before_commits_are_read(place)
    place.shared.files["ceremony/1/commit/2.json"] = b"{}\n"
    refused(place, desks[1], MalformedRecord, "ceremony/1/commit/2.json")


def test_a_message_under_the_name_of_another(place: Place) -> None:
    desks = before_commits_are_read(place)
    files = place.shared.files
    files["ceremony/1/commit/2.json"] = files["ceremony/1/commit/3.json"]
    refused(place, desks[1], ProtocolViolation, "guardian 2: .* holds a message of guardian 3")


def test_other_bytes_than_those_seen_before(place: Place) -> None:
    desks = place.enrol_all()
    take_turns(desks, "1231231")
    name = "ceremony/1/commit/2.json"
    line = Commit.from_bytes(place.shared.files[name], TOY)
    second = sign_record(line.model_copy(update={"digest": bytes(32)}), desks[2].me.key, TOY)
    place.shared.files[name] = second.to_bytes(TOY)
    refused(place, desks[1], DuplicateMessage, "commit/2.json: holds other bytes")


def test_a_message_twice_with_the_same_bytes_changes_nothing(place: Place) -> None:
    desks = before_commits_are_read(place)
    name = "ceremony/1/commit/2.json"
    place.exchange.publish(name, place.shared.files[name])
    finish(desks)


def test_a_message_out_of_order(place: Place) -> None:
    desks = place.enrol_all()
    take_turns(desks, "1231231")
    del place.shared.files["ceremony/1/commit/2.json"]
    newcomer = place.homes[3].files
    newcomer.pop("messages/ceremony/1/commit/2.json", None)
    assert "ceremony/1/reveal/2.json" in place.shared.files
    refused(
        place,
        desks[3],
        ProtocolViolation,
        "guardian [12]: its reveal came before the commit of guardian 2",
    )


def test_a_share_whose_ciphertext_was_swapped(place: Place) -> None:
    desks = place.enrol_all()
    take_turns(desks, "1231231")
    name = "ceremony/1/share/2-1.json"
    take_turns(desks, "23")
    message = ShareMessage.from_bytes(place.shared.files[name], TOY)
    other = message.ciphertext.model_copy(update={"c1": bytes(64)})
    place.shared.files[name] = message.model_copy(update={"ciphertext": other}).to_bytes(TOY)
    refused(place, desks[1], MalformedRecord, "not the one that was signed for")


def test_a_share_under_the_name_of_another_receiver(place: Place) -> None:
    desks = place.enrol_all()
    take_turns(desks, "123123123")
    files = place.shared.files
    for name in ("messages/ceremony/1/share/2-1.json", "messages/ceremony/1/share/2-3.json"):
        place.homes[1].files.pop(name, None)
    files["ceremony/1/share/2-1.json"] = files["ceremony/1/share/2-3.json"]
    refused(place, desks[1], WrongRecipient, "holds its share for guardian 3")


def test_a_replay_from_another_ceremony(place: Place) -> None:
    desks = before_commits_are_read(place)
    old = place.shared.files["ceremony/1/commit/2.json"]
    for desk in desks.values():
        send_enrolment(desk, 2)
    take_turns(desks, "1231")
    place.shared.files["ceremony/2/commit/2.json"] = old
    refused(place, desks[1], ProtocolViolation, "commit/2.json is a message of another ceremony")


def test_the_nonce_of_an_earlier_attempt(place: Place) -> None:
    desks = before_commits_are_read(place)
    for desk in desks.values():
        send_enrolment(desk, 2)
    for index in desks:
        name = f"/roster/{index}.json"
        place.shared.files[f"ceremony/2{name}"] = place.shared.files[f"ceremony/1{name}"]
    with pytest.raises(CheckFailed, match="nonce is that of an earlier attempt"):
        take_turns(desks, "3")


def test_a_missing_guardian_is_named(place: Place) -> None:
    desks = place.enrol_all()
    take_turns(desks, "1212")
    attempt = desks[1].attempt()
    standing = work(desks[1], attempt)
    assert (standing.round, standing.awaited) == ("roster", (3,))
    said: list[str] = []
    waiter = Waiter(0.0, said.append)
    with pytest.raises(MissingMessage, match=r"guardian 3: it did not come within 0 seconds"):
        waiter.until("roster", lambda: None, lambda: "guardian 3")
    assert said == ["waiting for roster of guardian 3"]


# What a guardian signed and what is wrong ends the attempt, for everybody.


def complaint(place: Place, index: int, attempt: int = 1) -> Complaint:
    name = f"ceremony/{attempt}/complaint/{index}.json"
    return Complaint.from_bytes(place.shared.files[name], TOY, name)


def test_a_wrong_share_is_complained_about_and_ends_the_attempt(place: Place) -> None:
    desks = place.enrol_all()
    take_turns(desks, "1231231")
    drawn = desks[2].key.drawn
    assert drawn is not None
    wrong = (drawn.vote[0], (drawn.vote[1] + 1) % TOY.q)
    desks[2].save(drawn=drawn.model_copy(update={"vote": wrong}))
    take_turns(desks, "2")
    with pytest.raises(CheckFailed, match="guardian 2: its vote share for guardian 3") as found:
        take_turns(desks, "3")
    assert isinstance(found.value.cause, InconsistentShare)
    assert complaint(place, 3).against == "guardian 2"
    for index in (1, 2, 3):
        with pytest.raises(Ended, match="guardian 3: complains about guardian 2"):
            take_turns(desks, str(index))


def test_a_reveal_that_does_not_open_its_commit(place: Place) -> None:
    desks = place.enrol_all()
    take_turns(desks, "1231")
    drawn_before = desks[3].key.drawn
    assert drawn_before is not None
    desks[3].save(drawn=drawn_before.model_copy(update={"opening": bytes(32)}))
    take_turns(desks, "23")
    with pytest.raises(CheckFailed, match="guardian 3: expected what it committed to"):
        take_turns(desks, "1")
    assert complaint(place, 1).rule == "reveal"


def test_keys_of_an_earlier_attempt_are_refused_after_a_restart(place: Place) -> None:
    desks = place.enrol_all()
    take_turns(desks, "1231231")
    old = desks[2].key.drawn
    assert old is not None
    for desk in desks.values():
        send_enrolment(desk, current_attempt(desk.box, desk.index) + 1)
    take_turns(desks, "1")
    take_turns(desks, "2")
    take_turns(desks, "3")  # rosters are complete: guardian 2 takes its old secrets
    attempt = desks[2].attempt()
    attempt.advance()
    kept = Drawn.of(attempt.members.ceremony, old.secrets(), old.public)
    desks[2].save(drawn=kept)
    with pytest.raises(CheckFailed, match="guardian 2: uses a key of an earlier ceremony"):
        take_turns(desks, "1231231")
    with pytest.raises(Ended):
        take_turns(desks, "3")


def test_after_a_complaint_the_next_attempt_has_fresh_keys_and_another_name(place: Place) -> None:
    test_a_wrong_share_is_complained_about_and_ends_the_attempt(place)
    desks = {index: place.desk(index) for index in place.homes}
    for desk in desks.values():
        send_enrolment(desk, 2)
    finish(desks)
    attempt = desks[1].attempt()
    attempt.advance()
    first = json.loads(place.shared.files["ceremony/1/roster/1.json"])["ceremony"]
    assert attempt.terms.attempt == 2
    assert attempt.members.ceremony.hex() != first
    assert attempt.round is None


def test_a_forged_complaint_ends_nothing_silently(place: Place) -> None:
    desks = place.enrol_all()
    take_turns(desks, "123")
    attempt = desks[1].attempt()
    attempt.advance()
    forged = Complaint(
        guardian=2,
        ceremony=attempt.members.ceremony,
        against="guardian 3",
        rule="share",
        detail="is wrong",
        sig=bytes(64),
    )
    place.shared.files["ceremony/1/complaint/2.json"] = forged.to_bytes(TOY)
    with pytest.raises(
        ProtocolViolation, match=r"signature in ceremony/1/complaint/2\.json"
    ) as hit:
        take_turns(desks, "1")
    assert not isinstance(hit.value, Ended)


def test_a_complaint_after_all_have_confirmed_ends_nothing(place: Place) -> None:
    """Else one guardian could take the keys away from an election that has begun."""
    desks = place.enrol_all()
    finish(desks)
    attempt = desks[3].attempt()
    attempt.advance()
    publish_complaint(desks[3], attempt, "guardian 1", "by hand", "is late")
    assert complaint(place, 3).against == "guardian 1"
    take_turns(desks, "123")
    assert confirmed(place.desk(1).attempt()).round is None


def test_a_complaint_ends_the_attempt_for_who_finds_another_fault(place: Place) -> None:
    test_a_wrong_share_is_complained_about_and_ends_the_attempt(place)
    place.shared.files["ceremony/1/check/1.json"] = b"{}\n"
    with pytest.raises(Ended, match="guardian 3: complains about guardian 2"):
        take_turns({1: place.desk(1)}, "1")
