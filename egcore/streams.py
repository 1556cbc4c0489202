"""NDJSON streams: records one a line, read and written without holding the file (specs/11).

Nothing here opens a path: callers hand in binary file objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, TypeVar

from egcore.errors import MalformedRecord
from egcore.records.limits import MAX_LINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from egcore.group import Group
    from egcore.records.record import Record, RecordReader

R = TypeVar("R", bound="Record")


def read_raw_lines(file: BinaryIO, path: str) -> Iterator[tuple[str, bytes]]:
    """Each line of an `.ndjson` file as (place, bytes), its newline included.

    file: read from where it stands, one line in memory at a time. path: named in places.
    Raises MalformedRecord for a line above 4 MiB, a last line without its newline, and an empty
    file, which does not occur in a record. OSError of the file passes through.
    """
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        place = f"{path}, line {number}"
        if len(line) > MAX_LINE:
            raise MalformedRecord(place, f"longer than {MAX_LINE} bytes")
        if not line.endswith(b"\n"):
            raise MalformedRecord(place, "no newline at the end: the line is cut off")
        yield place, line
    if number == 0:
        raise MalformedRecord(path, "the file is empty")


def read_lines(
    file: BinaryIO, reader: RecordReader[R] | type[R], group: Group, path: str
) -> Iterator[R]:
    """Each record of an `.ndjson` file, in order.

    reader: a record type, or a RecordUnion such as TRANSCRIPT_LINE.
    Raises MalformedRecord that names file and line, as `read_raw_lines` and `from_bytes` do.
    """
    for place, line in read_raw_lines(file, path):
        yield reader.from_bytes(line, group, place)


def write_lines(file: BinaryIO, records: Iterable[Record], group: Group) -> int:
    """Number of records written, one a line.

    Nothing is flushed or synced: that is for the owner of the file. Raises ValueError for a line
    that a reader would refuse for its length.
    """
    count = 0
    for record in records:
        line = record.to_bytes(group)
        if len(line) > MAX_LINE:
            raise ValueError(f"line of {len(line)} bytes, at most {MAX_LINE} can be read back")
        file.write(line)
        count += 1
    return count
