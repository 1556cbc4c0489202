"""EQ-X2: the verifier's Ed25519 against two libraries and on the edges where libraries differ."""

from __future__ import annotations

import hashlib
import random

import nacl.exceptions
import nacl.signing
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from verifier import ed25519
from verifier.ed25519 import L, P

MESSAGE = b"dalel/test/1\x00{}\n"
SIGN_BIT = 1 << 255


def _encoding(number: int) -> bytes:
    return number.to_bytes(32, "little")


def _secret(seed: bytes) -> int:
    """The secret scalar that RFC 8032 derives from a seed."""
    raw = bytearray(hashlib.sha512(seed).digest()[:32])
    raw[0] &= 248
    raw[31] &= 127
    raw[31] |= 64
    return int.from_bytes(raw, "little")


def _challenge(r: bytes, public: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L


def _torsion_point() -> ed25519.Point:
    """A point of order 8: L times a point that has a component of that order."""
    four = (ed25519.IDENTITY,)
    y = 2
    while True:
        point = ed25519.decode(_encoding(y))
        y += 1
        if point is None:
            continue
        torsion = ed25519.multiply(L, point)
        if not ed25519.is_identity(ed25519.multiply(4, torsion)):
            assert ed25519.is_identity(ed25519.multiply(8, torsion))
            assert torsion not in four
            return torsion


TORSION = _torsion_point()
SMALL_ORDER = [ed25519.encode(ed25519.multiply(i, TORSION)) for i in range(8)]


def _cryptography_accepts(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _nacl_accepts(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        nacl.signing.VerifyKey(public).verify(message, signature)
    except (nacl.exceptions.BadSignatureError, nacl.exceptions.ValueError):
        return False
    return True


@pytest.fixture(scope="module")
def signer() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture(scope="module")
def public(signer: Ed25519PrivateKey) -> bytes:
    return signer.public_key().public_bytes_raw()


def test_rfc_8032_example_3() -> None:
    public = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
    signature = bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    assert ed25519.verify(public, bytes.fromhex("af82"), signature)
    assert not ed25519.verify(public, bytes.fromhex("af83"), signature)


def test_three_implementations_agree_on_honest_and_damaged_signatures() -> None:
    choice = random.Random(25519)
    outcomes = set()
    for number in range(24):
        signer = Ed25519PrivateKey.from_private_bytes(choice.randbytes(32))
        public = signer.public_key().public_bytes_raw()
        message = choice.randbytes(number)
        signature = bytearray(signer.sign(message))
        if number % 2:
            bit = choice.randrange(512)
            signature[bit // 8] ^= 1 << bit % 8
        ours = ed25519.verify(public, message, bytes(signature))
        assert ours == _cryptography_accepts(public, message, bytes(signature))
        assert ours == _nacl_accepts(public, message, bytes(signature))
        assert ours == (number % 2 == 0)
        outcomes.add(ours)
    assert outcomes == {True, False}


def test_wrong_message_and_wrong_key_are_refused(signer: Ed25519PrivateKey, public: bytes) -> None:
    signature = signer.sign(MESSAGE)
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    assert ed25519.verify(public, MESSAGE, signature)
    assert not ed25519.verify(public, MESSAGE + b" ", signature)
    assert not ed25519.verify(other, MESSAGE, signature)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_keys_of_another_length_are_refused(length: int, signer: Ed25519PrivateKey) -> None:
    key = bytes(length)
    assert ed25519.screen_key(key) == f"the key has {length} bytes instead of 32"
    assert not ed25519.verify(key, MESSAGE, signer.sign(MESSAGE))


@pytest.mark.parametrize("length", [0, 63, 65])
def test_signatures_of_another_length_are_refused(length: int, public: bytes) -> None:
    assert not ed25519.verify(public, MESSAGE, bytes(length))


def test_a_good_key_passes_the_screening(public: bytes) -> None:
    assert ed25519.screen_key(public) is None


@pytest.mark.parametrize("raw", SMALL_ORDER, ids=range(8))
def test_small_order_keys_are_refused(raw: bytes) -> None:
    reason = ed25519.screen_key(raw)
    assert reason in {"the key is the identity", "the key has a component of small order"}
    everything_goes = _encoding(1) + bytes(32)  # R = identity, S = 0
    assert not ed25519.verify(raw, MESSAGE, everything_goes)


def test_the_eight_small_order_points_are_distinct() -> None:
    assert len(set(SMALL_ORDER)) == 8


def test_the_demonstration_signature_that_libraries_accept_is_refused() -> None:
    """Key and R are the identity, S = 0: valid for every message under a lenient rule."""
    key = _encoding(1)
    signature = _encoding(1) + bytes(32)
    assert _cryptography_accepts(key, b"any", signature)
    assert not ed25519.verify(key, b"any", signature)


@pytest.mark.parametrize("y", [P, P + 1, P + 2, P + 18])
@pytest.mark.parametrize("sign", [0, SIGN_BIT])
def test_encodings_that_are_not_canonical_are_refused(y: int, sign: int) -> None:
    assert ed25519.screen_key(_encoding(y | sign)) == "y of the key is not below 2^255 - 19"


@pytest.mark.parametrize("y", [1, P - 1])
def test_x_zero_with_the_sign_bit_is_refused(y: int) -> None:
    assert ed25519.decode(_encoding(y)) is not None
    assert ed25519.screen_key(_encoding(y | SIGN_BIT)) == "the key is not the encoding of a point"


def test_a_y_of_no_point_is_refused() -> None:
    off_curve = next(y for y in range(2, 50) if ed25519.decode(_encoding(y)) is None)
    assert ed25519.screen_key(_encoding(off_curve)) == "the key is not the encoding of a point"


def test_a_key_with_torsion_is_refused_though_it_can_sign() -> None:
    """A = a B + T: whoever knows a makes signatures that two verifiers may judge differently."""
    a = _secret(b"torsion")
    tainted = ed25519.encode(ed25519.add(ed25519.multiply(a, ed25519.B), TORSION))
    assert ed25519.screen_key(tainted) == "the key has a component of small order"
    for r in range(1, 200):  # until k is a multiple of 8, so that k T vanishes
        commitment = ed25519.encode(ed25519.multiply(r, ed25519.B))
        k = _challenge(commitment, tainted, MESSAGE)
        if k % 8 == 0:
            signature = commitment + _encoding((r + k * a) % L)
            assert _cryptography_accepts(tainted, MESSAGE, signature)
            assert not ed25519.verify(tainted, MESSAGE, signature)
            return
    pytest.fail("no challenge was a multiple of 8")


def test_s_not_below_l_is_refused(signer: Ed25519PrivateKey, public: bytes) -> None:
    signature = signer.sign(MESSAGE)
    s = int.from_bytes(signature[32:], "little") + L
    assert not ed25519.verify(public, MESSAGE, signature[:32] + _encoding(s))


def test_r_of_small_order_is_not_otherwise_refused(public: bytes) -> None:
    """R = identity: EQ-X2 accepts, as OpenSSL does and libsodium does not."""
    a = _secret(bytes(range(32)))
    r = _encoding(1)
    signature = r + _encoding(_challenge(r, public, MESSAGE) * a % L)
    assert ed25519.verify(public, MESSAGE, signature)
    assert _cryptography_accepts(public, MESSAGE, signature)
    assert not _nacl_accepts(public, MESSAGE, signature)


def test_r_that_is_not_canonical_is_refused(public: bytes) -> None:
    a = _secret(bytes(range(32)))
    r = _encoding(P + 1)  # the identity again
    signature = r + _encoding(_challenge(r, public, MESSAGE) * a % L)
    assert not ed25519.verify(public, MESSAGE, signature)


def test_torsion_in_r_is_not_cleared_by_a_cofactor(public: bytes) -> None:
    a, nonce = _secret(bytes(range(32))), 12345
    r = ed25519.encode(ed25519.add(ed25519.multiply(nonce, ed25519.B), TORSION))
    s = (nonce + _challenge(r, public, MESSAGE) * a) % L
    key = ed25519.decode(public)
    assert key is not None
    difference = ed25519.add(
        ed25519.multiply(s, ed25519.B),
        ed25519.negate(ed25519.multiply(_challenge(r, public, MESSAGE), key)),
    )
    point = ed25519.decode(r)
    assert point is not None
    left_over = ed25519.add(difference, ed25519.negate(point))
    assert ed25519.is_identity(ed25519.multiply(8, left_over))  # a cofactored rule accepts
    assert not ed25519.verify(public, MESSAGE, r + _encoding(s))


def test_encode_and_decode_are_inverse() -> None:
    for scalar in (1, 2, 3, L - 1, 2**200 + 7):
        point = ed25519.multiply(scalar, ed25519.B)
        decoded = ed25519.decode(ed25519.encode(point))
        assert decoded is not None
        assert ed25519.is_identity(ed25519.add(decoded, ed25519.negate(point)))
    assert ed25519.is_identity(ed25519.multiply(L, ed25519.B))
    assert ed25519.is_identity(ed25519.multiply(0, ed25519.B))
