"""Arbitrary values of the widths of a group, and what a sample of a record is."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.records.record import Record, RecordReader


class Sample(NamedTuple):
    """A record and what reads it back."""

    reader: RecordReader[Any]
    record: Record


class Values:
    """Arbitrary values of the widths of a group; the seed makes each run the same."""

    def __init__(self, group: Group, seed: int = 1) -> None:
        self.random = Random(seed)
        self.group = group

    def p(self) -> int:
        return self.random.randrange(256**self.group.lp)

    def q(self) -> int:
        return self.random.randrange(256**self.group.lq)

    def h(self) -> bytes:
        return self.random.randbytes(32)

    def c36(self) -> bytes:
        return self.random.randbytes(36)

    def s(self) -> bytes:
        return self.random.randbytes(64)
