"""Several slots of one style at once, with powers from the kernel (specs/18, ADR-0009)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from egcore.powers import Base
from egcore.vector.kernel import Kernel
from egcore.vector.powers import SMALL_WINDOW, WINDOW, VectorPowers
from terminal_bridge.pool_slot import slot_work

if TYPE_CHECKING:
    from collections.abc import Generator

    from terminal_bridge.encryption import ElectionKeys
    from terminal_bridge.pool_slot import Slot

BATCH: Final = 8  # slots: as many as fill the lanes of the kernel, whatever the style


def open_powers(keys: ElectionKeys) -> VectorPowers:
    """Compile the kernel and make its tables of g, K and K-hat.

    Raises KernelMissing, which says why there is none here. Cost: a second, 120 MB of memory.
    """
    return VectorPowers(
        Kernel(keys.group),
        {
            Base.G: (keys.group.g, WINDOW),
            Base.K: (keys.vote_key.base, WINDOW),
            Base.K_HAT: (keys.data_key.base, SMALL_WINDOW),
        },
    )


def make_batch(
    keys: ElectionKeys, style: str, count: int, powers: VectorPowers
) -> Generator[None, None, list[Slot]]:
    """Make slots side by side, in steps; the generator's value is they.

    style: of the manifest, else InvalidSelection. powers: of these keys. Closed halfway, or when
    one of them fails, it overwrites all.
    A step is eight powers, a row of a proof, or the change between bytes and lanes of a batch.
    Cost: for each slot the powers of `make_slot`.
    """
    works = [slot_work(keys, style) for _ in range(count)]
    going = list(works)
    slots: list[Slot] = []
    try:
        turns = []
        for work in works:
            yield
            turns.append(next(work))
        while going:
            wanted = [power for turn in turns for power in turn]
            found = iter((yield from powers.in_groups(wanted)))
            waiting, going, lengths = going, [], [len(turn) for turn in turns]
            turns = []
            for work, length in zip(waiting, lengths, strict=True):
                yield
                try:
                    turns.append(work.send(list(islice(found, length))))
                    going.append(work)
                except StopIteration as done:
                    slots.append(done.value)
    except BaseException:
        for slot in slots:
            slot.erase()
        raise
    finally:
        for work in works:
            work.close()
    return slots
