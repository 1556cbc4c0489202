"""Values that no two ballots of a record may share."""

from __future__ import annotations

_BALLOTS_OF_A_BOX = 2**32


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
