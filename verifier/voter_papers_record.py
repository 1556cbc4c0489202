"""What a voter's papers are held against: one record, and single ballots of it found by code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from verifier.ballot_files import BALLOTS_A_FILE, BallotFile
from verifier.cannot_run import CannotRun
from verifier.context import SEALED
from verifier.json_strict import MalformedJson, parse
from verifier.model import Ballot
from verifier.reader.ballot_stream import BallotRules, BallotStream
from verifier.reader.files import Listing, UnreadableFile
from verifier.reader.form import Form
from verifier.reader.layout import (
    BALLOTS,
    RECEIPTS,
    RESULTS,
    SIGNATURES,
    Layout,
    is_folder_of_a_record,
    numbered_path,
    openings_path,
)
from verifier.reader.record import read_context
from verifier.reader.record_files import RecordFiles
from verifier.reader.shape import ShapeFault
from verifier.reader.zip_folder import open_record
from verifier.report import Location
from verifier.units import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verifier.algebra import Group
    from verifier.ballot_pass import Progress
    from verifier.context import Device
    from verifier.model import Opening
    from verifier.voter_papers_code import Code

MOST_FOUND: Final = 10
_HASH = re.compile(r"[0-9a-f]{64}")
_H_C = re.compile(rb'"h_c":"([0-9a-f]{64})"')  # a ballot line has one; nothing in it is free text


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a ballot file. number: of the file, from 0. line: from 1."""

    device: Device
    number: int
    line: int

    @property
    def ordinal(self) -> int:
        """The place among all ballots of the box, from 1."""
        return BALLOTS_A_FILE * self.number + self.line

    @property
    def path(self) -> str:
        """The ballot file."""
        return numbered_path(BALLOTS, self.device.id, self.number)


@dataclass(slots=True)
class Read:
    """One ballot with its file. form: faults of the file. previous: H_C of the ballot before.

    ballot, previous: None when unreadable; previous also for the first ballot of a box.
    """

    form: Form
    ballot: Ballot | None = None
    previous: bytes | None = None
    file: BallotFile | None = None


class PaperRecord:
    """A record of which the small files have been read; results and tally are left alone.

    Its rules and keys must be readable, or nothing can be said: CannotRun.
    """

    def __init__(self, path: Path, group: Group) -> None:
        try:
            self.folder = open_record(path)
            listing = self.folder.listing(is_folder_of_a_record)
        except OSError as fault:
            raise CannotRun(
                f"the record {path} cannot be read ({fault.strerror})",
                "RECORD is the folder or the zip of a record",
            ) from None
        self.form = Form()
        files = RecordFiles(self.folder, listing, self.form)
        self.context = read_context(files, listing, self.form, group, SEALED)
        self.layout = Layout(self.context, listing)
        self.rules = BallotRules(self.context)
        self.files = listing.files
        self._passed = 0  # ballots whose code was read by `places`
        for name, found in (
            ("manifest.json", self.context.manifest),
            ("parameters.json", self.context.parameters),
            ("guardians.json", self.context.guardians),
        ):
            if found is None:
                raise CannotRun(
                    f"{name} of the record {path} is missing or is none of this format",
                    "dalel-verify check says what is wrong with the record",
                )

    @property
    def h_e(self) -> bytes:
        """H_E as recorded; V4 says whether it holds."""
        parameters = self.context.parameters
        return bytes(32) if parameters is None else parameters.h_e

    def device(self, id_: str) -> Device | None:
        """A box of the registry."""
        return self.context.devices_by_id.get(id_)

    @property
    def is_final(self) -> bool:
        """Whether the record says that something was decrypted; then every opening is due."""
        return RESULTS in self.files or any(path.startswith("tally/") for path in self.files)

    @property
    def not_passed(self) -> int | None:
        """Ballots that the seal names and of which `places` read no code; None if it is unread."""
        demanded = self.context.ballots_demanded
        return None if demanded is None else max(0, demanded - self._passed)

    def places(self, code: Code, progress: Progress | None = None) -> Iterator[tuple[Place, bytes]]:
        """Every ballot whose recorded H_C fits, with H_C. Cost: all ballot files are read once.

        progress: called after each file with the ballots read so far and the number that the seal
        names (None if unknown).
        """
        self._passed = 0
        for device in self.context.devices:
            for number in self.layout.numbers(BALLOTS, device):
                for line, h_c in self._codes(numbered_path(BALLOTS, device.id, number)):
                    self._passed += 1
                    if code.fits(h_c):
                        yield Place(device, number, line), h_c
                if progress is not None:
                    progress(self._passed, self.context.ballots_demanded)

    def _codes(self, path: str) -> Iterator[tuple[int, bytes]]:
        """Line, from 1, and H_C of each ballot of a file in which both can be read."""
        for line, raw in self._numbered(path):
            match = None if raw is None else _H_C.search(raw)
            if match is not None:
                yield line, bytes.fromhex(match[1].decode("ascii"))

    def _numbered(self, path: str) -> Iterator[tuple[int, bytes | None]]:
        try:
            yield from enumerate(self.folder.lines(path), start=1)
        except UnreadableFile:
            return

    def place(self, device: Device, position: int) -> Place | None:
        """Where the ballot of this position must lie; None when that file is not there."""
        number, line = divmod(position - 1, BALLOTS_A_FILE)
        if number not in self.layout.numbers(BALLOTS, device):
            return None
        return Place(device, number, line + 1)

    def object_at(self, path: str, line: int) -> dict[str, object] | None:
        """The object in a line, from 1, of a file; None when it is missing or unreadable."""
        if path not in self.files:
            return None
        raw = next(islice(self._numbered(path), line - 1, None), (line, None))[1]
        try:
            return None if raw is None else parse(raw)
        except MalformedJson:
            return None

    def unit(self, place: Place) -> Unit:
        """The file of a ballot as the verifications on ballots know it."""
        device, number = place.device, place.number
        closing = None if device.file is None else device.file.closing
        kinds = (BALLOTS, SIGNATURES, RECEIPTS)
        paths = {numbered_path(kind, device.id, number) for kind in kinds}
        return Unit(
            device=device.id,
            precinct=device.precinct,
            key=device.key,
            first=number,
            upto=number + 1,
            path=place.path,
            files=self.files & paths,
            sealed=None if device.sealed is None else device.sealed.ballots,
            to_open=() if closing is None else closing.to_open,
        )

    def read(self, place: Place) -> Read:
        """Read the file of a ballot once. Cost: each of its ballots is parsed."""
        form, unit = Form(), self.unit(place)
        files = RecordFiles(self.folder, Listing(unit.files, ()), form)
        found = Read(form=form)
        for item in BallotStream(files, form, self.rules).of_unit(unit):
            if isinstance(item, BallotFile):
                found.file = item
            elif isinstance(item, Ballot):
                if item.ordinal == place.ordinal - 1:
                    found.previous = item.h_c
                elif item.ordinal == place.ordinal:
                    found.ballot = item
        if place.line == 1 and place.number > 0:
            found.previous = self._last_of(place)
        return found

    def ballot(self, place: Place) -> Ballot | None:
        """The ballot at a place; None when it is missing or not as the manifest says."""
        form, found = Form(), self.object_at(place.path, place.line)
        at = self.unit(place).place(place.line)
        try:
            if found is None:
                return None
            ballot = self.rules.shapes.ballot(found, at, place.device.id, place.ordinal)
        except ShapeFault:
            return None
        precinct = place.device.precinct
        return ballot if self.rules.has_structure(form, precinct, ballot) else None

    def _last_of(self, place: Place) -> bytes | None:
        """H_C of the last ballot of the file before."""
        path = numbered_path(BALLOTS, place.device.id, place.number - 1)
        found = self.object_at(path, BALLOTS_A_FILE)
        h_c = None if found is None else found.get("h_c")
        return bytes.fromhex(h_c) if isinstance(h_c, str) and _HASH.fullmatch(h_c) else None

    def signatures(self, place: Place) -> tuple[str, str] | None:
        """`submit` and `status` of the line in receipts/, in hex; None if it is unreadable."""
        path = numbered_path(RECEIPTS, place.device.id, place.number)
        found = self.object_at(path, place.line)
        if found is None or not _is_receipt(found, place.ordinal):
            return None
        return str(found["submit"]), str(found["status"])

    def opening(self, place: Place) -> Opening | None:
        """The opening that the record has for a ballot."""
        path = openings_path(place.device.id)
        if path not in self.files:
            return None
        for line, raw in self._numbered(path):
            try:
                at = Location(file=path, line=line)
                found = None if raw is None else parse(raw)
                opening = self.rules.shapes.opening(found, at, place.device.id)
            except (MalformedJson, ShapeFault):
                continue
            if opening.position == place.ordinal:
                return opening
        return None


def _is_receipt(found: dict[str, object], position: int) -> bool:
    signatures = (found.get("submit"), found.get("status"))
    return found.get("position") == position and all(
        isinstance(text, str) and re.fullmatch(r"[0-9a-f]{128}", text) for text in signatures
    )
