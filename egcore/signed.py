"""Signing and checking whole records (EQ-X2): what is signed is the record without signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from egcore.records.record import Signed
from egcore.records.signatures import RegistrarSig
from egcore.signing import SigningKey, verify_signature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from egcore.group import Group

SignedT = TypeVar("SignedT", bound=Signed)

UNSIGNED = bytes(64)


def sign_record(unsigned: SignedT, key: SigningKey, group: Group) -> SignedT:
    """Return the record with its `sig` member made by `key`.

    unsigned: complete but for `sig`, which holds UNSIGNED. Source: EQ-X2.
    """
    return unsigned.model_copy(update={"sig": signature_of(unsigned, key, group)})


def signature_of(record: Signed, key: SigningKey, group: Group) -> bytes:
    """Return the 64-byte signature of `key` over a record without its signatures (EQ-X2)."""
    return key.sign(record.purpose, record.signed_object(group))


def signature_holds(record: Signed, sig: bytes, public: bytes, group: Group) -> bool:
    """Tell whether `sig` over the record without its signatures is valid under `public`.

    public: 32 bytes, screened when it was registered. Source: EQ-X2.
    """
    return verify_signature(public, record.purpose, record.signed_object(group), sig)


def registrar_signatures(
    record: Signed, keys: Mapping[int, SigningKey], group: Group
) -> tuple[RegistrarSig, ...]:
    """Return signatures of registrars over a record, ascending.

    keys: 1-based position in the manifest's registrars to the key at that position.
    """
    return tuple(
        RegistrarSig(registrar=place, sig=signature_of(record, keys[place], group))
        for place in sorted(keys)
    )
