"""A confirmation code as a person types it (EQ-X9)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from verifier.cannot_run import CannotRun
from verifier.labelled import ALPHABET, typed_code

_USAGE: Final = 2
LEAST_SYMBOLS: Final = 5
_SYMBOLS: Final = 24
_HEX_DIGITS: Final = 64
_BITS: Final = 256
_HASH = re.compile(r"[0-9a-f]{64}")
_CODE_HINT: Final = (
    f"give the 25 symbols of the receipt, at least {LEAST_SYMBOLS} of them from the left, or 64 hex"
)


@dataclass(frozen=True, slots=True)
class Code:
    """A confirmation code as far as it was given: H_C is from `low` on and below `high`."""

    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        """Whether it is H_C itself: two ballots that fit have the same code, down to the bit."""
        return self.high == self.low + 1

    def fits(self, h_c: bytes) -> bool:
        """Whether the code of a ballot begins so."""
        return self.low <= int.from_bytes(h_c, "big") < self.high


def parse_code(text: str) -> Code:
    """A code as a person types it: EQ-X9 in full, its beginning, or H_C in hex.

    Blanks, hyphens and small letters are ignored. Raises CannotRun with the exit code of usage.
    """
    plain = re.sub(r"[\s-]", "", text)
    if len(plain) == _HEX_DIGITS and _HASH.fullmatch(plain.lower()):
        value = int(plain, 16)
        return Code(value, value + 1)
    symbols = plain.upper()
    strange = next((symbol for symbol in symbols if symbol not in ALPHABET), None)
    if strange is not None:
        raise CannotRun(f"{strange!a} is in no confirmation code", _CODE_HINT, _USAGE)
    if not LEAST_SYMBOLS <= len(symbols) <= _SYMBOLS + 1:
        raise CannotRun(f"a code of {len(symbols)} symbols", _CODE_HINT, _USAGE)
    digits = symbols[:_SYMBOLS]
    number = 0
    for symbol in digits:
        number = number * len(ALPHABET) + ALPHABET.index(symbol)
    parts = len(ALPHABET) ** len(digits)
    low, high = (-(-(n << _BITS) // parts) for n in (number, number + 1))
    if len(symbols) > _SYMBOLS and _check_symbol(low) != symbols[-1]:
        raise CannotRun(
            "the check symbol does not fit: a symbol was read or typed wrongly",
            "compare the code with the receipt once more",
            _USAGE,
        )
    return Code(low, high)


def _check_symbol(h_c: int) -> str:
    return typed_code(h_c.to_bytes(_BITS // 8, "big"))[-1]
