"""The notations of specs/11-election-record.md, one function each: 0.C is what they refuse.

A function takes a value out of strictly read JSON and returns what it stands for, or raises
ShapeFault. Containers put their own name or index before the path of a fault inside them.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Never, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.algebra import Group

T = TypeVar("T")

MAX_N: Final = 2**31 - 1
HASH_BYTES: Final = 32
FIELD_BYTES: Final = 36
SIGNATURE_BYTES: Final = 64
_MAX_TEXT: Final = 200
_SHOWN: Final = 60

_HEX = re.compile(r"[0-9a-f]*")
_ID = re.compile(r"[a-z0-9_-]{1,32}")
_DEV = re.compile(r"[a-z0-9-]{1,32}")
_REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


class ShapeFault(Exception):  # noqa: N818 -- the record is at fault, not the program
    """A value of the wrong shape: where in its object, what was expected, what stands there."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.path: list[str] = []
        self.expected = expected
        self.found = found

    def inside(self, step: str) -> ShapeFault:
        """The same fault, seen from one level further out."""
        self.path.insert(0, step)
        return self

    @property
    def place(self) -> str:
        """The path from the object to the value, as in `contests[2].options[1].alpha`."""
        text = ""
        for step in self.path:
            text += step if step.startswith("[") or not text else f".{step}"
        return text


def shown(value: object) -> str:
    """A value as a finding may print it: short, ASCII, with no control character."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if isinstance(value, str):
        return f"{value[:_SHOWN]!a}{'...' if len(value) > _SHOWN else ''}"
    return str(value).lower()


def refuse(expected: str, value: object) -> Never:
    """Raise the fault of a value that is not what was expected."""
    raise ShapeFault(expected, shown(value))


# Containers


def members(value: object, names: frozenset[str], optional: frozenset[str]) -> dict[str, object]:
    """An object that has all of `names`, perhaps some of `optional`, and nothing else."""
    if not isinstance(value, dict):
        refuse("an object", value)
    missing = sorted(names - value.keys())
    if missing:
        raise ShapeFault(f"the member {missing[0]}", "no such member")
    unknown = sorted(value.keys() - names - optional)
    if unknown:
        known = ", ".join(sorted(names | optional))
        raise ShapeFault(f"only the members {known}", f"the member {shown(unknown[0])}")
    return value


def closed(value: object, *names: str) -> dict[str, object]:
    """An object with exactly the members `names`."""
    return members(value, frozenset(names), frozenset())


def member(found: dict[str, object], name: str, parse: Callable[[object], T]) -> T:
    """The value of a member that is there, parsed."""
    try:
        return parse(found[name])
    except ShapeFault as fault:
        raise fault.inside(name) from None


def array(
    value: object, parse: Callable[[object], T], *, most: int | None = None, least: int = 0
) -> tuple[T, ...]:
    """An array of `least` to `most` values, each parsed."""
    if not isinstance(value, list):
        refuse("an array", value)
    if len(value) < least or (most is not None and len(value) > most):
        upper = "" if most is None else f" and at most {most}"
        raise ShapeFault(f"at least {least}{upper} entries", f"{len(value)} entries")
    parsed = []
    for index, entry in enumerate(value):
        try:
            parsed.append(parse(entry))
        except ShapeFault as fault:
            raise fault.inside(f"[{index}]") from None
    return tuple(parsed)


def array_of(
    parse: Callable[[object], T], *, most: int | None = None, least: int = 0
) -> Callable[[object], tuple[T, ...]]:
    """`array` as a function of the value alone."""
    return lambda value: array(value, parse, most=most, least=least)


def ascending(value: object) -> tuple[int, ...]:
    """An array of N, strictly ascending."""
    numbers = array(value, positive)
    if any(x >= y for x, y in pairwise(numbers)):
        raise ShapeFault("strictly ascending numbers", "numbers out of order or repeated")
    return numbers


# Values


def integer(value: object, low: int, high: int) -> int:
    """An integer from low to high; a boolean is none."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        refuse(f"an integer from {low} to {high}", value)
    return value


def positive(value: object) -> int:
    """N: 1 to 2^31 - 1."""
    return integer(value, 1, MAX_N)


def natural(value: object) -> int:
    """N0: 0 to 2^31 - 1."""
    return integer(value, 0, MAX_N)


def between(low: int, high: int) -> Callable[[object], int]:
    """An integer from low to high, as a function of the value alone."""
    return lambda value: integer(value, low, high)


def boolean(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        refuse("true or false", value)
    return value


def string(value: object) -> str:
    """Any string."""
    if not isinstance(value, str):
        refuse("a string", value)
    return value


def one_of(*words: str) -> Callable[[object], str]:
    """One of the words, literally."""

    def parse(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            refuse(" or ".join(words), value)
        return value

    return parse


def matching(pattern: re.Pattern[str], name: str) -> Callable[[object], str]:
    """A string that the pattern matches in full."""

    def parse(value: object) -> str:
        if not isinstance(value, str) or pattern.fullmatch(value) is None:
            refuse(name, value)
        return value

    return parse


identifier = matching(_ID, "1 to 32 of a-z, 0-9, _ and -")
device_id = matching(_DEV, "1 to 32 of a-z, 0-9 and -")


def text(value: object) -> str:
    """Text: 1 to 200 characters in NFC, no blank at either end, nothing invisible."""
    if not isinstance(value, str) or not 1 <= len(value) <= _MAX_TEXT:
        refuse(f"a text of 1 to {_MAX_TEXT} characters", value)
    if "Zs" in (unicodedata.category(value[0]), unicodedata.category(value[-1])):
        refuse("a text without a blank at either end", value)
    if any(unicodedata.category(character) in _REFUSED_CATEGORIES for character in value):
        refuse("a text without control or format characters", value)
    if not unicodedata.is_normalized("NFC", value):
        refuse("a text in normal form C", value)
    return value


def hex_digits(value: object, count: int) -> str:
    """Exactly `count` lowercase hex digits."""
    if not isinstance(value, str) or len(value) != count or _HEX.fullmatch(value) is None:
        length = f"{len(value)} characters, " if isinstance(value, str) else ""
        raise ShapeFault(f"exactly {count} lowercase hex digits", length + shown(value))
    return value


def octets(count: int) -> Callable[[object], bytes]:
    """Exactly `count` bytes in lowercase hex."""
    return lambda value: bytes.fromhex(hex_digits(value, 2 * count))


digest = octets(HASH_BYTES)
chain_field = octets(FIELD_BYTES)
signature = octets(SIGNATURE_BYTES)


class GroupShapes:
    """The two notations whose width depends on the group: P and Q."""

    def __init__(self, group: Group) -> None:
        self._element_digits = 2 * group.lp
        self._scalar_digits = 2 * group.lq

    def element(self, value: object) -> int:
        """P: 2 lp digits; nothing is said about the range or membership."""
        return int(hex_digits(value, self._element_digits), 16)

    def scalar(self, value: object) -> int:
        """Q: 2 lq digits; x < q is not asked for here."""
        return int(hex_digits(value, self._scalar_digits), 16)
