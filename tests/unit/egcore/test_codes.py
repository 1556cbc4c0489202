"""The typed confirmation code beyond its vectors (EQ-X9)."""

from __future__ import annotations

from itertools import permutations

import pytest

from egcore.codes import ALPHABET, _check_digit, parse_typed_code, typed_code
from egcore.errors import MalformedRecord
from egcore.hashing import ConfirmationCode

H_C = ConfirmationCode(bytes(range(7, 39)))
CODE = typed_code(H_C)


def test_alphabet_has_twenty_symbols_that_differ() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 20
    assert not set("01OIBEKMACTXYHPU") & set(ALPHABET)  # look like another, or like Cyrillic


def test_form() -> None:
    assert [len(part) for part in CODE.split("-")] == [5] * 5
    assert set(CODE) <= {*ALPHABET, "-"}


@pytest.mark.parametrize(
    "text",
    [CODE.lower(), CODE.replace("-", ""), CODE.replace("-", " "), f"  {CODE} ", CODE.swapcase()],
)
def test_case_blanks_and_hyphens_do_not_matter(text: str) -> None:
    assert parse_typed_code(text) == parse_typed_code(CODE)


def test_range_is_exact() -> None:
    found = parse_typed_code(CODE)
    assert found.holds(H_C)
    first, last = (int.from_bytes(end, "big") for end in found)
    for inside in (first, last):
        assert typed_code(ConfirmationCode(inside.to_bytes(32, "big"))) == CODE
    for outside in (first - 1, last + 1):
        h_c = ConfirmationCode(outside.to_bytes(32, "big"))
        assert typed_code(h_c) != CODE
        assert not found.holds(h_c)


def test_ends_of_the_scale() -> None:
    assert parse_typed_code(typed_code(ConfirmationCode(bytes(32)))).first == bytes(32)
    assert parse_typed_code(typed_code(ConfirmationCode(b"\xff" * 32))).last == b"\xff" * 32


def test_the_code_says_103_bits() -> None:
    first, last = (int.from_bytes(end, "big") for end in parse_typed_code(CODE))
    assert (last - first).bit_length() == 256 - 103


def test_every_wrong_single_symbol_is_found() -> None:
    for place, symbol in enumerate(CODE):
        if symbol == "-":
            continue
        for other in ALPHABET.replace(symbol, ""):
            with pytest.raises(MalformedRecord, match="check symbol"):
                parse_typed_code(CODE[:place] + other + CODE[place + 1 :])


def test_swaps_of_neighbours_are_found_but_one() -> None:
    missed = set()
    for left, right in permutations(range(20), 2):
        digits = [left, right] * 12
        swapped = [right, left, *digits[2:]]
        if _check_digit(digits) == _check_digit(swapped):
            missed.add(frozenset((ALPHABET[left], ALPHABET[right])))
    assert missed == {frozenset("2Z")}


@pytest.mark.parametrize("symbol", ["ß", "ſ", "２", "\u0000", "З"])
def test_symbols_that_become_others_in_capitals_are_refused(symbol: str) -> None:
    with pytest.raises(MalformedRecord, match="symbol 1 is none of"):
        parse_typed_code(symbol + CODE.replace("-", "")[1:])


def test_errors_name_the_place_and_not_the_code() -> None:
    with pytest.raises(MalformedRecord, match="symbol 3 is none of"):
        parse_typed_code(CODE[:2] + "o" + CODE[3:])
    with pytest.raises(MalformedRecord, match="expected 25 symbols, found 24"):
        parse_typed_code(CODE[1:])
    with pytest.raises(ValueError, match="expected 32 bytes"):
        typed_code(ConfirmationCode(bytes(31)))
