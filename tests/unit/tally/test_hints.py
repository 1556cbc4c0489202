"""Hints that boxes bring are copied as they are; whatever they are, no step fails for them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

import pytest

from egcore.storage import FolderStorage
from tally import hints
from tally.hints import take_hints
from terminal_bridge.encryption import Selections
from tests.attacks.elections import ONE, small_election
from tests.unit.keyceremony.desks import MemoryStorage
from tests.unit.tally.steps import Desk

if TYPE_CHECKING:
    from pathlib import Path

BOX = "box-p-1-1"
HINTS = f"hints/{BOX}/000000.bin"
GARBAGE = b"\xff" * 99


@pytest.fixture(scope="module")
def played() -> Desk:
    election = small_election()
    for box in election.boxes.values():
        box.vote(Selections("s-1", ONE))
    desk = Desk(election)
    desk.run("play_devices")
    return desk


@pytest.fixture
def desk(played: Desk) -> Desk:
    desk = played.copy()
    desk.folders = {d: MemoryStorage(dict(f.files)) for d, f in played.folders.items()}
    return desk


def test_hints_come_with_their_box(desk: Desk) -> None:
    desk.folder(BOX).files[HINTS] = GARBAGE
    desk.collect_all()
    assert desk.files[HINTS] == GARBAGE
    assert [path for path in desk.files if path.startswith("hints/")] == [HINTS]


def test_hints_that_come_later_complete_the_record(desk: Desk) -> None:
    desk.collect_all()
    assert HINTS not in desk.files
    desk.folder(BOX).files[HINTS] = GARBAGE
    desk.collect_all()
    assert desk.files[HINTS] == GARBAGE
    desk.folder(BOX).files[HINTS] = b"other"
    desk.collect_all()
    assert desk.files[HINTS] == GARBAGE


@pytest.mark.parametrize(
    "path", ["hints/other/000000.bin", f"hints/{BOX}/000001.bin", f"hints/{BOX}/x", "hints/a/b/c"]
)
def test_files_beside_the_hints_are_left_where_they_are(desk: Desk, path: str) -> None:
    desk.folder(BOX).files[path] = GARBAGE
    desk.collect_all()
    assert path not in desk.files
    assert f"devices/{BOX}.json" in desk.files


@pytest.mark.parametrize("path", ["hint/000000.bin", "hints", f"ballots/{BOX}/hints/a.bin"])
def test_a_file_that_only_looks_like_hints_is_refused(desk: Desk, path: str) -> None:
    desk.folder(BOX).files[path] = GARBAGE
    (outcome,) = desk.collect(BOX)
    assert f"{path} is a file that its closing does not name" in str(outcome.refused)


@pytest.mark.parametrize("raw", [b"", bytes(101)])
def test_an_empty_or_endless_file_is_not_copied(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, raw: bytes
) -> None:
    monkeypatch.setattr(hints, "MAX_HINT_FILE", 100)
    desk.folder(BOX).files[HINTS] = raw
    desk.collect_all()
    assert HINTS not in desk.files


def test_no_more_is_read_than_may_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "MAX_HINT_FILE", 100)
    asked: list[int] = []

    class Endless(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            asked.append(size or 0)
            return bytes(size or 0)

    class Stick(MemoryStorage):
        def open_stream(self, path: str) -> BinaryIO:
            assert path == HINTS
            return Endless()

    assert take_hints(MemoryStorage(), Stick({HINTS: b""}), BOX, 1) == 0
    assert asked == [101]


def test_a_stick_that_fails_and_a_link_are_no_error(tmp_path: Path) -> None:
    class Broken(MemoryStorage):
        def open_stream(self, path: str) -> BinaryIO:
            raise OSError(5, "input/output error", path)

    record = MemoryStorage()
    assert take_hints(record, Broken({HINTS: GARBAGE}), BOX, 1) == 0
    (tmp_path / "hints" / BOX).mkdir(parents=True)
    (tmp_path / "secret").write_bytes(GARBAGE)
    (tmp_path / HINTS).symlink_to(tmp_path / "secret")
    assert take_hints(record, FolderStorage(tmp_path), BOX, 1) == 0
    assert record.files == {}


def test_a_record_that_cannot_be_written_is_an_error() -> None:
    class Full(MemoryStorage):
        def write(self, path: str, data: bytes) -> None:
            raise OSError(28, f"no space for {len(data)} bytes", path)

    with pytest.raises(OSError, match="no space"):
        take_hints(Full(), MemoryStorage({HINTS: GARBAGE}), BOX, 1)
