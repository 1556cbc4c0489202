"""A hint file that is not what it should be gives no hints, and costs nothing to speak of."""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.small_election import FIRST, SmallElection
from tests.unit.verifier.whole_record import BOX, GROUP, honest, write_folder
from verifier.context import SEALED
from verifier.json_strict import MAX_LINE_BYTES
from verifier.reader import zip_member
from verifier.reader.ballots import BallotShapes
from verifier.reader.files import FileOctets, RecordFolder
from verifier.reader.form import Form
from verifier.reader.hint_file import HintFile, hints_of, most_elements
from verifier.reader.layout import Layout, is_folder_of_a_record
from verifier.reader.record import read_context
from verifier.reader.record_files import RecordFiles
from verifier.reader.shape import GroupShapes
from verifier.reader.unit_plan import UnitPlan
from verifier.reader.zip_folder import open_record
from verifier.units import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

LP = GROUP.lp
PATH = "hints/box-1/000000.bin"
ELECTION = SmallElection.load()


def element(x: int) -> bytes:
    return x.to_bytes(LP, "big")


def entry(*elements: int) -> bytes:
    return struct.pack(">I", len(elements)) + b"".join(map(element, elements))


def hints(folder: Path, raw: bytes, *, packed: bool = False) -> HintFile:
    """Hints of this file, in a folder or in a zip; no entry has more than 9 elements."""
    if packed:
        path = folder / "record.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as record:
            record.writestr("manifest.json", b"{}\n")
            record.writestr(PATH, raw)
        return HintFile(open_record(path), PATH, GROUP, 9)
    place = folder / PATH
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(raw)
    return HintFile(RecordFolder(folder), PATH, GROUP, 9)


def answers(file: HintFile, lines: Sequence[int], elements: int = 2) -> list[bytes]:
    return [file.of(line, elements) for line in lines]


@pytest.mark.parametrize("packed", [False, True])
class TestEntries:
    def test_each_line_has_its_own(self, tmp_path: Path, *, packed: bool) -> None:
        raw = entry(1, 2) + entry(3, 4) + entry() + entry(5, 6)
        file = hints(tmp_path, raw, packed=packed)
        assert answers(file, [1, 2, 3, 4]) == [
            element(1) + element(2),
            element(3) + element(4),
            b"",
            element(5) + element(6),
        ]

    def test_lines_that_nobody_asks_for_are_skipped(self, tmp_path: Path, *, packed: bool) -> None:
        raw = entry(1, 2) + entry(*range(9)) + entry() + entry(5, 6) + entry(7, 8)
        file = hints(tmp_path, raw, packed=packed)
        assert answers(file, [1, 4, 5]) == [
            element(1) + element(2),
            element(5) + element(6),
            element(7) + element(8),
        ]

    def test_a_line_is_given_once(self, tmp_path: Path, *, packed: bool) -> None:
        file = hints(tmp_path, entry(1, 2) + entry(3, 4) + entry(5, 6), packed=packed)
        assert file.of(2, 2) == element(3) + element(4)
        assert file.of(2, 2) == b""
        assert file.of(1, 2) == b""
        assert file.of(3, 2) == element(5) + element(6)

    @pytest.mark.parametrize("number", [1, 3, 2**32 - 1])
    def test_another_number_ends_it(self, tmp_path: Path, number: int, *, packed: bool) -> None:
        raw = struct.pack(">I", number) + element(1) * 2 + entry(3, 4)
        file = hints(tmp_path, raw, packed=packed)
        assert answers(file, [1, 2, 3]) == [b"", b"", b""]

    @pytest.mark.parametrize("number", [10, 2**32 - 1])
    def test_a_skipped_entry_of_too_many_ends_it(
        self, tmp_path: Path, number: int, *, packed: bool
    ) -> None:
        raw = struct.pack(">I", number) + element(1) * number if number == 10 else b"\xff" * 4
        file = hints(tmp_path, raw + entry(3, 4), packed=packed)
        assert answers(file, [2, 3]) == [b"", b""]

    def test_a_file_cut_off_anywhere(self, tmp_path: Path, *, packed: bool) -> None:
        raw = entry(1, 2) + entry(3, 4)
        whole = [element(1) + element(2), element(3) + element(4)]
        for length in range(len(raw) + 1):
            kept = sum(length >= end for end in (len(raw) // 2, len(raw)))
            file = hints(tmp_path, raw[:length], packed=packed)
            assert answers(file, [1, 2, 3]) == [*whole[:kept], *[b""] * (3 - kept)]

    def test_noise(self, tmp_path: Path, *, packed: bool) -> None:
        file = hints(tmp_path, os.urandom(4_000), packed=packed)
        assert answers(file, range(1, 257), elements=33) == [b""] * 256


@pytest.mark.parametrize("begin", [b"", entry(1, 2), struct.pack(">I", 9), b"\xff" * 4])
@pytest.mark.parametrize("lines", [range(1, 257), range(200, 257)], ids=["all", "some"])
def test_a_file_of_two_gigabytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: bytes, lines: range
) -> None:
    """Sparse, so it costs no disk. At most the bytes of the ballots' own entries are read."""
    file = hints(tmp_path, begin)
    os.truncate(tmp_path / PATH, 2**31)
    read = 0
    take = FileOctets.take

    def counted(self: FileOctets, number: int) -> bytes:
        nonlocal read
        raw = take(self, number)
        read += len(raw)
        return raw

    monkeypatch.setattr(FileOctets, "take", counted)
    found = answers(file, lines)
    is_there = begin == entry(1, 2) and lines[0] == 1
    assert [hint for hint in found if hint] == ([begin[4:]] if is_there else [])
    assert read <= 256 * 4 + 2 * LP


def test_a_member_that_unpacks_to_much_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """64 MiB in less than one: what is skipped is unpacked, and not more than the lines need."""
    unpacked = 0
    next_part = zip_member._Unpacked._next

    def counted(self: zip_member._Unpacked, most: int) -> bytes:
        nonlocal unpacked
        part = next_part(self, most)
        unpacked += len(part)
        return part

    block = bytes(2**17) + os.urandom(2**10)  # more zeros alone would be refused as a bomb
    file = hints(tmp_path, struct.pack(">I", 9) + block * 512, packed=True)
    monkeypatch.setattr(zip_member._Unpacked, "_next", counted)
    assert answers(file, [2, 3, 256]) == [b"", b"", b""]
    assert unpacked <= 2**21  # twice what a member is buffered in


@pytest.mark.parametrize("what", ["link", "folder", "pipe", "nothing", "folder link"])
def test_what_is_no_plain_file(tmp_path: Path, what: str) -> None:
    hints(tmp_path, entry(1, 2))
    place = tmp_path / PATH
    if what == "folder link":
        place.parent.rename(tmp_path / "elsewhere")
        place.parent.symlink_to(tmp_path / "elsewhere")
        record = RecordFolder(tmp_path)
        assert PATH not in record.listing(is_folder_of_a_record).files
        return
    place.rename(tmp_path / "elsewhere")
    if what == "link":
        place.symlink_to(tmp_path / "elsewhere")
    elif what == "folder":
        place.mkdir()
    elif what == "pipe":
        os.mkfifo(place)
    file = HintFile(RecordFolder(tmp_path), PATH, GROUP, 9)
    assert answers(file, [1, 2]) == [b"", b""]


def test_a_member_whose_zip_is_damaged(tmp_path: Path) -> None:
    raw = b"".join(entry(i, i) for i in range(1, 200))
    hints(tmp_path, raw, packed=True)
    packed = bytearray((tmp_path / "record.zip").read_bytes())
    at = packed.index(PATH.encode()) + len(PATH)
    packed[at + 20 : at + 40] = bytes(20)
    (tmp_path / "record.zip").write_bytes(packed)
    file = HintFile(open_record(tmp_path / "record.zip"), PATH, GROUP, 9)
    assert answers(file, range(1, 200))[-1] == b""


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_file_is_opened_when_it_is_asked_and_closed_at_its_end(tmp_path: Path) -> None:
    before = open_files()
    file = hints(tmp_path, entry(1, 2))
    assert open_files() == before
    assert file.of(1, 2)
    assert open_files() == before + 1
    assert file.of(2, 2) == b""
    assert open_files() == before


def units(folder: Path) -> list[Unit]:
    form, files = Form(), open_record(folder)
    listing = files.listing(is_folder_of_a_record)
    context = read_context(RecordFiles(files, listing, form), listing, form, GROUP, SEALED)
    assert context.manifest is not None
    shapes = BallotShapes(GroupShapes(GROUP), context.manifest.contests)
    return list(UnitPlan(context, Layout(context, listing), listing, files, shapes))


def test_hints_of_a_unit_are_those_that_its_record_lists(tmp_path: Path) -> None:
    folder = write_folder(honest(), tmp_path)
    assert [hints_of(RecordFolder(folder), unit, ELECTION.context()) for unit in units(folder)] == [
        None,
        None,
    ]
    place = folder / f"hints/{BOX}/000000.bin"
    place.parent.mkdir(parents=True)
    place.write_bytes(entry(1, 2))
    first, second = units(folder)
    assert first.hints == f"hints/{BOX}/000000.bin"
    assert second.hints is None
    file = hints_of(RecordFolder(folder), first, ELECTION.context())
    assert file is not None
    assert file.of(1, 2) == element(1) + element(2)
    assert hints_of(RecordFolder(folder), first, ELECTION.context(manifest=None)) is None


def test_a_skipped_entry_is_as_long_as_a_ballot_can_be(tmp_path: Path) -> None:
    context = ELECTION.context()
    assert context.manifest is not None
    ballot = ELECTION.ballots[FIRST]
    entries = sum(
        len(contest.limit_proof) + sum(len(option.proof) for option in contest.options)
        for contest in ballot.contests
    )
    contests = [context.contest(contest.contest) for contest in ballot.contests]
    data = sum(contest.data is not None for contest in ballot.contests)
    assert most_elements(contests) == 2 * entries + len(contests) + 1
    assert most_elements(contests) >= 2 * entries + data + 1
    unit = Unit("box-1", "p-1", bytes(32), 0, 1, hints=PATH)
    file = hints_of(RecordFolder(tmp_path), unit, context)
    assert file is not None
    assert file._most == min(
        most_elements(context.manifest.contests), MAX_LINE_BYTES // (2 * context.group.lq)
    )
