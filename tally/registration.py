"""Adding lines to the registry of a record, each signed by the registrars (specs/12)."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from egcore.program import ProgramError
from egcore.records.registry import REGISTRY_LINE, RegisteredKey
from egcore.streams import read_lines
from tally.record_folder import REGISTRY
from tally.registry import NewDevice, Registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from egcore.group import Group
    from egcore.signing import SigningKey
    from egcore.storage import Storage
    from tally.election import Election


def read_registry(record: Storage, election: Election) -> Registry:
    """Return the registry of a record, every line of it checked; empty while there is none.

    Raises MalformedRecord, and ProtocolViolation as `Registry.accept`.
    Cost: two signatures a line.
    """
    empty = Registry(election.manifest, election.h_e, election.group)
    if not record.exists(REGISTRY):
        return empty
    with record.open_stream(REGISTRY) as file:
        return empty.accept(read_lines(file, REGISTRY_LINE, election.group, REGISTRY))


def read_new_devices(raw: bytes, name: str, group: Group) -> list[NewDevice]:
    """Return the devices of a list: a canonical JSON object `{kind, id, precinct, key}` a line.

    raw: untrusted. name: of the file. Raises MalformedRecord.
    """
    return list(read_lines(BytesIO(raw), NewDevice, group, name))


def register_devices(
    record: Storage,
    election: Election,
    devices: Sequence[NewDevice],
    registrars: Mapping[int, SigningKey],
) -> list[NewDevice]:
    """Register devices in this order, all or none; return those that were not registered before.

    A device that is registered with the same kind, precinct and key is left as it is, so that
    the step may be repeated. Raises ProtocolViolation that names the device and the rule.
    """
    registry = read_registry(record, election)
    known = {line.id: line for line in registry.registered()}
    new = [device for device in devices if not _is_registered(device, known.get(device.id))]
    if new:
        record.write(REGISTRY, registry.register_all(new, registrars).to_bytes())
    return new


def withdraw_device(
    record: Storage, election: Election, device: str, registrars: Mapping[int, SigningKey]
) -> bool:
    """Withdraw a device; tells whether it was not withdrawn before."""
    registry = read_registry(record, election)
    if device in registry.withdrawn():
        return False
    record.write(REGISTRY, registry.withdraw(device, registrars).to_bytes())
    return True


def end_registry(
    record: Storage, election: Election, registrars: Mapping[int, SigningKey]
) -> Registry:
    """End the registry when the polls close; an ended one is returned as it is."""
    registry = read_registry(record, election)
    if not registry.has_ended:
        registry = registry.end(registrars)
        record.write(REGISTRY, registry.to_bytes())
    return registry


def require_ended(registry: Registry) -> None:
    """Raise ProgramError while lines can still be added."""
    if not registry.has_ended:
        raise ProgramError(
            f"{REGISTRY} has {len(registry.lines)} lines and no end",
            "when the polls have closed, run: dalel-tally register end",
        )


def _is_registered(device: NewDevice, line: RegisteredKey | None) -> bool:
    if line is None:
        return False
    return (line.kind, line.precinct, line.key) == (device.kind, device.precinct, device.key)
