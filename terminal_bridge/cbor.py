"""Reading deterministic CBOR, the part of it that a card record needs (RFC 8949, 4.2.1; specs/19).

Integers, byte and text strings, arrays, and maps whose keys are integers from 0; no tag, float,
simple value or indefinite length. One value has one encoding: shortest heads, keys ascending,
nothing after the end.
"""

from __future__ import annotations

from typing import Final

from cbor2 import dumps

MAX_DEPTH: Final = 3  # containers inside each other, as in the marks of a ballot
_UINT, _NINT, _BYTES, _TEXT, _ARRAY, _MAP = range(6)
_DIRECT: Final = 24  # additional information below this is the number itself
_WIDTHS: Final = {24: 1, 25: 2, 26: 4, 27: 8}

Value = int | bytes | str | list["Value"] | dict[int, "Value"]


class CborFault(ValueError):  # noqa: N818 - a reason on its way to a refusal
    """Why bytes are not a value."""


def encode(value: Value) -> bytes:
    """Return the one encoding of a value.

    Keys from 0 stand in the same order by their bytes (RFC 8949) and by length first (RFC 7049),
    so that it does not matter which of the two cbor2 sorts by.
    """
    return dumps(value, canonical=True)


def decode(raw: bytes) -> Value:
    """Return the value whose encoding is exactly `raw`.

    raw: untrusted. Raises CborFault, and nothing else. Nothing is allocated on the word of a
    length that the bytes do not bear out. Cost: linear.
    """
    reader = _Reader(raw)
    value = reader.value(0)
    if reader.at != len(raw):
        raise CborFault(f"{len(raw) - reader.at} bytes after the end")
    return value


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0

    def value(self, depth: int) -> Value:
        kind, number = self._head()
        if kind in (_ARRAY, _MAP) and depth == MAX_DEPTH:
            raise CborFault(f"nested deeper than {MAX_DEPTH}")
        if kind == _UINT:
            return number
        if kind == _NINT:
            return -1 - number
        if kind == _BYTES:
            return self._take(number)
        if kind == _TEXT:
            return self._text(number)
        if kind == _ARRAY:
            self._need(number)
            return [self.value(depth + 1) for _ in range(number)]
        if kind == _MAP:
            return self._map(number, depth)
        raise CborFault("a tag, float or simple value")

    def _head(self) -> tuple[int, int]:
        first = self._take(1)[0]
        kind, info = first >> 5, first & 0x1F
        if info < _DIRECT:
            return kind, info
        width = _WIDTHS.get(info)
        if width is None:
            raise CborFault("an indefinite or reserved length")
        number = int.from_bytes(self._take(width), "big")
        if number < _DIRECT or (width > 1 and number < 1 << (4 * width)):
            raise CborFault("a number in a longer form than it needs")
        return kind, number

    def _map(self, count: int, depth: int) -> dict[int, Value]:
        self._need(2 * count)
        found: dict[int, Value] = {}
        before = -1
        for _ in range(count):
            kind, key = self._head()
            if kind != _UINT:
                raise CborFault("a key that is not an integer from 0")
            if key <= before:
                raise CborFault("keys not in ascending order")
            before = key
            found[key] = self.value(depth + 1)
        return found

    def _text(self, length: int) -> str:
        try:
            return self._take(length).decode("utf-8")
        except UnicodeDecodeError:
            raise CborFault("text that is not UTF-8") from None

    def _take(self, length: int) -> bytes:
        self._need(length)
        taken = self.raw[self.at : self.at + length]
        self.at += length
        return taken

    def _need(self, length: int) -> None:
        if length > len(self.raw) - self.at:
            raise CborFault("cut off")
