"""From a confirmation code to the place of its ballot: sorted codes with file offsets.

The index is plain memory, made by streaming the ballot files once, one line at a time: 40 bytes a
ballot (32 of the code, 4 of the file, 4 of the offset), and while it is sorted about three times as
much. Its size depends on the number of ballots alone, never on their length. It is made anew when
the digest of the seal changes, and has nothing that the record has not. An index in SQLite
(through SQLAlchemy Core), which starts without streaming everything again, is planned in its place.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from egcore.errors import MalformedRecord
from egcore.streams import read_raw_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from egcore.codes import CodeRange
    from egcore.storage import Storage

CODE_BYTES: Final = 32
_NUMBER_BYTES: Final = 4
_ENTRY_BYTES: Final = CODE_BYTES + 2 * _NUMBER_BYTES
# Keys of a canonical line are sorted, no ballot holds free text, and no object inside a ballot has
# these members: so each stands once, and the last one found is the ballot's own.
_CODE: Final = re.compile(rb'"h_c":"([0-9a-f]{64})"', re.ASCII)
_STATUS: Final = re.compile(rb'"status":"(cast|challenged|void)"', re.ASCII)


class BallotFile(NamedTuple):
    """A ballot file of the record: its device and its number, from 0."""

    device: str
    number: int

    @property
    def path(self) -> str:
        """Path in the record."""
        return f"ballots/{self.device}/{self.number:06d}.ndjson"


class BallotPlace(NamedTuple):
    """Where the line of a ballot begins: code H_C, file, offset in bytes."""

    code: bytes
    file: BallotFile
    offset: int


@dataclass(frozen=True)
class CodeIndex:
    """Codes of all ballots of some files, ascending; two ballots with one code are two entries."""

    files: tuple[BallotFile, ...]
    statuses: Mapping[str, int]
    _entries: bytes

    @classmethod
    def build(cls, storage: Storage, files: Iterable[BallotFile]) -> CodeIndex:
        """Return the index of these files.

        Raises MalformedRecord that names the file for a line without code or status, as
        `read_raw_lines` does for its form; FileNotFoundError for a file that is not there. The
        rest of a line is checked when it is looked up. Cost: one pass over all bytes.
        """
        listed = tuple(files)
        statuses = {"cast": 0, "challenged": 0, "void": 0}
        entries: list[bytes] = []
        for number, file in enumerate(listed):
            prefix = number.to_bytes(_NUMBER_BYTES, "big")
            for code, status, offset in _codes(storage, file):
                statuses[status] += 1
                entries.append(code + prefix + offset.to_bytes(_NUMBER_BYTES, "big"))
        entries.sort()
        return cls(listed, statuses, b"".join(entries))

    def __len__(self) -> int:
        """Return the number of ballots."""
        return len(self._entries) // _ENTRY_BYTES

    def count(self, codes: CodeRange) -> int:
        """Return the number of ballots whose code is in a range."""
        first, end = self._bounds(codes)
        return end - first

    def places(self, codes: CodeRange, limit: int) -> list[BallotPlace]:
        """Return the places of the first `limit` ballots whose code is in a range, ascending."""
        first, end = self._bounds(codes)
        return [self._place(number) for number in range(first, min(end, first + limit))]

    def _bounds(self, codes: CodeRange) -> tuple[int, int]:
        numbers = range(len(self))
        return (
            bisect_left(numbers, codes.first, key=self._code),
            bisect_right(numbers, codes.last, key=self._code),
        )

    def _code(self, number: int) -> bytes:
        return self._entries[number * _ENTRY_BYTES : number * _ENTRY_BYTES + CODE_BYTES]

    def _place(self, number: int) -> BallotPlace:
        entry = self._entries[number * _ENTRY_BYTES : (number + 1) * _ENTRY_BYTES]
        file = int.from_bytes(entry[CODE_BYTES : CODE_BYTES + _NUMBER_BYTES], "big")
        offset = int.from_bytes(entry[CODE_BYTES + _NUMBER_BYTES :], "big")
        return BallotPlace(entry[:CODE_BYTES], self.files[file], offset)


def _codes(storage: Storage, file: BallotFile) -> Iterator[tuple[bytes, str, int]]:
    """Each ballot of a file as (code, status, offset of its line)."""
    offset = 0
    with storage.open_stream(file.path) as stream:
        for place, line in read_raw_lines(stream, file.path):
            code = _CODE.match(line, max(line.rfind(b'"h_c":'), 0))
            status = _STATUS.match(line, max(line.rfind(b'"status":'), 0))
            if code is None or status is None:
                raise MalformedRecord(place, "no confirmation code or no status")
            yield bytes.fromhex(code[1].decode()), status[1].decode(), offset
            offset += len(line)
