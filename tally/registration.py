"""Adding lines to the registry of a record, each signed by the registrars (specs/12)."""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from egcore.errors import ProtocolViolation
from egcore.program import ProgramError
from egcore.records.registry import REGISTRY_LINE, RegisteredKey
from egcore.streams import read_lines
from tally.record_folder import REGISTRY
from tally.registry import NewDevice, Registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    the step may be repeated. Raises ProgramError that names the device, what was registered and
    what was given.
    """
    registry = read_registry(record, election)
    new = [device for device in devices if not _is_registered(device, registry)]
    if new:
        _require_open(registry)
        hint = "correct what is named, then run the same command again; nothing was registered"
        with _refused_as(hint):
            grown = registry.register_all(new, registrars)
        record.write(REGISTRY, grown.to_bytes())
    return new


def withdraw_device(
    record: Storage, election: Election, device: str, registrars: Mapping[int, SigningKey]
) -> bool:
    """Withdraw a device; tells whether it was not withdrawn before.

    Raises ProgramError for an id that was never registered, and after the end.
    """
    registry = read_registry(record, election)
    if device in registry.withdrawn():
        return False
    _require_open(registry)
    with _refused_as("name a device as it was registered; nothing was withdrawn"):
        grown = registry.withdraw(device, registrars)
    record.write(REGISTRY, grown.to_bytes())
    return True


def end_registry(
    record: Storage, election: Election, registrars: Mapping[int, SigningKey]
) -> Registry:
    """End the registry when the polls close; an ended one is returned as it is.

    Raises ProgramError that names the precincts without a box.
    """
    registry = read_registry(record, election)
    if not registry.has_ended:
        lacking = precincts_without_box(registry)
        if lacking:
            raise ProgramError(
                f"{len(lacking)} precincts have no box: {', '.join(lacking)}",
                "register a box for each of them first: dalel-tally register device",
            )
        with _refused_as("name the key files of enough registrars; nothing was ended"):
            registry = registry.end(registrars)
        record.write(REGISTRY, registry.to_bytes())
    return registry


def precincts_without_box(registry: Registry) -> list[str]:
    """Return the precincts of the manifest, in its order, for which no box was registered."""
    served = {box.precinct for box in registry.boxes()}
    return [entry.id for entry in registry.manifest.precincts if entry.id not in served]


def require_ended(registry: Registry) -> None:
    """Raise ProgramError while lines can still be added."""
    if not registry.has_ended:
        raise ProgramError(
            f"{REGISTRY} has {len(registry.lines)} lines and no end",
            "when the polls have closed, run: dalel-tally register end",
        )


def _is_registered(device: NewDevice, registry: Registry) -> bool:
    """Tell whether a device is registered so. Raises ProgramError when its id is, otherwise."""
    line = registry.by_id.get(device.id)
    if line is None:
        return False
    if (line.kind, line.precinct, line.key) == (device.kind, device.precinct, device.key):
        return True
    raise ProgramError(
        f"{device.id} is registered in line {line.number} as {_described(line)}; "
        f"now {_described(device)}",
        "an id is never used twice: give the new device another id",
    )


def _described(device: NewDevice | RegisteredKey) -> str:
    return f"{device.kind} in {device.precinct} with key {device.key.hex()}"


def _require_open(registry: Registry) -> None:
    if registry.has_ended:
        raise ProgramError(
            f"{REGISTRY} has ended with line {len(registry.lines)}; no line follows",
            "a device that is not in it cannot be used in this election",
        )


@contextmanager
def _refused_as(hint: str) -> Iterator[None]:
    """Turn a rule that is broken by what was given into the error of a program."""
    try:
        yield
    except ProtocolViolation as exc:
        raise ProgramError(f"{exc.party}: {exc.detail}", hint) from exc
