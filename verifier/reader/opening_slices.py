"""Which lines of a box's openings belong to which of its ballot files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.json_strict import MalformedJson, parse
from verifier.reader.files import Stretch, UnreadableFile
from verifier.reader.shape import ShapeFault
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.reader.ballots import BallotShapes
    from verifier.reader.files import RecordFolder


@dataclass(frozen=True, slots=True)
class OpeningSlice:
    """Some lines of the openings of a box.

    lines: where they lie. last: position of the last readable opening before them, 0 if none.
    is_uncertain: after that one there is a line, before these, that could not be read.
    """

    path: str
    lines: Stretch
    last: int
    is_uncertain: bool


class OpeningSlices:
    """Cuts the openings of one box by position, without holding any; finds no fault with them.

    A line that cannot be read stays with the readable one before it. The lines are read again,
    and judged, by whoever looks at the ballots. Cost: each line is parsed once.
    """

    def __init__(self, folder: RecordFolder, path: str, shapes: BallotShapes, device: str) -> None:
        self._path = path
        self._shapes = shapes
        self._device = device
        self._offset = self._line = self._last = 0
        self._is_uncertain = False
        self._lines = self._ends(folder)
        self._head = next(self._lines, None)

    def _ends(self, folder: RecordFolder) -> Iterator[tuple[int, int | None]]:
        """For each line where it ends, and its position; None if unreadable or out of order."""
        lines, last = folder.lines(self._path), 0
        try:
            for line in lines:
                position = self._position(line)
                if position is not None and position < last:
                    position = None
                last = last if position is None else position
                yield lines.offset, position
        except UnreadableFile:
            return

    def _position(self, line: bytes | None) -> int | None:
        if line is None:
            return None
        try:
            return self._shapes.opening(parse(line), Location(), self._device).position
        except (MalformedJson, ShapeFault):
            return None

    def upto(self, highest: int) -> OpeningSlice:
        """The lines from here on, up to the first readable one of a higher position."""
        offset, line, last, is_uncertain = self._place()
        while self._head is not None and (self._head[1] is None or self._head[1] <= highest):
            self._offset, position = self._head
            self._line += 1
            self._is_uncertain = position is None
            self._last = self._last if position is None else position
            self._head = next(self._lines, None)
        return OpeningSlice(
            self._path, Stretch(offset, line, self._line - line), last, is_uncertain
        )

    def rest(self) -> OpeningSlice:
        """All lines from here on."""
        offset, line, last, is_uncertain = self._place()
        return OpeningSlice(self._path, Stretch(offset, line, None), last, is_uncertain)

    def _place(self) -> tuple[int, int, int, bool]:
        return self._offset, self._line, self._last, self._is_uncertain
