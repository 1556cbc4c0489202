"""COSE_Sign1 with Ed25519 (RFC 9052, 4.2), the kid in the protected header (specs/19)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from egcore.signing import SIGNATURE_BYTES
from terminal_bridge.cbor import CborFault, decode, encode

if TYPE_CHECKING:
    from egcore.signing import SigningKey

TAG: Final = b"\xd2"  # 18: COSE_Sign1
_ALGORITHM, _KID = 1, 4  # header parameters
_EDDSA: Final = -8
_PARTS: Final = 4
_MAX_KID: Final = 32
_KID_FORM: Final = re.compile(rb"[a-z0-9-]{1,%d}" % _MAX_KID)


class Sign1(NamedTuple):
    """A signed record whose signature nobody has checked yet.

    kid: as the protected header names the signer.
    """

    kid: str
    protected: bytes
    payload: bytes
    signature: bytes


def sign1(key: SigningKey, kid: str, aad: bytes, payload: bytes) -> bytes:
    """Return the tagged COSE_Sign1 of a payload.

    kid: id of the device in the registry. aad: external data, agreed upon outside the record.
    """
    protected = _protected(kid)
    private = Ed25519PrivateKey.from_private_bytes(key.seed())
    signature = private.sign(signed_bytes(protected, aad, payload))
    return TAG + encode([protected, {}, payload, signature])


def longest(payload: bytes) -> int:
    """Return how many bytes the record of a payload has when the kid is as long as it may be."""
    return len(TAG + encode([_protected("z" * _MAX_KID), {}, payload, bytes(SIGNATURE_BYTES)]))


def read_sign1(raw: bytes) -> Sign1:
    """Return the parts of a tagged COSE_Sign1. raw: untrusted. Raises CborFault."""
    if raw[:1] != TAG:
        raise CborFault("no tag 18 at the start")
    parts = decode(raw[1:])
    if not isinstance(parts, list) or len(parts) != _PARTS:
        raise CborFault("not an array of four")
    protected, unprotected, payload, signature = parts
    if not isinstance(unprotected, dict) or unprotected:
        raise CborFault("an unprotected header")
    if not isinstance(protected, bytes) or not isinstance(payload, bytes):
        raise CborFault("header or payload is not a byte string")
    if not isinstance(signature, bytes) or len(signature) != SIGNATURE_BYTES:
        raise CborFault(f"the signature has not {SIGNATURE_BYTES} bytes")
    return Sign1(_kid_of(protected), protected, payload, signature)


def holds(record: Sign1, public: bytes, aad: bytes) -> bool:
    """Tell whether the signature is valid under a key. public: screened when it was registered."""
    message = signed_bytes(record.protected, aad, record.payload)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(record.signature, message)
    except InvalidSignature:
        return False
    return True


def signed_bytes(protected: bytes, aad: bytes, payload: bytes) -> bytes:
    """Return Sig_structure (RFC 9052, 4.4), which no labelled message of specs/12 can equal."""
    return encode(["Signature1", protected, aad, payload])


def _protected(kid: str) -> bytes:
    return encode({_ALGORITHM: _EDDSA, _KID: kid.encode("ascii")})


def _kid_of(protected: bytes) -> str:
    header = decode(protected)
    if not isinstance(header, dict) or set(header) != {_ALGORITHM, _KID}:
        raise CborFault("the protected header has not exactly algorithm and kid")
    kid = header[_KID]
    if header[_ALGORITHM] != _EDDSA:
        raise CborFault("the algorithm is not EdDSA")
    if not isinstance(kid, bytes) or _KID_FORM.fullmatch(kid) is None:
        raise CborFault("the kid is not the id of a device")
    return kid.decode("ascii")
