"""The ballots of one file as they pass by, one after the other, with what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.ballot_files import BALLOTS_A_FILE, MOST_POSITIONS, BallotFile
from verifier.reader.ballot_template import BallotTemplates, receipt_of
from verifier.reader.ballots import BallotShapes, check_structure, parse_receipt_line
from verifier.reader.devices import parse_ballot_file_signature
from verifier.reader.layout import RECEIPTS, SIGNATURES, numbered_path
from verifier.reader.shape import GroupShapes, ShapeFault
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.context import Context
    from verifier.model import Ballot, ReceiptLine
    from verifier.reader.form import Form
    from verifier.reader.record_files import RecordFiles
    from verifier.units import Unit


@dataclass(frozen=True, slots=True)
class Gap:
    """Ballots of a box that could not be read: `count` of them, up to the ordinal `last`."""

    last: int
    count: int


class BallotRules:
    """What the manifest says of the form of ballots: shapes, and the structure of each (0.E)."""

    def __init__(self, context: Context) -> None:
        manifest = context.manifest
        self._is_known = manifest is not None
        self._contests = () if manifest is None else manifest.contests
        self._style_contests = context.style_contests
        self._styles = {
            precinct.id: frozenset(precinct.styles)
            for precinct in (() if manifest is None else manifest.precincts)
        }
        self.shapes = BallotShapes(GroupShapes(context.group), self._contests)
        self.templates = BallotTemplates(context.group, self._contests, self._style_contests)

    def has_structure(self, form: Form, precinct: str, ballot: Ballot) -> bool:
        """0.E. Without a manifest nothing has: no ballot can be judged then."""
        if not self._is_known:
            return False
        styles = self._styles.get(precinct, frozenset())
        contests = self._style_contests.get(ballot.style, ())
        try:
            check_structure(ballot, styles, contests, self._contests)
        except ShapeFault as fault:
            where = f"{fault.place}: " if fault.place else ""
            form.unreadable("0.E", ballot.at, where + fault.expected, where + fault.found)
            return False
        return True


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

    def __init__(self, files: RecordFiles, form: Form, rules: BallotRules) -> None:
        self._files = files
        self._form = form
        self._rules = rules

    def of_unit(self, unit: Unit) -> Iterator[Ballot | Gap | BallotFile]:
        """The ballots of a file by line, and after them the file.

        A file that is missing, or the rest of one that breaks off, is a gap of the ballots that
        the seal names there. So are lines beyond those that a file may have (0.B).
        """
        if unit.missing > 0:
            yield Gap(unit.before + unit.missing, unit.missing)
        if unit.path is None:
            return
        positions, h_last = _Positions(), None
        for ballot in self._ballots(unit, unit.path):
            positions.take(ballot)
            h_last = None if ballot is None else ballot.h_c
            is_within = positions.lines <= BALLOTS_A_FILE
            if ballot is not None and is_within and self._has_structure(unit, ballot):
                yield ballot
            else:
                yield Gap(unit.before + positions.lines, 1)
        if positions.lines > BALLOTS_A_FILE:
            expected, found = f"at most {BALLOTS_A_FILE} lines", f"{positions.lines} lines"
            self._form.unreadable("0.B", Location(file=unit.path), expected, found)
        file = self._file(unit, unit.path, positions, h_last)
        yield from self._rest(unit, file)
        yield file

    def _has_structure(self, unit: Unit, ballot: Ballot) -> bool:
        return self._rules.has_structure(self._form, unit.precinct, ballot)

    def _ballots(self, unit: Unit, path: str) -> Iterator[Ballot | None]:
        def to_ballot(value: dict[str, object], at: Location, _line: bytes) -> Ballot:
            ordinal = unit.before + (at.line or 0)
            return self._rules.shapes.ballot(value, at, unit.device, ordinal)

        def usual(line: bytes, at: Location) -> Ballot | None:
            ordinal = unit.before + (at.line or 0)
            return self._rules.templates.ballot(line, at, unit.device, ordinal)

        return self._files.nouns(path, to_ballot, place=unit.place, usual=usual)

    @staticmethod
    def _rest(unit: Unit, file: BallotFile) -> Iterator[Gap]:
        """What is missing of a file that broke off, by the seal or else by a full file."""
        if file.ballots is not None:
            return
        total = BALLOTS_A_FILE
        if unit.sealed is not None:
            total = min(total, unit.sealed - unit.before)
        if total > file.lines:
            yield Gap(unit.before + total, total - file.lines)

    def _file(
        self, unit: Unit, path: str, positions: _Positions, h_last: bytes | None
    ) -> BallotFile:
        """The file whose ballots have passed, with its signature and its receipts."""
        device, number = unit.device, unit.first
        receipts = numbered_path(RECEIPTS, device, number)
        places = _Positions()
        lines = self._files.nouns(
            receipts, lambda value, at, _: parse_receipt_line(value, at), usual=receipt_of
        )
        for line in lines:
            places.take(line)
        return BallotFile(
            at=Location(file=path, device=device),
            device=device,
            number=number,
            ballots=self._files.digests.get(path),
            lines=positions.lines,
            positions=positions.kept,
            h_last=h_last,
            signature=self._files.noun(
                numbered_path(SIGNATURES, device, number), parse_ballot_file_signature
            ),
            receipts=self._files.digests.get(receipts),
            receipt_lines=places.lines,
            receipt_positions=places.kept,
        )
