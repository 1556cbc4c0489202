"""The notations of a 1.x record beside those of `verifier/reader/shape.py`; the rest is 1x.0.C.

A function takes a value out of strictly read JSON and returns what it stands for, or raises
ShapeFault.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar

from verifier.json_strict import MAX_INTEGER
from verifier.reader.shape import ShapeFault, array, closed, integer, member, refuse, shown, string

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.algebra import Group
    from verifier.eg1x.model_manifest import Internationalized

T = TypeVar("T")

MOST_ENTRIES: Final = 10_000
_MOST_TEXT: Final = 10_000
_MOST_BYTES: Final = 64 * 1_024
_NUMBER = re.compile(r"(?!00.)(?:[0-9A-F]{2})+")
_OCTETS = re.compile(r"(?:[0-9A-F]{2})*")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)


def count(value: object) -> int:
    """An integer from 0 to 2^53 - 1."""
    return integer(value, 0, MAX_INTEGER)


def text(value: object) -> str:
    """A text of at most 10,000 characters."""
    found = string(value)
    if len(found) > _MOST_TEXT:
        raise ShapeFault(f"a text of at most {_MOST_TEXT} characters", f"{len(found)} characters")
    return found


def text_without_bar(value: object) -> str:
    """A text without a bar, for an id that is hashed beside other texts."""
    found = text(value)
    if "|" in found:
        refuse("a text without a bar", value)
    return found


def listed(parse: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """An array of at most 10,000 values."""
    return lambda value: array(value, parse, most=MOST_ENTRIES)


def optional(parse: Callable[[object], T]) -> Callable[[object], T | None]:
    """Null, or what the function reads."""
    return lambda value: None if value is None else parse(value)


def keyed(value: object, parse: Callable[[object], T]) -> dict[str, T]:
    """An object of at most 10,000 entries whose keys are ids."""
    if not isinstance(value, dict):
        refuse("an object", value)
    if len(value) > MOST_ENTRIES:
        raise ShapeFault(f"at most {MOST_ENTRIES} entries", f"{len(value)} entries")
    found: dict[str, T] = {}
    for key, entry in value.items():
        try:
            found[key] = parse(entry)
        except ShapeFault as fault:
            raise fault.inside(f"[{shown(key)}]") from None
    return found


def keyed_by(parse: Callable[[object], T]) -> Callable[[object], dict[str, T]]:
    """`keyed` as a function of the value alone."""
    return lambda value: keyed(value, parse)


def hex_number(value: object, most: int) -> int:
    """A number in its one written form, of at most `most` digits."""
    if not isinstance(value, str) or len(value) > most or _NUMBER.fullmatch(value) is None:
        length = f"{len(value)} characters, " if isinstance(value, str) else ""
        raise ShapeFault(
            f"a number of at most {most} upper-case hex digits, whole bytes, none of them a "
            "leading zero",
            length + shown(value),
        )
    return int(value, 16)


def octets(value: object) -> str:
    """Upper-case hex of any bytes, which nothing is computed from."""
    if not isinstance(value, str) or len(value) > _MOST_BYTES or not _OCTETS.fullmatch(value):
        refuse(f"at most {_MOST_BYTES} upper-case hex digits", value)
    return value


class Numbers:
    """The two notations whose width depends on the group."""

    def __init__(self, group: Group) -> None:
        self._element_digits = 2 * group.lp
        self._exponent_digits = 2 * group.lq

    def element(self, value: object) -> int:
        """A number of at most lp bytes; nothing is said about range or membership."""
        return hex_number(value, self._element_digits)

    def exponent(self, value: object) -> int:
        """A number of at most lq bytes; below q is not asked for here."""
        return hex_number(value, self._exponent_digits)


def date(value: object) -> str:
    """A date as it is hashed: in UTC, without fractions; as it stands without an offset."""
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        refuse("a date and time as in 2026-11-03T18:00:00Z", value)
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is not None:
            found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        refuse("a date that exists", value)
    return found.replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def internationalized(value: object) -> Internationalized:
    """A text in several languages: `{"text": [{"value": ..., "language": ...}]}`."""
    return member(closed(value, "text"), "text", listed(_language_string))


def _language_string(value: object) -> tuple[str, str]:
    found = closed(value, "value", "language")
    return member(found, "value", text), member(found, "language", text)
