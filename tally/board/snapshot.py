"""What the small files of a record say at one moment, as the pages show it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from egcore.errors import ElectionError, MalformedRecord
from egcore.records.device import DEVICE_FILE, DeviceFile
from egcore.records.limits import BALLOTS_IN_A_FILE
from egcore.records.manifest import InvalidManifest, parse_manifest
from egcore.records.parameters import Parameters
from egcore.records.registry import End
from egcore.records.results import Results
from egcore.records.seal import LostBox, Seal
from egcore.records.tally import PlanFile
from egcore.streams import read_raw_lines
from tally.board.code_index import BallotFile
from tally.board.result_shape import require_results_fit

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.group import Group
    from egcore.records.manifest import Manifest
    from tally.board.record_files import RecordFiles


class NoRecord(ElectionError):  # noqa: N818 - named as its siblings in egcore.errors
    """A folder that is no record, or a record that this program cannot read; `reason` says why."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(folder, reason)
        self.folder = folder
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.folder} is no record: {self.reason}"


class Stage(IntEnum):
    """How far a record has come, by the files that it holds."""

    PREPARED = 0  # the manifest alone
    KEYS = 1  # keys and base hashes, no ballot
    BALLOTS = 2  # ballots, the polls not closed
    CLOSED = 3  # the registry has its end line, which is made when the polls close
    SEALED = 4
    DECRYPTED = 5  # counts, no results yet
    PUBLISHED = 6


@dataclass(frozen=True)
class Box:
    """A ballot box: its precinct, and its closing unless it is open or lost."""

    precinct: str
    count: int
    issued: int
    outstanding: int
    lost: bool


@dataclass(frozen=True)
class Snapshot:
    """What the small files of a record say at one moment. None of it was verified here."""

    manifest: Manifest
    stage: Stage
    boxes: dict[str, Box]
    ballot_files: tuple[BallotFile, ...]
    seal: Seal | None
    seal_digest: bytes | None
    guardians: tuple[int, ...]  # U, who decrypted
    results: Results | None
    results_digest: bytes | None


def read_snapshot(files: RecordFiles, group: Group) -> Snapshot:
    """Return what a record says now.

    Raises NoRecord for a folder without a readable manifest or with parameters of another group;
    MalformedRecord, which names the file, for a file that does not parse or does not fit the
    manifest and the seal.
    """
    manifest = _manifest(files)
    _require_group(files, group)
    raw = files.read("seal.json")
    seal = Seal.from_bytes(raw, group, "seal.json") if raw is not None else None
    found = files_there(files)
    if seal:
        found = _sealed_files(seal, found)
    plan = files.read("tally/plan.json")
    results = _results(files, group, manifest)
    return Snapshot(
        manifest=manifest,
        stage=_stage(files, group, ballots=bool(found), sealed=seal is not None),
        boxes=_boxes(files, group, seal),
        ballot_files=found,
        seal=seal,
        seal_digest=hashlib.sha256(raw).digest() if raw is not None else None,
        guardians=()
        if plan is None
        else PlanFile.from_bytes(plan, group, "tally/plan.json").guardians,
        results=results,
        results_digest=None
        if results is None
        else hashlib.sha256(results.to_bytes(group)).digest(),
    )


def files_there(files: RecordFiles) -> tuple[BallotFile, ...]:
    """Return the ballot files that are there, by device and number."""
    names = [path.split("/") for path in files.list("ballots") if path.endswith(".ndjson")]
    return tuple(BallotFile(device, int(name[:6])) for _, device, name in names)


def _manifest(files: RecordFiles) -> Manifest:
    raw = files.read("manifest.json")
    if raw is None:
        raise NoRecord(files.folder, "manifest.json is missing")
    try:
        return parse_manifest(raw)
    except InvalidManifest as exc:
        more = f", and {len(exc.faults) - 1} more" if len(exc.faults) > 1 else ""
        raise NoRecord(files.folder, f"manifest.json: {exc.faults[0]}{more}") from exc


def _require_group(files: RecordFiles, due: Group) -> None:
    raw = files.read("parameters.json")
    if raw is None:
        return
    try:
        found = Parameters.from_bytes(raw, due, "parameters.json").parameter_set
    except MalformedRecord as exc:
        raise NoRecord(files.folder, str(exc)) from exc
    if (found.p, found.q, found.g) != (due.p, due.q, due.g):
        raise NoRecord(files.folder, f"group {found.name} in parameters.json, not {due.name}")


def _results(files: RecordFiles, group: Group, manifest: Manifest) -> Results | None:
    raw = files.read("results.json")
    if raw is None:
        return None
    results = Results.from_bytes(raw, group, "results.json")
    require_results_fit(manifest, results)
    return results


def _boxes(files: RecordFiles, group: Group, seal: Seal | None) -> dict[str, Box]:
    losses = (
        {box.device: box.loss for box in seal.boxes if isinstance(box, LostBox)} if seal else {}
    )
    boxes = {}
    for path in files.list("devices"):
        file = DEVICE_FILE.from_bytes(files.read(path) or b"", group, path)
        loss = losses.get(file.device)
        if isinstance(file, DeviceFile):
            end = file.closing
            box = Box(file.precinct, end.count, end.issued, end.outstanding, lost=False)
        elif loss is not None:
            box = Box(file.precinct, loss.count, loss.issued, loss.issued - loss.count, lost=True)
        else:
            box = Box(file.precinct, 0, 0, 0, lost=False)
        boxes[file.device] = box
    return boxes


def _sealed_files(seal: Seal, found: tuple[BallotFile, ...]) -> tuple[BallotFile, ...]:
    """Ballot files that the seal demands; what else lies in the folder is not looked up.

    The seal's counts are compared with what is there before anything is made of them: a hostile
    seal may name more files than a memory holds.
    """
    there: dict[str, int] = {}
    for file in found:
        if file.number == there.get(file.device, 0):  # ascending: a gap ends the count
            there[file.device] = file.number + 1
    for box in seal.boxes:
        count = box.loss.count if isinstance(box, LostBox) else box.count
        due = -(-count // BALLOTS_IN_A_FILE)
        have = there.get(box.device, 0)
        if have < due:
            reason = f"the seal demands {due} ballot files from 000000 on, found {have}"
            raise MalformedRecord(f"ballots/{box.device}", reason)
        there[box.device] = due
    sealed = {box.device for box in seal.boxes}
    return tuple(
        file for file in found if file.device in sealed and file.number < there[file.device]
    )


def _stage(files: RecordFiles, group: Group, *, ballots: bool, sealed: bool) -> Stage:
    if files.there("results.json"):
        return Stage.PUBLISHED
    if files.there("tally/decrypted.ndjson"):
        return Stage.DECRYPTED
    if sealed:
        return Stage.SEALED
    if _registry_ended(files, group):
        return Stage.CLOSED
    if ballots:
        return Stage.BALLOTS
    return Stage.KEYS if files.there("parameters.json") else Stage.PREPARED


def _registry_ended(files: RecordFiles, group: Group) -> bool:
    """Whether the last line of the registry is its end line; other lines are not read."""
    path, last = "registry.ndjson", b""
    if not files.there(path):
        return False
    with files.open_stream(path) as file:
        for _, line in read_raw_lines(file, path):
            last = line
    try:
        End.from_bytes(last, group, path)
    except MalformedRecord:
        return False  # a line of another kind
    return True
