"""A card that is pulled out of the reader in the middle of a write, or of anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from terminal_bridge.card import MemoryCard
from terminal_bridge.refusals import CardUnreadable

if TYPE_CHECKING:
    from terminal_bridge.card import CardFile

Rest = Literal["old", "erased"]


class PulledCard(MemoryCard):
    """Takes so many bytes of writes and is pulled at the next one.

    rest: what stands in the place of bytes that an update no longer wrote: what was there before,
    or FF, as on a chip that erases a page and then programs it.
    """

    def __init__(self, image: bytes, budget: int, rest: Rest = "old") -> None:
        super().__init__(image)
        self.budget = budget
        self.rest = rest
        self.pulled = False

    def read(self, file: CardFile, offset: int, length: int) -> bytes:
        self._require_there()
        return super().read(file, offset, length)

    def update(self, file: CardFile, offset: int, data: bytes) -> None:
        self._require_there()
        written, lost = data[: self.budget], data[self.budget :]
        super().update(file, offset, written)
        self.budget -= len(written)
        if lost:
            if self.rest == "erased":
                super().update(file, offset + len(written), b"\xff" * len(lost))
            self.pulled = True
            raise CardUnreadable("pulled")

    def _require_there(self) -> None:
        if self.pulled:
            raise CardUnreadable("pulled")


class CountingCard(MemoryCard):
    """Counts the bytes that are written, and is pulled before the n-th call of any kind."""

    def __init__(self, image: bytes, calls: int | None = None) -> None:
        super().__init__(image)
        self.calls = calls
        self.made = 0
        self.written = 0

    def read(self, file: CardFile, offset: int, length: int) -> bytes:
        self._count()
        return super().read(file, offset, length)

    def update(self, file: CardFile, offset: int, data: bytes) -> None:
        self._count()
        self.written += len(data)
        super().update(file, offset, data)

    def _count(self) -> None:
        if self.made == self.calls:
            raise CardUnreadable("pulled")
        self.made += 1
