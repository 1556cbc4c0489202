"""Numbers, the hash H and the group of the toy election; written from specs/23 alone.

(p - 1) / (2 q) is prime here as in the standard group, so the verifier's batches are at work.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from verifier.algebra import Group

Q: Final = 0xC00000000000031
P: Final = 0x11D28EFE11155C182FD83F5FA10C399909EBE6167
R: Final = (P - 1) // Q
G: Final = pow(2, R, P)
GROUP: Final = Group("toy-1x", P, Q, G)

Json = dict[str, Any]
Files = dict[str, Json]


def hx(x: int) -> str:
    """A number as the record writes it."""
    text = f"{x:X}"
    return text if len(text) % 2 == 0 else "0" + text


def h(*items: Any) -> int:
    """The hash H of the items, with `Hex` for numbers that are hex in JSON."""
    return int.from_bytes(hashlib.sha256(f"|{'|'.join(map(e, items))}|".encode()).digest()) % Q


class Hex(int):
    """A number that is hex in JSON."""


def e(item: Any) -> str:
    if item is None or item == []:
        return "null"
    if isinstance(item, list):
        return hx(h(*item))
    return hx(item) if isinstance(item, Hex) else str(item)


def n(text: str) -> Hex:
    """The number that a text of the record is."""
    return Hex(int(text, 16))


def plus(x: str, amount: int = 1) -> str:
    """A number of the record and that much more, as the record would write it."""
    return hx(int(x, 16) + amount)


def times(x: str, factor: int = G) -> str:
    """An element of the record times another."""
    return hx(int(x, 16) * factor % P)
