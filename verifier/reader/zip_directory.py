"""The central directory of a zip, read strictly: every member once, and nothing with two readings.

Formats: PKWARE's APPNOTE 6.3.10, sections 4.3 to 4.5. A program that unpacks a zip may go by local
headers, by data descriptors or by the central directory. Only a zip in which all of them say the
same is taken (specs/21-trust-and-papers.md).
"""

from __future__ import annotations

import re
import stat
import struct
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NoReturn

from verifier.cannot_run import CannotRun
from verifier.reader.files import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[[int, int], bytes]  # offset, length: exactly so many bytes, or UnusableZip

STORED: Final = 0
DEFLATED: Final = 8
ENCRYPTED: Final = 0x2041  # bit 0 encrypted, bit 6 strongly, bit 13 its directory
HAS_DESCRIPTOR: Final = 0x0008
LOCAL_BYTES: Final = 30
FULL_32: Final = 0xFFFFFFFF
_FULL_16: Final = 0xFFFF

# A record of 10,400 boxes with four ballot files each has some 150,000 files.
MAX_MEMBERS: Final = 500_000
MAX_DIRECTORY_BYTES: Final = 64 * 2**20
MAX_NAME_BYTES: Final = 256
MAX_PARTS: Final = 10
MAX_MEMBER_BYTES: Final = 8 * 2**30
MAX_TOTAL_BYTES: Final = 4 * 2**40
MAX_RATIO: Final = 500
FREE_BYTES: Final = 16 * 2**20  # of any ratio: what a .json file may have

_COMMENT_LENGTH: Final = struct.Struct("<20xH")  # where the end record has it
_FIELD: Final = struct.Struct("<2H")
_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_ZIP64: Final = 0x0001
_UNICODE_PATH: Final = 0x7075
_DRIVE = re.compile(r"[A-Za-z]:")
_HINT: Final = "make the zip again with a common program, or unpack it and name the folder"


class UnusableZip(CannotRun):
    """A zip that is damaged, could be read in two ways, or is out of bounds. Exit code 3."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the zip cannot be used: {reason}", _HINT)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a zip by its entry in the central directory.

    raw: the name as it stands. header: offset of the local header. end: where what follows begins,
    so that neither header nor data may go beyond. kind: `file`, or what it is instead.
    """

    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    header: int
    end: int
    kind: str


def _refuse(reason: str) -> NoReturn:
    raise UnusableZip(reason)


def read_directory(read: Read, length: int) -> tuple[dict[str, Member], set[str]]:
    """Members and named folders by their path, in the order of the directory.

    read: bytes of the zip. length: of the zip. Raises UnusableZip. Cost: one sort of the members;
    memory: the directory once, and some 300 bytes a member.
    """
    count, start, size = _end(read, length)
    raw, at = read(start, size), 0
    members: dict[str, Member] = {}
    folders: set[str] = set()
    total = 0
    for _ in range(count):
        member, at = _entry(raw, at, start)
        path = _path(member.raw)
        if path in members or path in folders:
            _refuse(f"it names {printable(path)} twice")
        if member.kind == "folder":
            folders.add(path)
            continue
        members[path] = member
        total += member.size
    if at != len(raw):
        _refuse("its directory has more bytes than entries")
    if total > MAX_TOTAL_BYTES:
        _refuse(f"its files have {total} bytes, more than {MAX_TOTAL_BYTES}")
    _refuse_file_as_folder(members, folders)
    return _bounded(members, start), folders


def _end(read: Read, length: int) -> tuple[int, int, int]:
    """Number of entries, offset and size of the directory, from the record at the very end."""
    at = _find_end(read, length)
    _, disk, first, here, count, size, start, _ = _END.unpack(read(at, _END.size))
    if disk != first or here != count:
        _refuse("it is one part of several")
    end = at
    if _FULL_16 in (disk, count) or FULL_32 in (size, start):
        disk, first, here, count, size, start, end = _end_64(read, at)
    if (disk, first) != (0, 0) or here != count:
        _refuse("it is one part of several")
    if count > MAX_MEMBERS:
        _refuse(f"it has {count} files, more than {MAX_MEMBERS}")
    if size > MAX_DIRECTORY_BYTES:
        _refuse(f"its directory has {size} bytes, more than {MAX_DIRECTORY_BYTES}")
    if start + size != end:
        _refuse("its directory does not end where its last record begins")
    return count, start, size


def _find_end(read: Read, length: int) -> int:
    """Offset of the end record: the only one whose comment reaches to the end of the zip."""
    tail_at = max(0, length - _END.size - _FULL_16)
    tail = read(tail_at, length - tail_at)
    found = []
    at = tail.rfind(b"PK\5\6")
    while at >= 0:
        if at + _END.size <= len(tail):
            (comment,) = _COMMENT_LENGTH.unpack_from(tail, at)
            if at + _END.size + comment == len(tail):
                found.append(tail_at + at)
        at = tail.rfind(b"PK\5\6", 0, at)
    if len(found) != 1:
        _refuse("it has no end record" if not found else "it has two end records")
    return found[0]


def _end_64(read: Read, at: int) -> tuple[int, int, int, int, int, int, int]:
    if at < _LOCATOR.size + _END_64.size:
        _refuse("it has no zip64 end record")
    signature, disk, where, disks = _LOCATOR.unpack(read(at - _LOCATOR.size, _LOCATOR.size))
    if signature != b"PK\6\7" or disk != 0 or disks != 1:
        _refuse("it has no zip64 end record")
    if where != at - _LOCATOR.size - _END_64.size:
        _refuse("its zip64 end record is not where it must be")
    fields = _END_64.unpack(read(where, _END_64.size))
    signature, rest, _, _, disk, first, here, count, size, start = fields
    if signature != b"PK\6\6" or rest != _END_64.size - 12:
        _refuse("it has no zip64 end record")
    return disk, first, here, count, size, start, where


def _entry(raw: bytes, at: int, limit: int) -> tuple[Member, int]:
    """The entry at an offset of the directory, and where the next one begins."""
    if len(raw) - at < _CENTRAL.size:
        _refuse("its directory has fewer entries than it says")
    fields = _CENTRAL.unpack_from(raw, at)
    signature, _, _, flags, method, _, _, crc, packed, size = fields[:10]
    name_bytes, extra_bytes, comment_bytes, disk, _, attributes, header = fields[10:]
    names = at + _CENTRAL.size
    end = names + name_bytes + extra_bytes + comment_bytes
    if signature != b"PK\1\2" or end > len(raw):
        _refuse("its directory is damaged")
    name = raw[names : names + name_bytes]
    shown = printable(name[:MAX_NAME_BYTES].decode("utf-8", "surrogateescape"))
    extra = extra_fields(raw[names + name_bytes : end - comment_bytes], shown)
    size, packed, header, disk = _wide(extra.get(_ZIP64), (size, packed, header, disk), shown)
    if disk != 0:
        _refuse("it is one part of several")
    if header > limit:
        _refuse(f"{shown} lies outside of it")
    kind = _kind(name, attributes >> 16)
    if kind == "folder" and (size or packed):
        _refuse(f"{shown} is a folder with content")
    member = Member(name, flags, method, crc, packed, size, header, limit, kind)
    _refuse_unreadable(member, shown)
    return member, end


def extra_fields(raw: bytes, name: str) -> dict[int, bytes]:
    """The extra fields of a header by their number. Raises UnusableZip."""
    found: dict[int, bytes] = {}
    at = 0
    while len(raw) - at >= _FIELD.size:
        number, size = _FIELD.unpack_from(raw, at)
        at += _FIELD.size + size
        if at > len(raw) or number in found:
            _refuse(f"the extra fields of {name} are damaged")
        found[number] = raw[at - size : at]
    if at != len(raw) and any(raw[at:]):  # some programs pad with zeros
        _refuse(f"the extra fields of {name} are damaged")
    if _UNICODE_PATH in found:
        _refuse(f"{name} has a second name")
    return found


def _wide(
    extra: bytes | None, values: tuple[int, int, int, int], name: str
) -> tuple[int, int, int, int]:
    """Size, packed size, offset and disk, the full ones taken from the zip64 field."""
    widths, full = (8, 8, 8, 4), (FULL_32, FULL_32, FULL_32, _FULL_16)
    at, found = 0, []
    for value, width, mark in zip(values, widths, full, strict=True):
        if value != mark:
            found.append(value)
            continue
        if extra is None or len(extra) - at < width:
            _refuse(f"the zip64 field of {name} is damaged")
        found.append(int.from_bytes(extra[at : at + width], "little"))
        at += width
    size, packed, header, disk = found
    return size, packed, header, disk


def _kind(name: bytes, mode: int) -> str:
    named_folder, form = name.endswith(b"/"), stat.S_IFMT(mode)
    if named_folder and form in (0, stat.S_IFDIR):
        return "folder"
    if named_folder or stat.S_ISDIR(mode):
        _refuse("it has a folder that is a file at the same time")
    if stat.S_ISLNK(mode):
        return "symbolic link"
    return "file" if form in (0, stat.S_IFREG) else "special file"


def _refuse_unreadable(member: Member, name: str) -> None:
    """What is encrypted, packed in an unknown way, or too large by what it says of itself."""
    if member.flags & ENCRYPTED:
        _refuse(f"{name} is encrypted")
    if member.method not in (STORED, DEFLATED):
        _refuse(f"{name} is packed by method {member.method}, and not stored or deflated")
    if member.method == STORED and member.packed != member.size:
        _refuse(f"{name} is stored and has two sizes, {member.packed} and {member.size}")
    if member.size > MAX_MEMBER_BYTES:
        _refuse(f"{name} has {member.size} bytes, more than {MAX_MEMBER_BYTES}")
    if member.size > FREE_BYTES + MAX_RATIO * member.packed:
        _refuse(f"{name} has {member.size} bytes in {member.packed}, a ratio above {MAX_RATIO}")


def _path(raw: bytes) -> str:
    """The name as a path inside the zip. Raises UnusableZip for one that leads anywhere else."""
    if len(raw) > MAX_NAME_BYTES:
        _refuse(f"it has a name of {len(raw)} bytes, more than {MAX_NAME_BYTES}")
    path = raw.decode("utf-8", "surrogateescape").removesuffix("/")
    if path.startswith("/") or _DRIVE.match(path):
        _refuse(f"{printable(path)} is an absolute name")
    if "\\" in path or "\0" in path:
        _refuse(f"the name {printable(path)} has a backslash or a zero byte")
    parts = path.split("/")
    if len(parts) > MAX_PARTS:
        _refuse(f"the name {printable(path)} lies in more than {MAX_PARTS - 1} folders")
    if any(part in ("", ".", "..") for part in parts):
        _refuse(f"the name {printable(path)} leads out of its folder, or nowhere")
    return path


def _refuse_file_as_folder(members: dict[str, Member], folders: set[str]) -> None:
    for path in (*members, *folders):
        folder = path.rpartition("/")[0]
        while folder:
            if folder in members:
                _refuse(f"{printable(folder)} is a file and a folder at the same time")
            folder = folder.rpartition("/")[0]


def _bounded(members: dict[str, Member], limit: int) -> dict[str, Member]:
    """The same members, each with the place where the next one begins; none reaches into it."""
    starts = sorted(member.header for member in members.values())
    following = dict(pairwise((*starts, limit)))  # of two at one place the second ends there
    if len(following) != len(members):
        _refuse("two of its files lie at one place")
    bounded = {}
    for path, member in members.items():
        end = following[member.header]
        if member.header + LOCAL_BYTES + len(member.raw) + member.packed > end:
            _refuse(f"{printable(path)} reaches into what follows it")
        bounded[path] = replace(member, end=end)
    return bounded
