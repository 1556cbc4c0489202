"""Durable files: the one place through which the programs write (DESIGN, section 2).

Paths are relative, with `/` between names, such as `ballots/box-1/000000.ndjson`.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from egcore.randomness import random_bytes32

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}", re.ASCII)
_UNFINISHED: Final = ".unfinished-"  # no name starts with a dot: never listed, never read


class Storage(Protocol):
    """Files that survive a crash once a write has returned.

    Every path that is not plain names below the root raises ValueError; a file that is not there
    raises FileNotFoundError.
    """

    def read(self, path: str) -> bytes:
        """All bytes of a file."""
        ...

    def open_stream(self, path: str) -> BinaryIO:
        """A file opened for reading; the caller closes it."""
        ...

    def write(self, path: str, data: bytes) -> None:
        """The file holds exactly `data`, durably; a reader sees the old or the new, never a mix."""
        ...

    def append(self, path: str, data: bytes) -> None:
        """The file, made if missing, ends with `data`, durably. A crash may leave a part of it."""
        ...

    def list(self, prefix: str) -> list[str]:
        """Paths of all files whose path is `prefix` or below it, sorted; "" lists everything."""
        ...

    def exists(self, path: str) -> bool:
        """Whether there is a file of this path."""
        ...


def require_plain_path(path: str) -> tuple[str, ...]:
    """Names of a relative path.

    Raises ValueError for an absolute path, an empty name, a name that starts with a dot (so `.`
    and `..` too), and characters other than letters, digits, `.`, `_` and `-` of ASCII.
    """
    names = tuple(path.split("/"))
    for name in names:
        if _NAME.fullmatch(name) is None:
            raise ValueError(f"path {path[:80]!r} is not plain names below the root")
    return names


class FolderStorage:
    """Storage in a folder of the file system. Symbolic links below the root are refused."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def read(self, path: str) -> bytes:
        """All bytes of a file."""
        with self.open_stream(path) as file:
            return file.read()

    def open_stream(self, path: str) -> BinaryIO:
        """A file opened for reading; the caller closes it."""
        return self._place(path).open("rb")

    def write(self, path: str, data: bytes) -> None:
        """The file holds exactly `data`: temporary file, fsync, rename, fsync of the folder."""
        place = self._place(path)
        self._make_folder(place.parent)
        unfinished = place.parent / f"{_UNFINISHED}{random_bytes32().hex()}"
        try:
            with unfinished.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(place)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise
        _sync_folder(place.parent)

    def append(self, path: str, data: bytes) -> None:
        """The file ends with `data`: written, fsync of the file and of its folder."""
        place = self._place(path)
        self._make_folder(place.parent)
        with place.open("ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(place.parent)

    def list(self, prefix: str) -> list[str]:
        """Paths of all files whose path is `prefix` or below it, sorted; "" lists everything."""
        place = self.root if prefix == "" else self._place(prefix)
        if place.is_file():
            return [prefix]
        return sorted(file.relative_to(self.root).as_posix() for file in _files_below(place))

    def exists(self, path: str) -> bool:
        """Whether there is a file of this path."""
        return self._place(path).is_file()

    def _place(self, path: str) -> Path:
        place = self.root
        for name in require_plain_path(path):
            place /= name
            if place.is_symlink():
                raise ValueError(f"path {path[:80]!r} leads through a symbolic link")
        return place

    def _make_folder(self, folder: Path) -> None:
        """The folder is there, and each new one is durable in the folder above it."""
        if folder.is_dir():
            return
        if folder != self.root:
            self._make_folder(folder.parent)
        folder.mkdir(parents=folder == self.root, exist_ok=True)
        _sync_folder(folder.parent)


def _files_below(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.name.startswith(_UNFINISHED) or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _files_below(entry)
        else:
            yield entry


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
