"""Canonical JSON, read strictly and written (specs/11-election-record.md, Canonical bytes).

Any bytes either give a value whose canonical form they are, or raise MalformedJson; nothing else
is ever raised, and neither nesting nor the length of a number costs more than a look at it.
"""

from __future__ import annotations

import json
from typing import Final, NoReturn

MAX_FILE_BYTES: Final = 16 * 2**20
MAX_LINE_BYTES: Final = 4 * 2**20
MAX_DEPTH: Final = 12
MAX_INTEGER: Final = 2**53 - 1
_INTEGER_DIGITS: Final = 16  # 2^53 - 1 has 16

_NOT_STRUCTURE: Final = bytes(set(range(256)) - set(b'[]{}"'))


class MalformedJson(Exception):  # noqa: N818 -- the bytes are at fault, not the program
    """Bytes that are not the canonical form of one object.

    reason: what is wrong with them, a short plain phrase that shows none of the bytes.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def canonical(value: object) -> bytes:
    """The canonical bytes of a value, with the newline.

    value: objects with ASCII keys, arrays, strings, booleans, integers. Raises MalformedJson for
    a string with a lone surrogate.
    """
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    try:
        return text.encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        raise MalformedJson("a string holds a lone surrogate") from None


def parse(raw: bytes) -> dict[str, object]:
    """The object of which `raw`, newline included, is the canonical form.

    raw: any bytes; the caller has bounded their number. Raises MalformedJson.
    """
    if not raw.endswith(b"\n"):
        raise MalformedJson("no newline at the end")
    refuse_depth(raw)
    value = _decode(raw)
    if not isinstance(value, dict):
        raise MalformedJson("not an object")
    if canonical(value) != raw:
        raise MalformedJson("not the canonical form of the object")
    return value


def refuse_depth(raw: bytes) -> None:
    """Raise MalformedJson when brackets outside strings nest too deep, before a parser recurses."""
    unescaped = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    outside_strings = unescaped.translate(None, _NOT_STRUCTURE).split(b'"')[::2]
    depth = 0
    for byte in b"".join(outside_strings):
        if byte in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise MalformedJson(f"nested deeper than {MAX_DEPTH}")
        else:
            depth -= 1


def _decode(raw: bytes) -> object:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedJson("not UTF-8") from None
    try:
        value: object = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_refuse_float,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as fault:
        raise MalformedJson(f"not JSON: {fault.msg} at character {fault.pos}") from None
    _refuse_null(value)
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedJson("a key stands twice in one object")
    if not all(key.isascii() for key in found):
        raise MalformedJson("a key is not ASCII")
    return found


def _integer(digits: str) -> int:
    if digits.startswith("-") or len(digits) > _INTEGER_DIGITS or int(digits) > MAX_INTEGER:
        raise MalformedJson("a number that is not an integer from 0 to 2^53 - 1")
    return int(digits)


def _refuse_float(_digits: str) -> NoReturn:
    raise MalformedJson("a number that is not an integer from 0 to 2^53 - 1")


def _refuse_constant(_name: str) -> NoReturn:
    raise MalformedJson("NaN or Infinity, which JSON does not have")


def _refuse_null(value: object) -> None:
    """Raise MalformedJson at a null, wherever it stands."""
    waiting: list[object] = [[value]]
    while waiting:
        container = waiting.pop()
        inner = list(container.values()) if isinstance(container, dict) else container
        if not isinstance(inner, list):
            continue
        if None in inner:
            raise MalformedJson("a null")
        waiting.extend(v for v in inner if isinstance(v, dict | list))
