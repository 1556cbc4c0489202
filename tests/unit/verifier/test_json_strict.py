"""Canonical JSON: any bytes give a value whose canonical form they are, or MalformedJson."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.json_strict import MAX_DEPTH, MAX_INTEGER, MalformedJson, canonical, parse

_NESTED_TOO_DEEP = f"nested deeper than {MAX_DEPTH}"
_NUMBER = "a number that is not an integer from 0 to 2^53 - 1"
_NOT_CANONICAL = "not the canonical form of the object"


def nested(depth: int) -> bytes:
    """An object that is nested so deep, itself included."""
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}\n"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "no newline at the end"),
        (b"{}", "no newline at the end"),
        (b"null\n", "a null"),
        (b"[1]\n", "not an object"),
        (b'"a"\n', "not an object"),
        (b'{"a":null}\n', "a null"),
        (b'{"a":[{"b":[null]}]}\n', "a null"),
        (b'{"a":1,"a":1}\n', "a key stands twice in one object"),
        (b'{"a":{"b":1,"b":2}}\n', "a key stands twice in one object"),
        ('{"я":1}\n'.encode(), "a key is not ASCII"),
        (b'{"a":1.0}\n', _NUMBER),
        (b'{"a":1e2}\n', _NUMBER),
        (b'{"a":-1}\n', _NUMBER),
        (b'{"a":-0}\n', _NUMBER),
        (b'{"a":%d}\n' % (MAX_INTEGER + 1), _NUMBER),
        (b'{"a":' + b"9" * 2_000_000 + b"}\n", _NUMBER),
        (b'{"a":NaN}\n', "NaN or Infinity, which JSON does not have"),
        (b'{"a":-Infinity}\n', "NaN or Infinity, which JSON does not have"),
        (b'{"a":"\xff"}\n', "not UTF-8"),
        (b'{"a":"\xed\xa0\x80"}\n', "not UTF-8"),
        (b'{"a":"\\ud800"}\n', "a string holds a lone surrogate"),
        (nested(MAX_DEPTH + 1), _NESTED_TOO_DEEP),
        (b'{"a":' + b"[" * 2_000_000 + b"\n", _NESTED_TOO_DEEP),
        (b'{"a":' * 500_000 + b"\n", _NESTED_TOO_DEEP),
        (b'{"a":"\\\\",' + b'"b":' + b"[" * 100_000 + b"\n", _NESTED_TOO_DEEP),
        (b'{"b":1,"a":1}\n', _NOT_CANONICAL),
        (b'{"a": 1}\n', _NOT_CANONICAL),
        (b' {"a":1}\n', _NOT_CANONICAL),
        (b'{"a":1}\n\n', _NOT_CANONICAL),
        (b'{"a":1}\r\n', _NOT_CANONICAL),
        (b'{"a":"\\u0041"}\n', _NOT_CANONICAL),
        (b'{"a":"\\u001F"}\n', _NOT_CANONICAL),
        (b'{"a":"\\/"}\n', _NOT_CANONICAL),
        (b'{"a":"\\ud83d\\ude00"}\n', _NOT_CANONICAL),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:24]),
)
def test_refuses(raw: bytes, reason: str) -> None:
    with pytest.raises(MalformedJson) as refused:
        parse(raw)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf{}\n",
        b"{}{}\n",
        b'{"a":01}\n',
        b'{"a":"\x01"}\n',
        b'{"a":1,}\n',
        b"{'a':1}\n",
        b'{"a":"\\x41"}\n',
        b"\n",
        b"{\n",
        b'{"a":tru}\n',
    ],
)
def test_refuses_what_is_not_json(raw: bytes) -> None:
    with pytest.raises(MalformedJson, match="not JSON"):
        parse(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"{}\n", {}),
        (b'{"a":9007199254740991,"b":[true,false]}\n', {"a": MAX_INTEGER, "b": [True, False]}),
        (b'{"a":"\\"\\\\\\b\\f\\n\\r\\t\\u001f\x7f/"}\n', {"a": '"\\\b\f\n\r\t\x1f\x7f/'}),
        ('{"a":"Қазақ 😀"}\n'.encode(), {"a": "Қазақ 😀"}),
        (b'{"a":"[[[[[[[[[[[[[[[[{{{{\\"[[[["}\n', {"a": '[[[[[[[[[[[[[[[[{{{{"[[[['}),
    ],
)
def test_reads_canonical_bytes(raw: bytes, value: object) -> None:
    assert parse(raw) == value
    assert canonical(value) == raw


def test_the_limit_of_depth_is_where_it_says() -> None:
    assert canonical(parse(nested(MAX_DEPTH))) == nested(MAX_DEPTH)


_values = st.recursive(
    st.booleans() | st.integers(0, MAX_INTEGER) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="ascii")), inner, max_size=3)
    ),
    max_leaves=8,
)
_objects = st.dictionaries(st.text(st.characters(codec="ascii")), _values, max_size=3)


@given(_objects)
def test_what_is_written_is_read_again(value: dict[str, object]) -> None:
    assert parse(canonical(value)) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for tried in (raw, raw + b"\n", b'{"a":' + raw + b"}\n", b'{"a":"' + raw + b'"}\n'):
        try:
            value = parse(tried)
        except MalformedJson:
            continue
        assert canonical(value) == tried


@given(_objects, st.integers(0, 10_000), st.integers(0, 255))
def test_a_changed_byte_never_keeps_the_value(
    value: dict[str, object], place: int, byte: int
) -> None:
    raw = bytearray(canonical(value))
    place %= len(raw)
    if raw[place] == byte:
        byte ^= 1
    raw[place] = byte
    try:
        changed = parse(bytes(raw))
    except MalformedJson:
        return
    assert canonical(changed) != canonical(value)
