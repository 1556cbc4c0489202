"""What the reader of a 1.x record finds wrong with its form: the findings of 1x.V0."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from verifier.eg1x.json_text import parse
from verifier.json_strict import MalformedJson
from verifier.reader.shape import ShapeFault
from verifier.report import Location, Tally

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

ID: Final = "1x.V0"
TITLE: Final = "Form of the record"

MEANING: Final = {
    "1x.0.A": "The folder is not the whole record, or holds something that nobody answers for.",
    "1x.0.B": "Two readers could understand these bytes differently, so nothing is built on them.",
    "1x.0.C": "The object is not one that the record format knows, so nothing is built on it.",
    "1x.0.D": "The object may have been put in the place of another one.",
    "1x.0.E": "The election is not defined as the rules demand, so no ballot can be judged by it.",
}


@dataclass
class Form:
    """The running result of 1x.V0. faulty: the files that could not be read."""

    tally: Tally = field(default_factory=lambda: Tally(ID, TITLE))
    faulty: set[str] = field(default_factory=set)

    def fail(self, item: str, at: Location, expected: str, found: str) -> None:
        """Take note of one fault."""
        self.tally.add([at.fails(item, expected=expected, found=found, meaning=MEANING[item])])

    def unreadable(self, item: str, file: str, expected: str, found: str) -> None:
        """Take note of a fault that keeps a file out of the run."""
        self.fail(item, Location(file=file), expected, found)
        self.faulty.add(file)

    def read(self, raw: bytes, file: str, to_noun: Callable[[dict[str, object]], T]) -> T | None:
        """The noun in a file's bytes, or None and a finding (1x.0.B, 1x.0.C).

        raw: any bytes, within the limit. to_noun: raises ShapeFault.
        """
        try:
            return to_noun(parse(raw))
        except MalformedJson as fault:
            self.unreadable("1x.0.B", file, "one JSON object", fault.reason)
        except ShapeFault as fault:
            where = f"{fault.place}: " if fault.place else ""
            self.unreadable("1x.0.C", file, where + fault.expected, where + fault.found)
        return None
