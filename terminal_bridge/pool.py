"""A bounded stock of slots for each ballot style, in the memory of one process (specs/18)."""

from __future__ import annotations

import os
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, Final

from terminal_bridge.encryption import check_selections, encrypt_ballot
from terminal_bridge.pool_slot import encrypt_in_slot, make_slot, require_process, slot_bytes
from terminal_bridge.slot_batch import BATCH, make_batch

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from egcore.hashing import ChainingField
    from egcore.hints import Noted
    from egcore.records.ballot import EncryptedBallot
    from egcore.secret import Secret
    from egcore.vector.powers import VectorPowers
    from terminal_bridge.encryption import ElectionKeys, Selections
    from terminal_bridge.pool_slot import Slot

DEFAULT_SIZE: Final = 4  # of each style; a table spends one in 40 s and makes one in 0.1 s
LARGEST_SIZE: Final = 64
LARGEST_SLOT: Final = 4 * 2**20  # bytes; a slot grows with the square of a contest's limit


class BallotPool:
    """Slots of some styles. Filled step by step by whoever calls `step`; spent by `encrypt`.

    It holds no vote and keeps no figure. One process only, whose threads may share it.
    """

    def __init__(
        self,
        keys: ElectionKeys,
        styles: Iterable[str],
        size: int = DEFAULT_SIZE,
        powers: VectorPowers | None = None,
    ) -> None:
        """Start empty.

        styles: of the manifest, else InvalidSelection; one whose slot would take more than
        LARGEST_SLOT gets none. size: slots of each style, 0..LARGEST_SIZE, else ValueError.
        powers: of these keys by the kernel, which makes several slots at a time.
        """
        if not 0 <= size <= LARGEST_SIZE:
            raise ValueError(f"a pool has 0 to {LARGEST_SIZE} slots of a style, found {size}")
        self._keys = keys
        self._size = size
        self._powers = powers
        self._process = os.getpid()
        self._slots: dict[str, deque[Slot]] = {
            style: deque() for style in styles if slot_bytes(keys, style) <= LARGEST_SLOT
        }
        self._making: Generator[None, None, list[Slot]] | None = None
        self._stepping = Lock()

    def encrypt(
        self,
        selections: Selections,
        position: int,
        b_c: ChainingField,
        noted: Noted | None = None,
    ) -> tuple[EncryptedBallot, Secret[bytes]]:
        """Return what `encrypt_ballot` returns, from a slot when there is one.

        Raises InvalidSelection, which costs no slot, and ForeignSlot after a fork.
        Cost: that of `encrypt_in_slot`; without a slot that of `encrypt_ballot`.
        """
        check_selections(self._keys, selections)
        slot = self.take(selections.style)
        if slot is None:
            return encrypt_ballot(self._keys, selections, position, b_c, noted)
        return encrypt_in_slot(self._keys, slot, selections, position, b_c, noted)

    def take(self, style: str) -> Slot | None:
        """Return a slot that nobody else gets, or None. Raises ForeignSlot after a fork."""
        require_process(self._process)
        try:
            return self._slots[style].popleft()
        except (IndexError, KeyError):
            return None

    def step(self) -> bool:
        """Make one step for the style that has fewest slots; False when none is missing.

        Raises ForeignSlot after a fork. Cost: a step of `make_slot`, or with a kernel of
        `make_batch`.
        """
        require_process(self._process)
        with self._stepping:
            making, self._making = self._making or self._next_slots(), None
            if making is None:
                return False
            try:
                next(making)
            except StopIteration as made:
                for slot in made.value:
                    self._slots[slot.style].append(slot)
            else:
                self._making = making  # not kept when it raised: it is spoilt
            return True

    def erase(self) -> None:
        """Overwrite and drop all slots, a half-made one too."""
        with self._stepping:
            if self._making is not None:
                self._making.close()
                self._making = None
            for slots in self._slots.values():
                while slots:
                    slots.popleft().erase()

    def _next_slots(self) -> Generator[None, None, list[Slot]] | None:
        style = min(self._slots, key=lambda name: len(self._slots[name]), default=None)
        if style is None or len(self._slots[style]) >= self._size:
            return None
        if self._powers is None:
            return _alone(make_slot(self._keys, style))
        missing = self._size - len(self._slots[style])
        return make_batch(self._keys, style, min(missing, BATCH), self._powers)


def _alone(making: Generator[None, None, Slot]) -> Generator[None, None, list[Slot]]:
    return [(yield from making)]
