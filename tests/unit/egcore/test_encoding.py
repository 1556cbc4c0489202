from __future__ import annotations

import pytest

from egcore import encoding
from egcore.encoding import b, blocks, element, element_hex, index, scalar, scalar_hex, small
from tests.toy_groups import TOY


def test_integers_have_exactly_their_width() -> None:
    assert b(0, 0) == b""
    assert b(1, 3) == b"\x00\x00\x01"
    assert b(255, 1) == b"\xff"
    for x, width in ((256, 1), (-1, 4), (1, 0)):
        with pytest.raises(ValueError, match="does not fit"):
            b(x, width)


def test_small_integers_and_indices() -> None:
    assert small(0) == b"\x00\x00\x00\x00"
    assert small(2**31 - 1) == b"\x7f\xff\xff\xff"
    assert index(1) == b"\x00\x00\x00\x01"
    for x in (-1, 2**31):
        with pytest.raises(ValueError, match="2\\^31"):
            small(x)
    with pytest.raises(ValueError, match="from 1"):
        index(0)


def test_sized_text() -> None:
    assert encoding.sized(b"") == b"\x00\x00\x00\x00"
    assert encoding.sized("ә".encode()) == b"\x00\x00\x00\x02\xd3\x99"


def test_elements_and_scalars_are_below_p_and_q() -> None:
    assert element(TOY, 1) == b"\x00" * 31 + b"\x01"
    assert scalar(TOY, 1) == b"\x00" * 7 + b"\x01"
    assert element_hex(TOY, TOY.p - 1) == f"{TOY.p - 1:064x}"
    assert scalar_hex(TOY, 0) == "0" * 16
    for x in (-1, TOY.p):
        with pytest.raises(ValueError, match="below p"):
            element(TOY, x)
    for x in (-1, TOY.q):
        with pytest.raises(ValueError, match="below q"):
            scalar(TOY, x)


def test_byte_strings_of_fixed_length() -> None:
    assert encoding.raw(b"ab", 2) == b"ab"
    with pytest.raises(ValueError, match="expected 3 bytes, found 2"):
        encoding.raw(b"ab", 3)
    assert blocks(bytes(64)) == bytes(64)
    for wrong in (b"", bytes(31), bytes(33)):
        with pytest.raises(ValueError, match="blocks of 32"):
            blocks(wrong)


def test_exclusive_or() -> None:
    assert encoding.xor(b"\x0f\xff", b"\xff\x0f") == b"\xf0\xf0"
    with pytest.raises(ValueError, match="expected 1 bytes, found 2"):
        encoding.xor(b"a", b"bc")
