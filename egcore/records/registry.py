"""Lines of `registry.ndjson`: devices, terminals and permit printers (specs/12, Registry)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from egcore.records.fields import Dev, H, N
from egcore.records.record import RecordUnion, Signed
from egcore.records.signatures import RegistrarSigs


class RegisteredKey(Signed):
    """A box, terminal or permits printer of a precinct, and its public key."""

    purpose: ClassVar[str] = "registry"
    kind: Literal["box", "terminal", "permits"]
    number: N
    previous: H
    h_e: H
    id: Dev
    precinct: Dev
    key: H
    sigs: RegistrarSigs


class Withdrawn(Signed):
    """The named device is used no more; a withdrawn box still closes or is stated lost."""

    purpose: ClassVar[str] = "registry"
    kind: Literal["withdrawn"] = "withdrawn"
    number: N
    previous: H
    h_e: H
    id: Dev
    sigs: RegistrarSigs


class End(Signed):
    """The last line, made when the polls close."""

    purpose: ClassVar[str] = "registry"
    kind: Literal["end"] = "end"
    number: N
    previous: H
    h_e: H
    sigs: RegistrarSigs


RegistryLine = RegisteredKey | Withdrawn | End
REGISTRY_LINE: Final[RecordUnion[RegistryLine]] = RecordUnion(
    Annotated[RegistryLine, Field(discriminator="kind")]
)
