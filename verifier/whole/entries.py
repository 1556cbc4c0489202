"""Results of units in a file of lines: a header, then a line for each unit that is done (specs/27).

A line is the key of the unit in hex, a checksum in hex, and the encoded result, with one blank
between them. A line with another form or another checksum is not there.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Final

from verifier.json_strict import MalformedJson, canonical, parse
from verifier.whole.unit_codec import MOST_BYTES, NotAResult, decode_result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.unit_result import UnitResult

_HEX: Final = 64
_HEAD: Final = 2 * (_HEX + 1)  # key, blank, checksum, blank
_MOST_LINE: Final = _HEAD + MOST_BYTES + 1
_MOST_OTHERS: Final = 8
_CHECKSUM: Final = b"dalel/entry/1\0"


def header_line(content: Mapping[str, object]) -> bytes:
    """A header: one object in canonical JSON."""
    return canonical(content)


def read_header(line: bytes) -> dict[str, object] | None:
    """The object in a header line; None for anything else."""
    try:
        return parse(line)
    except MalformedJson:
        return None


def entry_line(key: bytes, raw: bytes) -> bytes:
    """The line of one unit. key: 32 bytes. raw: its encoded result."""
    return b"%s %s %s\n" % (key.hex().encode(), _checksum(key, raw), raw)


def _checksum(key: bytes, raw: bytes) -> bytes:
    return hashlib.sha256(_CHECKSUM + key + raw).hexdigest().encode()


def _key_in(line: bytes) -> bytes | None:
    """The key of a line whose checksum is right; None for any other line."""
    if not line.endswith(b"\n") or len(line) <= _HEAD or line[_HEAD - 1 : _HEAD] != b" ":
        return None
    try:
        key = bytes.fromhex(line[:_HEX].decode("ascii"))
    except ValueError:
        return None
    raw = line[_HEAD:-1]
    return key if line == entry_line(key, raw) else None


class Entries:
    """The results in an open file, found by key. Only where they lie is held in memory.

    header: the first line, empty when there is none. end: where the last whole line ends. is_torn:
    whether something follows that is no whole line. others: the beginnings of the first few lines
    that are no entries; strange: how many there are. Raises OSError.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._places: dict[bytes, tuple[int, int]] = {}
        self.header = b""
        self.end = self.strange = 0
        self.is_torn = False
        self.others: list[bytes] = []
        for offset, line in self._lines():
            self._take(offset, line)

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Each whole line and where it begins; of one longer than any entry its beginning."""
        with os.fdopen(os.dup(self._descriptor), "rb") as stream:
            stream.seek(0)
            while line := stream.readline(_MOST_LINE):
                rest, length = line, len(line)
                while not rest.endswith(b"\n"):
                    rest = stream.readline(_MOST_LINE)
                    if not rest:
                        self.is_torn = True
                        return
                    length += len(rest)
                yield self.end, line
                self.end += length

    def _take(self, offset: int, line: bytes) -> None:
        if offset == 0:
            self.header = line
            return
        key = _key_in(line)
        if key is not None:
            self._places[key] = (offset, len(line))
            return
        self.strange += 1
        if len(self.others) < _MOST_OTHERS:
            self.others.append(line[:_HEX])

    def append(self, key: bytes, length: int) -> None:
        """A line of so many bytes was written to the end of the file."""
        self._places[key] = (self.end, length)
        self.end += length

    def find(self, key: bytes) -> UnitResult | None:
        """The result of this key; None if there is none that can be read. Raises OSError."""
        place = self._places.get(key)
        if place is None:
            return None
        offset, length = place
        line = os.pread(self._descriptor, length, offset)
        if _key_in(line) != key:
            return None
        try:
            return decode_result(line[_HEAD:-1])
        except NotAResult:
            return None

    def __len__(self) -> int:
        return len(self._places)
