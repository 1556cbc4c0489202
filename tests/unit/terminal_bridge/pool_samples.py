"""An election for the pool: two styles, limits above 1, contest data; and draws that repeat."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from egcore.hashing import ChainingField
from terminal_bridge.encryption import Selections
from terminal_bridge.pool_slot import make_slot
from tests.attacks.elections import ceremony_for
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from collections.abc import Generator

    from terminal_bridge.encryption import ElectionKeys
    from terminal_bridge.pool import BallotPool
    from terminal_bridge.pool_slot import Slot

BOTH, FIRST = "both", "first"
CONTESTS = (
    contest("one"),
    contest("two", 3, option_limit=2, contest_limit=4, data_blocks=2),
)
STYLES = {BOTH: ("one", "two"), FIRST: ("one",)}
PRECINCTS = (("p-1", "a-1", (BOTH, FIRST)),)
BOX = "box-p-1-1"
TEXT = "жеке үміткер"
FULL = Selections(BOTH, {"one": [1, 0, 0, 0], "two": [2, 0, 1, 1, 0]}, {"two": TEXT})
BLANK = Selections(BOTH, {"one": [0, 0, 0, 0], "two": [0, 0, 0, 0, 0]})
SHORT = Selections(FIRST, {"one": [0, 0, 1, 0]})
OVERVOTE = Selections(FIRST, {"one": [1, 1, 0, 0]})
FIELD = ChainingField(bytes(36))


def pool_election() -> ElectionSimulator:
    registrars = Registrars.generate(2)
    terms = manifest(registrars.public, contests=CONTESTS, styles=STYLES, precincts=PRECINCTS)
    return ElectionSimulator(terms, ceremony_for(TOY), registrars)


def slot_of(keys: ElectionKeys, style: str) -> Slot:
    """A slot, made in one go."""
    return finished(make_slot(keys, style))


def finished(steps: Generator[None, None, Slot]) -> Slot:
    """The slot that the rest of the steps makes."""
    while True:
        try:
            next(steps)
        except StopIteration as made:
            slot: Slot = made.value
            return slot


def fill(pool: BallotPool) -> int:
    """Fill a pool; the number of steps that took."""
    steps = 0
    while pool.step():
        steps += 1
    return steps


def stock(pool: BallotPool) -> dict[str, int]:
    """How many slots a pool has of each style."""
    return {style: len(slots) for style, slots in pool._slots.items()}


def is_overwritten(slot: Slot) -> bool:
    """Whether no buffer of a slot has anything left."""
    buffers = [slot.xi_b]
    for entry in slot.contests:
        buffers += [prepared._rows for prepared in (*entry.ranges, entry.limit)]
        if entry.data is not None:
            buffers += [entry.data._pad, entry.data._scalars]
    return not any(map(any, buffers))


class Tape:
    """Takes the place of `secrets` in `egcore.randomness`: one seed, one sequence of draws."""

    def __init__(self, seed: int) -> None:
        self._source = random.Random(seed)

    def randbelow(self, bound: int) -> int:
        return self._source.randrange(bound)

    def token_bytes(self, length: int) -> bytes:
        return self._source.randbytes(length)
