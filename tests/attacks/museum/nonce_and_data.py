"""What a ballot carries beside its selections: the encrypted nonce (A-13) and contest data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.contest_data import encrypt_contest_data, pad_contest_data
from egcore.hashing import IdentifierHash, ballot_nonce_challenge, data_challenge
from egcore.randomness import random_bytes32, random_scalar
from egcore.records.ballot import ContestDataRecord
from tests.attacks.malicious_box import with_contest
from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.lies import lie

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.records.ballot import EncryptedBallot
    from tests.simulator.boxes import Box

GALLERY = Gallery("Encrypted nonce and contest data")


def _nonce(**changes: object) -> Callable[[Box, EncryptedBallot], EncryptedBallot]:
    def change(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
        return ballot.model_copy(update={"nonce": ballot.nonce.model_copy(update=changes)})

    return change


def _nonce_outside(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    return _nonce(c0=box.keys.group.p - ballot.nonce.c0)(box, ballot)


def _nonce_of_a_cast_ballot(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """Guardians who open this ballot would open that one."""
    return ballot.model_copy(update={"nonce": box.decided[0].ballot.nonce})


def _data(
    change: Callable[[Box, ContestDataRecord], ContestDataRecord],
) -> Callable[[Box, EncryptedBallot], EncryptedBallot]:
    def build(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
        entry = ballot.contests[1]
        assert entry.data is not None
        return with_contest(ballot, entry.model_copy(update={"data": change(box, entry.data)}))

    return build


def _flipped(_box: Box, data: ContestDataRecord) -> ContestDataRecord:
    return data.model_copy(update={"c1": bytes([data.c1[0] ^ 1]) + data.c1[1:]})


def _outside(box: Box, data: ContestDataRecord) -> ContestDataRecord:
    return data.model_copy(update={"c0": box.keys.group.p - data.c0})


def _of_another_contest(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """Contest data made for contest 3 stand in contest 2."""
    keys, h_i = box.keys, IdentifierHash(ballot.h_i)
    text = pad_contest_data("moved", 1)
    made = encrypt_contest_data(keys.group, keys.data_key, h_i, 3, random_bytes32(), text)
    record = ContestDataRecord(c0=made.c0, c1=made.c1, c=made.c, v=made.v)
    return with_contest(ballot, ballot.contests[1].model_copy(update={"data": record}))


def _data_of_another_ballot(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    source, own = box.decided[0].ballot.contests[1], ballot.contests[1]
    return with_contest(ballot, own.model_copy(update={"data": source.data}))


def _nonce_for_everybody(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """C0 = 1: the key is a hash of what everybody knows."""
    group, v = box.keys.group, random_scalar(box.keys.group)
    h_i, c1 = IdentifierHash(ballot.h_i), ballot.nonce.c1
    c = ballot_nonce_challenge(group, h_i, group.power_g(v), 1, c1)
    return _nonce(c0=1, c=c, v=v)(box, ballot)


def _data_for_everybody(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    group, v = box.keys.group, random_scalar(box.keys.group)
    entry = ballot.contests[1]
    assert entry.data is not None
    c = data_challenge(group, IdentifierHash(ballot.h_i), 2, group.power_g(v), 1, entry.data.c1)
    return _data(lambda _box, data: data.model_copy(update={"c0": 1, "c": c, "v": v}))(box, ballot)


BOX_ALONE = [Power.BOX]
GALLERY.add(
    "T31b",
    "the ballot nonce encrypted without randomness: C0 is 1",
    lie(_nonce_for_everybody),
    "6.V",
    means=BOX_ALONE,
    reach="everybody opens the whole ballot on the board",
    remains="nonces that the box makes predictable: its machine must be clean",
)
GALLERY.add(
    "T31c",
    "contest data encrypted without randomness: C0 is 1",
    lie(_data_for_everybody),
    "6.V",
    means=BOX_ALONE,
    reach="everybody reads what a voter wrote",
)
GALLERY.add(
    "T57",
    "encrypted contest data of another ballot",
    lie(_data_of_another_ballot),
    "6.T",
    means=BOX_ALONE,
    reach="a text that a voter wrote is shown as another's",
)
GALLERY.add(
    "M29",
    "the encrypted nonce of a cast ballot on another one (A-13)",
    lie(_nonce_of_a_cast_ballot),
    "6.R",
    means=BOX_ALONE,
    reach="guardians who open a challenged ballot open the cast one",
)
GALLERY.add(
    "M30",
    "the encrypted nonce times -1",
    lie(_nonce_outside),
    "6.Q",
    means=BOX_ALONE,
    reach="a guardian's share of the opening shows a bit of its secret",
)
GALLERY.add(
    "M31",
    "a bit of the encrypted contest data flipped",
    lie(_data(_flipped)),
    "6.T",
    means=BOX_ALONE,
    reach="a text that nobody wrote",
)
GALLERY.add(
    "M32",
    "the contest data's C0 times -1",
    lie(_data(_outside)),
    "6.S",
    means=BOX_ALONE,
    reach="a guardian's share shows a bit of its secret",
)
GALLERY.add(
    "M33",
    "contest data made for another contest of the same ballot",
    lie(_of_another_contest),
    "6.T",
    means=BOX_ALONE,
    reach="a text stands beside the wrong question",
)
