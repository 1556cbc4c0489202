"""The bytes of a card by hand: CBOR, COSE_Sign1, HPKE and frames, from the RFCs (specs/19).

Primitives (Ed25519, X25519, AES-GCM, HMAC) are of a library; every layout is written out here.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEM_SUITE = b"KEM" + (0x0020).to_bytes(2, "big")  # DHKEM(X25519, HKDF-SHA256)
HPKE_SUITE = b"HPKE" + bytes.fromhex("002000010001")  # HKDF-SHA256, AES-128-GCM
DIRECT = 24  # additional information below this is the number itself
SIZES = (64, 512, 1024)
SERIAL = bytes(range(0xA0, 0xB0))


def head(major: int, number: int) -> bytes:
    """Return the shortest head of a CBOR item."""
    if number < DIRECT:
        return bytes([major << 5 | number])
    for info, width in ((DIRECT, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << (8 * width):
            return bytes([major << 5 | info]) + number.to_bytes(width, "big")
    raise ValueError(f"{number} has no head")


def cbor(value: object) -> bytes:
    """Return deterministic CBOR of integers, strings, lists, and maps with ascending keys."""
    match value:
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value.encode())) + value.encode()
        case list():
            return head(4, len(value)) + b"".join(map(cbor, value))
        case dict():
            return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    raise TypeError(type(value))


def sign1(
    seed: bytes, protected: bytes, aad: bytes, payload: bytes, headers: object = None
) -> bytes:
    """Return the tagged COSE_Sign1 (RFC 9052, 4.2 and 4.4)."""
    to_sign = cbor(["Signature1", protected, aad, payload])
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(to_sign)
    return b"\xd2" + cbor([protected, headers or {}, payload, signature])


def protected_header(kid: str) -> bytes:
    """Return the protected header: EdDSA and the id of the signer."""
    return cbor({1: -8, 4: kid.encode()})


def _extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")


def _expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, labelled + b"\x01", "sha256")[:length]  # length is at most 32


def hpke_seal(ephemeral: bytes, public: bytes, info: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Return encapsulated key and ciphertext of the first message (RFC 9180, base mode)."""
    secret = X25519PrivateKey.from_private_bytes(ephemeral)
    enc = secret.public_key().public_bytes_raw()
    shared = secret.exchange(X25519PublicKey.from_public_bytes(public))
    eae = _extract(KEM_SUITE, b"", b"eae_prk", shared)
    shared_secret = _expand(KEM_SUITE, eae, b"shared_secret", enc + public, 32)
    context = b"\x00" + _extract(HPKE_SUITE, b"", b"psk_id_hash", b"")
    context += _extract(HPKE_SUITE, b"", b"info_hash", info)
    prk = _extract(HPKE_SUITE, shared_secret, b"secret", b"")
    key = _expand(HPKE_SUITE, prk, b"key", context, 16)
    nonce = _expand(HPKE_SUITE, prk, b"base_nonce", context, 12)
    return enc + AESGCM(key).encrypt(nonce, plaintext, aad)


def frame(body: bytes) -> bytes:
    """Return head and body: magic and version, length, CRC-32 of all else."""
    start = b"\xda\x01" + len(body).to_bytes(2, "big")
    return start + zlib.crc32(start + body).to_bytes(4, "big") + body


def image(files: tuple[bytes, bytes, bytes]) -> bytes:
    """Return INFO, PERMIT and BALLOT, each filled up with FF."""
    pairs = zip(files, SIZES, strict=True)
    return b"".join(content.ljust(size, b"\xff") for content, size in pairs)


def derived(name: str) -> bytes:
    """Return 32 bytes that depend on the name alone."""
    return hashlib.sha256(b"dalel card vectors: " + name.encode()).digest()


def public_of(seed: bytes) -> bytes:
    """Return the Ed25519 public key of a seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def day_public(secret: bytes) -> bytes:
    """Return the X25519 public key of a day key."""
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
