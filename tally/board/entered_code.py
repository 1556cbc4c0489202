"""What somebody typed into the field for a confirmation code, as ranges of codes."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final, NamedTuple

from egcore.codes import ALPHABET, DIGITS, CodeRange, parse_typed_code
from egcore.errors import MalformedRecord

MIN_SYMBOLS: Final = 4
MAX_ENTRY: Final = 200  # characters of the field, blanks and hyphens included
FULL_HEX: Final = 64
_BITS: Final = 4 * FULL_HEX
_SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_HEX: Final = frozenset("0123456789abcdef")
_TYPED: Final = frozenset(ALPHABET)
# What a symbol outside of the alphabet may be a misreading of, Latin and Cyrillic letters apart.
_ALIKE: Final = {
    symbol: meant
    for meant, symbols in {
        "QD": "0OО",
        "LJ": "1I",
        "8": "BВ",
        "G": "CС",
        "F": "EЕP",
        "N": "MH",
        "4": "AАЧ",
        "7": "T",
        "V": "UY",
        "3": "З",
        "6": "Б",
    }.items()
    for symbol in symbols
}


class FaultKind(StrEnum):
    """Why an entry can be no code and no beginning of one."""

    SHORT = "short"
    LONG = "long"
    SYMBOL = "symbol"  # occurs in no typed code
    DIGIT = "digit"  # is no hex digit, in an entry as long as a full code
    CHECK = "check"


class Fault(NamedTuple):
    """Why an entry is refused; for a symbol, which one, and what it may be a misreading of."""

    kind: FaultKind
    symbol: str = ""
    alike: tuple[str, ...] = ()


class Entered(NamedTuple):
    """A code or its beginning. An entry may be read as hex and as typed form: then both count.

    complete: the entry says everything that its form can say, so only one ballot may have it.
    """

    ranges: tuple[CodeRange, ...]
    complete: bool


def read_code(text: str) -> Entered | Fault:
    """Return the codes that an entry stands for.

    text: untrusted. The full code of 64 hex digits, the typed form of 25 symbols (EQ-X9), or
    the first symbols of either; case, width, blanks and hyphens do not matter. A symbol that
    looks like one of the alphabet is not replaced: which was meant is for the reader to say.
    """
    if len(text) > MAX_ENTRY:
        return Fault(FaultKind.LONG)
    symbols = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).lower()
    if len(symbols) < MIN_SYMBOLS:
        return Fault(FaultKind.SHORT)
    full, typed = _read_hex(symbols), _read_typed(symbols.upper())
    if isinstance(typed, Fault):
        return Entered((full,), len(symbols) == FULL_HEX) if full else typed
    return Entered((full, typed) if full else (typed,), len(symbols) == DIGITS + 1)


def _read_hex(symbols: str) -> CodeRange | None:
    if len(symbols) > FULL_HEX or not set(symbols) <= _HEX:
        return None
    return _beginning(int(symbols, 16), 16, len(symbols))


def _read_typed(symbols: str) -> CodeRange | Fault:
    if len(symbols) == FULL_HEX and not set(symbols.lower()) <= _HEX:
        return Fault(FaultKind.DIGIT, next(one for one in symbols if one.lower() not in _HEX))
    if len(symbols) > DIGITS + 1:
        return Fault(FaultKind.LONG)
    foreign = next((one for one in symbols if one not in _TYPED), None)
    if foreign is not None:
        return Fault(FaultKind.SYMBOL, foreign, tuple(_ALIKE.get(foreign, "")))
    if len(symbols) <= DIGITS:
        return _beginning(_typed_number(symbols), len(ALPHABET), len(symbols))
    try:
        return parse_typed_code(symbols)
    except MalformedRecord:
        return Fault(FaultKind.CHECK)


def _typed_number(typed: str) -> int:
    number = 0
    for symbol in typed:
        number = number * len(ALPHABET) + ALPHABET.index(symbol)
    return number


def _beginning(number: int, base: int, digits: int) -> CodeRange:
    """Return the codes whose first digits, as a fraction of 2^256 in a base, are `number`."""
    scale = base**digits
    first = -(-(number << _BITS) // scale)
    last = -(-((number + 1) << _BITS) // scale) - 1
    return CodeRange(first.to_bytes(_BITS // 8, "big"), last.to_bytes(_BITS // 8, "big"))
