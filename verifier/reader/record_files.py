"""Objects and lines out of the files of one folder: the bytes are read here and nowhere else."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

from verifier.json_strict import MalformedJson, parse
from verifier.reader.files import UnreadableFile
from verifier.reader.shape import ShapeFault
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verifier.reader.files import Lines, Listing, RecordFolder
    from verifier.reader.form import Form

T = TypeVar("T")


class RecordFiles:
    """The files of a record. What is wrong with their form goes to `form` (0.A, 0.B, 0.C).

    digests: SHA-256 of every file that was read to its end.
    """

    def __init__(self, folder: RecordFolder, listing: Listing, form: Form) -> None:
        self._folder = folder
        self._listing = listing
        self._form = form
        self.digests: dict[str, bytes] = {}

    def bytes_of(self, path: str) -> bytes | None:
        """All bytes of a file; None if it is missing (0.A, Layout) or cannot be read."""
        if path not in self._listing.files:
            return None
        try:
            raw = self._folder.read(path)
        except UnreadableFile as fault:
            at = Location(file=path)
            self._form.unreadable(fault.item, at, "a plain file within the limits", fault.reason)
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
        self, path: str, to_noun: Callable[[dict[str, object], Location, bytes], T]
    ) -> Iterator[T | None]:
        """What each line of an `.ndjson` file stands for, None for a line that cannot be read.

        Nothing when the file is missing. A file that breaks off gives what came before.
        """
        if path not in self._listing.files:
            return
        lines = self._folder.lines(path)
        for number, line in self._numbered(path, lines):
            at = Location(file=path, line=number)
            if line is None:
                yield self._form.read(None, at, lambda _: None)
            else:
                yield self._form.read(line, at, _bind(to_noun, at, line))

    def _numbered(self, path: str, lines: Lines) -> Iterator[tuple[int, bytes | None]]:
        at = Location(file=path)
        try:
            yield from enumerate(lines, start=1)
        except UnreadableFile as fault:
            self._form.unreadable(fault.item, at, "a plain file within the limits", fault.reason)
            return
        self.digests[path] = lines.digest
        if lines.count == 0:
            self._form.unreadable("0.B", at, "at least one line", "an empty file")

    def again(
        self, path: str, to_noun: Callable[[dict[str, object], Location, bytes], T]
    ) -> Iterator[T]:
        """The readable lines of a file that `nouns` has read before, without a finding.

        Raises UnreadableFile if the file has gone since.
        """
        if path not in self.digests:
            return
        for number, line in enumerate(self._folder.lines(path), start=1):
            if line is None:
                continue
            try:
                yield to_noun(parse(line), Location(file=path, line=number), line)
            except (MalformedJson, ShapeFault):
                continue  # named when the file was read first


def _bind(
    to_noun: Callable[[dict[str, object], Location, bytes], T], at: Location, line: bytes
) -> Callable[[dict[str, object]], T]:
    return lambda value: to_noun(value, at, line)
