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

    def settle(self) -> None:
        """All that can be read is durable, and what a crash left unfinished is gone.

        A killed process may leave names and bytes that a reader sees and a power cut still
        takes away. A program that goes on from what it reads calls this before it reads; it is
        the only one that writes here meanwhile.
        """
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


class FileSystem:
    """The operations by which a folder is changed, one by one; a crash falls between two of them.

    A test passes its own, which forgets what was not synced.
    """

    def create(self, place: Path) -> BinaryIO:
        """A new empty file, opened for writing."""
        return place.open("xb")

    def lengthen(self, place: Path) -> BinaryIO:
        """A file, made if missing, opened for writing at its end."""
        return place.open("ab")

    def write(self, file: BinaryIO, data: bytes) -> None:
        """The file ends with `data`, not yet durably."""
        file.write(data)
        file.flush()

    def sync(self, file: BinaryIO) -> None:
        """The bytes of an open file are durable; its name is not, see `sync_folder`."""
        os.fsync(file.fileno())

    def rename(self, place: Path, to: Path) -> None:
        """The file has another name, at which there is no other file any more."""
        place.rename(to)

    def remove(self, place: Path) -> None:
        """The file is gone."""
        place.unlink()

    def make_folder(self, folder: Path) -> None:
        """A new folder."""
        folder.mkdir(exist_ok=True)

    def sync_folder(self, folder: Path) -> None:
        """The names in a folder are durable, and so are those that are no longer there."""
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class FolderStorage:
    """Storage in a folder of the file system. Symbolic links below the root are refused."""

    def __init__(self, root: Path, system: FileSystem | None = None) -> None:
        self.root = root.resolve()
        self._system = FileSystem() if system is None else system
        self._durable: set[Path] = set()  # folders whose names this object has synced

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
            with self._system.create(unfinished) as file:
                self._system.write(file, data)
                self._system.sync(file)
            self._system.rename(unfinished, place)
        except BaseException:
            with suppress(OSError):
                self._system.remove(unfinished)
            raise
        self._system.sync_folder(place.parent)

    def append(self, path: str, data: bytes) -> None:
        """The file ends with `data`: written, fsync of the file and of its folder."""
        place = self._place(path)
        self._make_folder(place.parent)
        with self._system.lengthen(place) as file:
            self._system.write(file, data)
            self._system.sync(file)
        self._system.sync_folder(place.parent)

    def list(self, prefix: str) -> list[str]:
        """Paths of all files whose path is `prefix` or below it, sorted; "" lists everything."""
        place = self.root if prefix == "" else self._place(prefix)
        if place.is_file():
            return [prefix]
        return sorted(file.relative_to(self.root).as_posix() for file in _files_below(place))

    def exists(self, path: str) -> bool:
        """Whether there is a file of this path."""
        return self._place(path).is_file()

    def settle(self) -> None:
        """All that can be read is durable, and what a crash left unfinished is gone."""
        if self.root.is_dir():
            self._settle_root()
            self._settle_folder(self.root)

    def _place(self, path: str) -> Path:
        place = self.root
        for name in require_plain_path(path):
            place /= name
            if place.is_symlink():
                raise ValueError(f"path {path[:80]!r} leads through a symbolic link")
        return place

    def _make_folder(self, folder: Path) -> None:
        """The folder is there, durably in the folder above it.

        One that is there already may be the unsynced work of a process that was killed.
        """
        found = folder.is_dir()
        if found and (folder in self._durable or folder in self.root.parents):
            return
        if found and folder == self.root:
            self._settle_root()
        else:
            self._make_folder(folder.parent)
            if not found:
                self._system.make_folder(folder)
            self._system.sync_folder(folder.parent)
        self._durable.add(folder)

    def _settle_root(self) -> None:
        """The name of the root is durable, unless the folder above it is closed to this user."""
        with suppress(PermissionError):
            self._system.sync_folder(self.root.parent)

    def _settle_folder(self, folder: Path) -> None:
        for entry in sorted(folder.iterdir()):
            if entry.name.startswith(_UNFINISHED):
                self._system.remove(entry)
            elif entry.is_symlink():
                continue
            elif entry.is_dir():
                self._settle_folder(entry)
            elif entry.is_file():
                with entry.open("rb") as file:
                    self._system.sync(file)
        self._system.sync_folder(folder)
        self._durable.add(folder)


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
