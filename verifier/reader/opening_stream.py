"""The openings of a ballot file, taken one by one as its ballots pass by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.model import Opening
    from verifier.reader.ballots import BallotShapes
    from verifier.reader.form import Form
    from verifier.reader.opening_slices import OpeningSlice
    from verifier.reader.record_files import RecordFiles
    from verifier.report import Location
    from verifier.units import Unit


class OpeningStream:
    """The openings of one unit by ascending position; never more than one of them is held.

    A line that could not be read may be the opening of any ballot between its neighbours.
    """

    def __init__(self, files: RecordFiles, form: Form, shapes: BallotShapes, unit: Unit) -> None:
        self._form = form
        self._openings: Iterator[Opening | None] = iter(())
        self._head: Opening | None = None
        self._is_uncertain = False  # a line before the head could not be read
        if unit.openings is not None:
            self._openings = self._ascending(files, shapes, unit.device, unit.openings)
            self._advance()
            self._is_uncertain |= unit.openings.is_uncertain

    def _ascending(
        self, files: RecordFiles, shapes: BallotShapes, device: str, part: OpeningSlice
    ) -> Iterator[Opening | None]:
        """The openings, None for one that could not be read or is out of order (0.C)."""

        def to_opening(value: dict[str, object], at: Location, _line: bytes) -> Opening:
            return shapes.opening(value, at, device)

        last = part.last
        for opening in files.nouns(part.path, to_opening, part.lines):
            if opening is not None and opening.position < last:
                expected, found = f"a position from {last} on", f"position {opening.position}"
                self._form.unreadable("0.C", opening.at, expected, found)
                yield None
                continue
            last = last if opening is None else opening.position
            yield opening

    def _advance(self) -> None:
        self._head, self._is_uncertain = None, False
        for opening in self._openings:
            if opening is not None:
                self._head = opening
                return
            self._is_uncertain = True

    def before(self, ordinal: int) -> Iterator[Opening]:
        """Take the openings of lower positions: they belong to no ballot that is still to come."""
        while self._head is not None and self._head.position < ordinal:
            yield self._head
            self._advance()

    def rest(self) -> Iterator[Opening]:
        """Take all that are left."""
        while self._head is not None:
            yield self._head
            self._advance()

    def of(self, ordinal: int) -> tuple[Opening | None, bool]:
        """Take the opening of this position; and, if there is none, whether that is certain."""
        head = self._head
        if head is not None and head.position == ordinal:
            self._advance()
            return head, True
        return None, not self._is_uncertain
