"""The ballot box survives a power cut or a kill after every operation of its day."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from egcore.storage import FolderStorage
from tests.unit.terminal_bridge.closed_box import check_end, find_nothing, require_accepted
from tests.unit.terminal_bridge.torn_storage import (
    Image,
    TornFileSystem,
    UnsyncedFileSystem,
    key_of,
    read_files,
    write_files,
)
from tests.unit.terminal_bridge.voting_day import Log, Precinct, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.unit.terminal_bridge.torn_storage import Files
    from tests.unit.terminal_bridge.voting_day import Wish

WISHES: tuple[Wish, ...] = ("cast", "challenged", "leave", "cast")
FULL = 256


class Cuts:
    """Runs days in folders of their own, and crashes them."""

    def __init__(self, precinct: Precinct, folder: Path) -> None:
        self.precinct = precinct
        self._folder = folder
        self._count = 0

    def record(self, image: Image[Told] | None = None) -> list[Image[Told]]:
        """A day to its end; every state of the disk on the way. image: where it begins."""
        log = Log(None if image is None else image.told)
        top = self._new_folder()
        system = TornFileSystem(top, lambda: log.told, image)
        log.observe = system.observe
        self.precinct.work(FolderStorage(top / "box", system), log)
        return system.images

    def finish(self, files: Files, told: Told) -> Files:
        """A process starts on what survived and ends the day; what is then in the folder."""
        find_nothing(files, told.secrets)
        log = Log(told)
        top = self._new_folder()
        write_files(top, files)
        self.precinct.work(FolderStorage(top / "box", UnsyncedFileSystem()), log)
        found = read_files(top / "box")
        check_end(self.precinct, found, log.told)
        return found

    def restart(self, files: Files, told: Told) -> None:
        """A process starts on what survived and keeps the word of the one before."""
        top = self._new_folder()
        write_files(top, files)
        storage = FolderStorage(top / "box", UnsyncedFileSystem())
        self.precinct.keep_word(self.precinct.box(storage), Log(told))

    def _new_folder(self) -> Path:
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        return folder


@pytest.fixture(scope="module")
def precinct() -> Precinct:
    return Precinct(WISHES)


@pytest.fixture
def cuts(precinct: Precinct, tmp_path: Path) -> Cuts:
    return Cuts(precinct, tmp_path)


def test_a_power_cut_after_any_operation_loses_nothing(cuts: Cuts) -> None:
    for files, told in _cut_anywhere(cuts.record()):
        cuts.finish(files, told)


def test_a_kill_and_then_a_power_cut_take_back_nothing_that_was_told(cuts: Cuts) -> None:
    """What a killed process has not synced, its successor makes durable before it tells of it."""
    for image in cuts.record():
        if image.dirty:
            second = cuts.record(image)
            for files, told in _cut_anywhere(_when_told(second)[:1]):
                cuts.finish(files, told)


def test_two_crashes_anywhere_lose_nothing(cuts: Cuts) -> None:
    """A sample; `make long` tries every third pair."""
    chosen = random.Random(7)
    first = list(_crash_anywhere(cuts.record()))
    for image in chosen.sample(first, 30):
        second = list(_cut_anywhere(cuts.record(image)))
        for files, told in chosen.sample(second, 2):
            cuts.finish(files, told)


@pytest.mark.long
def test_every_pair_of_crashes_loses_nothing(cuts: Cuts) -> None:
    chosen = random.Random(8)
    for image in _crash_anywhere(cuts.record()):
        second = list(_cut_anywhere(cuts.record(image)))
        for files, told in second[chosen.randrange(3) :: 3]:
            cuts.finish(files, told)


def test_every_part_of_an_append_is_cut_off_or_whole(cuts: Cuts) -> None:
    """At every byte length: the decision was made, or its ballot is undecided and shown again."""
    images = [image for image in cuts.record() if image.appended]
    assert [len(image.told.decisions) for image in images] == [0, 1, 2, 3]
    for image in images[:2]:  # one that is cast, and one with an opening
        torn = list(image.torn())
        assert len(torn) > 1_000
        for files in torn[::16]:
            cuts.restart(files, image.told)
        for files in torn[-3:]:
            cuts.finish(files, image.told)


@pytest.mark.long
def test_a_day_goes_on_from_a_part_of_an_append(cuts: Cuts) -> None:
    """Every third length; a line is some 3,500 bytes."""
    for image in cuts.record():
        for files in list(image.torn())[::3]:
            cuts.finish(files, image.told)


def test_a_closing_that_was_cut_ends_in_the_same_bytes(cuts: Cuts) -> None:
    images = cuts.record()
    due = _public(images[-1].now(), "box/public/")
    everybody = frozenset(range(1, len(WISHES) + 1))
    closing = [image for image in images if image.told.done == everybody]
    tried = [_public(cuts.finish(*cut), "public/") for cut in _cut_anywhere(closing)]
    assert len(tried) > 30
    assert all(found == due for found in tried)


def test_the_verifier_accepts_what_crashed_boxes_have_closed(cuts: Cuts, tmp_path: Path) -> None:
    found = list(_cut_anywhere(cuts.record()))
    for number, (files, told) in enumerate(random.Random(9).sample(found, 8)):
        require_accepted(cuts.precinct, cuts.finish(files, told), tmp_path / f"record-{number}")


def test_a_full_file_is_closed_whole_or_not_at_all(tmp_path: Path) -> None:
    """The 256th ballot is decided; every cut until its voter hears of it."""
    cuts, images = _day_around_a_full_file(tmp_path, "cast")
    told = [image.told.decisions.keys() for image in images]
    closing = [image for image, at in zip(images, told, strict=True) if max(at) == FULL - 1]
    closing = [image for image in closing if FULL in image.told.receipts]
    found = list(_cut_anywhere(closing))
    assert len(found) > 20
    for files, said in found[::3]:
        cuts.restart(files, said)
    for files, said in found[::10]:
        cuts.finish(files, said)


@pytest.mark.long
@pytest.mark.parametrize("wish", ["cast", "leave"])
def test_a_day_with_two_files_survives_every_cut(tmp_path: Path, wish: Wish) -> None:
    """leave: the first file stays open while the second one fills."""
    cuts, images = _day_around_a_full_file(tmp_path, wish)
    for files, told in _cut_anywhere(images):
        cuts.finish(files, told)


def _day_around_a_full_file(folder: Path, wish: Wish) -> tuple[Cuts, list[Image[Told]]]:
    """A day recorded from its 255th voter on. wish: of the last but one voter before."""
    before: list[Wish] = [*["cast"] * (FULL - 4), wish, "challenged"]  # type: ignore[list-item]
    precinct = Precinct((*before, "challenged", "cast", "leave", "cast"))
    log = Log()
    top = folder / "before"
    storage = FolderStorage(top / "box", UnsyncedFileSystem())
    precinct.vote_until(storage, log, len(before))
    cuts = Cuts(precinct, folder)
    return cuts, cuts.record(Image.after_cut(read_files(top), log.told))


def _when_told(images: list[Image[Told]]) -> list[Image[Told]]:
    return [after for before, after in pairwise(images) if after.told is not before.told]


def _cut_anywhere(images: Iterable[Image[Told]]) -> Iterator[tuple[Files, Told]]:
    """Every folder that a power cut at one of these images leaves, each once."""
    seen = set()
    for image in images:
        for files in image.survivors():
            key = (key_of(files), id(image.told))
            if key not in seen:
                seen.add(key)
                yield files, image.told


def _crash_anywhere(images: list[Image[Told]]) -> Iterator[Image[Told]]:
    """Where the next process starts: after a kill, or after a power cut."""
    yield from (image for image in images if image.dirty)
    for files, told in _cut_anywhere(images):
        yield Image.after_cut(files, told)


def _public(files: Files, below: str) -> Files:
    return {
        path.removeprefix(below): data for path, data in files.items() if path.startswith(below)
    }
