"""The files of a folder: what is there, without following a link, and their bytes."""

from __future__ import annotations

import hashlib
import os
import stat
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, Self

from verifier.json_strict import MAX_FILE_BYTES, MAX_LINE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType

_CHUNK: Final = 2**20


class UnreadableFile(Exception):  # noqa: N818 -- the record is at fault, not the program
    """A file of the record that cannot be opened as a plain file, or is too large.

    item: 0.A of a file that cannot be had, 0.B of one beyond the limits.
    """

    def __init__(self, reason: str, item: str = "0.A") -> None:
        super().__init__(reason)
        self.reason = reason
        self.item = item


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of a file that follow each other.

    offset: bytes before them. line: lines before them. count: how many; None for all to the end.
    """

    offset: int = 0
    line: int = 0
    count: int | None = None


@dataclass(frozen=True)
class Listing:
    """What a folder holds.

    files: the plain files by their path in the record, with `/`. strange: path and kind of what is
    neither a plain file nor a folder with a name of the record. folders: those that were entered.
    """

    files: frozenset[str]
    strange: tuple[tuple[str, str], ...]
    folders: frozenset[str] = field(default_factory=frozenset)


def printable(path: str) -> str:
    """A path as a finding may print it: any byte that is not plain ASCII is escaped."""
    return "".join(c if " " <= c <= "~" and c != "\\" else ascii(c)[1:-1] for c in path)


def list_files(root: Path, enter: Callable[[str], bool]) -> Listing:
    """List the folder `root`, which may itself be reached over a link, but nothing inside.

    enter: whether a folder with this path is one of a record; others are named and not entered.
    Raises OSError if the root cannot be listed.
    """
    files: set[str] = set()
    folders: set[str] = set()
    strange: list[tuple[str, str]] = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(root / folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as fault:
            if folder == "":
                raise
            strange.append((folder, f"a folder that cannot be read ({fault.strerror})"))
            continue
        for entry in found:
            path = f"{folder}/{entry.name}" if folder else entry.name
            kind = _kind(entry)
            if kind == "file":
                files.add(path)
            elif kind == "folder" and enter(path):
                folders.add(path)
                waiting.append(path)
            else:
                strange.append((path, f"a {kind}"))
    return Listing(frozenset(files), tuple(sorted(strange)), frozenset(folders))


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "symbolic link"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    if entry.is_file(follow_symlinks=False):
        return "file"
    return "special file"


class RecordFolder:
    """The bytes of the plain files under one root; paths are those of the listing."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def listing(self, enter: Callable[[str], bool]) -> Listing:
        """What is there: `list_files`. Raises OSError."""
        return list_files(self._root, enter)

    def _open(self, path: str) -> int:
        """A descriptor of a plain file. Raises UnreadableFile; never waits for a pipe."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            descriptor = os.open(self._root / path, flags)
        except OSError as fault:
            raise UnreadableFile(f"it cannot be opened ({fault.strerror})") from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise UnreadableFile("it is not a plain file")
        return descriptor

    def read(self, path: str, most: int = MAX_FILE_BYTES) -> bytes:
        """All bytes of a file of at most `most`, 16 MiB unless given. Raises UnreadableFile."""
        try:
            with os.fdopen(self._open(path), "rb") as stream:
                raw = stream.read(most + 1)
        except OSError as fault:
            raise UnreadableFile(f"it cannot be read ({fault.strerror})") from None
        if len(raw) > most:
            raise UnreadableFile(f"it has more than {most} bytes", "0.B")
        return raw

    def lines(self, path: str, offset: int = 0) -> Lines:
        """The lines of a file of any size, from the one that begins at this byte.

        Raises UnreadableFile when iterated.
        """
        return Lines(lambda start: self._open_at(path, start), offset)

    def octets(self, path: str) -> Octets:
        """The bytes of a file of any size, taken front to back. Raises UnreadableFile."""
        return FileOctets(self._open(path))

    def _open_at(self, path: str, offset: int) -> LineSource:
        """The file from a byte on. Raises UnreadableFile, OSError."""
        stream = os.fdopen(self._open(path), "rb", buffering=_CHUNK)
        stream.seek(offset)
        return stream


class Octets(Protocol):
    """A file whose bytes are taken or skipped from its beginning on; closed when it is let go."""

    def take(self, number: int) -> bytes:
        """The next so many bytes, fewer at the end. Raises UnreadableFile."""
        ...

    def skip(self, number: int) -> None:
        """Go on by so many bytes, also beyond the end. Raises UnreadableFile."""
        ...


class FileOctets:
    """The bytes of an open plain file. Skipping costs nothing, whatever the size of the file."""

    def __init__(self, descriptor: int) -> None:
        """descriptor: closed together with this object."""
        self._descriptor = descriptor
        self._at = 0
        weakref.finalize(self, os.close, descriptor)

    def take(self, number: int) -> bytes:
        """The next so many bytes, fewer at the end. Raises UnreadableFile."""
        try:
            raw = os.pread(self._descriptor, number, self._at)
        except (OSError, OverflowError) as fault:
            raise UnreadableFile(f"it cannot be read ({fault})") from None
        self._at += len(raw)
        return raw

    def skip(self, number: int) -> None:
        """Go on by so many bytes, also beyond the end."""
        self._at += number


class LineSource(Protocol):
    """A file that is open at some place, until the end of a `with` block."""

    def __enter__(self) -> Self:
        """Itself."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        """Close it."""

    def readline(self, most: int, /) -> bytes:
        """The next line, or so many bytes of it; nothing at the end."""


class Lines:
    """An iteration over the lines of one file, each with its newline; `digest` is ready at its end.

    A line of more than 4 MiB is given as None; what is too long is hashed and not kept.
    offset: where the lines begin, then where the last one ended. count: lines so far.
    """

    def __init__(self, open_at: Callable[[int], LineSource], offset: int = 0) -> None:
        self._open_at = open_at
        self._hash = hashlib.sha256()
        self.count = 0
        self.offset = offset

    def __iter__(self) -> Iterator[bytes | None]:
        try:
            with self._open_at(self.offset) as stream:
                while line := stream.readline(MAX_LINE_BYTES + 1):
                    self._take(line)
                    self.count += 1
                    if len(line) <= MAX_LINE_BYTES:
                        yield line
                        continue
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(_CHUNK)
                        self._take(line)
                    yield None
        except OSError as fault:
            raise UnreadableFile(f"it cannot be read ({fault.strerror})") from None

    def _take(self, raw: bytes) -> None:
        self._hash.update(raw)
        self.offset += len(raw)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the bytes iterated over so far: of the whole file at its end."""
        return self._hash.digest()
