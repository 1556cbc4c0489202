"""The group, the numbers and the hash of 1.x as the tests know them: written anew from specs/23."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from gmpy2 import powmod

from verifier.eg1x.parameters import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterable

P: Final = STANDARD.p
Q: Final = STANDARD.q
G: Final = STANDARD.g


def to_hex(x: int) -> str:
    """Write a number as the record does."""
    return bytes.fromhex(f"{x:0{2 * max(1, (x.bit_length() + 7) // 8)}x}").hex().upper()


def power(base: int, exponent: int) -> int:
    """Give base^exponent mod p."""
    return int(powmod(base, exponent, P))


def times(text: str, factor: int) -> str:
    """Give an element of the record times a factor."""
    return to_hex(int(text, 16) * factor % P)


def negated(text: str) -> str:
    """Give the number of the record that differs in sign: it is not in G."""
    return to_hex(P - int(text, 16))


def plus_one(text: str) -> str:
    """Give a number below q of the record, plus one."""
    return to_hex((int(text, 16) + 1) % Q)


def hashed(*items: Any) -> str:
    """Give H of texts (hex is text too), integers, None and lists, in hex."""
    joined = "|" + "".join(f"{_encoded(item)}|" for item in items)
    return to_hex(int.from_bytes(hashlib.sha256(joined.encode()).digest(), "big") % Q)


def _encoded(item: Any) -> str:
    match item:
        case None | []:
            return "null"
        case list():
            return hashed(*item)
        case _:
            return str(item)


def product(texts: Iterable[str]) -> str:
    """Give the product of elements of the record."""
    result = 1
    for text in texts:
        result = result * int(text, 16) % P
    return to_hex(result)
