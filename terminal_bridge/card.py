"""A card as the programs see it: three small files behind a transport (specs/19).

The transport is an interface. Here are a card in memory and a card in a file.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

from egcore.randomness import random_bytes32
from terminal_bridge.refusals import CardUnreadable

if TYPE_CHECKING:
    from egcore.storage import Storage

ERASED: Final = b"\xff"
SERIAL_BYTES: Final = 16
LAYOUT: Final = b"KZSAILAU\x01"


class CardFile(Enum):
    """A file of the card: its number and its bytes."""

    INFO = (1, 64)
    PERMIT = (2, 512)
    BALLOT = (3, 1024)

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.value[1]


IMAGE_BYTES: Final = sum(file.size for file in CardFile)


class Card(Protocol):
    """A card in a reader. Every method raises CardUnreadable when the card does not answer."""

    def read(self, file: CardFile, offset: int, length: int) -> bytes:
        """Bytes of a file; offset + length is within it."""
        ...

    def update(self, file: CardFile, offset: int, data: bytes) -> None:
        """The file holds `data` from `offset` on. A pulled card may hold a part of it."""
        ...

    def erase(self, file: CardFile) -> None:
        """Every byte of the file is FF."""
        ...


class MemoryCard:
    """A card in memory, image and all. image: the three files one after another."""

    def __init__(self, image: bytes | None = None) -> None:
        self.image = bytearray(blank_image() if image is None else image)
        if len(self.image) != IMAGE_BYTES:
            raise ValueError(f"a card has {IMAGE_BYTES} bytes, found {len(self.image)}")

    def read(self, file: CardFile, offset: int, length: int) -> bytes:
        """Bytes of a file."""
        start = _start(file, offset, length)
        return bytes(self.image[start : start + length])

    def update(self, file: CardFile, offset: int, data: bytes) -> None:
        """The file holds `data` from `offset` on."""
        start = _start(file, offset, len(data))
        self.image[start : start + len(data)] = data

    def erase(self, file: CardFile) -> None:
        """Every byte of the file is FF."""
        self.update(file, 0, ERASED * file.size)


class StoredCard:
    """A card in a file of a storage: its image, read and written whole.

    A file that is not there is a card that was pulled.
    """

    def __init__(self, storage: Storage, name: str) -> None:
        self._storage = storage
        self._name = name

    @classmethod
    def personalise(cls, storage: Storage, name: str) -> StoredCard:
        """Return a new blank card with a random serial. Raises FileExistsError over another."""
        if storage.exists(name):
            raise FileExistsError(f"{name} is there already")
        storage.write(name, blank_image())
        return cls(storage, name)

    def read(self, file: CardFile, offset: int, length: int) -> bytes:
        """Bytes of a file."""
        return self._load().read(file, offset, length)

    def update(self, file: CardFile, offset: int, data: bytes) -> None:
        """The file holds `data` from `offset` on."""
        card = self._load()
        card.update(file, offset, data)
        self._save(card)

    def erase(self, file: CardFile) -> None:
        """Every byte of the file is FF."""
        card = self._load()
        card.erase(file)
        self._save(card)

    def _load(self) -> MemoryCard:
        try:
            with self._storage.open_stream(self._name) as stream:
                image = stream.read(IMAGE_BYTES + 1)
        except (OSError, ValueError):
            raise CardUnreadable(f"no card in {self._name}") from None
        if len(image) != IMAGE_BYTES:
            raise CardUnreadable(f"{self._name} is no card of {IMAGE_BYTES} bytes")
        return MemoryCard(image)

    def _save(self, card: MemoryCard) -> None:
        try:
            self._storage.write(self._name, bytes(card.image))
        except OSError:
            raise CardUnreadable(f"{self._name} cannot be written") from None


def blank_image() -> bytes:
    """Return the image of a card that was personalised and holds nothing: layout and serial."""
    info = LAYOUT + random_bytes32()[:SERIAL_BYTES]
    return info.ljust(CardFile.INFO.size, ERASED) + ERASED * (
        CardFile.PERMIT.size + CardFile.BALLOT.size
    )


def read_serial(card: Card) -> bytes:
    """Return the serial of a card. Raises CardUnreadable for a card of another layout."""
    info = card.read(CardFile.INFO, 0, len(LAYOUT) + SERIAL_BYTES)
    if info[: len(LAYOUT)] != LAYOUT:
        raise CardUnreadable("it has another layout")
    return info[len(LAYOUT) :]


def _start(file: CardFile, offset: int, length: int) -> int:
    if not 0 <= offset <= offset + length <= file.size:
        raise ValueError(f"{file.name} has {file.size} bytes, not {offset} + {length}")
    before = {
        CardFile.INFO: 0,
        CardFile.PERMIT: CardFile.INFO.size,
        CardFile.BALLOT: CardFile.INFO.size + CardFile.PERMIT.size,
    }
    return before[file] + offset
