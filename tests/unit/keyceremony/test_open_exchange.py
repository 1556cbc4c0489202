"""Opening over the exchange: shares for one guardian alone, and only of ballots to open."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pyrage
import pytest
from pyrage import x25519

from egcore.ballot_nonce import encrypt_ballot_nonce
from egcore.errors import (
    DuplicateMessage,
    InvalidProof,
    MalformedRecord,
    MissingMessage,
    ProtocolViolation,
    QuorumNotReached,
)
from egcore.hashing import IdentifierHash, next_field
from egcore.program import ProgramError
from egcore.records.ballot import NonceRecord
from egcore.records.opening import Opening
from egcore.signed import sign_record
from egcore.signing import SigningKey
from egcore.streams import read_lines
from keyceremony.open_exchange import assemble, ballots_to_open, publish_share
from keyceremony.open_requests import publish_request, read_request
from keyceremony.opening import opening_share
from terminal_bridge.device import enter_chain
from terminal_bridge.encryption import Selections, encrypt_ballot
from tests.attacks.elections import BOX, ONE, OTHER, honest_ballots
from tests.attacks.malicious_box import recoded
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import Fuse, Killed, MemoryStorage, Place
from tests.unit.keyceremony.sealed_election import (
    SealedElection,
    fresh_sealed_election,
    signed_off,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.records.ballot import Ballot, EncryptedBallot
    from keyceremony.opening import SealedBallot
    from tests.simulator.election import ElectionSimulator

POSITIONS = [4, 5]


@pytest.fixture
def sealed() -> SealedElection:
    return fresh_sealed_election()


def send_shares(sealed: SealedElection, index: int, fuse: Fuse | None = None) -> list[str]:
    record, desk = sealed.sealed(), sealed.place.desk(index, fuse)
    assert desk.key.kept is not None
    return [
        publish_share(desk, sealed.election, ballot, desk.key.kept.shares().data)
        for ballot in ballots_to_open(record, record.check())
    ]


def openings(sealed: SealedElection, index: int, without: tuple[int, ...] = ()) -> list[Opening]:
    record = sealed.sealed()
    made = assemble(sealed.place.desk(index), record, record.check(), without)
    (name,) = made.names
    assert made.bad == ()
    assert name == f"open/{sealed.election.h_e.hex()}/openings/{BOX}.ndjson"
    with sealed.place.shared.open_stream(name) as file:
        return list(read_lines(file, Opening, TOY, name))


def test_k_shares_open_what_the_closing_lists(sealed: SealedElection) -> None:
    publish_request(sealed.place.desk(2), sealed.election)
    for index in (1, 3):
        send_shares(sealed, index)
    found = openings(sealed, 2)
    assert [opening.position for opening in found] == POSITIONS
    assert [list(opening.contests[0].selections) for opening in found] == [ONE["one"], OTHER["one"]]
    sealed.simulator.open_by_guardians((1, 2))
    box = sealed.simulator.boxes[BOX]
    assert found == [box.openings[position] for position in POSITIONS]
    assert openings(sealed, 2) == found


def test_fewer_than_k_open_nothing(sealed: SealedElection) -> None:
    publish_request(sealed.place.desk(2), sealed.election)
    send_shares(sealed, 2)
    with pytest.raises(QuorumNotReached, match="1 guardians take part, 2 are needed"):
        openings(sealed, 2)
    assert not [name for name in sealed.place.shared.files if "openings" in name]


def test_only_the_guardian_who_asked_assembles(sealed: SealedElection) -> None:
    with pytest.raises(MissingMessage, match="no request for shares"):
        send_shares(sealed, 1)
    publish_request(sealed.place.desk(2), sealed.election)
    with pytest.raises(ProgramError, match="guardian 2 assembles"):
        publish_request(sealed.place.desk(1), sealed.election)
    with pytest.raises(ProgramError, match="does not assemble"):
        openings(sealed, 1)
    assert publish_request(sealed.place.desk(2), sealed.election) == read_request(
        sealed.place.desk(3), sealed.election
    )


def test_no_share_is_readable_in_the_exchange_or_a_home(sealed: SealedElection) -> None:
    publish_request(sealed.place.desk(2), sealed.election)
    names = [*send_shares(sealed, 1), *send_shares(sealed, 3)]
    key = sealed.place.desk(2).key
    assert key.assembling is not None
    identity = x25519.Identity.from_str(key.assembling.identity)
    files = sealed.place.shared.files
    shares = [json.loads(pyrage.decrypt(files[name], [identity]))["m"] for name in names]
    homes = sealed.place.homes.values()
    everything = b"".join(
        data for folder in (sealed.place.shared, *homes) for data in folder.files.values()
    )
    assert [share for share in shares if share.encode() in everything] == []
    assert key.assembling.identity.encode() not in everything


def test_a_share_is_sent_again_as_the_same_bytes(sealed: SealedElection) -> None:
    publish_request(sealed.place.desk(2), sealed.election)
    with pytest.raises(Killed):
        send_shares(sealed, 1, Fuse(3))  # after its copies of the request and of the first share
    kept = {
        name.removeprefix("messages/"): data
        for name, data in sealed.place.homes[1].files.items()
        if name.endswith(".age") and name.startswith("messages/")
    }
    names = send_shares(sealed, 1)
    assert len(kept) == 1
    assert {name: sealed.place.shared.files[name] for name in kept} == kept
    assert send_shares(sealed, 1) == names


def test_a_wrong_share_is_named_and_can_be_left_aside(sealed: SealedElection) -> None:
    request = publish_request(sealed.place.desk(2), sealed.election)
    for index in (1, 2):
        send_shares(sealed, index)
    record, liar = sealed.sealed(), sealed.place.desk(3)
    assert liar.key.kept is not None
    recipient = x25519.Recipient.from_str(request.recipient)
    for ballot in ballots_to_open(record, record.check()):
        share = opening_share(ballot, 3, liar.key.kept.shares().data, liar.me.key)
        wrong = share.model_copy(update={"m": TOY.multiply(share.m, TOY.g)})
        signed = sign_record(wrong, liar.me.key, TOY)
        name = f"open/{sealed.election.h_e.hex()}/1/{BOX}-{ballot.ballot.position}-3.age"
        sealed.place.exchange.publish(name, pyrage.encrypt(signed.to_bytes(TOY), [recipient]))
    with pytest.raises(Exception, match="guardian 3") as found:
        openings(sealed, 2)
    assert found.type.__name__ in {"InvalidProof", "ProtocolViolation"}
    assert len(openings(sealed, 2, (3,))) == len(POSITIONS)


def test_what_is_not_encrypted_to_the_request(sealed: SealedElection) -> None:
    publish_request(sealed.place.desk(2), sealed.election)
    name = f"open/{sealed.election.h_e.hex()}/1/{BOX}-4-1.age"
    sealed.place.shared.files[name] = b"age-encryption.org/v1\n"
    with pytest.raises(MalformedRecord, match="is not encrypted to this request"):
        openings(sealed, 2)


def test_a_forged_request_gets_no_share(sealed: SealedElection) -> None:
    request = publish_request(sealed.place.desk(2), sealed.election)
    other = x25519.Identity.generate().to_public()
    unsigned = request.model_copy(update={"recipient": str(other)})
    forged = sign_record(unsigned, SigningKey.generate(), TOY)
    name = f"open/{sealed.election.h_e.hex()}/1/request.json"
    sealed.place.shared.files[name] = forged.to_bytes(TOY)
    with pytest.raises(ProtocolViolation, match=r"guardian 2: .* its signature is not valid"):
        send_shares(sealed, 1)


# The guardian who asked is lost: another one asks in its place.


def test_another_guardian_asks_in_the_place_of_a_lost_one(sealed: SealedElection) -> None:
    publish_request(sealed.place.desk(2), sealed.election)
    answered = send_shares(sealed, 1)
    with pytest.raises(ProgramError, match="guardian 2 assembles") as caught:
        publish_request(sealed.place.desk(3), sealed.election)
    assert "dalel-guardian open request --new-request" in caught.value.hint
    second = publish_request(sealed.place.desk(3), sealed.election, new=True)
    assert (second.request, second.guardian) == (2, 3)
    assert read_request(sealed.place.desk(1), sealed.election) == second
    again = send_shares(sealed, 1)
    assert {name.split("/")[2] for name in again} == {"2"}
    assert set(again).isdisjoint(answered)
    send_shares(sealed, 3)
    assert [opening.position for opening in openings(sealed, 3)] == POSITIONS


@pytest.mark.parametrize("write", [2, 3, 4], ids=["key file", "own copy", "exchange"])
def test_the_same_new_request_again_is_no_other(sealed: SealedElection, write: int) -> None:
    publish_request(sealed.place.desk(2), sealed.election)
    with pytest.raises(Killed):  # the first write is the copy of the other's request
        publish_request(sealed.place.desk(3, Fuse(write)), sealed.election, new=True)
    second = publish_request(sealed.place.desk(3), sealed.election, new=True)
    for new in (True, False):
        assert publish_request(sealed.place.desk(3), sealed.election, new=new) == second
    assert second.request == 2
    assert sealed.place.exchange.fetch(f"open/{sealed.election.h_e.hex()}/2/request.json")


def test_a_guardian_whose_key_file_is_older_than_its_request_asks_anew(
    sealed: SealedElection,
) -> None:
    before = sealed.place.homes[2].files["key.age"]
    publish_request(sealed.place.desk(2), sealed.election)
    sealed.place.homes[2].files["key.age"] = before
    with pytest.raises(ProgramError, match="cannot open what answers request 1 of this guardian"):
        publish_request(sealed.place.desk(2), sealed.election)
    assert publish_request(sealed.place.desk(2), sealed.election, new=True).request == 2


def test_both_who_asked_give_the_same_openings(sealed: SealedElection) -> None:
    """The first was late and not lost; each opens from the shares that answer its own request."""
    publish_request(sealed.place.desk(2), sealed.election)
    for index in (1, 2):
        send_shares(sealed, index)
    publish_request(sealed.place.desk(3), sealed.election, new=True)
    for index in (1, 3):
        send_shares(sealed, index)
    assert openings(sealed, 2) == openings(sealed, 3)


def test_other_openings_than_those_of_an_earlier_request_are_refused(
    sealed: SealedElection,
) -> None:
    publish_request(sealed.place.desk(2), sealed.election)
    for index in (1, 2):
        send_shares(sealed, index)
    name = f"open/{sealed.election.h_e.hex()}/openings/{BOX}.ndjson"
    sealed.place.shared.files[name] = b"{}\n"
    with pytest.raises(DuplicateMessage, match="not those that the shares give"):
        openings(sealed, 2)
    assert f"messages/{name}" not in sealed.place.homes[2].files


def test_a_request_is_not_replayed_under_another_number(sealed: SealedElection) -> None:
    publish_request(sealed.place.desk(2), sealed.election)
    folder = f"open/{sealed.election.h_e.hex()}"
    files = sealed.place.shared.files
    files[f"{folder}/2/request.json"] = files[f"{folder}/1/request.json"]
    with pytest.raises(
        ProtocolViolation, match=r"2/request\.json is of another election or number"
    ):
        send_shares(sealed, 1)
    assert publish_request(sealed.place.desk(3), sealed.election, new=True).request == 3
    assert {name.split("/")[2] for name in send_shares(sealed, 1)} == {"3"}


# What a dishonest box would have opened: a cast ballot under another name.


def first_to_open(sealed: SealedElection) -> SealedBallot:
    record = sealed.sealed()
    return next(ballots_to_open(record, record.check()))


def cast_ballot(sealed: SealedElection) -> Ballot:
    box = sealed.simulator.boxes[BOX]
    return next(entry.ballot for entry in box.decided if entry.ballot.status == "cast")


def refused(sealed: SealedElection, ballot: SealedBallot, match: str) -> None:
    """Guardian 1 makes no share of it."""
    desk = sealed.place.desk(1)
    assert desk.key.kept is not None
    with pytest.raises(ProtocolViolation, match=match):
        opening_share(ballot, 1, desk.key.kept.shares().data, desk.me.key)


@pytest.mark.parametrize("status", ["cast", "void"])
def test_only_a_ballot_whose_sealed_status_is_challenged(
    sealed: SealedElection, status: str
) -> None:
    listed = first_to_open(sealed)
    changed = listed.ballot.model_copy(update={"status": status})
    refused(sealed, replace(listed, ballot=changed), f"its sealed status is {status}; only chall")


def test_only_a_ballot_that_its_closing_lists(sealed: SealedElection) -> None:
    listed = first_to_open(sealed)
    closing = listed.closing.model_copy(update={"to_open": (5,)})
    refused(sealed, replace(listed, closing=closing), "does not list it under to_open")


def test_the_nonce_of_a_cast_ballot_under_another_id_b(sealed: SealedElection) -> None:
    listed, cast = first_to_open(sealed), cast_ballot(sealed)
    copied = listed.ballot.model_copy(update={"h_i": cast.h_i, "nonce": cast.nonce})
    refused(sealed, replace(listed, ballot=copied), r"expected H_I .* of its id_B.*\(5\.B\)")


def test_the_nonce_of_a_cast_ballot_under_its_own_h_i(sealed: SealedElection) -> None:
    listed, cast = first_to_open(sealed), cast_ballot(sealed)
    copied = listed.ballot.model_copy(update={"nonce": cast.nonce})
    desk = sealed.place.desk(1)
    assert desk.key.kept is not None
    with pytest.raises(InvalidProof, match=r"6\.R"):
        opening_share(replace(listed, ballot=copied), 1, desk.key.kept.shares().data, desk.me.key)


def with_a_dishonest_box(
    change: Callable[[ElectionSimulator, EncryptedBallot], EncryptedBallot],
) -> SealedElection:
    """A box changes its fourth ballot, which is challenged after a restart, and an honest fifth.

    Everything is signed and sealed as it should be, and that is what guardians go by.
    """
    place = Place()
    desks, simulator, election = signed_off(place)
    honest_ballots(simulator)
    box = simulator.boxes[BOX]
    ballot, xi_b = encrypt_ballot(
        box.keys, Selections("s-1", ONE), box.head.position + 1, next_field(box.head.h_last)
    )
    changed = recoded(box, change(simulator, ballot))
    submitted, box.head = enter_chain(box.keys, box.device, changed, xi_b)
    box.plain[submitted.ballot.position] = Selections("s-1", ONE)
    for entry in (submitted, box.submit(Selections("s-1", OTHER))):
        box.decide(replace(entry, xi_b=None), "challenged")
    record = MemoryStorage(simulator.sealed_record())
    return SealedElection(place, desks, simulator, election, record)


def test_a_copy_of_a_cast_ballot_of_another_box_is_not_opened() -> None:
    """Everything of it is copied, id_B too, so that each proof holds."""

    def copy(simulator: ElectionSimulator, ballot: EncryptedBallot) -> EncryptedBallot:
        other = next(box for device, box in simulator.boxes.items() if device != BOX)
        cast = other.decided[0].ballot
        members = ("id_b", "h_i", "nonce", "contests")
        return ballot.model_copy(update={name: getattr(cast, name) for name in members})

    sealed = with_a_dishonest_box(copy)
    publish_request(sealed.place.desk(2), sealed.election)
    with pytest.raises(
        ProtocolViolation, match=rf"{BOX}, position 4 and box .* position 1 have the same id_B"
    ):
        send_shares(sealed, 1)
    assert not [name for name in sealed.place.shared.files if name.endswith(".age")]


def test_a_ballot_with_a_bad_nonce_does_not_hide_the_next_one() -> None:
    def spoil(simulator: ElectionSimulator, ballot: EncryptedBallot) -> EncryptedBallot:
        h_i = IdentifierHash(ballot.h_i)
        other = encrypt_ballot_nonce(TOY, simulator.keys.data_key, h_i, bytes(32))
        return ballot.model_copy(update={"nonce": NonceRecord(**other._asdict())})

    sealed = with_a_dishonest_box(spoil)
    publish_request(sealed.place.desk(2), sealed.election)
    for index in (1, 3):
        send_shares(sealed, index)
    record = sealed.sealed()
    made = assemble(sealed.place.desk(2), record, record.check())
    assert [line.partition(":")[0] for line in made.bad] == [f"device {BOX}, position 4"]
    (name,) = made.names
    with sealed.place.shared.open_stream(name) as file:
        assert [line.position for line in read_lines(file, Opening, TOY, name)] == [5]
