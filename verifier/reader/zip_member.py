"""One member of a zip: unpacked as it is read, and held to what the zip says of it."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Final, Self

from verifier.reader.files import UnreadableFile
from verifier.reader.zip_directory import (
    DEFLATED,
    FULL_32,
    HAS_DESCRIPTOR,
    LOCAL_BYTES,
    UnusableZip,
    extra_fields,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.reader.zip_directory import Member

    Read = Callable[[int, int], bytes]

_PACKED_CHUNK: Final = 2**16
_CHUNK: Final = 2**20
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_ZIP64: Final = 0x0001
_DESCRIPTOR: Final = b"PK\7\x08"


class MemberStream:
    """The bytes of one member from its beginning, unpacked as they are asked for.

    position: bytes given so far. park: what becomes of it at the end of a `with` block.
    """

    def __init__(self, read: Read, member: Member) -> None:
        self._buffer = io.BufferedReader(_Unpacked(read, member), _CHUNK)
        self.position = 0
        self.park: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.park()

    def readline(self, most: int) -> bytes:
        """The next line, or so many bytes of it; nothing at the end. Raises UnreadableFile."""
        line = self._buffer.readline(most)
        self.position += len(line)
        return line

    def read_all(self) -> bytes:
        """What is left, of a member of bounded size. Raises UnreadableFile."""
        raw = self._buffer.read()
        self.position += len(raw)
        return raw

    def take(self, number: int) -> bytes:
        """The next so many bytes, fewer at the end. Raises UnreadableFile."""
        raw = self._buffer.read(number)
        self.position += len(raw)
        return raw

    def skip(self, number: int) -> None:
        """Go on by so many bytes, or to the end. Raises UnreadableFile."""
        self.skip_to(self.position + number)

    def skip_to(self, offset: int) -> None:
        """Go on to a later byte, or to the end. Raises UnreadableFile."""
        while self.position < offset:
            raw = self._buffer.read(min(_CHUNK, offset - self.position))
            if not raw:
                return
            self.position += len(raw)


class _Unpacked(io.RawIOBase):
    """Unpacks a member and holds it to what the directory says: sizes, CRC, and the local header.

    Never gives more bytes than the directory says, and fails at the end unless all of it was so.
    Memory: some hundred kilobytes.
    """

    def __init__(self, read: Read, member: Member) -> None:
        super().__init__()
        self._read = read
        self._member = member
        self._at, self._stop = _data_of(read, member)
        self._inflate = zlib.decompressobj(-15) if member.method == DEFLATED else None
        self._waiting = b""
        self._given = 0
        self._crc = 0
        self._is_ended = False

    def readable(self) -> bool:
        """True, as BufferedReader asks."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as there is something; 0 at the end. Raises UnreadableFile."""
        if self._is_ended:
            return 0
        part = self._next(len(buffer))
        self._given += len(part)
        if self._given > self._member.size:
            raise _broken("it unpacks to more bytes than the zip says")
        if part:
            self._crc = zlib.crc32(part, self._crc)
            buffer[: len(part)] = part
            return len(part)
        self._end()
        return 0

    def _next(self, most: int) -> bytes:
        """Some bytes, at most so many; none at the end of the data."""
        if self._inflate is None:
            return self._packed(most)
        while not self._inflate.eof:
            packed = self._waiting or self._packed(_PACKED_CHUNK)
            try:
                part = self._inflate.decompress(packed, most)
            except zlib.error:
                raise _broken("its packed bytes are damaged") from None
            self._waiting = self._inflate.unconsumed_tail
            if part:
                return part
            if not packed and not self._inflate.eof:
                raise _broken("its packed bytes break off")
        return b""

    def _packed(self, most: int) -> bytes:
        length = min(most, self._stop - self._at)
        raw = _bytes_of(self._read, self._at, length)
        self._at += length
        return raw

    def _end(self) -> None:
        self._is_ended = True
        inflate = self._inflate
        if self._at < self._stop or (inflate is not None and inflate.unused_data):
            raise _broken("bytes follow the end of its packed bytes")
        if self._given != self._member.size:
            raise _broken(f"it unpacks to {self._given} bytes and not to {self._member.size}")
        if self._crc != self._member.crc:
            raise _broken("its CRC is not that of the zip")


def _broken(reason: str) -> UnreadableFile:
    return UnreadableFile(f"it cannot be read from the zip: {reason}")


def _bytes_of(read: Read, at: int, length: int) -> bytes:
    try:
        return read(at, length)
    except UnusableZip:  # the zip has become shorter
        raise _broken("its bytes are not there") from None


def _data_of(read: Read, member: Member) -> tuple[int, int]:
    """Where the data of a member begin and end, after its local header was held to the directory.

    Raises UnreadableFile unless local header and data descriptor say what the directory says.
    """
    fields = _LOCAL.unpack(_bytes_of(read, member.header, LOCAL_BYTES))
    signature, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = fields
    start = member.header + LOCAL_BYTES + name_bytes + extra_bytes
    stop = start + member.packed
    if signature != b"PK\3\4" or stop > member.end:
        raise _broken("its local header is not where the directory says")
    names = _bytes_of(read, member.header + LOCAL_BYTES, name_bytes + extra_bytes)
    if names[:name_bytes] != member.raw or (flags, method) != (member.flags, member.method):
        raise _broken("its local header names another file")
    try:
        wide = extra_fields(names[name_bytes:], "a member").get(_ZIP64, b"")
    except UnusableZip:
        raise _broken("its local header is damaged") from None
    has_descriptor = bool(flags & HAS_DESCRIPTOR)
    said = (crc, _local(size, wide[:8]), _local(packed, wide[8:16]))
    demanded = (member.crc, member.size, member.packed)
    agrees = all(x == y or (has_descriptor and x == 0) for x, y in zip(said, demanded, strict=True))
    if not agrees:
        raise _broken("its local header has other sizes than the directory")
    if has_descriptor and not _is_described(read, member, stop):
        raise _broken("the record after it has other sizes than the directory")
    return start, stop


def _local(value: int, wide: bytes) -> int:
    return int.from_bytes(wide, "little") if value == FULL_32 and wide else value


def _is_described(read: Read, member: Member, at: int) -> bool:
    """Whether a data descriptor in one of its four forms follows and says what the directory does.

    4.3.9: CRC, packed size, size; with or without a signature; sizes of four or eight bytes.
    """
    raw = _bytes_of(read, at, min(24, member.end - at))
    forms = []
    for width in (4, 8):
        if max(member.packed, member.size) < 2 ** (8 * width):
            sizes = (n.to_bytes(width, "little") for n in (member.packed, member.size))
            form = member.crc.to_bytes(4, "little") + b"".join(sizes)
            forms += [form, _DESCRIPTOR + form]
    return any(raw.startswith(form) for form in forms)
