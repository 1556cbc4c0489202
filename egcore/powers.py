"""Work that waits for powers of fixed bases, whoever computes them.

A piece of work is a generator: it yields the powers that it needs next and is sent them, in that
order. An empty list is a pause, at which others may have their turn.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

STEP: Final = 3  # powers


class Base(Enum):
    """A base in G whose powers are needed many times."""

    G = "g"
    K = "K"
    K_HAT = "K-hat"


class Wanted(NamedTuple):
    """A power: 0 <= exponent < q. An exponent is secret, so nothing prints one."""

    base: Base
    exponent: int

    def __repr__(self) -> str:
        return f"Wanted({self.base.value}, ...)"


Work = Generator[Sequence[Wanted], Sequence[int], T]


def in_steps(
    work: Work[T], tables: Mapping[Base, Callable[[int], int]]
) -> Generator[None, None, T]:
    """Do a piece of work; its value is that of the generator.

    tables: gives the power of an exponent, for each base that is wanted. A step is at most three
    powers, or what the work does between two pauses. Closed halfway, it closes the work.
    """
    try:
        wanted = next(work)
        while True:
            found: list[int] = []
            for at in range(0, len(wanted), STEP):
                yield
                found += [tables[base](e) for base, e in wanted[at : at + STEP]]
            if not wanted:
                yield
            wanted = work.send(found)
    except StopIteration as done:
        made: T = done.value
        return made
    finally:
        work.close()


def at_once(work: Work[T], tables: Mapping[Base, Callable[[int], int]]) -> T:
    """Return the value of a piece of work, done without a pause."""
    steps = in_steps(work, tables)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            made: T = done.value
            return made
