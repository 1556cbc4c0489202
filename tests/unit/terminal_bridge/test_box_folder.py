"""The folder of a ballot box: what a crash leaves is mended, what it cannot leave is damage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore.program import ProgramError
from egcore.storage import FolderStorage
from terminal_bridge.box_folder import BoxFolder, file_of
from terminal_bridge.box_records import DecidedLine
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import MemoryStorage
from tests.unit.terminal_bridge.torn_storage import UnsyncedFileSystem, read_files
from tests.unit.terminal_bridge.voting_day import BOX, Log, Precinct

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

JOURNAL = "private/journal/000000.ndjson"
BALLOTS = f"public/ballots/{BOX}/000000.ndjson"
RECEIPTS = f"public/receipts/{BOX}/000000.ndjson"
PERMITS = "private/permits.txt"
UNDECIDED = "private/undecided.ndjson"


class Day:
    """A box with a cast, a challenged and an undecided ballot, in memory; `close` ends its day."""

    def __init__(self) -> None:
        self.precinct = Precinct(("cast", "challenged", "leave"))
        self.storage = MemoryStorage()
        self.log = Log()
        self.precinct.vote_until(self.storage, self.log, 3)

    def copy(self) -> MemoryStorage:
        return MemoryStorage(dict(self.storage.files))

    def close(self) -> MemoryStorage:
        storage = self.copy()
        self.precinct.work(storage, Log(self.log.told))
        return storage


@pytest.fixture(scope="module")
def day() -> Day:
    return Day()


def folder(storage: MemoryStorage) -> BoxFolder:
    return BoxFolder(storage, BOX, TOY)


def test_positions_lie_256_in_a_file() -> None:
    assert [file_of(position) for position in (1, 256, 257, 512, 513)] == [0, 0, 1, 1, 2]


def test_a_journal_is_cut_to_its_whole_lines_at_every_length(day: Day) -> None:
    raw = day.storage.files[JOURNAL]
    ends = [0, raw.index(b"\n") + 1, len(raw)]
    for length in range(len(raw) + 1):
        storage = MemoryStorage({JOURNAL: raw[:length]})
        lines = folder(storage).journal(0)
        assert len(lines) == sum(length >= end for end in ends[1:])
        assert storage.files[JOURNAL] == raw[: ends[len(lines)]]


@pytest.mark.parametrize("tail", [b"\x00" * 40, b"{}", b"{}\n", b"\x00\n", b"\xff\xfe\n"])
def test_a_tail_that_is_no_line_is_cut_off(day: Day, tail: bytes) -> None:
    raw = day.storage.files[JOURNAL]
    storage = MemoryStorage({JOURNAL: raw + tail})
    assert len(folder(storage).journal(0)) == 2
    assert storage.files[JOURNAL] == raw


def test_a_line_after_a_cut_tail_is_whole(day: Day) -> None:
    raw = day.storage.files[JOURNAL]
    first, second, _ = raw.split(b"\n")
    storage = MemoryStorage({JOURNAL: first + b"\n" + second[:100]})
    folder(storage).journal(0)
    line = DecidedLine.from_bytes(second + b"\n", TOY, JOURNAL)
    folder(storage).append_decided(0, line)
    assert storage.files[JOURNAL] == raw


@pytest.mark.parametrize("tail", [b"{}\n{}\n", b"{}\n{", b"\n\n"])
def test_a_broken_line_before_the_last_is_damage_and_is_left_as_it_is(
    day: Day, tail: bytes
) -> None:
    raw = day.storage.files[JOURNAL] + tail
    storage = MemoryStorage({JOURNAL: raw})
    with pytest.raises(ProgramError, match=f"{JOURNAL} is damaged"):
        folder(storage).journal(0)
    assert storage.files[JOURNAL] == raw


@pytest.mark.parametrize("raw", [b"00" * 32, b"zz" * 32 + b"\n", b"\xff" * 64 + b"\n", b"00\n"])
def test_a_set_of_permits_that_no_box_wrote_is_damage(raw: bytes) -> None:
    with pytest.raises(ProgramError, match=f"{PERMITS} is damaged"):
        folder(MemoryStorage({PERMITS: raw})).permits()


def test_permits_stand_in_no_order_of_voting() -> None:
    storage = MemoryStorage()
    tags = [bytes([value]) * 32 for value in (7, 1, 9)]
    folder(storage).write_permits(tags)
    assert storage.files[PERMITS].split() == sorted(tag.hex().encode() for tag in tags)
    assert folder(storage).permits() == set(tags)


def _cut(raw: bytes) -> bytes:
    return raw[:-10]


def _unchained(raw: bytes) -> bytes:
    at = raw.index(b'"b_c":"') + 7
    return raw[:at] + (b"0" if raw[at : at + 1] != b"0" else b"1") + raw[at + 1 :]


@pytest.mark.parametrize(
    ("path", "change"), [(UNDECIDED, _cut), (UNDECIDED, _unchained), (JOURNAL, _unchained)]
)
def test_a_box_does_not_start_on_a_damaged_file(
    day: Day, path: str, change: Callable[[bytes], bytes]
) -> None:
    storage = day.copy()
    storage.files[path] = change(storage.files[path])
    with pytest.raises(ProgramError, match="damaged, and not by a power cut"):
        day.precinct.box(storage)


@pytest.mark.parametrize("path", [BALLOTS, RECEIPTS])
def test_a_closed_file_has_the_bytes_it_was_signed_with(day: Day, path: str) -> None:
    storage = day.close()
    assert len(list(folder(storage).ballots(0))) == 3
    raw = storage.files[path]
    storage.files[path] = raw.replace(b'"position":1', b'"position":4', 1)
    assert storage.files[path] != raw
    with pytest.raises(ProgramError, match=f"{path} is damaged"):
        list(folder(storage).ballots(0))


@pytest.mark.parametrize("path", [BALLOTS, RECEIPTS])
def test_a_closed_file_that_is_missing_is_damage(day: Day, path: str) -> None:
    storage = day.close()
    del storage.files[path]
    with pytest.raises(ProgramError, match=f"{path} is damaged"):
        list(folder(storage).ballots(0))


def test_a_journal_or_a_permit_that_is_missing_is_damage(day: Day) -> None:
    for path in (JOURNAL, PERMITS):
        storage = day.copy()
        del storage.files[path]
        with pytest.raises(ProgramError, match="damaged, and not by a power cut"):
            day.precinct.box(storage)


def test_a_ballot_in_the_journal_of_another_file_is_damage(day: Day) -> None:
    storage = day.copy()
    storage.files["private/journal/000001.ndjson"] = storage.files.pop(JOURNAL)
    with pytest.raises(ProgramError, match="the journal of file 1 is damaged"):
        day.precinct.box(storage)


def test_what_a_crash_left_unfinished_is_gone_when_the_box_starts(day: Day, tmp_path: Path) -> None:
    """An unfinished file can hold a permit beside its ballot."""
    storage = FolderStorage(tmp_path, UnsyncedFileSystem())
    for path, data in day.storage.files.items():
        storage.write(path, data)
    for place in ("private", "public/ballots"):
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        (tmp_path / place / ".unfinished-00").write_bytes(day.storage.files[UNDECIDED])
    day.precinct.box(storage)
    assert read_files(tmp_path) == day.storage.files
