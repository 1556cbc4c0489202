"""`dalel-verify opening`: an opening on paper or in a file against the record (specs/21)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.cannot_run import CannotRun
from verifier.commands import USAGE
from verifier.commands.show import add_language
from verifier.json_strict import MalformedJson, parse
from verifier.labelled import typed_code
from verifier.reader.shape import ShapeFault
from verifier.report import Location
from verifier.trust import read_small_file
from verifier.voter_papers_ballot import judge_file, judge_opening
from verifier.voter_papers_print import (
    DOES_NOT_HOLD,
    HOLDS,
    judged_lines,
    write_json,
    write_lines,
)
from verifier.voter_papers_record import PaperRecord
from verifier.voter_papers_words import in_words

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from verifier.commands import Parsers
    from verifier.model import Ballot, Opening
    from verifier.voter_papers_ballot import Judged
    from verifier.voter_papers_record import Place
    from verifier.voter_papers_words import OpenedContest

NOT_PROVEN: Final = (
    "Compare what was opened with what you marked: this program cannot know it.",
    "A challenged ballot is not counted. That one ballot was right proves nothing of another one.",
    "The keys of the election and the box's place in it were taken from this record.",
)


def add_parser(commands: Parsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser(
        "opening", help="check the opening of a challenged ballot", allow_abbrev=False
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="the opening that the voter got")
    parser.add_argument(
        "--record", metavar="RECORD", type=Path, required=True, help="the folder or zip of a record"
    )
    parser.add_argument(
        "--device", metavar="BOX", help="the box (without: the one whose ballot it opens)"
    )
    add_language(parser)
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print what the opening shows; 0 if it is one of a ballot of the record, 1 if not.

    Raises CannotRun.
    """
    raw = read_small_file(arguments.file, "opening")
    record = PaperRecord(arguments.record, arguments.group)
    if arguments.device is not None and record.device(arguments.device) is None:
        error = f"the registry of the record has no box {arguments.device}"
        raise CannotRun(error, "name the box as the receipt does", USAGE)
    opening = _parsed(record, raw, arguments.file)
    found = _ballot_of(record, opening, arguments.device)
    if found is None:
        return _none(arguments, opening)
    place, ballot = found
    judged = list(judge_opening(record, place, ballot, opening))
    judged.append(judge_file(record, place, record.read(place)))
    manifest = record.context.manifest
    words = () if manifest is None else in_words(manifest, opening, arguments.language)
    holds = all(entry.holds for entry in judged)
    facts = _facts(place, ballot)
    notes = [*NOT_PROVEN, _recorded(record, place, opening)]
    if arguments.json:
        write_json(
            {
                "found": True,
                "holds": holds,
                "ballot": facts,
                "checks": [entry.to_json() for entry in judged],
                "opening": [entry.to_json() for entry in words],
                "notes": notes,
            }
        )
    else:
        write_lines(_lines(facts, judged, words, notes, holds=holds))
    return HOLDS if holds else DOES_NOT_HOLD


def _parsed(record: PaperRecord, raw: bytes, path: Path) -> Opening:
    """The opening in a file, its newline perhaps missing. Raises CannotRun."""
    try:
        value = parse(raw.rstrip(b"\n") + b"\n")
        return record.rules.shapes.opening(value, Location(file="the opening"), "")
    except MalformedJson as fault:
        reason = fault.reason
    except ShapeFault as fault:
        where = f"{fault.place}: " if fault.place else ""
        reason = f"{where}expected {fault.expected}, found {fault.found}"
    raise CannotRun(f"{path} is no opening: {reason}", "FILE holds the opening as the box gave it")


def _ballot_of(
    record: PaperRecord, opening: Opening, wanted: str | None
) -> tuple[Place, Ballot] | None:
    """The ballot that it opens, or with a box named, the ballot at that position.

    An opening names no box: it is that of the first box whose first ciphertext it gives again.
    Cost: one exponentiation, and one ballot file of each box.
    """
    context = record.context
    devices = [device for device in context.devices if wanted in (None, device.id)]
    alpha = None
    if opening.contests and opening.contests[0].nonces:
        group = context.group
        alpha = group.power(group.g, opening.contests[0].nonces[0])
    for device in devices:
        place = record.place(device, opening.position)
        ballot = None if place is None else record.ballot(place)
        if place is None or ballot is None:
            continue
        first = ballot.contests[0].options[0].alpha
        if wanted is not None or first == alpha:
            return place, ballot
    return None


def _none(arguments: argparse.Namespace, opening: Opening) -> int:
    where = "any box" if arguments.device is None else f"box {arguments.device}"
    text = f"at position {opening.position} of {where} the record has no ballot that this opens"
    if arguments.json:
        write_json({"found": False, "holds": False, "notes": [text]})
    else:
        write_lines(
            (
                f"{text}.",
                "Name the box with --device to see in what it differs from the ballot there.",
            )
        )
    return DOES_NOT_HOLD


def _recorded(record: PaperRecord, place: Place, opening: Opening) -> str:
    there = record.opening(place)
    if there is None:
        return "The record has no opening of this ballot."
    if there.contests == opening.contests:
        return "The record has this opening as well."
    return "The record has another opening of this ballot."


def _facts(place: Place, ballot: Ballot) -> dict[str, object]:
    return {
        "box": place.device.id,
        "precinct": place.device.precinct,
        "position": place.ordinal,
        "code": typed_code(ballot.h_c),
        "h_c": ballot.h_c.hex(),
        "status": ballot.status,
        "decided": ballot.decided,
    }


def _lines(
    facts: dict[str, object],
    judged: Sequence[Judged],
    words: Sequence[OpenedContest],
    notes: Sequence[str],
    *,
    holds: bool,
) -> Iterator[str]:
    yield from (f"{name}: {value}" for name, value in facts.items())
    yield ""
    yield from judged_lines(judged)
    yield ""
    yield "The opening says:"
    for entry in words:
        yield from (f"    {line}" for line in entry.lines())
    yield ""
    yield from (f"note: {note}" for note in notes)
    yield ""
    yield "The opening holds." if holds else "The opening does not hold."
