"""What the reader finds wrong with the form of a record: the findings of V0 as they turn up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from verifier.json_strict import MAX_LINE_BYTES, MalformedJson, parse
from verifier.reader.shape import ShapeFault
from verifier.report import Location, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

ID: Final = "V0"
TITLE: Final = "Form of the record"

MEANING: Final = {
    "0.A": "The folder is not the whole record, or holds something that nobody answers for.",
    "0.B": "Two readers could understand these bytes differently, so nothing is built on them.",
    "0.C": "The object is not one that the record format knows, so nothing is built on it.",
    "0.D": "The election is not defined as the rules demand.",
    "0.E": "The ballot is not built as the manifest says; it could count twice or not at all.",
    "0.F": "Parts of another election, or of another box, may have been mixed in.",
}


@dataclass
class Form:
    """The running result of V0. `faulty` are the files in which something could not be read."""

    tally: Tally = field(default_factory=lambda: Tally(ID, TITLE))
    faulty: set[str] = field(default_factory=set)

    def fail(self, item: str, at: Location, expected: str, found: str) -> None:
        """Take note of one fault."""
        self.tally.add([at.fails(item, expected=expected, found=found, meaning=MEANING[item])])

    def unreadable(self, item: str, at: Location, expected: str, found: str) -> None:
        """Take note of a fault that keeps the object, and so a part of the file, out of the run."""
        self.fail(item, at, expected, found)
        if at.file is not None:
            self.faulty.add(at.file)

    def merge(self, tally: Tally, faulty: Iterable[str]) -> None:
        """Take what was found in the part of the record that follows."""
        self.tally.merge(tally)
        self.faulty.update(faulty)

    def read(
        self, raw: bytes | None, at: Location, to_noun: Callable[[dict[str, object]], T]
    ) -> T | None:
        """The noun in one object's bytes, or None and a finding (0.B, 0.C).

        raw: any bytes; None stands for a line that was too long. to_noun: raises ShapeFault.
        """
        if raw is None:
            found = f"a line of more than {MAX_LINE_BYTES} bytes"
            self.unreadable("0.B", at, "a line within the limits", found)
            return None
        try:
            return to_noun(parse(raw))
        except MalformedJson as fault:
            self.unreadable("0.B", at, "one object in canonical JSON", fault.reason)
        except ShapeFault as fault:
            where = f"{fault.place}: " if fault.place else ""
            self.unreadable("0.C", at, where + fault.expected, where + fault.found)
        return None
