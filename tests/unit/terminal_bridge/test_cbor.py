"""Strict CBOR: one value has one encoding, and nothing else is ever raised."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import cbor2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from terminal_bridge.cbor import CborFault, decode, encode

if TYPE_CHECKING:
    from terminal_bridge.cbor import Value

NUMBERS = st.integers(min_value=-(2**64), max_value=2**64 - 1)
KEYS = st.integers(min_value=0, max_value=2**64 - 1)
LEAVES = NUMBERS | st.binary(max_size=300) | st.text(max_size=60)


def containers(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.lists(inner, max_size=30) | st.dictionaries(KEYS, inner, max_size=30)


VALUES = LEAVES | containers(LEAVES | containers(LEAVES | containers(LEAVES)))


@given(VALUES)
def test_what_is_encoded_comes_back_and_cbor2_reads_the_same(value: Value) -> None:
    raw = encode(value)
    assert decode(raw) == value
    assert cbor2.loads(raw) == value


@given(st.binary(max_size=60))
@example(b"\xa1\x00\x00")
def test_any_bytes_are_refused_or_the_encoding_of_what_they_give(raw: bytes) -> None:
    try:
        value = decode(raw)
    except CborFault:
        return
    assert encode(value) == raw


@given(VALUES, st.data())
def test_a_changed_byte_is_refused_or_another_value(value: Value, data: st.DataObject) -> None:
    raw = bytearray(encode(value))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    try:
        found = decode(bytes(raw))
    except CborFault:
        return
    assert encode(found) == raw
    assert found != value


@pytest.mark.parametrize("major", [0x5B, 0x7B, 0x9B, 0xBB])
def test_a_length_that_the_bytes_do_not_bear_out_allocates_nothing(major: int) -> None:
    raw = bytes([major]) + b"\x7f" + b"\xff" * 7
    tracemalloc.start()
    try:
        with pytest.raises(CborFault, match="cut off"):
            decode(raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\x00\x00", "1 bytes after the end"),
        (b"\x18\x17", "a number in a longer form than it needs"),
        (b"\x9f\xff", "an indefinite or reserved length"),
        (b"\xa2\x01\x00\x01\x00", "keys not in ascending order"),
        (b"\xa1\x61a\x00", "a key that is not an integer from 0"),
        (b"\xc1\x00", "a tag, float or simple value"),
        (b"\x61\xff", "text that is not UTF-8"),
        (b"\x81\x81\x81\x81\x00", "nested deeper than 3"),
        (b"\x19\x01", "cut off"),
    ],
)
def test_the_reason_names_the_rule(raw: bytes, reason: str) -> None:
    with pytest.raises(CborFault, match=reason):
        decode(raw)
