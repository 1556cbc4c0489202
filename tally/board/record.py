"""The record that a board shows: read from its folder, kept until one of its files changes."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

from egcore.errors import MalformedRecord
from egcore.parameters import STANDARD
from egcore.records.ballot import Ballot
from egcore.records.limits import MAX_LINE
from egcore.records.opening import Opening
from egcore.storage import FolderStorage
from egcore.streams import read_lines
from tally.board.code_index import BallotPlace, CodeIndex
from tally.board.group_precincts import SharedGroups, read_shared_groups
from tally.board.record_files import RecordFiles
from tally.board.reports import Digests, Report, read_reports
from tally.board.snapshot import NoRecord, Snapshot, files_there, read_snapshot
from tally.progress import Tell, tell_nobody

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.group import Group
    from egcore.records.manifest import Manifest

_WATCHED: Final = (
    "manifest.json",
    "parameters.json",
    "registry.ndjson",
    "seal.json",
    "tally/plan.json",
    "tally/plan.ndjson",
    "tally/decrypted.ndjson",
    "results.json",
    "devices",
    "ballots",
)
Stamp = tuple[tuple[int, int, int] | None, ...]


class PublicRecord:
    """Reads one record folder. Safe to use from several threads."""

    def __init__(self, folder: Path, group: Group = STANDARD) -> None:
        self.files = RecordFiles(folder)
        self.folder = self.files.folder
        self._group = group
        self._lock = Lock()
        self._stamp: Stamp | None = None
        self._snapshot: Snapshot | None = None
        self._index: CodeIndex | None = None
        self._indexed: bytes | None = None  # digest of the seal that the index was made under
        self._shared: tuple[Stamp, SharedGroups] | None = None

    @classmethod
    def open(cls, folder: Path, group: Group = STANDARD) -> PublicRecord:
        """Return the record of a folder.

        Raises NoRecord for a folder without a readable manifest, or with parameters of another
        group; MalformedRecord for another file that does not parse.
        """
        if not folder.is_dir():
            raise NoRecord(folder, "there is no such folder")
        record = cls(folder, group)
        record.snapshot()
        return record

    def snapshot(self) -> Snapshot:
        """Return what the record says now; read again when a file has changed since."""
        stamp = tuple(_stamp(self.folder / path) for path in _WATCHED)
        with self._lock:
            if self._snapshot is None or stamp != self._stamp:
                self._snapshot = read_snapshot(self.files, self._group)
                self._stamp = stamp
            return self._snapshot

    @property
    def manifest(self) -> Manifest | None:
        """The manifest that was read last: it still says whether this is a rehearsal."""
        return self._snapshot.manifest if self._snapshot else None

    def index(self, tell: Tell = tell_nobody) -> CodeIndex:
        """Return the codes of all ballots.

        Before the seal, files that were added are added to it: a closed file never changes. A
        new seal makes it anew. tell: called with the files read and the files to read.
        Cost: a pass over the ballots that are new to it.
        """
        snapshot = self.snapshot()
        files = snapshot.ballot_files if snapshot.seal else files_there(self.files)
        with self._lock:
            index = self._index
            if index is None or self._indexed != snapshot.seal_digest:
                index = CodeIndex.empty()
            if index.files != files:
                index = index.with_files(self.files, files, tell)
            self._index, self._indexed = index, snapshot.seal_digest
            return index

    def ballot(self, place: BallotPlace) -> Ballot:
        """Return the ballot at a place of the index; MalformedRecord if it has another code."""
        path = place.file.path
        with self.files.open_stream(path) as file:
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
        if ballot.status != "challenged" or not self.files.there(path):
            return None
        with self.files.open_stream(path) as file:
            for opening in read_lines(file, Opening, self._group, path):
                if opening.position == ballot.position:
                    return opening
        return None

    def shared_groups(self) -> SharedGroups:
        """Return the groups of several precincts, by the plan; read again when it changes.

        Raises MalformedRecord for a line of the plan that does not say contest and precincts.
        """
        stamp = (_stamp(self.folder / "tally/plan.ndjson"),)
        with self._lock:
            if self._shared is None or self._shared[0] != stamp:
                self._shared = stamp, read_shared_groups(self.files)
            return self._shared[1]

    def reports(self, folder: Path | None) -> tuple[Report, ...]:
        """Return the reports of a folder, as they stand to its seal and results."""
        if folder is None or not folder.is_dir():
            return ()
        now = self.snapshot()
        return read_reports(FolderStorage(folder), Digests(now.seal_digest, now.results_digest))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes whenever a file is replaced, as the storage interface does."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
