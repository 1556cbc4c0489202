"""A unit's result as bytes, and back: for journals, for partial results and for other machines.

The form is JSON in ASCII, an array of a label and the fields of `UnitResult`. A result has one
encoding, and every other string of bytes is refused: what is read is written again and compared.
Nothing in it is ever executed, imported or named as a type.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from verifier.unit_result import Reported, UnitResult
from verifier.whole.codings import (
    DIGEST,
    NUMBER,
    TEXT,
    Coding,
    NotAResult,
    listed,
    mapping,
    members,
    optional,
    require,
    several,
    whole,
)
from verifier.whole.part_codings import FAULT, PARTS, TALLY

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MOST_BYTES", "NotAResult", "decode_result", "encode_result"]

LABEL: Final = "dalel/unit-result/1"
MOST_BYTES: Final = 2**24
_MOST_VALUES: Final = 2**20
_SEPARATORS: Final = (b",", b"[", b"{")


def _write_parts(parts: Mapping[str, Reported]) -> object:
    return [
        [
            id_,
            optional(PARTS[id_]).write(parts[id_].part),
            optional(FAULT).write(parts[id_].fault),
        ]
        for id_ in sorted(parts)
    ]


def _read_parts(value: object) -> dict[str, Reported]:
    parts: dict[str, Reported] = {}
    for entry in listed(value):
        row = listed(entry)
        require(len(row) == len(("id", "part", "fault")), "three values", len(row))
        id_ = TEXT.read(row[0])
        require(id_ in PARTS, f"one of {', '.join(PARTS)}", id_)
        parts[id_] = Reported(optional(PARTS[id_]).read(row[1]), optional(FAULT).read(row[2]))
    return parts


_RESULT: Final = members(
    UnitResult,
    {
        "form": TALLY,
        "faulty": several(TEXT),
        "parts": Coding(_write_parts, _read_parts),
        "statuses": mapping(TEXT, NUMBER),
        "cells": mapping(whole(1), NUMBER),
        "unreadable": NUMBER,
        "openings": NUMBER,
        "receipts": optional(TALLY),
        "digests": mapping(TEXT, DIGEST),
    },
    None,
)


def encode_result(result: UnitResult) -> bytes:
    """The one encoding of a result: ASCII, without a newline.

    Equal results have the same encoding, in whatever order their dicts were filled. Raises KeyError
    for a part of a verification that `PARTS` does not have.
    """
    return _encoded(result)


def _encoded(result: UnitResult) -> bytes:
    content = [LABEL, _RESULT.write(result)]
    return json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def decode_result(raw: bytes) -> UnitResult:
    """The result that has this encoding. Raises NotAResult for all other bytes, and nothing else.

    raw: untrusted. Memory: beside the bytes themselves less than 200 MiB, since no more than
    MOST_BYTES with some 2^20 values are read. Cost: the bytes are parsed and written once.
    """
    require(len(raw) <= MOST_BYTES, f"at most {MOST_BYTES} bytes", len(raw))
    values = sum(raw.count(separator) for separator in _SEPARATORS)
    require(values <= _MOST_VALUES, f"at most {_MOST_VALUES} values", values)
    try:
        content = json.loads(raw.decode("ascii"))
    except (ValueError, RecursionError):
        raise NotAResult("expected JSON in ASCII") from None
    row = listed(content)
    require(len(row) == len(("label", "result")) and row[0] == LABEL, LABEL, "another label")
    result = _RESULT.read(row[1])
    require(_encoded(result) == raw, "the one encoding of the result", "another one")
    return result
