"""The record that a board shows: read from its folder, kept until one of its files changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from threading import Lock
from typing import TYPE_CHECKING, Final

from egcore.errors import ElectionError, MalformedRecord
from egcore.parameters import STANDARD
from egcore.records.ballot import Ballot
from egcore.records.device import DEVICE_FILE, DeviceFile
from egcore.records.limits import BALLOTS_IN_A_FILE, MAX_LINE
from egcore.records.manifest import InvalidManifest, parse_manifest
from egcore.records.opening import Opening
from egcore.records.parameters import Parameters
from egcore.records.results import Results
from egcore.records.seal import LostBox, Seal
from egcore.records.tally import PlanFile
from egcore.storage import FolderStorage
from egcore.streams import read_lines
from tally.board.code_index import BallotFile, BallotPlace, CodeIndex
from tally.board.layout import is_record_path
from tally.board.reports import Report, read_reports

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.group import Group
    from egcore.records.manifest import Manifest

_WATCHED: Final = (
    "manifest.json",
    "parameters.json",
    "seal.json",
    "tally/plan.json",
    "tally/decrypted.ndjson",
    "results.json",
    "devices",
)
Stamp = tuple[tuple[int, int, int] | None, ...]


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
    BALLOTS = 2  # ballots, not sealed
    SEALED = 3
    DECRYPTED = 4  # counts, no results yet
    PUBLISHED = 5


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


class PublicRecord:
    """Reads one record folder. Safe to use from several threads."""

    def __init__(self, folder: Path, group: Group = STANDARD) -> None:
        self.folder = folder.resolve()
        self.storage = FolderStorage(folder)
        self._group = group
        self._lock = Lock()
        self._stamp: Stamp | None = None
        self._snapshot: Snapshot | None = None
        self._index: CodeIndex | None = None
        self._indexed: object = None

    @classmethod
    def open(cls, folder: Path, group: Group = STANDARD) -> PublicRecord:
        """Return the record of a folder.

        Raises NoRecord for a folder without a readable manifest, or with parameters of another
        group; MalformedRecord for another file that does not parse.
        """
        record = cls(folder, group)
        if not folder.is_dir():
            raise NoRecord(folder, "there is no such folder")
        if not record.storage.exists("manifest.json"):
            raise NoRecord(folder, "manifest.json is missing")
        record.snapshot()
        return record

    def snapshot(self) -> Snapshot:
        """Return what the record says now; read again when a file has changed since."""
        stamp = tuple(_stamp(self.folder / path) for path in _WATCHED)
        with self._lock:
            if self._snapshot is None or stamp != self._stamp:
                self._snapshot = self._read()
                self._stamp = stamp
            return self._snapshot

    def index(self) -> CodeIndex:
        """Return the codes of all ballots; made anew when the seal has another digest.

        Before the seal it is made anew when a ballot file is added: a closed file never changes.
        Cost: a pass over all ballots when it is made.
        """
        snapshot = self.snapshot()
        files = snapshot.ballot_files if snapshot.seal else self._files_there()
        key = snapshot.seal_digest or files
        with self._lock:
            if self._index is None or key != self._indexed:
                self._index = CodeIndex.build(self.storage, files)
                self._indexed = key
            return self._index

    def ballot(self, place: BallotPlace) -> Ballot:
        """Return the ballot at a place of the index; MalformedRecord if it has another code."""
        path = place.file.path
        with self.storage.open_stream(path) as file:
            file.seek(place.offset)
            line = file.readline(MAX_LINE + 1)
        ballot = Ballot.from_bytes(line, self._group, path)
        if ballot.h_c != place.code:
            raise MalformedRecord(path, "the file has changed since its codes were read")
        return ballot

    def opening(self, device: str, ballot: Ballot) -> Opening | None:
        """Return the opening of a challenged ballot, if there is one.

        A ballot of another status has none, whatever stands in the folder.
        """
        path = f"openings/{device}.ndjson"
        if ballot.status != "challenged" or not self.storage.exists(path):
            return None
        with self.storage.open_stream(path) as file:
            for opening in read_lines(file, Opening, self._group, path):
                if opening.position == ballot.position:
                    return opening
        return None

    def files(self) -> list[str]:
        """Return the paths of all files of the record that are there, sorted."""
        return [path for path in self.storage.list("") if is_record_path(path)]

    def reports(self, folder: Path | None) -> tuple[Report, ...]:
        """Return the reports of a folder, as they stand to the seal of this record."""
        if folder is None or not folder.is_dir():
            return ()
        return read_reports(FolderStorage(folder), self.snapshot().seal_digest)

    def _read(self) -> Snapshot:
        try:
            manifest = parse_manifest(self.storage.read("manifest.json"))
        except InvalidManifest as exc:
            more = f", and {len(exc.faults) - 1} more" if len(exc.faults) > 1 else ""
            raise NoRecord(self.folder, f"manifest.json: {exc.faults[0]}{more}") from exc
        self._require_group()
        raw = self._bytes("seal.json")
        seal = Seal.from_bytes(raw, self._group, "seal.json") if raw else None
        boxes = self._boxes(seal)
        files = _sealed_files(seal) if seal else self._files_there()
        plan = self._bytes("tally/plan.json")
        results = self._bytes("results.json")
        return Snapshot(
            manifest=manifest,
            stage=self._stage(seal is not None, bool(files)),
            boxes=boxes,
            ballot_files=files,
            seal=seal,
            seal_digest=hashlib.sha256(raw).digest() if raw else None,
            guardians=PlanFile.from_bytes(plan, self._group, "tally/plan.json").guardians
            if plan
            else (),
            results=Results.from_bytes(results, self._group, "results.json") if results else None,
        )

    def _require_group(self) -> None:
        raw = self._bytes("parameters.json")
        if raw is None:
            return
        try:
            found = Parameters.from_bytes(raw, self._group, "parameters.json").parameter_set
        except MalformedRecord as exc:
            raise NoRecord(self.folder, str(exc)) from exc
        due = self._group
        if (found.p, found.q, found.g) != (due.p, due.q, due.g):
            raise NoRecord(self.folder, f"group {found.name} in parameters.json, not {due.name}")

    def _boxes(self, seal: Seal | None) -> dict[str, Box]:
        losses = (
            {box.device: box.loss for box in seal.boxes if isinstance(box, LostBox)} if seal else {}
        )
        boxes = {}
        for path in self.storage.list("devices"):
            if not is_record_path(path):
                continue
            file = DEVICE_FILE.from_bytes(self.storage.read(path), self._group, path)
            loss = losses.get(file.device)
            if isinstance(file, DeviceFile):
                end = file.closing
                box = Box(file.precinct, end.count, end.issued, end.outstanding, lost=False)
            elif loss is not None:
                box = Box(
                    file.precinct, loss.count, loss.issued, loss.issued - loss.count, lost=True
                )
            else:
                box = Box(file.precinct, 0, 0, 0, lost=False)
            boxes[file.device] = box
        return boxes

    def _files_there(self) -> tuple[BallotFile, ...]:
        paths = [path for path in self.storage.list("ballots") if is_record_path(path)]
        names = [path.split("/") for path in paths if path.endswith(".ndjson")]
        return tuple(BallotFile(device, int(name[:6])) for _, device, name in names)

    def _stage(self, sealed: bool, ballots: bool) -> Stage:  # noqa: FBT001 - two facts of a folder
        if self.storage.exists("results.json"):
            return Stage.PUBLISHED
        if self.storage.exists("tally/decrypted.ndjson"):
            return Stage.DECRYPTED
        if sealed:
            return Stage.SEALED
        if ballots:
            return Stage.BALLOTS
        return Stage.KEYS if self.storage.exists("parameters.json") else Stage.PREPARED

    def _bytes(self, path: str) -> bytes | None:
        return self.storage.read(path) if self.storage.exists(path) else None


def _sealed_files(seal: Seal) -> tuple[BallotFile, ...]:
    """Ballot files that the seal demands: what else lies in the folder is not looked up."""
    counts = [
        (box.device, box.loss.count if isinstance(box, LostBox) else box.count)
        for box in seal.boxes
    ]
    return tuple(
        BallotFile(device, number)
        for device, count in counts
        for number in range(-(-count // BALLOTS_IN_A_FILE))
    )


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes whenever a file is replaced, as the storage interface does."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
