"""Values that no two ballots of a record may share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_BYTES: Final = 2  # a ballot file has at most 256 lines
_ROW_BYTES: Final = _LINE_BYTES + 32
_BALLOTS_OF_A_BOX: Final = 2**32


class FirstSeen:
    """Remembers for each value which ballot had it first.

    Some 200 bytes a ballot: the one thing that a verification keeps of every ballot.
    """

    def __init__(self) -> None:
        self._boxes: dict[str, int] = {}
        self._places: dict[bytes, int] = {}

    def earlier(self, value: bytes, device: str, ordinal: int) -> str | None:
        """The ballot that had this value before; None for the first, which is remembered.

        ordinal: place of the ballot at its device, from 1 and below 2^32.
        """
        box = self._boxes.setdefault(device, len(self._boxes))
        place = box * _BALLOTS_OF_A_BOX + ordinal
        first = self._places.setdefault(value, place)
        if first == place:
            return None
        box, ordinal = divmod(first, _BALLOTS_OF_A_BOX)
        return f"ballot {ordinal} of device {list(self._boxes)[box]}"


@dataclass
class Values:
    """A value of 32 bytes for each of some ballots of one file, in one string of bytes."""

    _rows: bytearray = field(default_factory=bytearray)

    def add(self, line: int, value: bytes) -> None:
        """Take the value of the ballot in this line, from 1 to 256."""
        self._rows += line.to_bytes(_LINE_BYTES, "big") + value

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Line and value of each ballot, as they were added."""
        for start in range(0, len(self._rows), _ROW_BYTES):
            row = bytes(self._rows[start : start + _ROW_BYTES])
            yield int.from_bytes(row[:_LINE_BYTES], "big"), row[_LINE_BYTES:]
