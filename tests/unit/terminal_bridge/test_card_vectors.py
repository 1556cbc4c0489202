"""The card record against specs/vectors/card_*.json, which share no code with it."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from egcore.fixed_base import FixedBase
from egcore.hashing import ExtendedBaseHash
from egcore.records.registry import RegisteredKey
from egcore.signing import SigningKey
from terminal_bridge.card import MemoryCard, blank_image
from terminal_bridge.card_reader import CardReader
from terminal_bridge.card_record import (
    Marks,
    Permit,
    SealedBallot,
    open_marks,
    plaintext_bytes,
    read_ballot,
    read_permit,
    seal_info,
    sign_ballot,
    sign_permit,
)
from terminal_bridge.cbor import CborFault, decode, encode
from terminal_bridge.election_start import ElectionStart
from terminal_bridge.encryption import ElectionKeys
from terminal_bridge.refusals import CardRefused
from terminal_bridge.registry import RegisteredDevices
from tests.simulator.manifests import contest, manifest
from tests.specification import REPOSITORY
from tests.toy_groups import TOY, VECTORS
from tests.vectors.vector_file import cases

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTING: dict[str, Any] = json.loads((VECTORS / "card_setting.json").read_text("utf-8"))["cases"][
    0
]["expect"]
SIZES = (64, 512, 1024)
SEEDS = {entry["id"]: bytes.fromhex(entry["seed"]) for entry in SETTING["devices"]}
DAY_KEY = X25519PrivateKey.from_private_bytes(bytes.fromhex(SETTING["day_key"]))


def start_of_setting() -> ElectionStart:
    """The election of the vectors; its keys are never used by a reader of cards."""
    contests = [
        contest(
            entry["id"],
            entry["options"] - 2,
            option_limit=entry["option_limit"],
            contest_limit=entry["contest_limit"],
        )
        for entry in SETTING["contests"]
    ]
    styles = {name: tuple(ids) for name, ids in SETTING["styles"].items()}
    precincts = [(name, "a-1", tuple(styles)) for name in ("p-1", "p-2")]
    made = manifest(
        [SigningKey.generate().public], contests=contests, styles=styles, precincts=precincts,
        need=1,
    )  # fmt: skip
    table = FixedBase(TOY, TOY.g)
    keys = ElectionKeys(made, ExtendedBaseHash(bytes.fromhex(SETTING["h_e"])), table, table)
    devices = {
        entry["id"]: RegisteredKey(
            kind=entry["kind"],
            id=entry["id"],
            precinct=entry["precinct"],
            key=bytes.fromhex(entry["public"]),
            number=number,
            previous=bytes(32),
            h_e=keys.h_e,
            sigs=(),
        )
        for number, entry in enumerate(SETTING["devices"], start=1)
    }
    withdrawn = frozenset(entry["id"] for entry in SETTING["devices"] if entry["withdrawn"])
    return ElectionStart(keys, RegisteredDevices(devices, withdrawn), signed_off=True)


START = start_of_setting()
READER = CardReader(START, "p-1", "box-1", DAY_KEY)


def values(case: Mapping[str, Any]) -> SimpleNamespace:
    """The inputs of a case of card_records as the packages take them, and its bytes."""
    permit, ballot = case["permit"], case["ballot"]
    return SimpleNamespace(
        permit=Permit(
            bytes.fromhex(permit["election"]),
            permit["precinct"],
            permit["box"],
            permit["style"],
            bytes.fromhex(permit["id"]),
        ),
        desk=permit["kid"],
        terminal=ballot["kid"],
        marks=Marks(ballot["style"], ballot["language"], tuple(map(tuple, ballot["contests"]))),
        **{name: bytes.fromhex(text) for name, text in case["expect"].items()},
    )


def test_files_are_what_the_generator_makes() -> None:
    command = [sys.executable, str(REPOSITORY / "tools" / "make_card_vectors.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


RECORDS = cases("card_records", {"permit", "ballot"})


@pytest.mark.parametrize("case", RECORDS)
def test_a_permit_has_these_bytes(case: dict[str, Any]) -> None:
    v = values(case)
    assert sign_permit(v.permit, SigningKey.from_bytes(SEEDS[v.desk]), v.desk) == v.permit_body
    permit, signed = read_permit(v.permit_body)
    assert (permit, signed.kid, signed.payload) == (v.permit, v.desk, v.permit_payload)


@pytest.mark.parametrize("case", RECORDS)
def test_a_ballot_has_these_bytes(case: dict[str, Any]) -> None:
    v = values(case)
    ballot = SealedBallot(v.permit.election, v.permit.id, v.sealed)
    key = SigningKey.from_bytes(SEEDS[v.terminal])
    assert sign_ballot(ballot, key, v.terminal) == v.ballot_body
    found, signed = read_ballot(v.ballot_body)
    assert (found, signed.kid, signed.payload) == (ballot, v.terminal, v.ballot_payload)


@pytest.mark.parametrize("case", RECORDS)
def test_the_sealed_part_opens_to_these_marks(case: dict[str, Any]) -> None:
    v = values(case)
    assert seal_info(v.permit, v.terminal) == v.info
    contests = [entry for _, entry in START.keys.contests(v.marks.style)]
    length = plaintext_bytes(v.marks.style, contests)
    assert length == len(v.plaintext)
    assert open_marks(v.sealed, length, DAY_KEY, v.info) == v.marks


@pytest.mark.parametrize("case", RECORDS)
@pytest.mark.parametrize("record", ["permit", "ballot"])
def test_an_independent_decoder_and_verifier_agree(case: dict[str, Any], record: str) -> None:
    """cbor2 reads the record, `cryptography` checks a Sig_structure that is built here."""
    v = values(case)
    body, kid = (v.permit_body, v.desk) if record == "permit" else (v.ballot_body, v.terminal)
    tagged = cbor2.loads(body)
    assert tagged.tag == 18
    protected, unprotected, payload, signature = tagged.value
    assert cbor2.loads(protected) == {1: -8, 4: kid.encode()}
    assert unprotected == {}
    aad = f"dalel/card-{record}/1".encode() + b"\x00" + v.permit.election
    to_sign = b"\x84\x6aSignature1" + b"".join(
        b"\x58" + bytes([len(part)]) + part if len(part) > 23 else bytes([0x40 + len(part)]) + part
        for part in (protected, aad, payload)
    )
    public = SigningKey.from_bytes(SEEDS[kid]).public
    Ed25519PublicKey.from_public_bytes(public).verify(signature, to_sign)


@pytest.mark.parametrize("case", RECORDS)
def test_a_reader_takes_the_whole_card(case: dict[str, Any]) -> None:
    v = values(case)
    card = MemoryCard(v.image)
    permit = READER.permit(card)
    assert permit == v.permit
    read = READER.ballot(card, permit)
    assert (read.language, read.selections.style) == (v.marks.language, v.marks.style)


@pytest.mark.parametrize("case", cases("card_images", {"files"}))
def test_an_image_is_read_or_gives_its_one_refusal(case: dict[str, Any]) -> None:
    pairs = zip(case["files"], SIZES, strict=True)
    image = b"".join(bytes.fromhex(text).ljust(size, b"\xff") for text, size in pairs)
    card = MemoryCard(image)
    assert outcome(card) == case["expect"]
    assert card.image == image, "a reader wrote to the card"


def outcome(card: MemoryCard) -> str:
    try:
        READER.ballot(card, READER.permit(card))
    except CardRefused as exc:
        return exc.code
    return "read"


def test_the_images_reach_every_refusal_of_a_reader() -> None:
    codes = {case.values[0]["expect"] for case in cases("card_images", {"files"})}
    others = {"not_blank", "used_permit", "card_swapped", "write_failed"}  # of desk, box, wiping
    assert codes - {"read"} == {kind.code for kind in CardRefused.__subclasses__()} - others


@pytest.mark.parametrize("case", cases("card_cbor", {"raw"}))
def test_cbor_is_taken_or_refused(case: dict[str, Any]) -> None:
    raw = bytes.fromhex(case["raw"])
    if case["expect"] == "taken":
        assert encode(decode(raw)) == raw
    else:
        with pytest.raises(CborFault):
            decode(raw)


def test_a_blank_image_has_layout_and_serial() -> None:
    info = blank_image()[: SIZES[0]]
    assert info[:9] == b"KZSAILAU\x01"
    assert info[25:] == b"\xff" * 39
