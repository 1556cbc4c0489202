"""The registry of devices: chained lines signed by the registrars (specs/12, EQ-X8)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from egcore.errors import ProtocolViolation
from egcore.records.registry import End, RegisteredKey, RegistryLine, Withdrawn
from egcore.signed import registrar_signatures
from egcore.signing import SigningKey, screen_public_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from egcore.group import Group
    from egcore.hashing import ExtendedBaseHash
    from egcore.records.manifest import Manifest

Line = TypeVar("Line", RegisteredKey, Withdrawn, End)

FIRST_PREVIOUS = bytes(32)


@dataclass(frozen=True)
class Registry:
    """The lines so far; every method returns a longer registry and changes nothing.

    lines: checked when they were added.
    """

    manifest: Manifest
    h_e: ExtendedBaseHash
    group: Group
    lines: tuple[RegistryLine, ...] = ()

    def register(
        self,
        kind: Literal["box", "terminal", "permits"],
        device: str,
        precinct: str,
        key: bytes,
        registrars: Mapping[int, SigningKey],
    ) -> Registry:
        """Add a device with its public key.

        device: an id never used before. key: 32 bytes, screened here, never used before.
        registrars: 1-based position in the manifest to signing key, at least `need` of them.
        Raises ProtocolViolation that names the rule.
        """
        screen_public_key(key)
        self._require(
            precinct in {p.id for p in self.manifest.precincts},
            device,
            f"precinct {precinct} is not in the manifest",
        )
        self._require(device not in self._ids(), device, "this id was registered before")
        self._require(
            key not in {line.key for line in self.registered()},
            device,
            "this key was registered before",
        )
        line = RegisteredKey(
            kind=kind,
            number=self._number,
            previous=self._previous,
            h_e=self.h_e,
            id=device,
            precinct=precinct,
            key=key,
            sigs=(),
        )
        return self._add(line, registrars)

    def withdraw(self, device: str, registrars: Mapping[int, SigningKey]) -> Registry:
        """Withdraw a registered device; a withdrawn box still closes or is stated lost."""
        self._require(device in self._ids(), device, "it was never registered")
        self._require(device not in self._withdrawn(), device, "it was withdrawn before")
        line = Withdrawn(
            number=self._number, previous=self._previous, h_e=self.h_e, id=device, sigs=()
        )
        return self._add(line, registrars)

    def end(self, registrars: Mapping[int, SigningKey]) -> Registry:
        """End the registry when the polls close.

        Raises ProtocolViolation while a precinct of the manifest has no box.
        """
        served = {box.precinct for box in self.boxes()}
        for precinct in self.manifest.precincts:
            self._require(precinct.id in served, precinct.id, "this precinct has no box")
        line = End(number=self._number, previous=self._previous, h_e=self.h_e, sigs=())
        return self._add(line, registrars)

    def registered(self) -> list[RegisteredKey]:
        """Return all registered devices in order, withdrawn or not."""
        return [line for line in self.lines if isinstance(line, RegisteredKey)]

    def boxes(self) -> list[RegisteredKey]:
        """Return the ballot boxes in order, withdrawn or not."""
        return [line for line in self.registered() if line.kind == "box"]

    def to_bytes(self) -> bytes:
        """Return `registry.ndjson`."""
        return b"".join(line.to_bytes(self.group) for line in self.lines)

    @property
    def _number(self) -> int:
        return len(self.lines) + 1

    @property
    def _previous(self) -> bytes:
        if not self.lines:
            return FIRST_PREVIOUS
        return hashlib.sha256(self.lines[-1].to_bytes(self.group)).digest()  # EQ-X8

    def _ids(self) -> set[str]:
        return {line.id for line in self.registered()}

    def _withdrawn(self) -> set[str]:
        return {line.id for line in self.lines if isinstance(line, Withdrawn)}

    def _add(self, line: Line, registrars: Mapping[int, SigningKey]) -> Registry:
        if self.lines and isinstance(self.lines[-1], End):
            raise ProtocolViolation("the registry", "registry", "it has ended; no line follows")
        require_registrars(self.manifest, registrars)
        signed = line.model_copy(
            update={"sigs": registrar_signatures(line, registrars, self.group)}
        )
        return Registry(self.manifest, self.h_e, self.group, (*self.lines, signed))

    def _require(self, condition: object, name: str, detail: str) -> None:
        if not condition:
            raise ProtocolViolation(name, "registry", detail)


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
