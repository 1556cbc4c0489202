"""The index of codes: places of ballots by ranges, from files read once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from egcore.codes import CodeRange
from egcore.errors import MalformedRecord
from tally.board.code_index import BallotFile, CodeIndex
from tally.board.record_files import RecordFiles
from tests.unit.board.records import write_record

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = CodeRange(bytes(32), b"\xff" * 32)


def code(number: int) -> bytes:
    return hashlib.sha256(b"%d" % number).digest()


def line(h_c: bytes, status: str = "cast") -> bytes:
    inner = f'{{"contests":[{{"chi":"{"0" * 64}"}}],"decided":"voter","h_c":"{h_c.hex()}"'
    return f'{inner},"position":1,"status":"{status}","style":"s-1"}}\n'.encode()


def index_of(folder: Path, *files: list[bytes]) -> CodeIndex:
    named = tuple(BallotFile("box", number) for number in range(len(files)))
    lines = {name.path: b"".join(rows) for name, rows in zip(named, files, strict=True)}
    write_record(folder, lines)
    return CodeIndex.empty().with_files(RecordFiles(folder), named)


def test_every_ballot_is_found_where_its_line_begins(tmp_path: Path) -> None:
    rows = [[line(code(n)) for n in range(200)], [line(code(n)) for n in range(200, 300)]]
    index = index_of(tmp_path, *rows)
    assert len(index) == 300
    for number in range(300):
        (place,) = index.places(CodeRange(code(number), code(number)), 2)
        raw = (tmp_path / place.file.path).read_bytes()[place.offset :]
        assert raw.startswith(line(code(number)))


def test_places_are_ascending_and_no_more_than_asked_for(tmp_path: Path) -> None:
    index = index_of(tmp_path, [line(code(n)) for n in range(256)])
    assert index.count(EVERYTHING) == 256
    places = index.places(EVERYTHING, 10)
    assert [place.code for place in places] == sorted(code(n) for n in range(256))[:10]


def test_a_range_may_begin_and_end_in_different_parts(tmp_path: Path) -> None:
    index = index_of(tmp_path, [line(code(n)) for n in range(256)])
    asked = CodeRange(b"\x10" + bytes(31), b"\xe0" + bytes(31))
    due = sorted(code(n) for n in range(256) if asked.holds(code(n)))
    assert [place.code for place in index.places(asked, 300)] == due
    assert index.count(asked) == len(due)


def test_two_ballots_with_one_code_are_two(tmp_path: Path) -> None:
    index = index_of(tmp_path, [line(code(1))], [line(code(1))])
    files = [place.file.number for place in index.places(CodeRange(code(1), code(1)), 5)]
    assert files == [0, 1]


def test_ballots_are_counted_by_status(tmp_path: Path) -> None:
    rows = [line(code(1)), line(code(2), "challenged"), line(code(3), "void"), line(code(4))]
    assert index_of(tmp_path, rows).statuses == {"cast": 2, "challenged": 1, "void": 1}


def test_added_files_alone_are_read_again(tmp_path: Path) -> None:
    first, second = BallotFile("box", 0), BallotFile("a-box", 0)
    write_record(tmp_path, {first.path: line(code(1)), second.path: line(code(2))})
    source = RecordFiles(tmp_path)
    index = CodeIndex.empty().with_files(source, (first,))
    (tmp_path / first.path).unlink()  # so reading it once more would fail
    more = index.with_files(source, (second, first))
    assert [place.file for place in more.places(EVERYTHING, 5)] == [
        {code(1): first, code(2): second}[one] for one in sorted([code(1), code(2)])
    ]
    assert more.statuses["cast"] == 2


def test_a_file_that_was_taken_away_is_forgotten(tmp_path: Path) -> None:
    index = index_of(tmp_path, [line(code(1))], [line(code(2))])
    left = index.with_files(RecordFiles(tmp_path), (BallotFile("box", 1),))
    assert [place.code for place in left.places(EVERYTHING, 5)] == [code(2)]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"not json\n",
        line(code(1))[:-1],
        line(code(1)).replace(b'"status":"cast"', b'"status":"lost"'),
        line(code(1)).replace(b'"h_c":"', b'"h_c":"X'),
        line(code(1)) * 257,
    ],
)
def test_a_damaged_file_is_named(raw: bytes, tmp_path: Path) -> None:
    with pytest.raises(MalformedRecord, match=r"ballots/box/000000\.ndjson"):
        index_of(tmp_path, [raw])


def test_reading_tells_how_far_it_is(tmp_path: Path) -> None:
    files = tuple(BallotFile("box", number) for number in range(3))
    write_record(tmp_path, {file.path: line(code(file.number)) for file in files})
    told: list[tuple[int, int]] = []
    CodeIndex.empty().with_files(RecordFiles(tmp_path), files, lambda *at: told.append(at))
    assert told == [(1, 3), (2, 3), (3, 3)]
