"""The registry as a device at the table needs it: whose key is whose, and what was withdrawn.

Every line that is there is checked; that lines are missing at the end, no reader can tell, so a
device is given the newest registry when its program starts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from egcore.errors import ProtocolViolation
from egcore.records.registry import End, RegisteredKey, RegistryLine, Withdrawn
from egcore.signed import signature_holds
from egcore.signing import screen_public_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from egcore.group import Group
    from egcore.hashing import ExtendedBaseHash
    from egcore.records.manifest import Manifest

Kind = Literal["box", "terminal", "permits"]


@dataclass(frozen=True)
class RegisteredDevices:
    """Checked lines: devices by id, and the ids that were withdrawn."""

    by_id: dict[str, RegisteredKey]
    withdrawn: frozenset[str]

    def find(self, kind: Kind, device: str, precinct: str) -> RegisteredKey | None:
        """Return the device of a kind in a precinct, withdrawn or not; None for any other id."""
        line = self.by_id.get(device)
        if line is None or (line.kind, line.precinct) != (kind, precinct):
            return None
        return line

    def boxes_of(self, precinct: str) -> list[str]:
        """Return the ids of the boxes of a precinct that were not withdrawn, in order."""
        return [
            line.id
            for line in self.by_id.values()
            if (line.kind, line.precinct) == ("box", precinct) and line.id not in self.withdrawn
        ]


def check_registry(
    manifest: Manifest, h_e: ExtendedBaseHash, group: Group, lines: Iterable[RegistryLine]
) -> RegisteredDevices:
    """Return the devices of a registry.

    lines: untrusted, in order. Raises ProtocolViolation that names the line and the rule.
    Cost: the signatures of every line. Source: EQ-X2, EQ-X8; items 20.A, 20.B, 20.C.
    """
    by_id: dict[str, RegisteredKey] = {}
    withdrawn: set[str] = set()
    keys: set[bytes] = set()
    precincts = {precinct.id for precinct in manifest.precincts}
    previous, ended = bytes(32), False
    for number, line in enumerate(lines, start=1):
        name = f"registry.ndjson, line {number}"
        _require(not ended, name, "a line after the end")
        _require(line.number == number, name, f"its number is {line.number}")
        _require(line.previous == previous, name, "it does not follow the line before")
        _require(line.h_e == h_e, name, "it is of another election")
        _require_signatures(manifest, line, group, name)
        if isinstance(line, RegisteredKey):
            screen_public_key(line.key)
            _require(line.id not in by_id, name, f"{line.id} was registered before")
            _require(line.key not in keys, name, "its key was registered before")
            _require(line.precinct in precincts, name, f"no precinct {line.precinct}")
            by_id[line.id] = line
            keys.add(line.key)
        elif isinstance(line, Withdrawn):
            known = line.id in by_id and line.id not in withdrawn
            _require(known, name, f"{line.id} is not in use, so cannot be withdrawn")
            withdrawn.add(line.id)
        ended = isinstance(line, End)
        previous = hashlib.sha256(line.to_bytes(group)).digest()
    return RegisteredDevices(by_id, frozenset(withdrawn))


def _require_signatures(manifest: Manifest, line: RegistryLine, group: Group, name: str) -> None:
    keys, need = manifest.registrars.keys, manifest.registrars.need
    for entry in line.sigs:
        known = entry.registrar <= len(keys)
        valid = known and signature_holds(line, entry.sig, keys[entry.registrar - 1], group)
        _require(valid, name, f"the signature of registrar {entry.registrar} is not valid")
    _require(len(line.sigs) >= need, name, f"{len(line.sigs)} signatures, {need} are needed")


def _require(condition: object, name: str, detail: str) -> None:
    if not condition:
        raise ProtocolViolation(name, "registry", detail)
