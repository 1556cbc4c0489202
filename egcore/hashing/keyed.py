"""H(key; tag, fields) = HMAC-SHA-256, and the names of its results (specs/00-conventions.md)."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, NewType

from egcore.encoding import HASH_BYTES, raw

if TYPE_CHECKING:
    from egcore.group import Group

ParameterBaseHash = NewType("ParameterBaseHash", bytes)  # H_P
BaseHash = NewType("BaseHash", bytes)  # H_B
ExtendedBaseHash = NewType("ExtendedBaseHash", bytes)  # H_E
GuardianRecordHash = NewType("GuardianRecordHash", bytes)  # H_G
IdentifierHash = NewType("IdentifierHash", bytes)  # H_I
ContestHash = NewType("ContestHash", bytes)  # chi
ConfirmationCode = NewType("ConfirmationCode", bytes)  # H_C, and H_0 of a chain
DeviceHash = NewType("DeviceHash", bytes)  # H_DI
ChainingField = NewType("ChainingField", bytes)  # B_C, 36 bytes


def keyed_hash(key: bytes, message: bytes) -> bytes:
    """Return HMAC-SHA-256(key, message), 32 bytes.

    key: exactly 32 bytes, else ValueError. message: begins with the domain tag, save in the key
    derivations, which have none.
    """
    return hmac.digest(raw(key, HASH_BYTES), message, "sha256")


def reduced(group: Group, digest: bytes) -> int:
    """Return Hq: a digest as a big-endian integer mod q."""
    return int.from_bytes(digest, "big") % group.q
