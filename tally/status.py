"""Where a record stands, and what comes next."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from egcore.records.device import DEVICE_FILE, DeviceFile
from tally.awaited import (
    Awaited,
    ceremony_awaited,
    openings_awaited,
    run_awaited,
    seal_awaited,
)
from tally.due_manifest import replaced_by
from tally.election import Election, read_election, read_manifest
from tally.record_folder import (
    MANIFEST,
    PARAMETERS,
    PLAN_FILE,
    RESULTS,
    SEAL,
    device_path,
    openings_path,
    read_file,
)
from tally.registration import precincts_without_box, read_registry

if TYPE_CHECKING:
    from egcore.exchange import Exchange
    from egcore.group import Group
    from egcore.records.manifest import Manifest
    from egcore.storage import Storage
    from tally.registry import Registry

_SHOWN: Final = 5  # ids that a line names before it counts
_POSITION: Final = re.compile(rb'"position":([0-9]{1,8})\}$')


@dataclass(frozen=True)
class Step:
    """One step of an election. done: nothing is left of it. detail: how it stands, in words."""

    name: str
    done: bool
    detail: str


@dataclass(frozen=True)
class Status:
    """All steps as far as they can be seen, in order. next: the next command, or whom to wait for.

    awaited: parties without whom the election does not go on, by name.
    """

    steps: tuple[Step, ...]
    next: str
    awaited: tuple[str, ...] = ()


def status_of(record: Storage, exchange: Exchange, group: Group) -> Status:
    """Return where a record stands; later steps are left out until the earlier ones are done.

    Signatures of the registry and of seals are checked, other messages only counted: each step
    checks what it takes. Raises what reading the record raises.
    """
    steps: list[Step] = []
    if not record.exists(MANIFEST):
        steps.append(Step("manifest", done=False, detail="not defined"))
        return Status(tuple(steps), "dalel-tally new")
    raw, manifest = read_manifest(record)
    number = None if record.exists(SEAL) else replaced_by(record, exchange)
    if number is not None:
        detail = f"{_manifest_detail(manifest)}; replaced by manifest {number} on the exchange"
        steps.append(Step("manifest", done=False, detail=detail))
        return Status(tuple(steps), f"go on with the record of manifest {number}")
    steps.append(Step("manifest", done=True, detail=_manifest_detail(manifest)))
    if not record.exists(PARAMETERS):
        return _open(steps, "ceremony", ceremony_awaited(exchange, group, manifest, raw))
    election = read_election(record, group)
    steps.append(Step("ceremony", done=True, detail=f"H_E {election.h_e.hex()}"))
    return _after_ceremony(record, exchange, election, steps)


def _after_ceremony(
    record: Storage, exchange: Exchange, election: Election, steps: list[Step]
) -> Status:
    registry = read_registry(record, election)
    lacking = precincts_without_box(registry)
    steps.append(Step("registry", registry.has_ended, _registry_detail(registry, lacking)))
    boxes = _read_boxes(record, election, registry)
    steps.append(Step("devices", registry.has_ended and not boxes.awaited, _devices_detail(boxes)))
    if lacking:
        who = tuple(f"a box for precinct {name}" for name in lacking)
        return Status(tuple(steps), "dalel-tally register device, or list", who)
    if not registry.has_ended:
        return Status(tuple(steps), "dalel-tally register end, when the polls have closed")
    if boxes.awaited:
        hint = "dalel-tally collect devices FOLDER..., or dalel-tally loss"
        return Status(tuple(steps), hint, tuple(boxes.awaited))
    if not record.exists(SEAL):
        return _open(steps, "seal", seal_awaited(exchange, election))
    steps.append(Step("seal", done=True, detail="in the record, signed by the guardians"))
    return _after_seal(record, exchange, election, steps, boxes.to_open)


def _after_seal(
    record: Storage,
    exchange: Exchange,
    election: Election,
    steps: list[Step],
    to_open: dict[str, int],
) -> Status:
    if to_open:
        opening = openings_awaited(exchange, election, to_open)
        steps.append(Step("openings", done=False, detail=opening.detail))
    else:
        opening = None
        steps.append(Step("openings", done=True, detail="complete"))
    if not record.exists(PLAN_FILE):
        return _open(steps, "decryption", _both(opening, run_awaited(exchange, election)))
    steps.append(Step("decryption", done=True, detail="in the record"))
    if not record.exists(RESULTS):
        due = Awaited("not published", "dalel-tally results")
        return _open(steps, "results", _both(opening, due))
    steps.append(Step("results", done=True, detail="published"))
    if opening is not None:
        return Status(tuple(steps), opening.next, opening.who)
    return Status(tuple(steps), "dalel-verify check RECORD")


def _open(steps: list[Step], name: str, found: Awaited) -> Status:
    """Return the status that ends with a step of which something is left."""
    steps.append(Step(name, done=False, detail=found.detail))
    return Status(tuple(steps), found.next, found.who)


def _both(opening: Awaited | None, other: Awaited) -> Awaited:
    """Join what the openings wait for to another step: neither waits for the other."""
    if opening is None:
        return other
    who = tuple(dict.fromkeys((*opening.who, *other.who)))
    return Awaited(other.detail, f"{opening.next}; and {other.next}", who)


def _manifest_detail(manifest: Manifest) -> str:
    kind = "rehearsal" if manifest.rehearsal else "election"
    return (
        f"{kind} {manifest.election}: {_counted(len(manifest.precincts), 'precinct')}, "
        f"{manifest.guardians.k} of {manifest.guardians.n} guardians"
    )


def _registry_detail(registry: Registry, lacking: list[str]) -> str:
    text = f"{_counted(len(registry.lines), 'line')}, {'ended' if registry.has_ended else 'open'}"
    return f"{text}; without a box: {_some(lacking)}" if lacking else text


@dataclass
class _Boxes:
    """Boxes of the registry. to_open: ballots by box that guardians still have to open."""

    count: int
    awaited: list[str] = field(default_factory=list)
    lost: int = 0
    ballots: int = 0
    to_open: dict[str, int] = field(default_factory=dict)


def _read_boxes(record: Storage, election: Election, registry: Registry) -> _Boxes:
    boxes = _Boxes(len(registry.boxes()))
    for box in registry.boxes():
        path = device_path(box.id)
        if not record.exists(path):
            boxes.awaited.append(box.id)
            continue
        file = read_file(record, path, DEVICE_FILE, election.group)
        if not isinstance(file, DeviceFile):
            boxes.lost += 1
            continue
        boxes.ballots += file.closing.count
        if file.closing.to_open:
            opened = _opened_positions(record, box.id)
            left = sum(1 for position in file.closing.to_open if position not in opened)
            if left:
                boxes.to_open[box.id] = left
    return boxes


def _devices_detail(boxes: _Boxes) -> str:
    detail = f"{boxes.count - len(boxes.awaited)} of {boxes.count} boxes are in the record"
    detail += f", {_counted(boxes.ballots, 'ballot')}"
    if boxes.lost:
        detail += f"; lost: {boxes.lost}"
    if boxes.awaited:
        detail += f"; awaited: {_some(boxes.awaited)}"
    return detail


def _opened_positions(record: Storage, device: str) -> set[int]:
    path = openings_path(device)
    if not record.exists(path):
        return set()
    with record.open_stream(path) as file:
        matches = [_POSITION.search(line.rstrip(b"\n")) for line in file]
    return {int(match[1]) for match in matches if match is not None}


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
