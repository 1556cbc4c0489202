"""JSON of any layout, read strictly (specs/23, 1x.0.B).

Any bytes either give one object or raise MalformedJson; neither nesting nor the length of a
number costs more than a look at it. Null is a value here, keys may be any text.
"""

from __future__ import annotations

import json
from typing import Final, NoReturn

from verifier.json_strict import MAX_INTEGER, MalformedJson, refuse_depth

_INTEGER_DIGITS: Final = 16  # 2^53 - 1 has 16


def parse(raw: bytes) -> dict[str, object]:
    """The object that the bytes are. raw: the caller has bounded their number.

    Raises MalformedJson.
    """
    refuse_depth(raw)
    try:
        value: object = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_refuse_float,
            parse_constant=_refuse_float,
        )
    except UnicodeDecodeError:
        raise MalformedJson("not UTF-8") from None
    except json.JSONDecodeError as fault:
        raise MalformedJson(f"not JSON: {fault.msg} at character {fault.pos}") from None
    if not isinstance(value, dict):
        raise MalformedJson("not an object")
    if b"\\u" in raw:
        _refuse_surrogates(value)
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedJson("a key stands twice in one object")
    return found


def _integer(digits: str) -> int:
    if digits.startswith("-") or len(digits) > _INTEGER_DIGITS or int(digits) > MAX_INTEGER:
        raise MalformedJson("a number that is not an integer from 0 to 2^53 - 1")
    return int(digits)


def _refuse_float(_digits: str) -> NoReturn:
    raise MalformedJson("a number that is not an integer from 0 to 2^53 - 1")


def _refuse_surrogates(value: object) -> None:
    """Raise MalformedJson at half a character, which an escape can write and UTF-8 cannot."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedJson("a string holds a lone surrogate") from None
