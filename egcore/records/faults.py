"""Faults of an object's shape, each with its place in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from egcore.canonical import MAX_INTEGER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_MAX_DETAIL: Final = 200
_MAX_SHOWN: Final = 10
_MEMBER: Final = re.compile(r"[A-Za-z0-9_ -]{1,32}", re.ASCII)
_SINGULAR: Final = {"boxes": "box", "witnesses": "witness"}
_PHRASES: Final = {
    "missing": "is missing",
    "extra_forbidden": "is not a member of this object",
    "json_invalid": "is not JSON",
    "model_type": "is not an object",
    "tuple_type": "is not an array",
    "string_type": "is not text",
    "int_type": "is not an integer",
    "bool_type": "is not true or false",
    "too_long": "has more than {max_length} entries",
    "union_tag_not_found": "has no member {discriminator} to tell its kind by",
    "union_tag_invalid": "{discriminator} is none of {expected_tags}",
}


class Fault(NamedTuple):
    """One broken rule: its ID, the place in words, and what was expected and found there."""

    rule: str
    place: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule} {self.place}: {self.detail}" if self.place else self.detail


def place_in_words(loc: Iterable[str | int]) -> str:
    """Place of a value: member names, entries of an array counted from 1.

    ("contests", 0, "options", 2, "label", "kk") is "contest 1, option 3, label, kk".
    """
    words: list[str] = []
    for part in loc:
        if isinstance(part, int) and words:
            words[-1] = f"{_singular(words[-1])} {part + 1}"
        elif isinstance(part, int):
            words.append(f"entry {part + 1}")
        else:
            words.append(part if _MEMBER.fullmatch(part) else ascii(part)[:40])
    return ", ".join(words)


def shape_faults(error: ValidationError) -> tuple[Fault, ...]:
    """Every fault that validation found, as item 0.C with place and detail.

    No input is repeated beyond names of members and numbers: text may be long or hostile.
    """
    return tuple(
        Fault("0.C", place_in_words(found["loc"]), _detail(found))
        for found in error.errors(include_url=False)
    )


def absent_members(found: object, due: object, at: tuple[str | int, ...] = ()) -> Iterator[Fault]:
    """Each member that a record has and the JSON it was read from has not.

    found: the JSON value. due: the object that the record read from it has. They differ only where
    a member has one value alone (`kind`, `format`): the type fills it in for Python, and a file
    must have it all the same (item 0.C).
    """
    if isinstance(found, dict) and isinstance(due, dict):
        for name, value in due.items():
            if name in found:
                yield from absent_members(found[name], value, (*at, name))
            else:
                yield Fault("0.C", place_in_words((*at, name)), _PHRASES["missing"])
    elif isinstance(found, list) and isinstance(due, list):
        for place, (entry, value) in enumerate(zip(found, due, strict=False)):
            yield from absent_members(entry, value, (*at, place))


def joined(faults: Iterable[Fault]) -> str:
    """One line that names the first ten faults and counts the others."""
    texts = [f"{fault.place} {fault.detail}".strip() for fault in faults]
    shown = "; ".join(texts[:_MAX_SHOWN])
    return shown if len(texts) <= _MAX_SHOWN else f"{shown}; and {len(texts) - _MAX_SHOWN} more"


def _singular(name: str) -> str:
    return _SINGULAR.get(name, name.removesuffix("s"))


def _detail(found: ErrorDetails) -> str:
    phrase = _PHRASES.get(found["type"])
    if phrase is not None:
        return phrase.format_map(found.get("ctx", {}))
    text = found["msg"].removeprefix("Value error, ")
    text = (text[:1].lower() + text[1:]).rstrip(".")[:_MAX_DETAIL]
    number = found["input"]
    return f"{text}, found {number}" if _is_shown(number) else text


def _is_shown(value: object) -> bool:
    return type(value) is int and abs(value) <= MAX_INTEGER
