"""How a value is written as JSON and read back: one declaration gives both directions.

Reading is for bytes that nobody vouches for. Whatever does not have its type, width and range
raises NotAResult, and nothing is repaired. Objects of classes are arrays of their fields.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from verifier.json_strict import MalformedJson, canonical, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

MOST: Final = 2**53 - 1


class NotAResult(Exception):  # noqa: N818 -- says what the bytes are
    """Bytes that are no encoded result."""


@dataclass(frozen=True, slots=True)
class Coding(Generic[T]):
    """Both directions for one type. write: to what JSON has. read: raises NotAResult."""

    write: Callable[[Any], object]
    read: Callable[[object], T]


def require(holds: object, expected: str, found: object) -> None:
    """Raise NotAResult unless a condition holds; no value of any length is shown whole."""
    if not holds:
        raise NotAResult(f"expected {expected}, found {repr(found)[:80]}")


def _text(value: object) -> str:
    if type(value) is not str:
        raise NotAResult(f"expected a text, found a {type(value).__name__}")
    return value


def _flag(value: object) -> bool:
    if type(value) is not bool:
        raise NotAResult(f"expected true or false, found a {type(value).__name__}")
    return value


def _bytes(value: object) -> bytes:
    try:
        return binascii.a2b_base64(_text(value).encode("ascii"), strict_mode=True)
    except ValueError:
        raise NotAResult("expected bytes in base64") from None


def _base64(value: bytes) -> str:
    return binascii.b2a_base64(value, newline=False).decode("ascii")


def _object(value: object) -> dict[str, object]:
    try:
        return parse(_text(value).encode("utf-8"))
    except (MalformedJson, UnicodeEncodeError):
        raise NotAResult("expected an object in canonical JSON") from None


def whole(least: int = 0, most: int = MOST) -> Coding[int]:
    """An integer from `least` to `most`."""

    def read(value: object) -> int:
        if type(value) is not int or not least <= value <= most:
            raise NotAResult(f"expected a number from {least} to {most}")
        return value

    return Coding(lambda value: value, read)


TEXT: Final = Coding(lambda value: value, _text)
FLAG: Final = Coding(lambda value: value, _flag)
BYTES: Final = Coding(_base64, _bytes)
NUMBER: Final = whole()
OBJECT: Final = Coding(lambda value: canonical(value).decode("utf-8"), _object)


def of_width(width: int) -> Coding[bytes]:
    """Bytes of one width."""

    def read(value: object) -> bytes:
        raw = _bytes(value)
        require(len(raw) == width, f"{width} bytes", len(raw))
        return raw

    return Coding(_base64, read)


DIGEST: Final = of_width(32)


def optional(coding: Coding[T]) -> Coding[T | None]:
    """The value, or None."""
    return Coding(
        lambda value: None if value is None else coding.write(value),
        lambda value: None if value is None else coding.read(value),
    )


def number_or_text() -> Coding[int | str]:
    """A number or a text, each as itself."""
    return Coding(
        lambda value: value,
        lambda value: _text(value) if isinstance(value, str) else NUMBER.read(value),
    )


def listed(value: object) -> list[object]:
    """A JSON array. Raises NotAResult."""
    if type(value) is not list:
        raise NotAResult(f"expected an array, found a {type(value).__name__}")
    return value


def many(coding: Coding[T]) -> Coding[tuple[T, ...]]:
    """Values of one type in their order."""
    return Coding(
        lambda values: [coding.write(value) for value in values],
        lambda value: tuple(coding.read(one) for one in listed(value)),
    )


def several(coding: Coding[T]) -> Coding[frozenset[T]]:
    """A set, written in ascending order."""
    return Coding(
        lambda values: [coding.write(value) for value in sorted(values)],
        lambda value: frozenset(coding.read(one) for one in listed(value)),
    )


def mapping(key: Coding[Any], coding: Coding[T], *, ordered: bool = False) -> Coding[dict[Any, T]]:
    """A dict as pairs. ordered: in its own order, which is kept; else by ascending key."""

    def write(values: Mapping[Any, T]) -> object:
        names = list(values) if ordered else sorted(values)
        return [[key.write(name), coding.write(values[name])] for name in names]

    def read(value: object) -> dict[Any, T]:
        pairs = [listed(pair) for pair in listed(value)]
        require(all(len(pair) == len("kv") for pair in pairs), "pairs", "something else")
        return {key.read(name): coding.read(one) for name, one in pairs}

    return Coding(write, read)


def members(
    made: Callable[..., T], codings: Mapping[str, Coding[Any]], check: Callable[[T], None] | None
) -> Coding[T]:
    """An object of a dataclass as the array of its fields.

    codings: of every field that is compared, in its order. check: raises NotAResult for values that
    do not fit together. Raises TypeError when a field is left out, so that none is lost when one is
    added.
    """
    names = [field.name for field in fields(made) if field.compare]  # type: ignore[arg-type]
    if names != list(codings):
        raise TypeError(f"{made} has the fields {names}, and not {list(codings)}")

    def write(value: T) -> object:
        return [coding.write(getattr(value, name)) for name, coding in codings.items()]

    def read(value: object) -> T:
        found = listed(value)
        require(len(found) == len(names), f"{len(names)} fields", len(found))
        pairs = zip(codings.values(), found, strict=True)
        result = made(*(coding.read(one) for coding, one in pairs))
        if check is not None:
            check(result)
        return result

    return Coding(write, read)
