"""`hints/<device>/<f>.bin`, entry by entry: commitments that anybody may have put there (specs/25).

Nothing in here is an error: a file that is not what it should be gives no hints from there on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.json_strict import MAX_LINE_BYTES
from verifier.reader.files import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from verifier.algebra import Group
    from verifier.context import Context
    from verifier.model import Contest
    from verifier.reader.files import Octets, RecordFolder
    from verifier.units import Unit

COUNT_BYTES: Final = 4


class HintFile:
    """The hints of one ballot file, read front to back. Memory: one entry.

    Of an entry that nobody asks for only the number is read. The first one that is not as long as
    its ballot needs, or breaks off, is the last that is read.
    """

    def __init__(self, folder: RecordFolder, path: str, group: Group, most: int) -> None:
        """path: of the hint file, opened when it is first asked. most: elements of an entry."""
        self._open: Callable[[], Octets] = lambda: folder.octets(path)
        self._octets: Octets | None = None
        self._width = group.lp
        self._most = most
        self._line = 1  # of the next entry
        self._is_over = False

    def of(self, line: int, elements: int) -> bytes:
        """The elements of the entry for this line, from 1; empty if it has none, or another number.

        line: greater than any that was asked for before. Never raises for what the file holds.
        Cost: the bytes of the entry; in a zip those of skipped entries are unpacked as well.
        """
        if self._is_over or line < self._line:
            return b""
        try:
            entry = self._entry(line, elements)
        except UnreadableFile:
            entry = None
        if entry is None:
            self._is_over, self._octets = True, None
            return b""
        return entry

    def _entry(self, line: int, elements: int) -> bytes | None:
        """None when nothing that follows can be believed. Raises UnreadableFile."""
        octets = self._octets = self._octets or self._open()
        while self._line < line:
            skipped = self._count(octets)
            if skipped is None or skipped > self._most:
                return None
            octets.skip(skipped * self._width)
        number = self._count(octets)
        if number == 0:
            return b""
        if number != elements:
            return None
        raw = octets.take(number * self._width)
        return raw if len(raw) == number * self._width else None

    def _count(self, octets: Octets) -> int | None:
        """How many elements the next entry says it has; None at the end of the file."""
        raw = octets.take(COUNT_BYTES)
        self._line += 1
        return int.from_bytes(raw, "big") if len(raw) == COUNT_BYTES else None


def hints_of(folder: RecordFolder, unit: Unit, context: Context) -> HintFile | None:
    """The hints of a unit; None when its record has none."""
    if unit.hints is None or context.manifest is None:
        return None
    group = context.group
    # A proof entry takes more than 4 lq digits of a line and has two commitments.
    most = min(most_elements(context.manifest.contests), MAX_LINE_BYTES // (2 * group.lq))
    return HintFile(folder, unit.hints, group, most)


def most_elements(contests: Iterable[Contest]) -> int:
    """Elements of the entry of a ballot that has all these contests, each with data."""
    return 1 + sum(
        2 * (contest.option_limit + 1) * len(contest.options) + 2 * (contest.contest_limit + 1) + 1
        for contest in contests
    )
