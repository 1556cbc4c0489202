"""From a confirmation code to the place of its ballot: sorted codes with file offsets.

The index is plain memory, made by streaming the ballot files once, one line at a time: 40 bytes a
ballot (32 of the code, 4 of the file, 4 of the offset), in 256 parts by the first byte of the code,
so that sorting needs little more. Its size depends on the number of ballots alone, never on their
length. It has nothing that the record has not. An index in SQLite (through SQLAlchemy Core), which
starts without streaming everything again, is planned in its place.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from egcore.errors import MalformedRecord
from egcore.records.limits import BALLOTS_IN_A_FILE
from egcore.streams import read_raw_lines
from tally.progress import Tell, tell_nobody

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from egcore.codes import CodeRange
    from tally.board.record_files import RecordFiles

STATUSES: Final = ("cast", "challenged", "void")
CODE_BYTES: Final = 32
_PARTS: Final = 256
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
    _parts: tuple[bytes, ...]  # entries by the first byte of their code, ascending in each
    _read: tuple[BallotFile, ...]  # in the order in which entries number them

    @classmethod
    def empty(cls) -> CodeIndex:
        """Return the index of no files."""
        return cls((), dict.fromkeys(STATUSES, 0), (b"",) * _PARTS, ())

    def with_files(
        self, source: RecordFiles, files: tuple[BallotFile, ...], tell: Tell = tell_nobody
    ) -> CodeIndex:
        """Return the index of these files; those that it has already are not read again.

        Raises MalformedRecord that names the file for a line without code or status, as
        `read_raw_lines` does for its form, and for more than 256 lines; FileNotFoundError for a
        file that is not there. The rest of a line is checked when it is looked up.
        tell: called with the files read and the files to read. Cost: one pass over their bytes.
        """
        if not set(self._read) <= set(files):  # a file was taken away
            return CodeIndex.empty().with_files(source, files, tell)
        known = set(self._read)
        new = [file for file in files if file not in known]
        statuses = dict(self.statuses)
        added = [bytearray() for _ in range(_PARTS)]
        for number, file in enumerate(new, len(self._read)):
            prefix = number.to_bytes(_NUMBER_BYTES, "big")
            for code, status, offset in _codes(source, file):
                statuses[status] += 1
                added[code[0]] += code + prefix + offset.to_bytes(_NUMBER_BYTES, "big")
            tell(number + 1 - len(self._read), len(new))
        parts = tuple(
            _sorted(old + bytes(more)) if more else old
            for old, more in zip(self._parts, added, strict=True)
        )
        return CodeIndex(files, statuses, parts, (*self._read, *new))

    def __len__(self) -> int:
        """Return the number of ballots."""
        return sum(map(len, self._parts)) // _ENTRY_BYTES

    def count(self, codes: CodeRange) -> int:
        """Return the number of ballots whose code is in a range."""
        return sum(len(found) for _, found in self._ranges(codes))

    def places(self, codes: CodeRange, limit: int) -> list[BallotPlace]:
        """Return the places of the first `limit` ballots whose code is in a range, ascending."""
        places = (
            _place(part, number, self._read)
            for part, found in self._ranges(codes)
            for number in found
        )
        return list(islice(places, limit))

    def _ranges(self, codes: CodeRange) -> Iterator[tuple[bytes, range]]:
        """Each part that codes of a range may lie in, with the numbers of its entries in it."""
        for part in self._parts[codes.first[0] : codes.last[0] + 1]:
            numbers = range(len(part) // _ENTRY_BYTES)
            code = partial(_code, part)
            first = bisect_left(numbers, codes.first, key=code)
            yield part, range(first, bisect_right(numbers, codes.last, key=code))


def _sorted(part: bytes) -> bytes:
    starts = range(0, len(part), _ENTRY_BYTES)
    return b"".join(sorted(part[start : start + _ENTRY_BYTES] for start in starts))


def _code(part: bytes, number: int) -> bytes:
    return part[number * _ENTRY_BYTES : number * _ENTRY_BYTES + CODE_BYTES]


def _place(part: bytes, number: int, files: Sequence[BallotFile]) -> BallotPlace:
    entry = part[number * _ENTRY_BYTES : (number + 1) * _ENTRY_BYTES]
    file = int.from_bytes(entry[CODE_BYTES : CODE_BYTES + _NUMBER_BYTES], "big")
    offset = int.from_bytes(entry[CODE_BYTES + _NUMBER_BYTES :], "big")
    return BallotPlace(entry[:CODE_BYTES], files[file], offset)


def _codes(source: RecordFiles, file: BallotFile) -> Iterator[tuple[bytes, str, int]]:
    """Each ballot of a file as (code, status, offset of its line)."""
    offset = 0
    with source.open_stream(file.path) as stream:
        for number, (place, line) in enumerate(read_raw_lines(stream, file.path), 1):
            if number > BALLOTS_IN_A_FILE:  # so an offset is below 2^30 too
                raise MalformedRecord(place, f"more than {BALLOTS_IN_A_FILE} ballots in a file")
            code = _CODE.match(line, max(line.rfind(b'"h_c":'), 0))
            status = _STATUS.match(line, max(line.rfind(b'"status":'), 0))
            if code is None or status is None:
                raise MalformedRecord(place, "no confirmation code or no status")
            yield bytes.fromhex(code[1].decode()), status[1].decode(), offset
            offset += len(line)
