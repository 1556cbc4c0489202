"""What somebody typed into the field for a confirmation code, as ranges of codes."""

from __future__ import annotations

import re
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


class Fault(StrEnum):
    """Why an entry can be no code and no beginning of one."""

    SHORT = "short"
    LONG = "long"
    SYMBOL = "symbol"
    CHECK = "check"


class Entered(NamedTuple):
    """A code or its beginning. An entry may be read as hex and as typed form: then both count.

    complete: the entry says everything that its form can say, so only one ballot may have it.
    """

    ranges: tuple[CodeRange, ...]
    complete: bool


def read_code(text: str) -> Entered | Fault:
    """Return the codes that an entry stands for.

    text: untrusted. The full code of 64 hex digits, the typed form of 25 symbols (EQ-X9), or
    the first symbols of either; case, blanks and hyphens do not matter.
    """
    symbols = _SEPARATORS.sub("", text[: MAX_ENTRY + 1]).lower()
    if len(text) > MAX_ENTRY or len(symbols) > FULL_HEX:
        return Fault.LONG
    if len(symbols) < MIN_SYMBOLS:
        return Fault.SHORT
    ranges: list[CodeRange] = []
    complete = False
    if set(symbols) <= _HEX:
        ranges.append(_beginning(int(symbols, 16), 16, len(symbols)))
        complete = len(symbols) == FULL_HEX
    typed = symbols.upper()
    if not set(typed) <= _TYPED:
        return Entered(tuple(ranges), complete) if ranges else Fault.SYMBOL
    if len(typed) <= DIGITS:
        ranges.append(_beginning(_typed_number(typed), len(ALPHABET), len(typed)))
    elif len(typed) == DIGITS + 1:
        try:
            ranges.append(parse_typed_code(typed))
            complete = True
        except MalformedRecord:
            if not ranges:
                return Fault.CHECK
    elif not ranges:
        return Fault.LONG
    return Entered(tuple(ranges), complete)


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
