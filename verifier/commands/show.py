"""`dalel-verify show`: one ballot of a record, and what it proves (specs/21)."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.cannot_run import CannotRun
from verifier.commands import USAGE
from verifier.labelled import typed_code
from verifier.reader.ballots import CHALLENGED
from verifier.receipt_pass import decided, is_status, is_submit, submitted
from verifier.voter_papers import Sentence
from verifier.voter_papers_ballot import judge_ballot, judge_recorded_opening
from verifier.voter_papers_code import parse_code
from verifier.voter_papers_print import (
    DOES_NOT_HOLD,
    HOLDS,
    judged_lines,
    sentence_lines,
    write_json,
    write_lines,
)
from verifier.voter_papers_record import MOST_FOUND, PaperRecord
from verifier.voter_papers_words import LANGUAGES, in_words

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from verifier.ballot_pass import Progress
    from verifier.commands import Parsers
    from verifier.model import Ballot, Opening
    from verifier.voter_papers_ballot import Judged
    from verifier.voter_papers_code import Code
    from verifier.voter_papers_record import Place
    from verifier.voter_papers_words import OpenedContest

NOT_PROVEN: Final = (
    (
        "This does not prove that the box encrypted what the voter had marked: only a challenge "
        "shows that, of the ballot that was challenged."
    ),
    (
        "This does not prove that the rest of the record holds, nor that no other ballot has the "
        "same identifier (5.A) or code (8.Q): dalel-verify check looks at that."
    ),
    "The keys of the box and of the election were taken from this record.",
)
OPENED: Final = "This ballot was challenged, opened, and not counted. The box had encrypted:"
NOT_SHOWN: Final = (
    "This ballot was challenged and is not counted. The opening in the record does not hold: that "
    "the box had encrypted what it says is not shown. It says:"
)
UNASKED: Final = (
    "The record opens this ballot, which was not challenged and must stay secret (13.R): what the "
    "opening says is not repeated here."
)
UNOPENED: Final = "This ballot was challenged; the record has no opening of it."


def add_parser(commands: Parsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser(
        "show", help="print one ballot and what it proves", allow_abbrev=False
    )
    parser.add_argument("record", metavar="RECORD", type=Path, help="the folder or zip of a record")
    parser.add_argument(
        "--ballot",
        metavar="CODE",
        required=True,
        help="the confirmation code, at least its first 5 symbols, or 64 hex digits",
    )
    add_language(parser)
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def add_language(parser: argparse.ArgumentParser) -> None:
    """The option for the language of labels."""
    parser.add_argument(
        "--language", choices=LANGUAGES, default="en", help="of the labels (without: en)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the ballot; 0 if all that was looked at holds, 1 if not or if there is no such ballot.

    Raises CannotRun, with the code of usage when several ballots fit.
    """
    code = parse_code(arguments.ballot)
    record = PaperRecord(arguments.record, arguments.group)
    with arguments.progress() as advance:
        places = _places(record, code, advance)
    if len(places) > 1 and code.is_exact:
        return _answer(arguments, _shared(places))
    found = _the_one(places)
    if found is None:
        return _answer(arguments, _none(record), found=False)
    shown = _Shown(record, found, arguments.language)
    if arguments.json:
        write_json(shown.to_json())
    else:
        write_lines(shown.lines())
    return HOLDS if shown.holds else DOES_NOT_HOLD


def _places(record: PaperRecord, code: Code, advance: Progress | None) -> list[tuple[Place, bytes]]:
    """The ballots whose code begins so, with H_C; no more than a message lists, and one."""
    return list(islice(record.places(code, advance), MOST_FOUND + 1))


def _listed(places: list[tuple[Place, bytes]]) -> str:
    found = (
        f"{typed_code(h_c)} (box {place.device.id}, position {place.ordinal})"
        for place, h_c in places[:MOST_FOUND]
    )
    return ", ".join(found) + (" and more" if len(places) > MOST_FOUND else "")


def _the_one(places: list[tuple[Place, bytes]]) -> Place | None:
    """The only ballot. Raises CannotRun when there are several."""
    if len(places) > 1:
        raise CannotRun(
            f"several ballots fit: {_listed(places)}",
            "give more symbols of the code, or H_C as 64 hex digits, which the QR code holds",
            USAGE,
        )
    return places[0][0] if places else None


def _shared(places: list[tuple[Place, bytes]]) -> list[str]:
    return [
        f"several ballots of this record have this one code (8.Q): {_listed(places)}",
        "no two ballots may: voters who hold one code would all be shown the same ballot",
    ]


def _none(record: PaperRecord) -> list[str]:
    lines = ["no ballot of this record has this code"]
    missing = record.not_passed
    if missing is None:
        lines.append("how many ballots the record must have could not be read from its seal")
    elif missing:
        lines.append(
            f"{missing} ballots that the seal names could not be read here, so it may be among them"
        )
    return [
        *lines,
        "compare the code with the receipt once more",
        "a receipt whose ballot is not in the record is evidence: see dalel-verify receipt",
    ]


def _answer(arguments: argparse.Namespace, lines: list[str], *, found: bool = True) -> int:
    """Say why no ballot is shown."""
    if arguments.json:
        write_json({"found": found, "holds": False, "notes": lines})
    else:
        write_lines(f"{line}." for line in lines)
    return DOES_NOT_HOLD


class _Shown:
    """One ballot with all that is said of it."""

    def __init__(self, record: PaperRecord, place: Place, language: str) -> None:
        self._place = place
        read = record.read(place)
        self._ballot: Ballot | None = read.ballot
        self._judged: list[Judged] = list(judge_ballot(record, place, read))
        self._opening: Opening | None = record.opening(place)
        self._is_proven = False
        self._words: tuple[OpenedContest, ...] = ()
        manifest = record.context.manifest
        if self._ballot is not None and manifest is not None:
            judged = list(judge_recorded_opening(record, place, self._ballot, self._opening))
            self._judged += judged
            self._is_proven = all(entry.holds for entry in judged)
            if self._opening is not None and self._ballot.status == CHALLENGED:
                self._words = in_words(manifest, self._opening, language)
        self._receipt = list(_receipt(record, place))

    @property
    def holds(self) -> bool:
        """Whether nothing was found, and the signatures of the receipt line are valid."""
        return (
            self._ballot is not None
            and all(entry.holds for entry in self._judged)
            and all(sentence.holds is not False for sentence in self._receipt)
        )

    def _facts(self) -> dict[str, object]:
        place, ballot = self._place, self._ballot
        facts: dict[str, object] = {
            "box": place.device.id,
            "precinct": place.device.precinct,
            "position": place.ordinal,
            "file": place.path,
            "line": place.line,
        }
        if ballot is not None:
            facts |= {
                "code": typed_code(ballot.h_c),
                "h_c": ballot.h_c.hex(),
                "style": ballot.style,
                "status": ballot.status,
                "decided": ballot.decided,
            }
        return facts

    def to_json(self) -> dict[str, object]:
        """The members that specs/21 names."""
        content: dict[str, object] = {
            "found": True,
            "holds": self.holds,
            "ballot": self._facts(),
            "checks": [entry.to_json() for entry in self._judged],
            "receipt": [sentence.to_json() for sentence in self._receipt],
            "notes": list(NOT_PROVEN),
        }
        if self._words:
            content["opening"] = [entry.to_json() for entry in self._words]
        return content

    def lines(self) -> Iterator[str]:
        """The same for people."""
        for name, value in self._facts().items():
            shown = f"{value} (by the {self._facts()['decided']})" if name == "status" else value
            if name != "decided":
                yield f"{name}: {shown}"
        yield ""
        yield from judged_lines(self._judged)
        yield from sentence_lines(self._receipt)
        yield from self._opened_lines()
        yield ""
        yield from (f"note: {note}" for note in NOT_PROVEN)
        yield ""
        yield "The ballot holds." if self.holds else "The ballot does not hold."

    def _opened_lines(self) -> Iterator[str]:
        """What the record opens, and whether that is what the box had encrypted."""
        if self._ballot is None:
            return
        if self._ballot.status != CHALLENGED:
            yield from () if self._opening is None else ("", UNASKED)
            return
        yield ""
        if self._opening is None:
            yield UNOPENED
            return
        yield OPENED if self._is_proven else NOT_SHOWN
        for entry in self._words:
            yield from (f"    {line}" for line in entry.lines())


def _receipt(record: PaperRecord, place: Place) -> Iterator[Sentence]:
    """The two signatures of the ballot's line in receipts/ (20.O)."""
    signatures = record.signatures(place)
    line = record.object_at(place.path, place.line)
    if signatures is None or line is None:
        yield Sentence("its line in receipts/ cannot be read (20.G)", holds=False)
        return
    h_e, key, device = record.h_e.hex(), place.device.key, place.device.id
    try:
        submit = is_submit(submitted(h_e, device, line), key, signatures[0])
        status = is_status(decided(h_e, device, line), key, signatures[1])
    except KeyError:  # no ballot line: V0 has said so
        return
    yield Sentence("the box signed that it holds this ballot: sig_submit of receipts/", submit)
    yield Sentence("the box signed the status: sig_status of receipts/", status)
