"""The typed form of a confirmation code: 24 symbols and a check symbol (EQ-X9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from egcore.encoding import HASH_BYTES, raw
from egcore.errors import MalformedRecord

if TYPE_CHECKING:
    from egcore.hashing import ConfirmationCode

ALPHABET: Final = "23456789DFGJLNQRSVWZ"  # digits 0..19; none looks like another
DIGITS: Final = 24
_BASE: Final = len(ALPHABET)
_DIGIT_OF: Final = {
    symbol: digit for form in (ALPHABET, ALPHABET.lower()) for digit, symbol in enumerate(form)
}
_GROUP: Final = 5
_CODES: Final = _BASE**DIGITS
_HASHES: Final = 2 ** (8 * HASH_BYTES)


class CodeRange(NamedTuple):
    """The confirmation codes H_C that share a typed form: all from `first` to `last`.

    Both are 32 bytes, compared as bytes; their common leading bits, about 103, are what the
    typed form says of the code.
    """

    first: bytes
    last: bytes

    def holds(self, h_c: bytes) -> bool:
        """Tell whether H_C has this typed form."""
        return self.first <= h_c <= self.last


def typed_code(h_c: ConfirmationCode) -> str:
    """Return the typed form, five groups of five symbols.

    h_c: 32 bytes, else ValueError. Source: EQ-X9.
    """
    d = int.from_bytes(raw(h_c, HASH_BYTES), "big") * _CODES // _HASHES
    digits = [d // _BASE**place % _BASE for place in reversed(range(DIGITS))]
    symbols = "".join(ALPHABET[digit] for digit in [*digits, _check_digit(digits)])
    return "-".join(symbols[at : at + _GROUP] for at in range(0, len(symbols), _GROUP))


def parse_typed_code(text: str) -> CodeRange:
    """Return the confirmation codes that have the typed form that somebody typed.

    text: untrusted. Case, blanks and hyphens do not matter.
    Raises MalformedRecord if a symbol is not of the alphabet, if there are not 25, or if the
    check symbol does not fit: every wrong single symbol is found, and every swap of two
    neighbours but that of 2 and Z.
    Source: EQ-X9.
    """
    symbols = [symbol for symbol in text if symbol not in " -"]
    if len(symbols) != DIGITS + 1:
        reason = f"expected {DIGITS + 1} symbols, found {len(symbols)}"
        raise MalformedRecord("confirmation code", reason)
    for place, symbol in enumerate(symbols, start=1):
        if symbol not in _DIGIT_OF:
            reason = f"symbol {place} is none of {ALPHABET}"
            raise MalformedRecord("confirmation code", reason)
    *digits, check = (_DIGIT_OF[symbol] for symbol in symbols)
    if check != _check_digit(digits):
        raise MalformedRecord("confirmation code", "the check symbol does not fit; read it again")
    d = 0
    for digit in digits:
        d = d * _BASE + digit
    first = -(-d * _HASHES // _CODES)
    last = -(-(d + 1) * _HASHES // _CODES) - 1
    return CodeRange(first.to_bytes(HASH_BYTES, "big"), last.to_bytes(HASH_BYTES, "big"))


def _check_digit(digits: list[int]) -> int:
    """Return the Luhn digit modulo 20."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        product = digit * (2 if place % 2 == 0 else 1)
        total += product // _BASE + product % _BASE
    return -total % _BASE
