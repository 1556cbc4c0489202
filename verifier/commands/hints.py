"""`dalel-verify hints`: makes hints, with which a record is checked faster (specs/25)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.cannot_run import CannotRun
from verifier.commands import PROGRAM, USAGE
from verifier.context import SEALED
from verifier.format_21 import ElectionGuard21
from verifier.formats import format_of
from verifier.processes import worthwhile
from verifier.proofs.hinted_files import HintMaker, HintsMade
from verifier.proofs.hinted_workers import make_here, make_in_processes
from verifier.reader.ballots import BallotShapes
from verifier.reader.form import Form
from verifier.reader.layout import Layout, is_folder_of_a_record
from verifier.reader.record import read_context
from verifier.reader.record_files import RecordFiles
from verifier.reader.shape import GroupShapes
from verifier.reader.unit_plan import UnitPlan
from verifier.reader.zip_folder import ZipFolder, open_record
from verifier.worker import Briefing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.commands import Parsers
    from verifier.context import Context
    from verifier.reader.files import Listing, RecordFolder
    from verifier.units import Unit

_MOST_PROCESSES: Final = 1_000


def add_parser(commands: Parsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser(
        "hints", help="make hints, with which a record is checked faster", allow_abbrev=False
    )
    parser.add_argument(
        "record", metavar="RECORD", type=Path, help="the folder of a record, or a zip"
    )
    parser.add_argument(
        "--out",
        metavar="FOLDER",
        type=Path,
        help="write FOLDER/hints/ (without the option: RECORD/hints/, where `check` finds it)",
    )
    parser.add_argument(
        "--force", action="store_true", help="make files anew that are there and whole"
    )
    parser.add_argument(
        "--processes",
        metavar="N",
        type=_number,
        help="how many make hints (without the option: all cores, or fewer for a small record)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Make every hint file that is not there, say what was done, and return 0.

    Raises CannotRun.
    """
    try:
        folder = open_record(arguments.record)
        listing = folder.listing(is_folder_of_a_record)
        is_known = isinstance(format_of(folder), ElectionGuard21)
    except OSError as fault:
        raise CannotRun(
            f"the record {arguments.record} cannot be read ({fault.strerror})",
            "RECORD is the folder or the zip of a record",
        ) from None
    if not is_known:
        raise CannotRun(
            f"{arguments.record} is no record of ElectionGuard 2.1", "others have no hints", USAGE
        )
    out = _out(arguments, folder)
    job = _Job(folder, listing, arguments)
    try:
        made = job.done(out)
    except OSError as fault:
        raise CannotRun(
            f"the hints cannot be written to {out} ({fault.strerror})",
            "make room for them, or name another folder with --out; files that are whole are kept",
        ) from None
    sys.stdout.writelines(f"{line}\n" for line in _lines(made, out))
    return 0


def _number(text: str) -> int:
    """A number of processes. Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:5]) <= _MOST_PROCESSES:
        raise argparse.ArgumentTypeError(f"{text!a} is not a number from 1 to {_MOST_PROCESSES}")
    return int(text)


def _out(arguments: argparse.Namespace, folder: RecordFolder) -> Path:
    """The folder that gets `hints/`. Raises CannotRun if it is none."""
    if arguments.out is None:
        if isinstance(folder, ZipFolder):
            raise CannotRun(
                f"nothing is written into the zip {arguments.record}",
                "name a folder with --out, or unpack the record",
                USAGE,
            )
        return Path(arguments.record)
    if not arguments.out.is_dir():
        raise CannotRun(f"{arguments.out} is no folder", "--out names one that exists", USAGE)
    return Path(arguments.out)


class _Job:
    """The record of which hints are made, with everything but its ballots read."""

    def __init__(
        self, folder: RecordFolder, listing: Listing, arguments: argparse.Namespace
    ) -> None:
        form = Form()
        files = RecordFiles(folder, listing, form)
        self._folder = folder
        self._listing = listing
        self._arguments = arguments
        self._context: Context = read_context(files, listing, form, arguments.group, SEALED)
        layout = Layout(self._context, listing)
        shapes = BallotShapes(
            GroupShapes(arguments.group),
            () if self._context.manifest is None else self._context.manifest.contests,
        )
        self._plan = UnitPlan(self._context, layout, listing, folder, shapes)

    def done(self, out: Path) -> HintsMade:
        """Make the hints of all ballot files. Raises CannotRun, OSError."""
        arguments, total = self._arguments, HintsMade()
        try:
            maker = HintMaker(self._folder, self._context, out, is_new=arguments.force)
        except ValueError as fault:
            hint = f"{PROGRAM} check says what is wrong with the record"
            raise CannotRun(str(fault), hint) from None
        processes = arguments.processes
        demanded = self._context.ballots_demanded
        if processes is None:
            processes = worthwhile(self._plan.ballot_files, demanded)
        if processes == 1:
            parts = make_here(maker, self._units())
        else:
            briefing = Briefing.of(arguments.record, self._context)
            parts = make_in_processes(
                processes, briefing, out, self._units(), is_new=arguments.force
            )
        with arguments.progress() as advance:
            for part in parts:
                total += part
                if advance is not None:
                    advance(total.lines, None if total.kept else demanded)
        return total

    def _units(self) -> Iterator[Unit]:
        """The units that have a ballot file."""
        return (unit for unit in self._plan if unit.path is not None)


def _lines(made: HintsMade, out: Path) -> Iterator[str]:
    yield f"hint files written: {made.files} (ballots: {made.lines - made.without})"
    if made.without:
        yield f"ballots without a hint, as they cannot be read or are not in form: {made.without}"
    if made.kept:
        yield f"hint files that were there and were kept: {made.kept}"
    yield f"folder: {out / 'hints'}"
