"""COSE_Sign1: the bytes that are signed, and the headers that are refused."""

from __future__ import annotations

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from egcore.canonical import labelled_message
from egcore.signing import SigningKey
from terminal_bridge.cbor import CborFault
from terminal_bridge.cose import Sign1, holds, longest, read_sign1, sign1, signed_bytes

KEY = SigningKey.generate()
AAD = b"dalel/test/1\x00"
GOOD = sign1(KEY, "terminal-1", AAD, b"payload")


def test_a_foreign_example_holds() -> None:
    """eddsa-sig-01 of the COSE working group: Ed25519, no external data."""
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "7142fd2ff96d56db85bee905a76ba1d0b7321a95c8c4d3607c5781932b7afb87"
        "11497dfa751bf40b58b3bcc32300b1487f3db34085eef013bf08f4a44d6fef0d"
    )
    example = Sign1("11", bytes.fromhex("a201270300"), b"This is the content.", signature)
    assert holds(example, public, b"")
    assert not holds(example, public, b"\x00")


def test_the_signature_is_over_the_sig_structure_and_nothing_else() -> None:
    protected = b"\xa2\x01\x27\x04\x4aterminal-1"
    to_sign = b"\x84\x6aSignature1\x4f" + protected + b"\x4d" + AAD + b"\x47payload"
    signature = Ed25519PrivateKey.from_private_bytes(KEY.seed()).sign(to_sign)
    assert b"\xd2\x84\x4f" + protected + b"\xa0\x47payload\x58\x40" + signature == GOOD


def test_what_is_read_is_what_was_signed() -> None:
    signed = read_sign1(GOOD)
    assert (signed.kid, signed.payload) == ("terminal-1", b"payload")
    assert holds(signed, KEY.public, AAD)


@pytest.mark.parametrize("part", ["protected", "payload", "signature"])
def test_a_changed_part_does_not_hold(part: str) -> None:
    signed = read_sign1(GOOD)
    before = getattr(signed, part)
    for place in range(len(before)):
        changed = bytearray(before)
        changed[place] ^= 1
        found = signed._replace(**{part: bytes(changed)})  # type: ignore[arg-type]
        assert not holds(found, KEY.public, AAD)


def test_another_key_or_other_external_data_does_not_hold() -> None:
    signed = read_sign1(GOOD)
    assert not holds(signed, SigningKey.generate().public, AAD)
    assert not holds(signed, KEY.public, AAD + b"\x00")


def test_no_labelled_message_is_a_sig_structure() -> None:
    """One registered key signs both; they differ in the first byte."""
    assert signed_bytes(b"", b"", b"")[:1] == b"\x84"
    assert labelled_message("submit", {})[:1] == b"d"


@pytest.mark.parametrize("length", [1, 23, 24, 32])
def test_the_longest_record_is_that_of_the_longest_kid(length: int) -> None:
    payload = bytes(300)
    found = sign1(KEY, "z" * length, AAD, payload)
    assert len(found) <= longest(payload)
    assert (len(found) == longest(payload)) is (length == 32)


def record(
    protected: object = None,
    unprotected: object = None,
    payload: object = b"payload",
    signature: object = bytes(64),
) -> bytes:
    """A tagged COSE_Sign1 as cbor2 writes it; its signature is not looked at here."""
    header = {1: -8, 4: b"terminal-1"} if protected is None else protected
    raw = header if isinstance(header, bytes) else cbor2.dumps(header, canonical=True)
    parts = [raw, {} if unprotected is None else unprotected, payload, signature]
    return cbor2.dumps(cbor2.CBORTag(18, parts))


def test_the_record_of_these_tests_is_taken() -> None:
    assert read_sign1(record()).kid == "terminal-1"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (record({1: -7, 4: b"terminal-1"}), "not EdDSA"),
        (record({1: -19, 4: b"terminal-1"}), "not EdDSA"),
        (record({1: "EdDSA", 4: b"terminal-1"}), "not EdDSA"),
        (record({1: -8}), "exactly algorithm and kid"),
        (record({4: b"terminal-1"}), "exactly algorithm and kid"),
        (record({1: -8, 2: [4], 4: b"terminal-1"}), "exactly algorithm and kid"),
        (record({1: -8, 4: b"terminal-1", 5: b"iv"}), "exactly algorithm and kid"),
        (record({1: -8, 4: "terminal-1"}), "kid is not the id"),
        (record({1: -8, 4: b""}), "kid is not the id"),
        (record({1: -8, 4: b"z" * 33}), "kid is not the id"),
        (record({1: -8, 4: b"terminal_1"}), "kid is not the id"),
        (record({1: -8, 4: b"\xff"}), "kid is not the id"),
        (record([]), "exactly algorithm and kid"),
        (record(b""), "cut off"),
        (record(b"\xa2\x04\x41a\x01\x27"), "ascending"),
        (record(unprotected={4: b"terminal-1"}), "an unprotected header"),
        (record(unprotected=[]), "an unprotected header"),
        (record(payload="payload"), "not a byte string"),
        (record(payload=None), "a tag, float or simple value"),
        (record(signature=bytes(63)), "has not 64 bytes"),
        (record(signature="x"), "has not 64 bytes"),
        (record()[1:], "no tag 18"),
        (b"\xd8\x12" + record()[1:], "no tag 18"),
        (b"\xd8\x62" + record()[1:], "no tag 18"),
        (b"\xd2" + record(), "a tag, float or simple value"),
        (b"\xd2\x80", "not an array of four"),
        (b"\xd2\x40", "not an array of four"),
        (record() + b"\x00", "after the end"),
        (b"", "no tag 18"),
    ],
)
def test_a_record_of_another_form_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(CborFault, match=reason):
        read_sign1(raw)


def test_cryptography_refuses_a_signature_with_s_above_the_order() -> None:
    """The rule of EQ-X2: S + L would be a second signature over the same bytes."""
    order = 2**252 + 27742317777372353535851937790883648493
    signed = read_sign1(GOOD)
    scalar = int.from_bytes(signed.signature[32:], "little") + order
    twin = signed.signature[:32] + scalar.to_bytes(32, "little")
    Ed25519PublicKey.from_public_bytes(KEY.public).verify(
        signed.signature, signed_bytes(signed.protected, AAD, signed.payload)
    )
    assert not holds(signed._replace(signature=twin), KEY.public, AAD)
