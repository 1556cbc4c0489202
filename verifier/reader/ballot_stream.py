"""The ballots of a box as they pass by, one after the other, with what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.ballot_files import BALLOTS_A_FILE, MOST_POSITIONS, BallotFile
from verifier.reader.ballots import BallotShapes, check_structure, parse_receipt_line
from verifier.reader.devices import parse_ballot_file_signature
from verifier.reader.layout import BALLOTS, RECEIPTS, SIGNATURES, files_demanded, numbered_path
from verifier.reader.shape import GroupShapes, ShapeFault
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.context import Context, Device
    from verifier.model import Ballot, ReceiptLine
    from verifier.reader.form import Form
    from verifier.reader.layout import Layout
    from verifier.reader.record_files import RecordFiles


@dataclass(frozen=True, slots=True)
class Gap:
    """Ballots of a box that could not be read: `count` of them, up to the ordinal `last`."""

    device: str
    last: int
    count: int


class _Positions:
    """What the lines of one file say of their positions, and how many lines there are."""

    def __init__(self) -> None:
        self.lines = 0
        self._kept: list[int | None] = []

    def take(self, line: Ballot | ReceiptLine | None) -> None:
        self.lines += 1
        if len(self._kept) < MOST_POSITIONS:
            self._kept.append(None if line is None else line.position)

    @property
    def kept(self) -> tuple[int | None, ...]:
        return tuple(self._kept)


class BallotStream:
    """Reads ballot files with their signatures and receipts; keeps nothing of a ballot.

    What is wrong with their form goes to `form` (0.B, 0.C, 0.E).
    """

    def __init__(self, files: RecordFiles, form: Form, context: Context, layout: Layout) -> None:
        manifest = context.manifest
        self._files = files
        self._form = form
        self._context = context
        self._layout = layout
        self._contests = () if manifest is None else manifest.contests
        self._styles = {
            precinct.id: frozenset(precinct.styles)
            for precinct in (() if manifest is None else manifest.precincts)
        }
        self.shapes = BallotShapes(GroupShapes(context.group), self._contests)

    def of_device(self, device: Device) -> Iterator[Ballot | Gap | BallotFile]:
        """The ballots of a box by file number and line, and after those of a file the file.

        A file that is missing, or the rest of one that breaks off, is a gap of the ballots that
        the seal names there.
        """
        ordinal, next_number = 0, 0
        for number in self._layout.numbers(BALLOTS, device):
            gap = self._gap(device, ordinal, (number - next_number) * BALLOTS_A_FILE)
            if gap is not None:
                ordinal = gap.last
                yield gap
            before = ordinal
            for item in self._of_file(device, number, before):
                if isinstance(item, BallotFile):
                    ordinal += item.lines
                    gap = self._rest(device, item, ordinal)
                    if gap is not None:
                        ordinal = gap.last
                        yield gap
                yield item
            next_number = number + 1
        demanded = files_demanded(device)
        if demanded is not None and demanded > next_number and device.sealed is not None:
            gap = self._gap(device, ordinal, device.sealed.ballots - ordinal)
            if gap is not None:
                yield gap

    @staticmethod
    def _gap(device: Device, ordinal: int, count: int) -> Gap | None:
        return Gap(device.id, ordinal + count, count) if count > 0 else None

    def _rest(self, device: Device, file: BallotFile, ordinal: int) -> Gap | None:
        """What is missing of a file that broke off, by the seal or else by a full file."""
        if file.ballots is not None:
            return None
        total = BALLOTS_A_FILE
        if device.sealed is not None:
            total = min(total, device.sealed.ballots - file.number * BALLOTS_A_FILE)
        return self._gap(device, ordinal, total - file.lines)

    def _of_file(
        self, device: Device, number: int, before: int
    ) -> Iterator[Ballot | Gap | BallotFile]:
        """The ballots of one file and then the file. before: ballots of the box before it."""
        path = numbered_path(BALLOTS, device.id, number)
        positions, ordinal, h_last = _Positions(), before, None

        def to_ballot(value: dict[str, object], at: Location, _line: bytes) -> Ballot:
            place = at.at(device=device.id, ballot=ordinal)
            return self.shapes.ballot(value, place, device.id, ordinal)

        lines = self._files.nouns(path, to_ballot)
        while True:
            ordinal += 1
            try:
                ballot = next(lines)
            except StopIteration:
                break
            positions.take(ballot)
            h_last = None if ballot is None else ballot.h_c
            if ballot is not None and self._has_structure(device, ballot):
                yield ballot
            else:
                yield Gap(device.id, ordinal, 1)
        yield self._file(device, number, positions, h_last)

    def _has_structure(self, device: Device, ballot: Ballot) -> bool:
        """0.E. Without a manifest nothing has: no ballot can be judged then."""
        if self._context.manifest is None:
            return False
        styles = self._styles.get(device.precinct, frozenset())
        contests = self._context.style_contests.get(ballot.style, ())
        try:
            check_structure(ballot, styles, contests, self._contests)
        except ShapeFault as fault:
            where = f"{fault.place}: " if fault.place else ""
            self._form.unreadable("0.E", ballot.at, where + fault.expected, where + fault.found)
            return False
        return True

    def _file(
        self, device: Device, number: int, positions: _Positions, h_last: bytes | None
    ) -> BallotFile:
        """The file whose ballots have passed, with its signature and its receipts."""
        receipts = numbered_path(RECEIPTS, device.id, number)
        places = _Positions()
        for line in self._files.nouns(receipts, lambda v, at, _: parse_receipt_line(v, at)):
            places.take(line)
        path = numbered_path(BALLOTS, device.id, number)
        return BallotFile(
            at=Location(file=path, device=device.id),
            device=device.id,
            number=number,
            ballots=self._files.digests.pop(path, None),
            lines=positions.lines,
            positions=positions.kept,
            h_last=h_last,
            signature=self._files.noun(
                numbered_path(SIGNATURES, device.id, number), parse_ballot_file_signature
            ),
            receipts=self._files.digests.pop(receipts, None),
            receipt_lines=places.lines,
            receipt_positions=places.kept,
        )
