"""Typed confirmation codes (EQ-X9) and fixed-width encodings for all inputs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egcore.codes import ALPHABET, parse_typed_code, typed_code
from egcore.encoding import b, element_hex, scalar_hex, xor
from egcore.errors import MalformedRecord
from egcore.hashing import ConfirmationCode
from egcore.signing import verify_signature
from tests.toy_groups import TOY

hashes = st.binary(min_size=32, max_size=32).map(ConfirmationCode)


@given(hashes)
def test_round_trip(h_c: ConfirmationCode) -> None:
    code = typed_code(h_c)
    found = parse_typed_code(code)
    assert found.holds(h_c)
    assert typed_code(ConfirmationCode(found.first)) == code
    assert typed_code(ConfirmationCode(found.last)) == code


@given(hashes, hashes)
def test_codes_keep_the_order_of_hashes(one: ConfirmationCode, two: ConfirmationCode) -> None:
    """A prefix of the code is a prefix of the hash, so look-up works on sorted hashes."""
    first, second = parse_typed_code(typed_code(one)), parse_typed_code(typed_code(two))
    assert first == second or (one < two) == (first.last < second.first)


@given(hashes, st.integers(0, 24), st.integers(1, 19))
def test_any_wrong_symbol_is_found(h_c: ConfirmationCode, place: int, shift: int) -> None:
    symbols = typed_code(h_c).replace("-", "")
    wrong = ALPHABET[(ALPHABET.index(symbols[place]) + shift) % 20]
    with pytest.raises(MalformedRecord, match="check symbol"):
        parse_typed_code(symbols[:place] + wrong + symbols[place + 1 :])


@given(st.text(max_size=60))
def test_any_text_gives_a_code_or_a_malformed_record(text: str) -> None:
    try:
        found = parse_typed_code(text)
    except MalformedRecord:
        return
    assert typed_code(ConfirmationCode(found.first)).replace("-", "") == "".join(
        symbol for symbol in text.upper() if symbol not in " -"
    )


@given(st.integers(0, 2**64), st.integers(0, 12))
def test_integers_come_back_or_are_refused(x: int, width: int) -> None:
    if x < 256**width:
        assert int.from_bytes(b(x, width), "big") == x
        assert len(b(x, width)) == width
    else:
        with pytest.raises(ValueError, match="does not fit"):
            b(x, width)


@given(st.integers(0, TOY.p - 1), st.integers(0, TOY.q - 1))
def test_hexadecimal_has_fixed_width(x: int, e: int) -> None:
    assert (len(element_hex(TOY, x)), len(scalar_hex(TOY, e))) == (2 * TOY.lp, 2 * TOY.lq)
    assert (int(element_hex(TOY, x), 16), int(scalar_hex(TOY, e), 16)) == (x, e)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_exclusive_or_undoes_itself(left: bytes, right: bytes) -> None:
    right = right.ljust(len(left), b"\0")[: len(left)]
    assert xor(xor(left, right), right) == left


@given(st.binary(max_size=40), st.binary(max_size=70))
def test_no_bytes_make_signature_checking_raise(public: bytes, signature: bytes) -> None:
    assert not verify_signature(public, "seal", {"h_e": "00"}, signature)
