"""The engines that tests hold against one another, and numbers as rows take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from verifier.core.ifma.choose import ifma_rows
from verifier.core.ifma.engine import IfmaRows

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from numpy import int64, uint8
    from numpy.typing import NDArray

    from verifier.core.rows import Arena


def kernel_rows() -> IfmaRows:
    """The kernel, or the test is skipped where the machine cannot run it.

    A kernel that fails its own test is no reason to skip.
    """
    choice = ifma_rows()
    if choice.engine is None:
        assert "failed" not in choice.reason, choice.reason
        assert "compiled" not in choice.reason, choice.reason
        pytest.skip(choice.reason)
    assert isinstance(choice.engine, IfmaRows)
    return choice.engine


def column(*numbers: int) -> NDArray[int64]:
    return np.array(numbers, np.int64)


def raw(numbers: Sequence[int], width: int) -> NDArray[uint8]:
    octets = b"".join(x.to_bytes(width, "big") for x in numbers)
    return np.frombuffer(octets, np.uint8).reshape(len(numbers), width)


def numbers(arena: Arena, at: Sequence[int]) -> list[int]:
    return [int.from_bytes(row.tobytes(), "big") for row in arena.store(column(*at))]


def loaded(arena: Arena, given: Sequence[int], width: int) -> Arena:
    """The arena with these numbers in rows 1, 2, ..."""
    arena.load(np.arange(1, len(given) + 1), raw(given, width))
    return arena


class Plan:
    """Steps drawn at random, such that no product of a step writes what another one uses."""

    def __init__(self, rng: random.Random, rows: int, steps: int, most: int) -> None:
        self.dst, self.left, self.right, self.ends = list[int](), list[int](), list[int](), [0]
        for _ in range(steps):
            written = rng.sample(range(1, rows), rng.randrange(min(most, rows - 1) + 1))
            read = sorted(set(range(rows)) - set(written))
            squares = rng.random() < 0.5
            for row in written:
                own = rng.random() < 0.5
                left = row if own else rng.choice(read)
                self.dst.append(row)
                self.left.append(left)
                self.right.append(left if squares else rng.choice(read))
            self.ends.append(len(self.dst))

    def run(self, arena: Arena) -> None:
        arena.run(*(column(*x) for x in (self.dst, self.left, self.right, self.ends)))
