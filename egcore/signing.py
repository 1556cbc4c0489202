"""Ed25519 signatures over labelled canonical objects (EQ-X1, EQ-X2)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from egcore.canonical import labelled_message
from egcore.edwards25519 import L, decode, is_identity, multiply
from egcore.encoding import HASH_BYTES, raw
from egcore.errors import ProtocolViolation
from egcore.randomness import random_bytes32

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNATURE_BYTES: Final = 64
_SCREENED_KEYS: Final = 1024  # verdicts kept: a transcript asks for the same few keys each line


class SigningKey:
    """A private signing key. It does not print, pickle or compare its secret."""

    __slots__ = ("_private", "public")

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(raw(seed, HASH_BYTES))
        self.public = self._private.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> SigningKey:
        """Return a new key from 32 random bytes."""
        return cls(random_bytes32())

    @classmethod
    def from_bytes(cls, seed: bytes) -> SigningKey:
        """Return the key of a seed of 32 bytes, else ValueError."""
        return cls(seed)

    def sign(self, purpose: str, obj: Mapping[str, object]) -> bytes:
        """Return the signature, 64 bytes, over an object under a purpose.

        purpose: as specs/12-signed-messages.md names it. obj: exactly the members that the same
        chapter names, without any signature of its own. Source: EQ-X2.
        """
        return self._private.sign(labelled_message(purpose, obj))

    def seed(self) -> bytes:
        """Return the secret seed, 32 bytes, for a key file and nothing else."""
        return self._private.private_bytes_raw()

    def __repr__(self) -> str:
        return f"SigningKey(public={self.public.hex()})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a signing key is not pickled or copied")


def screen_public_key(public: bytes) -> None:
    """Raise ProtocolViolation unless the bytes are a public key that EQ-X2 admits.

    public: untrusted. Admitted: 32 bytes, a canonical encoding of a point that is not the
    identity and of which L times is the identity (no 8-torsion component).
    Cost: about 2 ms, remembered for the last keys. Source: EQ-X2.
    """
    fault = _key_fault(bytes(public))
    if fault:
        raise ProtocolViolation(f"public key {public.hex()[:64]}", "EQ-X2", fault)


@lru_cache(maxsize=_SCREENED_KEYS)
def _key_fault(public: bytes) -> str:
    """Return why EQ-X2 refuses a key; an empty text if it does not."""
    point = decode(public)
    if point is None:
        return "it is not the canonical encoding of a point of the curve"
    if is_identity(point):
        return "it is the identity"
    if not is_identity(multiply(point, L)):
        return "it has a component of small order"
    return ""


def verify_signature(
    public: bytes, purpose: str, obj: Mapping[str, object], signature: bytes
) -> bool:
    """Tell whether a signature is valid under a key that passes the screening.

    public, signature: untrusted, any bytes; never raises on them. obj: as for `sign`.
    Accepted exactly when EQ-X2 says so. What that rule says of key, R and S is checked here and
    not left to the package behind it, which computes S B - k A and compares it with R byte by
    byte, without a multiplication by the cofactor.
    Cost: about 0.3 ms.
    Source: EQ-X2.
    """
    if len(signature) != SIGNATURE_BYTES or _key_fault(bytes(public)):
        return False
    if decode(signature[:32]) is None or int.from_bytes(signature[32:], "little") >= L:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, labelled_message(purpose, obj))
    except InvalidSignature:
        return False
    return True
