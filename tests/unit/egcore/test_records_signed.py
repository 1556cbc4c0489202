"""What signatures and digests of records cover (EQ-X2, EQ-X5, EQ-X7)."""

from __future__ import annotations

import hashlib

import pytest

from egcore.canonical import canonical
from egcore.records.ballot import Ballot, Decided, Submitted
from egcore.records.ceremony import ShareMessage
from egcore.records.record import SIGNATURE_MEMBERS, Signed
from egcore.records.seal import Seal
from tests.record_samples import samples
from tests.toy_groups import TOY

SAMPLES = samples(TOY)
SIGNED = {name: s.record for name, s in SAMPLES.items() if isinstance(s.record, Signed)}

PURPOSES = {
    "Enrol": "ceremony-enrol",
    "Roster": "ceremony-roster",
    "Commit": "ceremony-commit",
    "Reveal": "ceremony-reveal",
    "Share": "ceremony-share",
    "ShareMessage": "ceremony-share",
    "Check": "ceremony-check",
    "Confirm": "ceremony-confirm",
    "SignOff": "ceremony-sign-off",
    "RegisteredKey": "registry",
    "Withdrawn": "registry",
    "End": "registry",
    "BallotFileSignature": "ballot-file",
    "DeviceFile": "device",
    "LossStatement": "loss",
    "Seal": "seal",
    "PlanFile": "plan",
    "Statement": "statement",
    "DecryptCommit": "decrypt-commit",
    "DecryptReveal": "decrypt-reveal",
    "DecryptRespond": "decrypt-respond",
    "OpenShare": "open-share-message",
}


def test_every_signed_record_has_the_purpose_of_the_chapter() -> None:
    assert {type(record).__name__: record.purpose for record in SIGNED.values()} == PURPOSES
    assert (Submitted.purpose, Decided.purpose) == ("submit", "status")


@pytest.mark.parametrize("record", SIGNED.values(), ids=SIGNED)
def test_the_signed_object_is_the_record_without_its_own_signatures(record: Signed) -> None:
    members = record.to_object(TOY)
    left_out = set(members) - set(record.signed_object(TOY))
    assert left_out - {"ciphertext"} == set(members) & set(SIGNATURE_MEMBERS)
    assert left_out & set(SIGNATURE_MEMBERS), "it has a signature member"


def test_only_members_at_the_top_are_left_out() -> None:
    """A statement of loss inside the seal is sealed with its signatures."""
    seal = SAMPLES["seal"].record
    assert isinstance(seal, Seal)
    signed = seal.signed_object(TOY)
    assert set(signed) == {"h_e", "registry", "boxes"}
    assert "sigs" in signed["boxes"][1]["loss"]  # type: ignore[index]


def test_a_share_message_and_its_public_line_are_signed_alike() -> None:
    message = SAMPLES["share message"].record
    assert isinstance(message, ShareMessage)
    line = message.public_line()
    assert line.signed_object(TOY) == message.signed_object(TOY)
    assert set(message.signed_object(TOY)) == {"kind", "guardian", "to", "ceremony", "digest"}
    assert line.sig == message.sig


def test_share_ciphertext_digest() -> None:
    """EQ-X5: label, zero byte, canonical object of c0, c1, c, v."""
    message = SAMPLES["share message"].record
    assert isinstance(message, ShareMessage)
    part = message.ciphertext
    raw = (
        f'{{"c":"{part.c:016x}","c0":"{part.c0:064x}","c1":"{part.c1.hex()}",'
        f'"v":"{part.v:016x}"}}\n'
    )
    due = hashlib.sha256(b"dalel/share-ciphertext/1\x00" + raw.encode()).digest()
    assert part.digest(TOY) == due


@pytest.mark.parametrize("status", ["cast", "challenged", "void"])
def test_encrypted_part_is_the_line_without_status_and_decided(status: str) -> None:
    """EQ-X7: the digest is the same whatever was decided later."""
    ballot = SAMPLES["ballot with data"].record
    assert isinstance(ballot, Ballot)
    other = ballot.model_copy(update={"status": status, "decided": "closing"})
    members = ballot.to_object(TOY)
    assert set(members) - set(ballot.encrypted_part(TOY)) == {"status", "decided"}
    message = b"dalel/encrypted-part/1\x00" + canonical(ballot.encrypted_part(TOY))
    assert ballot.encrypted_part_digest(TOY) == hashlib.sha256(message).digest()
    assert other.encrypted_part_digest(TOY) == ballot.encrypted_part_digest(TOY)
