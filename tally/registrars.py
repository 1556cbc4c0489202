"""What the registrars must sign, and whether they did (specs/12, EQ-X2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.errors import ProtocolViolation
from egcore.signed import signature_holds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from egcore.group import Group
    from egcore.records.manifest import Manifest
    from egcore.records.record import Signed
    from egcore.records.signatures import RegistrarSig
    from egcore.signing import SigningKey


def require_registrars(manifest: Manifest, registrars: Mapping[int, SigningKey]) -> None:
    """Require at least `need` registrars, each at the position of its key in the manifest.

    Raises ProtocolViolation.
    """
    keys: Sequence[bytes] = manifest.registrars.keys
    for place, key in registrars.items():
        if not 1 <= place <= len(keys) or keys[place - 1] != key.public:
            raise ProtocolViolation(
                f"registrar {place}", "registrars", "its key is not at this place of the manifest"
            )
    if len(registrars) < manifest.registrars.need:
        raise ProtocolViolation(
            "the registrars",
            "registrars",
            f"expected {manifest.registrars.need} signatures, found {len(registrars)}",
        )


def require_signed(
    manifest: Manifest, record: Signed, sigs: Sequence[RegistrarSig], group: Group, name: str
) -> None:
    """Require valid signatures of at least `need` registrars over a record, and no invalid one.

    record, sigs: untrusted. name: of the record, for the error. Raises ProtocolViolation.
    """
    keys = manifest.registrars.keys
    for entry in sigs:
        known = entry.registrar <= len(keys)
        if not known or not signature_holds(record, entry.sig, keys[entry.registrar - 1], group):
            detail = f"the signature of registrar {entry.registrar} is not valid"
            raise ProtocolViolation(name, "registrars", detail)
    if len(sigs) < manifest.registrars.need:
        detail = f"expected {manifest.registrars.need} signatures of registrars, found {len(sigs)}"
        raise ProtocolViolation(name, "registrars", detail)
