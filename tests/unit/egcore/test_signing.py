"""Signing keys and screening beyond the vectors (EQ-X2)."""

from __future__ import annotations

import copy
import hashlib
import pickle

import pytest

from egcore.edwards25519 import IDENTITY, L, P, Point, add, decode, is_identity, multiply
from egcore.errors import ProtocolViolation
from egcore.signing import SigningKey, screen_public_key, verify_signature

OBJECT: dict[str, object] = {"device": "box-1", "position": 1}


def test_sign_and_verify() -> None:
    key = SigningKey.generate()
    signature = key.sign("submit", OBJECT)
    assert len(signature) == 64
    screen_public_key(key.public)
    assert verify_signature(key.public, "submit", OBJECT, signature)
    assert not verify_signature(key.public, "status", OBJECT, signature)
    assert not verify_signature(key.public, "submit", {**OBJECT, "position": 2}, signature)
    assert not verify_signature(SigningKey.generate().public, "submit", OBJECT, signature)


def test_a_key_file_holds_the_seed() -> None:
    key = SigningKey.generate()
    again = SigningKey.from_bytes(key.seed())
    assert again.public == key.public
    assert again.sign("seal", OBJECT) == key.sign("seal", OBJECT)
    with pytest.raises(ValueError, match="expected 32 bytes, found 31"):
        SigningKey.from_bytes(key.seed()[1:])


def test_known_answer_of_rfc_8032() -> None:
    """Section 7.1, test 1."""
    seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert SigningKey.from_bytes(bytes.fromhex(seed)).public.hex() == public


def test_a_signing_key_shows_and_gives_away_nothing() -> None:
    key = SigningKey.generate()
    assert repr(key) == f"SigningKey(public={key.public.hex()})"
    assert key.seed().hex() not in repr(key)
    for refused in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="signing key"):
            refused(key)


def test_screening_says_why() -> None:
    for public, reason in (
        (bytes(31), "canonical encoding"),
        ((1).to_bytes(32, "little"), "identity"),
        (bytes(32), "small order"),
    ):
        with pytest.raises(ProtocolViolation, match=reason) as caught:
            screen_public_key(public)
        assert caught.value.rule == "EQ-X2"
        assert public.hex() in str(caught.value)


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_any_bytes_give_an_answer(length: int) -> None:
    key = SigningKey.generate()
    signature = key.sign("seal", OBJECT)
    assert not verify_signature(bytes(length), "seal", OBJECT, signature)
    wrong = bytes(length) if length == 64 else (signature * 2)[:length]
    assert not verify_signature(key.public, "seal", OBJECT, wrong)


def base_point() -> Point:
    point = decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    assert point is not None
    return point


def test_curve_arithmetic() -> None:
    base = base_point()
    assert is_identity(multiply(base, L))
    assert not is_identity(multiply(base, L - 1))
    assert is_identity(multiply(base, 0))
    assert is_identity(add(multiply(base, 5), multiply(base, L - 5)))
    assert is_identity(add(IDENTITY, IDENTITY))


def test_public_key_is_the_clamped_scalar_times_the_base_point() -> None:
    key = SigningKey.generate()
    digest = int.from_bytes(hashlib.sha512(key.seed()).digest()[:32], "little")
    expected = multiply(base_point(), digest & (2**254 - 8) | 2**254)
    found = decode(key.public)
    assert found is not None
    assert (expected.X - found.X * expected.Z) % P == 0
    assert (expected.Y - found.Y * expected.Z) % P == 0
