"""A finding, the place in the record that it is about, and how it shows a value."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from verifier.labelled import typed_code

_SHORT_NUMBER_BITS: Final = 64


@dataclass(frozen=True)
class Finding:
    """One observed failure of one item. The last three texts are short plain sentences."""

    item: str
    where: str
    expected: str
    found: str
    meaning: str

    def to_json(self) -> dict[str, str]:
        """The members that specs/13 and the JSON report name."""
        return {
            "item": self.item,
            "where": self.where,
            "expected": self.expected,
            "found": self.found,
            "meaning": self.meaning,
        }


@dataclass(frozen=True)
class Location:
    """A place in the record. Every part is optional; what is given is named, outermost first.

    code: H_C as the ballot line says (8.B judges it), shown as a voter has it on paper (EQ-X9).
    """

    file: str | None = None
    line: int | None = None
    device: str | None = None
    ballot: int | None = None
    code: bytes | None = None
    guardian: int | str | None = None
    contest: int | str | None = None
    group: str | None = None
    option: int | str | None = None

    def at(
        self,
        *,
        file: str | None = None,
        line: int | None = None,
        device: str | None = None,
        ballot: int | None = None,
        code: bytes | None = None,
        guardian: int | str | None = None,
        contest: int | str | None = None,
        group: str | None = None,
        option: int | str | None = None,
    ) -> Location:
        """The same place, narrowed by the parts given."""
        return Location(
            file=self.file if file is None else file,
            line=self.line if line is None else line,
            device=self.device if device is None else device,
            ballot=self.ballot if ballot is None else ballot,
            code=self.code if code is None else code,
            guardian=self.guardian if guardian is None else guardian,
            contest=self.contest if contest is None else contest,
            group=self.group if group is None else group,
            option=self.option if option is None else option,
        )

    def __str__(self) -> str:
        code = None if self.code is None else typed_code(self.code)
        given = (
            ("line", self.line),
            ("device", self.device),
            ("ballot", self.ballot),
            ("code", code),
            ("guardian", self.guardian),
            ("contest", self.contest),
            ("group", self.group),
            ("option", self.option),
        )
        parts = [] if self.file is None else [self.file]
        parts += [f"{name} {value}" for name, value in given if value is not None]
        return ", ".join(parts) if parts else "the whole record"

    def fails(self, item: str, *, expected: str, found: str, meaning: str) -> Finding:
        """A finding at this place."""
        return Finding(item, str(self), expected, found, meaning)


def brief(value: int | bytes) -> str:
    """A value as a finding shows it: hashes and small numbers in full, others by their digest.

    The digest is SHA-256 of the number's bytes, big-endian and without leading zeros.
    """
    if isinstance(value, bytes):
        return value.hex()
    if value.bit_length() <= _SHORT_NUMBER_BITS:
        return str(value)
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    digest = hashlib.sha256(raw).hexdigest()
    return f"{raw[:8].hex()}... ({value.bit_length()} bits, SHA-256 {digest[:16]}...)"
