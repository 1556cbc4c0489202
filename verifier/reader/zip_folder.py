"""A record in a zip, read where it lies: nothing is unpacked to disk, no member held in memory."""

from __future__ import annotations

import os
import stat
import weakref
from typing import TYPE_CHECKING

from verifier.json_strict import MAX_FILE_BYTES
from verifier.reader.files import Lines, Listing, RecordFolder, UnreadableFile
from verifier.reader.zip_directory import UnusableZip, read_directory
from verifier.reader.zip_member import MemberStream

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verifier.reader.files import Octets
    from verifier.reader.zip_directory import Member


def open_record(path: Path) -> RecordFolder:
    """The record in a folder, or in a zip.

    Raises OSError when the path is neither a folder nor a plain file, CannotRun for a file that is
    no zip, or one that must not be read.
    """
    if stat.S_ISREG(path.stat().st_mode):
        return ZipFolder(path)
    return RecordFolder(path)


class ZipFolder(RecordFolder):
    """The files of a record in a zip, by the same paths as in a folder.

    One folder around the whole record is left out. The zip stays open as long as this object.
    Cost: the members that are read are unpacked once for each time they are read.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._zip = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._zip)
        length = os.fstat(self._zip).st_size
        members, folders = read_directory(self._read_at, length)
        self._around = _folder_around((*members, *folders))
        cut = len(self._around)
        self._members = {name[cut:]: member for name, member in members.items()}
        self._folders = sorted(name[cut:] for name in folders if len(name) > cut)
        self._parked: tuple[str, MemberStream] | None = None

    def _read_at(self, offset: int, length: int) -> bytes:
        """Exactly so many bytes of the zip. Raises UnusableZip."""
        parts = []
        while length > 0:
            try:
                part = os.pread(self._zip, length, offset)
            except (OSError, OverflowError, ValueError):
                part = b""
            if not part:
                raise UnusableZip("it is shorter than it says, or cannot be read")
            parts.append(part)
            offset += len(part)
            length -= len(part)
        return b"".join(parts)

    def listing(self, enter: Callable[[str], bool]) -> Listing:
        """What a folder with the same content would be listed as."""
        files, folders = set[str](), set[str]()
        strange: dict[str, str] = {}
        for path in self._folders:
            self._outer_folder(f"{path}/", enter, folders, strange)
        for path, member in self._members.items():
            if not self._outer_folder(path, enter, folders, strange):
                continue
            if member.kind == "file":
                files.add(path)
            else:
                strange[path] = f"a {member.kind}"
        return Listing(frozenset(files), tuple(sorted(strange.items())), frozenset(folders))

    @staticmethod
    def _outer_folder(
        path: str, enter: Callable[[str], bool], folders: set[str], strange: dict[str, str]
    ) -> bool:
        """Whether all folders above a path are those of a record; the first other is named."""
        at = path.find("/")
        while at >= 0:
            folder = path[:at]
            if folder not in folders:
                if not enter(folder):
                    strange[folder] = "a folder"
                    return False
                folders.add(folder)
            at = path.find("/", at + 1)
        return True

    def read(self, path: str, most: int = MAX_FILE_BYTES) -> bytes:
        """All bytes of a file of at most `most`, 16 MiB unless given. Raises UnreadableFile."""
        member = self._plain(path)
        if member.size > most:
            raise UnreadableFile(f"it has more than {most} bytes", "0.B")
        with MemberStream(self._read_at, member) as stream:
            return stream.read_all()

    def lines(self, path: str, offset: int = 0) -> Lines:
        """The lines of a file of any size, from the one that begins at this byte.

        Raises UnreadableFile when iterated. What was read of it last is not unpacked again to get
        to a later place.
        """
        return Lines(lambda offset: self._stream(path, offset), offset)

    def octets(self, path: str) -> Octets:
        """The bytes of a member, taken front to back. Raises UnreadableFile.

        Skipping unpacks what is skipped.
        """
        return MemberStream(self._read_at, self._plain(path))

    def _plain(self, path: str) -> Member:
        member = self._members.get(path)
        if member is None or member.kind != "file":
            raise UnreadableFile("it is not a plain file")
        return member

    def _stream(self, path: str, offset: int) -> MemberStream:
        parked, self._parked = self._parked, None
        if parked is None or parked[0] != path or parked[1].position > offset:
            stream = MemberStream(self._read_at, self._plain(path))
        else:
            stream = parked[1]
        stream.skip_to(offset)
        stream.park = lambda: self._park(path, stream)
        return stream

    def _park(self, path: str, stream: MemberStream) -> None:
        self._parked = path, stream


def _folder_around(paths: tuple[str, ...]) -> str:
    """The one folder, with its slash, in which everything lies; empty if there is none.

    A record that lies at the top has `manifest.json` there, so nothing around it.
    """
    first = next(iter(paths), "").partition("/")[0] + "/"
    inside = first + "manifest.json"
    if inside in paths and all(f"{path}/".startswith(first) for path in paths):
        return first
    return ""
