"""Canonical bytes of the record, and the labelled hash over them (specs/11, EQ-X1).

Values are objects with ASCII keys, arrays, strings, booleans, and integers 0 to 2^53 - 1.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import NoReturn

from egcore.errors import MalformedRecord

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 12  # containers inside each other, the outermost one included
MAX_FILE = 16 * 2**20  # bytes of one `.json` or `.sig` file
MAX_MEMBERS = 64  # of one object; the widest object of the record has 18

_PURPOSE = re.compile(r"[a-z]+(-[a-z]+)*", re.ASCII)
_DIGITS = len(str(MAX_INTEGER))


class _NotCanonical(ValueError):  # noqa: N818 - a reason on its way to a MalformedRecord
    """The reason why text is not a value of the record."""


def canonical(value: object) -> bytes:
    """Canonical form of a value: sorted keys, no blanks, UTF-8, one newline at the end.

    value: dict, list, tuple, str, bool and int only.
    Raises ValueError for anything that the record has no place for: None, a float, an integer
    outside 0 .. 2^53 - 1, a key that is not ASCII text, a lone surrogate, nesting deeper than 12.
    Source: specs/11-election-record.md, Canonical bytes.
    """
    _require_value(value, 1)
    return encode(value)


def encode(value: object) -> bytes:
    """Canonical form of a value that is known to be one of the record, so is not looked at again.

    Raises ValueError for a lone surrogate.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8") + b"\n"


def parse_canonical(raw: bytes, path: str = "") -> object:
    """Value whose canonical form is exactly `raw`.

    raw: untrusted bytes. path: names them in the error.
    Raises MalformedRecord, and nothing else, for bytes that are not the canonical form of a value:
    never reduces, never repairs. Cost: linear in the length, which is at most 16 MiB.
    """
    value = read_value(raw, path)
    try:
        encoded = encode(value)
    except UnicodeEncodeError as exc:
        raise MalformedRecord(path, "text with a lone surrogate") from exc
    require_same(raw, encoded, path)
    return value


def read_value(raw: bytes, path: str, limit: int = MAX_FILE) -> object:
    """Value that `raw` stands for; the caller still has to compare its encoding with `raw`.

    Raises MalformedRecord as `parse_canonical` does, except for a difference in form alone
    (order of keys, blanks, escapes, the newline at the end). limit: most bytes that are read.
    """
    if len(raw) > limit:
        raise MalformedRecord(path, f"expected at most {limit} bytes, found {len(raw)}")
    try:
        value = _DECODER.decode(raw.decode("utf-8"))
        _require_value(value, 1)
    except UnicodeDecodeError as exc:
        raise MalformedRecord(path, f"not UTF-8 at byte {exc.start}") from exc
    except json.JSONDecodeError as exc:
        raise MalformedRecord(path, f"not JSON at character {exc.pos}: {exc.msg}") from exc
    except _NotCanonical as exc:
        raise MalformedRecord(path, str(exc)) from exc
    except RecursionError as exc:
        raise MalformedRecord(path, f"nested deeper than {MAX_DEPTH}") from exc
    return value


def require_same(raw: bytes, encoded: bytes, path: str) -> None:
    """Raise MalformedRecord unless the bytes read are the bytes that their value has."""
    if raw == encoded:
        return
    if raw + b"\n" == encoded:
        raise MalformedRecord(path, "no newline at the end")
    pairs = zip(raw, encoded, strict=False)
    shorter = min(len(raw), len(encoded))
    place = next((i for i, (found, due) in enumerate(pairs) if found != due), shorter)
    raise MalformedRecord(
        path,
        f"not canonical at byte {place}: expected {encoded[place : place + 12]!r}, "
        f"found {raw[place : place + 12]!r}",
    )


def labelled_message(purpose: str, value: object) -> bytes:
    """Bytes that our own hashes and signatures cover (EQ-X1, EQ-X2).

    purpose: lowercase words joined by `-`. value: an object with exactly the members that
    specs/12 names, byte strings as hex.
    Returns "dalel/<purpose>/1" || 0x00 || canonical(value).
    Raises ValueError for another purpose or a value that has no canonical form.
    """
    if _PURPOSE.fullmatch(purpose) is None:
        raise ValueError(f"purpose {purpose!r} is not lowercase words joined by -")
    return b"dalel/" + purpose.encode("ascii") + b"/1\x00" + canonical(value)


def labelled_hash(purpose: str, value: object) -> bytes:
    """LH(purpose, value) = SHA-256 of the labelled message, 32 bytes (EQ-X1)."""
    return hashlib.sha256(labelled_message(purpose, value)).digest()


def _require_value(value: object, depth: int) -> None:
    # Exact types: a subclass may write itself as something else. Most values are text: first.
    if type(value) is str:
        return
    if type(value) is int:
        if not 0 <= value <= MAX_INTEGER:
            raise _NotCanonical(f"integer outside 0 .. {MAX_INTEGER}")
    elif type(value) is dict:
        _require_object(value, depth)
    elif type(value) in (list, tuple):
        _require_depth(depth)
        for entry in value:  # type: ignore[attr-defined]  # mypy does not narrow by `type() in`
            _require_value(entry, depth + 1)
    elif type(value) is not bool:
        kind = "null" if value is None else type(value).__name__
        raise _NotCanonical(f"{kind} has no place in a record")


def _require_object(value: dict[object, object], depth: int) -> None:
    _require_depth(depth)
    if len(value) > MAX_MEMBERS:
        raise _NotCanonical(f"object with {len(value)} members, at most {MAX_MEMBERS} are read")
    for key, member in value.items():
        if type(key) is not str or not key.isascii():
            raise _NotCanonical(f"key {_shown(key)} is not ASCII text")
        _require_value(member, depth + 1)


def _require_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _NotCanonical(f"nested deeper than {MAX_DEPTH}")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _NotCanonical(f"key {_shown(twice)} stands twice in one object")
    return value


def _integer(digits: str) -> int:
    # The length first: int() of a million digits takes minutes.
    if digits.startswith("-") or len(digits) > _DIGITS:
        raise _NotCanonical(f"integer outside 0 .. {MAX_INTEGER}")
    return int(digits)


def _refuse_float(text: str) -> NoReturn:
    raise _NotCanonical(f"number {_shown(text)} is not an integer")


def _shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 40 else text[:37] + "..."  # noqa: PLR2004 - a line of a report


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_refuse_float,
    parse_constant=_refuse_float,
    parse_int=_integer,
)
