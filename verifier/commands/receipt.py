"""`dalel-verify receipt`: a voter's receipt, alone and against a record (specs/21)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from verifier.cannot_run import CannotRun
from verifier.commands import USAGE
from verifier.ed25519 import screen_key
from verifier.json_strict import MalformedJson
from verifier.labelled import typed_code
from verifier.reader.shape import ShapeFault, digest
from verifier.trust import read_small_file
from verifier.voter_papers import Recorded, Sentence, compare, judge_alone, parse_receipt
from verifier.voter_papers_print import (
    DOES_NOT_HOLD,
    HOLDS,
    sentence_lines,
    write_json,
    write_lines,
)
from verifier.voter_papers_record import PaperRecord

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from verifier.commands import Parsers
    from verifier.voter_papers import Receipt

NOT_PROVEN = (
    "A receipt does not show how anybody voted, and no receipt can.",
    (
        "It does not prove that the box encrypted what the voter had marked: only a challenge "
        "shows that, of the ballot that was challenged."
    ),
)
NOT_COUNTED = (
    "It does not prove that the record as a whole holds, nor that its sums have this ballot: "
    "dalel-verify check looks at that."
)
KEY_OF_RECORD = (
    "The key of the box was taken from the registry of this record; that the registrars signed it "
    "is what dalel-verify check looks at."
)
KEY_GIVEN = "The key of the box is the one that you gave."


def add_parser(commands: Parsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("receipt", help="check a voter's receipt", allow_abbrev=False)
    parser.add_argument("file", metavar="FILE", type=Path, help="what the QR code holds")
    parser.add_argument(
        "--record",
        metavar="RECORD",
        type=Path,
        help="compare it with the folder or zip of a record",
    )
    parser.add_argument("--key", metavar="HEX", help="public key of the box, from elsewhere")
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print what the receipt proves; 0 if all of it holds, 1 if not. Raises CannotRun."""
    if arguments.record is None and arguments.key is None:
        raise CannotRun(
            "a receipt is checked with the key of its box",
            "give --record RECORD, whose registry has it, or --key HEX",
            USAGE,
        )
    given = None if arguments.key is None else _key(arguments.key)
    receipt = _read(arguments.file)
    record = None
    if arguments.record is not None:
        record = PaperRecord(arguments.record, arguments.group)
    sentences = list(_judge(receipt, given, record))
    of_record = () if record is None else (NOT_COUNTED,)
    notes = [KEY_OF_RECORD if given is None else KEY_GIVEN, *NOT_PROVEN, *of_record]
    holds = all(sentence.holds is not False for sentence in sentences)
    facts = _facts(receipt)
    if arguments.json:
        content = {"receipt": facts, "holds": holds, "notes": notes}
        write_json({**content, "says": [sentence.to_json() for sentence in sentences]})
    else:
        write_lines(f"{name}: {value}" for name, value in facts.items())
        write_lines(("", *sentence_lines(sentences), "", *(f"note: {note}" for note in notes), ""))
        write_lines(["The receipt holds." if holds else "The receipt does not hold."])
    return HOLDS if holds else DOES_NOT_HOLD


def _facts(receipt: Receipt) -> dict[str, object]:
    h_c = str(receipt.content["h_c"])
    return {
        "box": receipt.device,
        "position": receipt.position,
        "code": typed_code(bytes.fromhex(h_c)),
        "h_c": h_c,
    }


def _key(text: str) -> bytes:
    try:
        key = digest(text.lower())
    except ShapeFault as fault:
        raise CannotRun(f"--key: expected {fault.expected}", "give 64 hex digits", USAGE) from None
    reason = screen_key(key)
    if reason is not None:
        raise CannotRun(f"--key: {reason}", "give the public key of the box", USAGE)
    return key


def _read(path: Path) -> Receipt:
    try:
        return parse_receipt(read_small_file(path, "receipt"))
    except MalformedJson as fault:
        reason = fault.reason
    except ShapeFault as fault:
        where = f"{fault.place}: " if fault.place else ""
        reason = f"{where}expected {fault.expected}, found {fault.found}"
    raise CannotRun(
        f"{path} is no receipt: {reason}", "FILE holds the content of the QR code, as it was read"
    )


def _judge(receipt: Receipt, given: bytes | None, record: PaperRecord | None) -> Iterator[Sentence]:
    device = None if record is None else record.device(receipt.device)
    if record is not None and device is None:
        text = f"the registry of the record has no box {receipt.device}"
        yield Sentence(text, holds=False)
    if device is not None and given is not None and device.key != given:
        yield Sentence("the registry has another key for this box than you gave", holds=False)
    key = given if given is not None else None if device is None else device.key
    if key is None:
        return
    yield from judge_alone(receipt, key)
    if record is not None and device is not None:
        yield from compare(receipt, key, _recorded(record, receipt))


def _recorded(record: PaperRecord, receipt: Receipt) -> Recorded:
    device, h_e = record.device(receipt.device), record.h_e.hex()
    place = None if device is None else record.place(device, receipt.position)
    loss = None if device is None or device.sealed is None else device.sealed.loss
    lost = None if loss is None else loss.count
    if place is None:
        return Recorded(h_e, None, None, lost)
    is_there = record.ballot(place) is not None
    line = record.object_at(place.path, place.line) if is_there else None
    return Recorded(h_e, line, record.signatures(place), lost)
