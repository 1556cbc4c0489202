"""Where a record stands, and what comes next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from egcore.errors import MissingMessage
from egcore.program import ProgramError
from egcore.records.device import DEVICE_FILE, DeviceFile
from tally.ceremony_collection import confirmed_attempt
from tally.election import Election, read_election, read_manifest
from tally.planning import last_run, published_terms, run_name
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
from tally.registration import read_registry
from tally.sealing import SEAL_GUARDIANS, published_seals

if TYPE_CHECKING:
    from egcore.exchange import Exchange
    from egcore.group import Group
    from egcore.records.manifest import Manifest
    from egcore.storage import Storage
    from tally.registry import Registry

_SHOWN: Final = 5  # ids that a line names before it counts
_POSITION: Final = re.compile(rb'"position":([0-9]{1,8})\}$')
_MOVES: Final = ("plan", "commit", "reveal", "respond", "statement")


@dataclass(frozen=True)
class Step:
    """One step of an election. done: nothing is left of it. detail: how it stands, in words."""

    name: str
    done: bool
    detail: str


@dataclass(frozen=True)
class Status:
    """All steps as far as they can be seen, in order. next: the next command, or who is awaited."""

    steps: tuple[Step, ...]
    next: str


def status_of(record: Storage, exchange: Exchange, group: Group) -> Status:
    """Return where a record stands; later steps are left out until the earlier ones are done.

    Signatures of the registry and of seals are checked, other messages only counted: each step
    checks what it takes. Raises what reading the record raises.
    """
    steps: list[Step] = []
    if not record.exists(MANIFEST):
        steps.append(Step("manifest", done=False, detail="not defined"))
        return Status(tuple(steps), "dalel-tally new")
    _, manifest = read_manifest(record)
    steps.append(Step("manifest", done=True, detail=_manifest_detail(manifest)))
    if not record.exists(PARAMETERS):
        steps.append(Step("ceremony", done=False, detail=_ceremony_detail(exchange, manifest)))
        hint = "dalel-tally collect ceremony, when all guardians have signed off"
        return Status(tuple(steps), hint)
    election = read_election(record, group)
    steps.append(Step("ceremony", done=True, detail=f"H_E {election.h_e.hex()}"))
    return _after_ceremony(record, exchange, election, steps)


def _after_ceremony(
    record: Storage, exchange: Exchange, election: Election, steps: list[Step]
) -> Status:
    registry = read_registry(record, election)
    steps.append(Step("registry", registry.has_ended, _registry_detail(registry)))
    awaited, to_open = _devices(record, election, registry)
    boxes = len(registry.boxes())
    detail = f"{boxes - len(awaited)} of {boxes} boxes are in the record"
    if awaited:
        detail += f"; awaited: {_some(awaited)}"
    steps.append(Step("devices", registry.has_ended and not awaited, detail))
    if not registry.has_ended:
        return Status(tuple(steps), "dalel-tally register end, when the polls have closed")
    if awaited:
        return Status(tuple(steps), "dalel-tally collect devices FOLDER..., or dalel-tally loss")
    if not record.exists(SEAL):
        seal, hint = _seal_step(exchange, election)
        return Status((*steps, seal), hint)
    steps.append(Step("seal", done=True, detail="in the record, signed by the guardians"))
    opened = f"{_counted(to_open, 'ballot')} for the guardians to open" if to_open else "complete"
    steps.append(Step("openings", not to_open, opened))
    return _after_seal(record, exchange, election, steps)


def _after_seal(
    record: Storage, exchange: Exchange, election: Election, steps: list[Step]
) -> Status:
    openings = "" if steps[-1].done else "dalel-tally collect openings, and "
    if not record.exists(PLAN_FILE):
        run, hint = _run_step(exchange, election)
        return Status((*steps, run), openings + hint)
    steps.append(Step("decryption", done=True, detail="in the record"))
    done = record.exists(RESULTS)
    steps.append(Step("results", done, "published" if done else "not published"))
    if not done:
        return Status(tuple(steps), openings + "dalel-tally results")
    last = "dalel-verify check RECORD" if not openings else "dalel-tally collect openings"
    return Status(tuple(steps), last)


def _manifest_detail(manifest: Manifest) -> str:
    kind = "rehearsal" if manifest.rehearsal else "election"
    return (
        f"{kind} {manifest.election}: {_counted(len(manifest.precincts), 'precinct')}, "
        f"{manifest.guardians.k} of {manifest.guardians.n} guardians"
    )


def _ceremony_detail(exchange: Exchange, manifest: Manifest) -> str:
    n = manifest.guardians.n
    try:
        attempt = confirmed_attempt(exchange, n)
    except ProgramError as exc:
        return exc.error
    counts: dict[str, int] = {}
    for name in exchange.list("election/sign_off"):
        h_e = name.split("/")[2]
        counts[h_e] = counts.get(h_e, 0) + 1
    signed = ", ".join(f"{count} of {n} for {h_e[:16]}..." for h_e, count in counts.items())
    return f"ceremony {attempt} is confirmed; sign-offs: {signed or 'none'}"


def _registry_detail(registry: Registry) -> str:
    served = {box.precinct for box in registry.boxes()}
    lacking = [p.id for p in registry.manifest.precincts if p.id not in served]
    text = f"{_counted(len(registry.lines), 'line')}, {'ended' if registry.has_ended else 'open'}"
    return f"{text}; without a box: {_some(lacking)}" if lacking else text


def _devices(record: Storage, election: Election, registry: Registry) -> tuple[list[str], int]:
    """Return the boxes that are awaited, and how many ballots guardians still have to open."""
    awaited, to_open = [], 0
    for box in registry.boxes():
        path = device_path(box.id)
        if not record.exists(path):
            awaited.append(box.id)
            continue
        file = read_file(record, path, DEVICE_FILE, election.group)
        if isinstance(file, DeviceFile) and file.closing.to_open:
            opened = _opened_positions(record, box.id)
            to_open += sum(1 for position in file.closing.to_open if position not in opened)
    return awaited, to_open


def _opened_positions(record: Storage, device: str) -> set[int]:
    path = openings_path(device)
    if not record.exists(path):
        return set()
    with record.open_stream(path) as file:
        matches = [_POSITION.search(line.rstrip(b"\n")) for line in file]
    return {int(match[1]) for match in matches if match is not None}


def _seal_step(exchange: Exchange, election: Election) -> tuple[Step, str]:
    seals = published_seals(exchange, election)
    if not seals:
        return Step("seal", done=False, detail="not sealed"), "dalel-tally seal"
    signed = [i for i in sorted(election.keys) if exchange.fetch(seals[0].name_of(i)) is not None]
    need = min(SEAL_GUARDIANS, len(election.keys))
    detail = f"signed by the registrars, and by {len(signed)} guardians of {need} that are needed"
    if len(signed) < need:
        return Step("seal", done=False, detail=detail), "wait for the guardians to sign the seal"
    return Step("seal", done=False, detail=detail), "dalel-tally seal --finish"


def _run_step(exchange: Exchange, election: Election) -> tuple[Step, str]:
    run = last_run(exchange, election)
    try:
        plan = published_terms(exchange, election, max(run, 1))
    except MissingMessage:
        return Step("decryption", done=False, detail="no plan"), "dalel-tally plan"
    folder = run_name(election, run)
    for move in _MOVES:
        lacking = [
            str(i) for i in plan.guardians if exchange.fetch(f"{folder}/{move}/{i}.json") is None
        ]
        if lacking:
            detail = f"run {run}: {move} awaited of guardians {', '.join(lacking)}"
            hint = f"wait, or dalel-tally plan --run {run + 1} with other guardians"
            return Step("decryption", done=False, detail=detail), hint
    detail = f"run {run}: every message is there"
    return Step("decryption", done=False, detail=detail), "dalel-tally combine"


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
