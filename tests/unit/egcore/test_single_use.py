"""What serves once serves once, whoever races for it; and buffers are overwritten in place."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from egcore.single_use import AlreadySpent, SingleUse, overwrite

if TYPE_CHECKING:
    from collections.abc import Iterator

THREADS = 8
ROUNDS = 200


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """The interpreter changes threads as often as it can, so that a race shows itself."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_the_second_claim_raises_and_names_the_thing() -> None:
    turn = SingleUse()
    turn.claim("a slot")
    for _ in range(2):
        with pytest.raises(AlreadySpent, match="a slot was used before and serves once"):
            turn.claim("a slot")


@pytest.mark.usefixtures("eager_threads")
def test_of_racing_threads_one_passes() -> None:
    turns = [SingleUse() for _ in range(ROUNDS)]
    start = Barrier(THREADS)

    def race(_thread: int) -> list[int]:
        passed = []
        for number, turn in enumerate(turns):
            start.wait()
            try:
                turn.claim("a slot")
            except AlreadySpent:
                continue
            passed.append(number)
        return passed

    with ThreadPoolExecutor(THREADS) as pool:
        found = [number for passed in pool.map(race, range(THREADS)) for number in passed]
    assert sorted(found) == list(range(ROUNDS))


def test_a_buffer_is_overwritten_in_place() -> None:
    buffer = bytearray(b"secret")
    seen = memoryview(buffer)
    overwrite(buffer)
    assert bytes(seen) == bytes(6)
