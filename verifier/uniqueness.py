"""Values that no two ballots of a record may share."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_BYTES: Final = 2  # a ballot file has at most 256 lines
_ROW_BYTES: Final = _LINE_BYTES + 32
_BALLOTS_OF_A_BOX: Final = 2**32
_VALUE_BYTES: Final = 32
_PLACE_BYTES: Final = 8
_SEEN_BYTES: Final = _VALUE_BYTES + _PLACE_BYTES
_FIRST_SLOTS: Final = 2**10


class FirstSeen:
    """Remembers for each value which ballot had it first.

    Some 55 bytes a ballot: the one thing that a verification keeps of every ballot. Rows of value
    and place lie in one string of bytes; a table of row numbers, by Python's hash of bytes, whose
    key is drawn anew in each process, says where to look.
    """

    def __init__(self) -> None:
        self._boxes: dict[str, int] = {}
        self._rows = bytearray()
        self._slots = array("I", bytes(4 * _FIRST_SLOTS))  # number of a row from 1; 0 is free

    def earlier(self, value: bytes, device: str, ordinal: int) -> str | None:
        """The ballot that had this value before; None for the first, which is remembered.

        value: 32 bytes. ordinal: place of the ballot at its device, from 1 and below 2^32.
        """
        box = self._boxes.setdefault(device, len(self._boxes))
        place = box * _BALLOTS_OF_A_BOX + ordinal
        first = self._first(value, place)
        if first == place:
            return None
        box, ordinal = divmod(first, _BALLOTS_OF_A_BOX)
        return f"ballot {ordinal} of device {list(self._boxes)[box]}"

    def _first(self, value: bytes, place: int) -> int:
        """The place that this value has, which is the one given if it has none yet."""
        slot = self._slot_of(value)
        row = self._slots[slot]
        if row:
            end = row * _SEEN_BYTES
            return int.from_bytes(self._rows[end - _PLACE_BYTES : end], "big")
        self._rows += value + place.to_bytes(_PLACE_BYTES, "big")
        self._slots[slot] = len(self._rows) // _SEEN_BYTES
        if 3 * self._slots[slot] > 2 * len(self._slots):
            self._widen()
        return place

    def _slot_of(self, value: bytes) -> int:
        """Where the row of this value is, or will be."""
        rows, slots = self._rows, self._slots
        last = len(slots) - 1
        slot = hash(value) & last
        while slots[slot]:
            start = (slots[slot] - 1) * _SEEN_BYTES
            if rows[start : start + _VALUE_BYTES] == value:
                break
            slot = (slot + 1) & last
        return slot

    def _widen(self) -> None:
        """Twice as many slots, with every row at its place again."""
        self._slots = array("I", bytes(8 * len(self._slots)))
        for number, start in enumerate(range(0, len(self._rows), _SEEN_BYTES), 1):
            value = bytes(self._rows[start : start + _VALUE_BYTES])
            self._slots[self._slot_of(value)] = number


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
