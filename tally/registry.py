"""The registry of devices: chained lines signed by the registrars (specs/12, EQ-X8)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeVar

from egcore.errors import ProtocolViolation
from egcore.records.fields import Dev, H  # noqa: TC001 - pydantic reads the annotations
from egcore.records.record import Record
from egcore.records.registry import End, RegisteredKey, RegistryLine, Withdrawn
from egcore.signed import registrar_signatures
from egcore.signing import SigningKey, screen_public_key
from tally.registrars import require_registrars, require_signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from egcore.group import Group
    from egcore.hashing import ExtendedBaseHash
    from egcore.records.manifest import Manifest

Line = TypeVar("Line", RegisteredKey, Withdrawn, End)

FIRST_PREVIOUS = bytes(32)

Kind = Literal["box", "terminal", "permits"]


class NewDevice(Record):
    """A device to register: its kind, an id and a public key never used before, its precinct."""

    kind: Kind
    id: Dev
    precinct: Dev
    key: H


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
        kind: Kind,
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
        new = NewDevice(kind=kind, id=device, precinct=precinct, key=key)
        return self.register_all([new], registrars)

    def register_all(
        self, devices: Iterable[NewDevice], registrars: Mapping[int, SigningKey]
    ) -> Registry:
        """Add devices in this order, all or none. Raises as `register`, for the first refused."""
        growing = self._growing()
        for device in devices:
            line = RegisteredKey(
                kind=device.kind,
                number=growing.number,
                previous=growing.previous,
                h_e=self.h_e,
                id=device.id,
                precinct=device.precinct,
                key=device.key,
                sigs=(),
            )
            self._sign(growing, line, registrars)
        return self._grown(growing)

    def withdraw(self, device: str, registrars: Mapping[int, SigningKey]) -> Registry:
        """Withdraw a registered device; a withdrawn box still closes or is stated lost."""
        growing = self._growing()
        line = Withdrawn(
            number=growing.number, previous=growing.previous, h_e=self.h_e, id=device, sigs=()
        )
        self._sign(growing, line, registrars)
        return self._grown(growing)

    def end(self, registrars: Mapping[int, SigningKey]) -> Registry:
        """End the registry when the polls close.

        Raises ProtocolViolation while a precinct of the manifest has no box.
        """
        growing = self._growing()
        line = End(number=growing.number, previous=growing.previous, h_e=self.h_e, sigs=())
        self._sign(growing, line, registrars)
        return self._grown(growing)

    def accept(self, lines: Iterable[RegistryLine]) -> Registry:
        """Return the registry with lines that were signed before, such as those of its file.

        lines: untrusted. Raises ProtocolViolation for a number or chaining that does not follow,
        another election, a broken rule, and fewer than `need` or any invalid signatures.
        Source: EQ-X8; items 20.A, 20.B, 20.C.
        """
        growing = self._growing()
        for line in lines:
            name = f"the registry, line {growing.number}"
            for what, found, due in (
                ("number", line.number, growing.number),
                ("previous", line.previous.hex(), growing.previous.hex()),
                ("H_E", line.h_e.hex(), self.h_e.hex()),
            ):
                _require(found == due, name, f"{what}: expected {due}, found {found}")
            growing.check(line)
            require_signed(self.manifest, line, line.sigs, self.group, name)
            growing.add(line)
        return self._grown(growing)

    def registered(self) -> list[RegisteredKey]:
        """Return all registered devices in order, withdrawn or not."""
        return [line for line in self.lines if isinstance(line, RegisteredKey)]

    @cached_property
    def by_id(self) -> dict[str, RegisteredKey]:
        """All registered devices by id."""
        return {line.id: line for line in self.registered()}

    def boxes(self) -> list[RegisteredKey]:
        """Return the ballot boxes in order, withdrawn or not."""
        return [line for line in self.registered() if line.kind == "box"]

    def withdrawn(self) -> set[str]:
        """Return the ids that were withdrawn."""
        return {line.id for line in self.lines if isinstance(line, Withdrawn)}

    @property
    def has_ended(self) -> bool:
        """Whether the last line is `end`."""
        return bool(self.lines) and isinstance(self.lines[-1], End)

    def to_bytes(self) -> bytes:
        """Return `registry.ndjson`."""
        return b"".join(line.to_bytes(self.group) for line in self.lines)

    def _growing(self) -> _Growing:
        growing = _Growing(self.manifest, self.group)
        for line in self.lines:
            growing.add(line)
        return growing

    def _grown(self, growing: _Growing) -> Registry:
        return Registry(self.manifest, self.h_e, self.group, tuple(growing.lines))

    def _sign(self, growing: _Growing, line: Line, registrars: Mapping[int, SigningKey]) -> None:
        growing.check(line)
        require_registrars(self.manifest, registrars)
        sigs = registrar_signatures(line, registrars, self.group)
        growing.add(line.model_copy(update={"sigs": sigs}))


@dataclass
class _Growing:
    """Lines while they are added, with what the rules need to know of them."""

    manifest: Manifest
    group: Group
    lines: list[RegistryLine] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    keys: set[bytes] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    served: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._precincts = {precinct.id for precinct in self.manifest.precincts}

    @property
    def number(self) -> int:
        return len(self.lines) + 1

    @property
    def previous(self) -> bytes:
        if not self.lines:
            return FIRST_PREVIOUS
        return hashlib.sha256(self.lines[-1].to_bytes(self.group)).digest()  # EQ-X8

    def check(self, line: RegistryLine) -> None:
        """Raise ProtocolViolation for a line that the rules do not allow after these lines."""
        ended = bool(self.lines) and isinstance(self.lines[-1], End)
        _require(not ended, "the registry", "it has ended; no line follows")
        if isinstance(line, RegisteredKey):
            screen_public_key(line.key)
            detail = f"precinct {line.precinct} is not in the manifest"
            _require(line.precinct in self._precincts, line.id, detail)
            _require(line.id not in self.ids, line.id, "this id was registered before")
            _require(line.key not in self.keys, line.id, "this key was registered before")
        elif isinstance(line, Withdrawn):
            _require(line.id in self.ids, line.id, "it was never registered")
            _require(line.id not in self.withdrawn, line.id, "it was withdrawn before")
        else:
            for precinct in self.manifest.precincts:
                _require(precinct.id in self.served, precinct.id, "this precinct has no box")

    def add(self, line: RegistryLine) -> None:
        """Take a line that was checked."""
        self.lines.append(line)
        if isinstance(line, RegisteredKey):
            self.ids.add(line.id)
            self.keys.add(line.key)
            if line.kind == "box":
                self.served.add(line.precinct)
        elif isinstance(line, Withdrawn):
            self.withdrawn.add(line.id)


def _require(condition: object, name: str, detail: str) -> None:
    if not condition:
        raise ProtocolViolation(name, "registry", detail)
