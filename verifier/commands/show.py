"""`dalel-verify show`: one ballot of a record, and what it proves (specs/21)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.cannot_run import CannotRun
from verifier.commands import USAGE
from verifier.labelled import typed_code
from verifier.receipt_pass import decided, is_status, is_submit, submitted
from verifier.voter_papers import Sentence
from verifier.voter_papers_ballot import judge_ballot, judge_opening
from verifier.voter_papers_print import (
    DOES_NOT_HOLD,
    HOLDS,
    judged_lines,
    sentence_lines,
    write_json,
    write_lines,
)
from verifier.voter_papers_record import MOST_FOUND, PaperRecord, parse_code
from verifier.voter_papers_words import LANGUAGES, in_words

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from verifier.commands import Parsers
    from verifier.model import Ballot, Opening
    from verifier.voter_papers_ballot import Judged
    from verifier.voter_papers_record import Code, Place
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
    found = _the_one(record, code)
    if found is None:
        return _none(arguments)
    shown = _Shown(record, found, arguments.language)
    if arguments.json:
        write_json(shown.to_json())
    else:
        write_lines(shown.lines())
    return HOLDS if shown.holds else DOES_NOT_HOLD


def _the_one(record: PaperRecord, code: Code) -> Place | None:
    """The ballot whose code begins so. Raises CannotRun when there are several."""
    found: list[tuple[Place, bytes]] = []
    for place, h_c in record.places(code):
        found.append((place, h_c))
        if len(found) > MOST_FOUND:
            break
    if len(found) > 1:
        codes = ", ".join(
            f"{typed_code(h_c)} (box {place.device.id}, position {place.ordinal})"
            for place, h_c in found[:MOST_FOUND]
        )
        more = " and more" if len(found) > MOST_FOUND else ""
        raise CannotRun(
            f"several ballots fit: {codes}{more}",
            "give more symbols of the code; two ballots with one full code are a finding (8.Q) of "
            "dalel-verify check",
            USAGE,
        )
    return found[0][0] if found else None


def _none(arguments: argparse.Namespace) -> int:
    text = "no ballot of this record has this code"
    if arguments.json:
        write_json({"found": False, "holds": False, "notes": [text]})
    else:
        write_lines(
            (
                f"{text}.",
                "Compare the code with the receipt once more.",
                "A receipt whose ballot is not here is evidence: see dalel-verify receipt.",
            )
        )
    return DOES_NOT_HOLD


class _Shown:
    """One ballot with all that is said of it."""

    def __init__(self, record: PaperRecord, place: Place, language: str) -> None:
        self._place = place
        read = record.read(place)
        self._ballot: Ballot | None = read.ballot
        self._judged: list[Judged] = list(judge_ballot(record, place, read))
        self._opening: Opening | None = record.opening(place)
        self._words: tuple[OpenedContest, ...] = ()
        manifest = record.context.manifest
        if self._ballot is not None and self._opening is not None and manifest is not None:
            self._judged += judge_opening(record, place, self._ballot, self._opening)
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
        if self._words:
            yield ""
            yield "This ballot was challenged, opened, and not counted. The box had encrypted:"
            for entry in self._words:
                yield from (f"    {line}" for line in entry.lines())
        elif self._ballot is not None and self._ballot.status == "challenged":
            yield ""
            yield "This ballot was challenged; the record has no opening of it (13.R)."
        yield ""
        yield from (f"note: {note}" for note in NOT_PROVEN)
        yield ""
        yield "The ballot holds." if self.holds else "The ballot does not hold."


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
