"""The hint files of a record: which are there, and each missing one made, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Final

from verifier.backend import AUTO, backend_of
from verifier.disk import force_folder_of
from verifier.election import Election
from verifier.model import Ballot
from verifier.proofs.hinted_making import make_entries
from verifier.reader.ballot_stream import BallotRules, BallotStream, Gap
from verifier.reader.files import Listing, RecordFolder, UnreadableFile
from verifier.reader.form import Form
from verifier.reader.hint_file import COUNT_BYTES
from verifier.reader.layout import HINTS, numbered_path
from verifier.reader.record_files import RecordFiles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verifier.context import Context
    from verifier.units import Unit

_AT_ONCE: Final = 32  # ballots in one list of requests: 1,000 bases of 7 options


@dataclass(frozen=True, slots=True)
class HintsMade:
    """What has been done so far.

    files: written. kept: those that were there. lines: of the files written. without: those lines
    among them that have no hint.
    """

    files: int = 0
    kept: int = 0
    lines: int = 0
    without: int = 0

    def __add__(self, other: HintsMade) -> HintsMade:
        """Both together."""
        return HintsMade(
            self.files + other.files,
            self.kept + other.kept,
            self.lines + other.lines,
            self.without + other.without,
        )


class HintMaker:
    """Makes hints for the units of one record.

    out: the folder in which `hints/` lies. is_new: whether files that are there are made anew.
    """

    def __init__(
        self, folder: RecordFolder, context: Context, out: Path, *, is_new: bool = False
    ) -> None:
        """context: one with a manifest, parameters and keys, else ValueError."""
        election = Election.of(context)
        if election is None or context.manifest is None:
            raise ValueError("hints need manifest.json, parameters.json and guardians.json")
        self._folder = folder
        self._context = context
        self._election = replace(election, group=backend_of(AUTO, election.group).group)
        self._out = out
        self._is_new = is_new
        self._rules = BallotRules(context)

    def make(self, unit: Unit) -> HintsMade:
        """Write the hint file of a unit that has a ballot file, unless it is there.

        What cannot be read of the ballots has no hint. Raises OSError when it cannot be written.
        Memory: some ballots, and the file on disk twice for a moment.
        """
        path = numbered_path(HINTS, unit.device, unit.first)
        _beside(self._out / path).unlink(missing_ok=True)  # left by a run that was killed
        if not self._is_new and self._is_whole(unit, path):
            return HintsMade(kept=1)
        with tempfile.TemporaryFile() as draft:  # gone with this process, however it ends
            lines = without = 0
            for ballots in self._some_ballots(unit):
                entries = make_entries(self._election, self._context, ballots)
                draft.write(entries)
                lines += len(ballots)
                without += _empty(entries, self._election.group.lp)
            draft.seek(0)
            _put(self._out / path, draft)
        return HintsMade(1, 0, lines, without)

    def _some_ballots(self, unit: Unit) -> Iterator[list[Ballot | None]]:
        """The ballots of a unit, some at a time; None for one that cannot be read."""
        form = Form()
        files = RecordFiles(self._folder, Listing(unit.files, ()), form)
        held: list[Ballot | None] = []
        for item in BallotStream(files, form, self._rules).of_unit(unit):
            if isinstance(item, Ballot):
                held.append(item)
            elif isinstance(item, Gap):
                held += [None] * item.count
            if len(held) >= _AT_ONCE:
                yield held
                held = []
        if held:
            yield held

    def _is_whole(self, unit: Unit, path: str) -> bool:
        """Whether the hint file is there and has an entry for each line of the ballot file.

        What its entries hold is not looked at.
        """
        try:
            size = (self._out / path).lstat().st_size
            octets = RecordFolder(self._out).octets(path)
            lines = sum(1 for _ in self._folder.lines(unit.path or ""))
            at = 0
            for _ in range(lines):
                number = int.from_bytes(octets.take(COUNT_BYTES), "big")
                octets.skip(number * self._election.group.lp)
                at += COUNT_BYTES + number * self._election.group.lp
        except (OSError, UnreadableFile):
            return False
        return at == size and lines > 0


def _empty(entries: bytes, width: int) -> int:
    """How many of the entries have no hint."""
    at = empty = 0
    while at < len(entries):
        number = int.from_bytes(entries[at : at + COUNT_BYTES], "big")
        empty += number == 0
        at += COUNT_BYTES + number * width
    return empty


def _beside(path: Path) -> Path:
    """What a hint file is called until it is whole."""
    return path.with_name(f".{path.name}.tmp")


def _put(path: Path, draft: IO[bytes]) -> None:
    """Put a file in its place whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(path)
    try:
        with beside.open("xb") as stream:
            shutil.copyfileobj(draft, stream)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    force_folder_of(path)
