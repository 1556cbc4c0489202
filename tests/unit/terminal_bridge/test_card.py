"""Cards in memory and in a file: three files of fixed sizes, and what a missing card does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore.storage import FolderStorage
from terminal_bridge.card import (
    IMAGE_BYTES,
    CardFile,
    MemoryCard,
    StoredCard,
    blank_image,
    read_serial,
)
from terminal_bridge.refusals import CardUnreadable

if TYPE_CHECKING:
    from pathlib import Path

    from terminal_bridge.card import Card

FILES = (CardFile.INFO, CardFile.PERMIT, CardFile.BALLOT)
NAME = "cards/one.card"


@pytest.fixture
def folder(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path)


@pytest.fixture(params=["memory", "stored"])
def card(request: pytest.FixtureRequest, folder: FolderStorage) -> Card:
    return MemoryCard() if request.param == "memory" else StoredCard.personalise(folder, NAME)


def test_the_files_have_the_sizes_of_the_layout() -> None:
    assert [file.size for file in FILES] == [64, 512, 1024]
    assert IMAGE_BYTES == 1600


def test_a_new_card_holds_nothing_but_layout_and_serial(card: Card) -> None:
    assert card.read(CardFile.PERMIT, 0, 512) == b"\xff" * 512
    assert card.read(CardFile.BALLOT, 0, 1024) == b"\xff" * 1024
    assert len(read_serial(card)) == 16


def test_two_new_cards_have_two_serials() -> None:
    assert blank_image() != blank_image()


@pytest.mark.parametrize("file", FILES)
def test_an_update_changes_its_bytes_and_no_others(card: Card, file: CardFile) -> None:
    before = {other: card.read(other, 0, other.size) for other in FILES}
    card.update(file, 3, b"abc")
    after = {other: card.read(other, 0, other.size) for other in FILES}
    before[file] = before[file][:3] + b"abc" + before[file][6:]
    assert after == before


@pytest.mark.parametrize("file", FILES)
def test_erasing_fills_one_file_with_ff(card: Card, file: CardFile) -> None:
    for other in FILES:
        card.update(other, 0, bytes(other.size))
    card.erase(file)
    for other in FILES:
        expected = b"\xff" if other is file else b"\x00"
        assert card.read(other, 0, other.size) == expected * other.size


@pytest.mark.parametrize(("offset", "length"), [(-1, 2), (63, 2), (65, 0), (0, -1)])
def test_no_access_leaves_its_file(offset: int, length: int) -> None:
    with pytest.raises(ValueError, match="INFO has 64 bytes"):
        MemoryCard().read(CardFile.INFO, offset, length)


@pytest.mark.parametrize("size", [0, IMAGE_BYTES - 1, IMAGE_BYTES + 1])
def test_an_image_of_another_size_is_no_card(folder: FolderStorage, size: int) -> None:
    with pytest.raises(ValueError, match=f"a card has 1600 bytes, found {size}"):
        MemoryCard(bytes(size))
    folder.write(NAME, bytes(size))
    with pytest.raises(CardUnreadable, match=NAME):
        read_serial(StoredCard(folder, NAME))


def test_a_card_in_a_file_is_there_for_the_next_program(folder: FolderStorage) -> None:
    StoredCard.personalise(folder, NAME).update(CardFile.BALLOT, 1000, b"last")
    assert StoredCard(folder, NAME).read(CardFile.BALLOT, 1000, 4) == b"last"


def test_no_card_is_made_over_another(folder: FolderStorage) -> None:
    serial = read_serial(StoredCard.personalise(folder, NAME))
    with pytest.raises(FileExistsError, match=NAME):
        StoredCard.personalise(folder, NAME)
    assert read_serial(StoredCard(folder, NAME)) == serial


def test_a_file_that_is_gone_is_a_card_that_was_pulled(
    folder: FolderStorage, tmp_path: Path
) -> None:
    card = StoredCard.personalise(folder, NAME)
    (tmp_path / NAME).unlink()
    with pytest.raises(CardUnreadable):
        card.read(CardFile.INFO, 0, 1)
    with pytest.raises(CardUnreadable):
        card.update(CardFile.INFO, 0, b"x")
    with pytest.raises(CardUnreadable):
        card.erase(CardFile.INFO)


def test_a_folder_or_a_path_outside_is_no_card(folder: FolderStorage, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("folder", "../one.card"):
        with pytest.raises(CardUnreadable):
            read_serial(StoredCard(folder, name))


@pytest.mark.parametrize("place", range(9))
def test_a_card_of_another_layout_is_not_read(place: int) -> None:
    card = MemoryCard()
    card.image[place] ^= 1
    with pytest.raises(CardUnreadable, match="another layout"):
        read_serial(card)
