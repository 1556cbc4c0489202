"""Which units this process looks at again: drawn after the answers, by the operating system."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import SystemRandom
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST: Final = 8
ONE_OF: Final = 100


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one draw came to.

    places: all that are looked at again. drawn: how many of them came of the draw among all units,
    each with the same chance. among: how many units those were.
    """

    places: frozenset[int]
    drawn: int
    among: int

    @property
    def missed(self) -> float:
        """The chance that one false unit, whichever it is, is not among those drawn."""
        return 1 - self.drawn / self.among


def usual(units: int) -> int:
    """How many of so many units: one of a hundred, rounded up, and at least eight."""
    return min(units, max(LEAST, -(-units // ONE_OF)))


def draw(workers: Mapping[int, str], number: int | None) -> Drawn:
    """Draw among units that workers have answered.

    workers: by the unit's place; at least one. number: how many; None for the usual number, and
    all of them when there are fewer. A worker of whom none was drawn gets one of its own drawn as
    well: one who lies about all units is found by it.
    """
    system = SystemRandom()
    among = sorted(workers)
    chosen = set(system.sample(among, min(len(among), number or usual(len(among)))))
    drawn = len(chosen)
    seen = {workers[place] for place in chosen}
    for worker in sorted(set(workers.values()) - seen):
        chosen.add(system.choice([place for place in among if workers[place] == worker]))
    return Drawn(frozenset(chosen), drawn, len(among))
