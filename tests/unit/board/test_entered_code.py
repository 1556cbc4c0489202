"""What somebody types into the field, read as a code, as its beginning, or refused in kind."""

from __future__ import annotations

import hashlib

import pytest

from egcore.codes import typed_code
from egcore.hashing import ConfirmationCode
from tally.board.entered_code import Entered, FaultKind, read_code

H_C = hashlib.sha256(b"a ballot").digest()
OTHER = hashlib.sha256(b"another ballot").digest()
TYPED = typed_code(ConfirmationCode(H_C))


def entered(text: str) -> Entered:
    answer = read_code(text)
    assert isinstance(answer, Entered), answer
    return answer


def holds(text: str, h_c: bytes) -> bool:
    return any(codes.holds(h_c) for codes in entered(text).ranges)


@pytest.mark.parametrize(
    "text",
    [
        TYPED,
        TYPED.replace("-", ""),
        TYPED.lower(),
        f"  {TYPED.replace('-', ' ')}\t",
        TYPED.replace("-", "\u2013"),
        "".join(chr(ord(s) + 0xFEE0) if s != "-" else s for s in TYPED),  # full width
        H_C.hex(),
        H_C.hex().upper(),
        f"{H_C.hex()[:32]}-{H_C.hex()[32:]}",
    ],
)
def test_a_whole_code_is_read_however_it_is_written(text: str) -> None:
    assert entered(text).complete
    assert holds(text, H_C)
    assert not holds(text, OTHER)


@pytest.mark.parametrize("length", range(4, 24))
def test_every_beginning_of_the_typed_form_holds_the_code(length: int) -> None:
    text = TYPED.replace("-", "")[:length]
    assert not entered(text).complete
    assert holds(text, H_C)
    assert not holds(text, OTHER)


@pytest.mark.parametrize("length", [4, 5, 20, 33, 63])
def test_every_beginning_of_the_full_code_holds_the_code(length: int) -> None:
    text = H_C.hex()[:length]
    assert not entered(text).complete
    assert holds(text, H_C)
    assert not holds(text, OTHER)


@pytest.mark.parametrize("text", ["2222", "99999", "DF23", "DDDDDDDD"])
def test_symbols_of_both_forms_are_read_as_both(text: str) -> None:
    assert len(entered(text).ranges) == 2


def test_a_wrong_check_symbol_is_found() -> None:
    last = "3" if TYPED[-1] != "3" else "4"
    answer = read_code(TYPED[:-1] + last)
    assert not isinstance(answer, Entered)
    assert answer.kind == FaultKind.CHECK


@pytest.mark.parametrize(
    ("text", "kind", "symbol", "alike"),
    [
        ("", FaultKind.SHORT, "", ()),
        (" - - ", FaultKind.SHORT, "", ()),
        ("234", FaultKind.SHORT, "", ()),
        ("Z" * 26, FaultKind.LONG, "", ()),
        ("a" * 65, FaultKind.LONG, "", ()),
        ("2" * 201, FaultKind.LONG, "", ()),
        ("ZZZZo", FaultKind.SYMBOL, "O", ("Q", "D")),
        ("ZZZZ\u0417", FaultKind.SYMBOL, "\u0417", ("3",)),  # Cyrillic letter like a three
        ("ZZZZ<", FaultKind.SYMBOL, "<", ()),
        ("a" * 63 + "o", FaultKind.DIGIT, "O", ()),
    ],
)
def test_what_is_no_code_is_refused_in_kind(
    text: str, kind: FaultKind, symbol: str, alike: tuple[str, ...]
) -> None:
    assert read_code(text) == (kind, symbol, alike)
