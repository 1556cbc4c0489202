"""Objects and lines out of the files of one folder: the bytes are read here and nowhere else."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from verifier.json_strict import MalformedJson, parse
from verifier.reader.files import Stretch, UnreadableFile
from verifier.reader.shape import ShapeFault
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verifier.reader.files import Listing, RecordFolder
    from verifier.reader.form import Form

T = TypeVar("T")

_WHOLE: Final = Stretch()
_A_PLAIN_FILE: Final = "a plain file within the limits"


class RecordFiles:
    """The files of a record. What is wrong with their form goes to `form` (0.A, 0.B, 0.C).

    digests: SHA-256 of every file that was read to its end; of one of which a stretch of lines was
    read, that of the stretch.
    """

    def __init__(self, folder: RecordFolder, listing: Listing, form: Form) -> None:
        self._folder = folder
        self._listing = listing
        self._form = form
        self.digests: dict[str, bytes] = {}
        self._changed: set[str] = set()

    def bytes_of(self, path: str) -> bytes | None:
        """All bytes of a file; None if it is missing (0.A, Layout) or cannot be read."""
        if path not in self._listing.files:
            return None
        try:
            raw = self._folder.read(path)
        except UnreadableFile as fault:
            at = Location(file=path)
            self._form.unreadable(fault.item, at, _A_PLAIN_FILE, fault.reason)
            return None
        self.digests[path] = hashlib.sha256(raw).digest()
        return raw

    def noun(
        self, path: str, to_noun: Callable[[dict[str, object], Location, bytes], T]
    ) -> T | None:
        """What a `.json` or `.sig` file stands for; None if it is missing or cannot be read."""
        raw, at = self.bytes_of(path), Location(file=path)
        if raw is None:
            return None
        return self._form.read(raw, at, lambda value: to_noun(value, at, raw))

    def nouns(
        self,
        path: str,
        to_noun: Callable[[dict[str, object], Location, bytes], T],
        stretch: Stretch = _WHOLE,
        place: Callable[[int], Location] | None = None,
        usual: Callable[[bytes, Location], T | None] | None = None,
    ) -> Iterator[T | None]:
        """What each line of an `.ndjson` file stands for, None for a line that cannot be read.

        stretch: the lines to read. place: of a line, from 1, where it is more than file and line.
        usual: a quicker way to the same nouns; None for the lines that it leaves to `to_noun`.
        Nothing when the file is missing. A file that breaks off gives what came before.
        """
        if path not in self._listing.files:
            return
        for number, line in self._numbered(path, stretch):
            at = Location(file=path, line=number) if place is None else place(number)
            if line is None:
                yield self._form.read(None, at, lambda _: None)
                continue
            noun = None if usual is None else usual(line, at)
            yield self._form.read(line, at, _bind(to_noun, at, line)) if noun is None else noun

    def _numbered(self, path: str, stretch: Stretch) -> Iterator[tuple[int, bytes | None]]:
        at, lines = Location(file=path), self._folder.lines(path, stretch.offset)
        try:
            yield from islice(enumerate(lines, start=stretch.line + 1), stretch.count)
        except UnreadableFile as fault:
            self._form.unreadable(fault.item, at, _A_PLAIN_FILE, fault.reason)
            return
        self.digests[path] = lines.digest
        if stretch == _WHOLE and lines.count == 0:
            self._form.unreadable("0.B", at, "at least one line", "an empty file")

    def again(
        self, path: str, to_noun: Callable[[dict[str, object], Location, bytes], T]
    ) -> Iterator[T]:
        """The readable lines of a file that `nouns` has read before.

        A file that has gone since, or has other bytes, is one finding (0.A, 0.B).
        """
        if path not in self.digests:
            return
        lines = self._folder.lines(path)
        try:
            for number, line in enumerate(lines, start=1):
                noun = self._silently(line, Location(file=path, line=number), to_noun)
                if noun is not None:
                    yield noun
        except UnreadableFile as fault:
            self._has_changed("0.A", path, fault.reason)
        else:
            if lines.digest != self.digests[path]:
                self._has_changed("0.B", path, "other bytes")

    @staticmethod
    def _silently(
        line: bytes | None,
        at: Location,
        to_noun: Callable[[dict[str, object], Location, bytes], T],
    ) -> T | None:
        """The noun of a line, None for what was named when the file was read first."""
        if line is None:
            return None
        try:
            return to_noun(parse(line), at, line)
        except (MalformedJson, ShapeFault):
            return None

    def _has_changed(self, item: str, path: str, found: str) -> None:
        if path in self._changed:
            return
        self._changed.add(path)
        expected = "the file that was there when it was read first"
        self._form.unreadable(item, Location(file=path), expected, found)


def _bind(
    to_noun: Callable[[dict[str, object], Location, bytes], T], at: Location, line: bytes
) -> Callable[[dict[str, object]], T]:
    return lambda value: to_noun(value, at, line)
