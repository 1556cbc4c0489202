"""Canonical bytes and the labelled hash (specs/11, EQ-X1)."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from egcore.canonical import (
    MAX_DEPTH,
    MAX_FILE,
    canonical,
    labelled_hash,
    labelled_message,
    parse_canonical,
    read_value,
)
from egcore.errors import MalformedRecord

WRITTEN = [
    ({"b": 1, "a": [True, False, ""], "A": {}}, b'{"A":{},"a":[true,false,""],"b":1}\n'),
    ([0, 2**53 - 1], b"[0,9007199254740991]\n"),
    (("tuple",), b'["tuple"]\n'),
    ("Қазақ «ә» 😀", '"Қазақ «ә» 😀"\n'.encode()),
    ('"\\/\b\f\n\r\t', b'"\\"\\\\/\\b\\f\\n\\r\\t"\n'),
    ("\x00\x1f\x7f", b'"\\u0000\\u001f\x7f"\n'),
    ({"a_": 1, "a": 2, "aB": 3, "a-": 4}, b'{"a":2,"a-":4,"aB":3,"a_":1}\n'),
]


@pytest.mark.parametrize(("value", "raw"), WRITTEN, ids=lambda v: str(v)[:20])
def test_canonical_form_is_written_and_read_back(value: object, raw: bytes) -> None:
    assert canonical(value) == raw
    assert canonical(parse_canonical(raw)) == raw


NESTED = "[" * MAX_DEPTH + "]" * MAX_DEPTH
REFUSED = {
    "empty": (b"", "not JSON"),
    "a blank": (b'{"a": 1}\n', "not canonical at byte 5"),
    "keys out of order": (b'{"b":1,"a":2}\n', "not canonical at byte 2"),
    "duplicate key": (b'{"a":1,"a":1}\n', "key 'a' stands twice"),
    "duplicate key inside": (b'[{"b":{"a":1,"c":2,"a":1}}]\n', "key 'a' stands twice"),
    "null": (b'{"a":null}\n', "null has no place"),
    "float": (b"[1.0]\n", "not an integer"),
    "exponent": (b"[1e3]\n", "not an integer"),
    "NaN": (b"[NaN]\n", "not an integer"),
    "Infinity": (b"[-Infinity]\n", "not an integer"),
    "negative": (b"[-1]\n", "integer outside"),
    "negative zero": (b"[-0]\n", "integer outside"),
    "2^53": (b"[9007199254740992]\n", "integer outside"),
    "5,000 digits": (b"[" + b"9" * 5000 + b"]\n", "integer outside"),
    "leading zero": (b"[01]\n", "not JSON"),
    "too deep": (f"[{NESTED}]\n".encode(), "nested deeper than 12"),
    "far too deep": (b"[" * 100_000, "nested deeper than 12"),
    "lone surrogate": (b'["\\ud800"]\n', "lone surrogate"),
    "surrogate bytes": (b'["\xed\xa0\x80"]\n', "not UTF-8 at byte 2"),
    "overlong": (b'["\xc0\x80"]\n', "not UTF-8"),
    "escaped pair": (b'["\\ud83d\\ude00"]\n', "not canonical"),
    "escaped letter": (b'["\\u0061"]\n', "not canonical"),
    "escaped slash": (b'["\\/"]\n', "not canonical"),
    "uppercase escape": (b'["\\u001F"]\n', "not canonical"),
    "byte order mark": (b"\xef\xbb\xbf{}\n", "not JSON"),
    "UTF-16": ('{"a":1}\n'.encode("utf-16"), "not UTF-8"),
    "CRLF": (b"{}\r\n", "not canonical at byte 2"),
    "no newline": (b"{}", "no newline at the end"),
    "two newlines": (b"{}\n\n", "not canonical at byte 3"),
    "two values": (b"{}\n{}\n", "not JSON"),
    "cut off": (b'{"a":[1,', "not JSON"),
    "control character": (b'["\n"]\n', "not JSON"),
    "key not ASCII": ('{"ә":1}\n'.encode(), "is not ASCII"),
    "65 members": (
        b"{" + b",".join(b'"%03d":1' % i for i in range(65)) + b"}\n",
        "object with 65 members",
    ),
}


@pytest.mark.parametrize(("raw", "reason"), REFUSED.values(), ids=REFUSED)
def test_other_bytes_are_refused_with_path_and_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(MalformedRecord) as caught:
        parse_canonical(raw, "seal.json")
    assert caught.value.path == "seal.json"
    assert reason in caught.value.reason
    assert len(str(caught.value)) < 200, "a message stays short whatever the bytes are"


def test_limits_are_reached_and_not_passed() -> None:
    assert parse_canonical(NESTED.encode() + b"\n")
    largest = b'"' + b"a" * (MAX_FILE - 3) + b'"\n'
    assert parse_canonical(largest)
    with pytest.raises(MalformedRecord, match=f"at most {MAX_FILE} bytes"):
        parse_canonical(largest[:1] + b"a" + largest[1:])
    with pytest.raises(MalformedRecord, match="at most 3 bytes"):
        read_value(b"[1]\n", "", limit=3)


NOT_VALUES: list[Any] = [
    None,
    1.0,
    float("nan"),
    -1,
    2**53,
    b"bytes",
    {1: "key"},
    {"ә": 1},
    "\ud800",
    {"a": {"b": [None]}},
    {1, 2},
    type("Int", (int,), {})(1),
    [[[[[[[[[[[[[1]]]]]]]]]]]]],
]


@pytest.mark.parametrize("value", NOT_VALUES, ids=repr)
def test_what_the_record_has_no_place_for_is_a_value_error(value: object) -> None:
    with pytest.raises(ValueError, match=r"record|integer|key|surrogate|nested"):
        canonical(value)


def test_a_cycle_is_a_value_error() -> None:
    cycle: list[object] = []
    cycle.append(cycle)
    with pytest.raises(ValueError, match="nested deeper"):
        canonical(cycle)


def test_labelled_hash_is_sha256_of_label_zero_and_canonical_form() -> None:
    """EQ-X1, with the bytes written out."""
    message = b'dalel/open-share/1\x00{"a":"00","b":2}\n'
    assert labelled_message("open-share", {"b": 2, "a": "00"}) == message
    assert labelled_hash("open-share", {"b": 2, "a": "00"}) == hashlib.sha256(message).digest()


@pytest.mark.parametrize("purpose", ["", "Seal", "seal/2", "a b", "-seal", "seal-", "seal\n", "ә"])
def test_a_purpose_is_lowercase_words(purpose: str) -> None:
    with pytest.raises(ValueError, match="purpose"):
        labelled_message(purpose, {})
