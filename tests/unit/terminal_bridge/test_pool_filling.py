"""The pool is filled while its program waits, and at no other time."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from terminal_bridge.commands.pool_filling import PAUSE, PoolFilling
from terminal_bridge.pool import BallotPool
from tests.unit.terminal_bridge.pool_samples import (
    FIRST,
    is_overwritten,
    pool_election,
    stock,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from terminal_bridge.encryption import ElectionKeys

SOON = 20.0  # seconds, on a machine with much else to do
LOST = "no space"


@pytest.fixture(scope="module")
def keys() -> ElectionKeys:
    return pool_election().keys


class CountedPool(BallotPool):
    """Counts its steps; `hold` keeps a step from ending."""

    steps = 0
    in_step = False
    hold = threading.Event()

    def step(self) -> bool:
        self.in_step = True
        self.hold.wait(SOON)
        self.steps += 1
        more = super().step()
        self.in_step = False
        return more


@pytest.fixture
def pool(keys: ElectionKeys) -> CountedPool:
    made = CountedPool(keys, (FIRST,), 3)
    made.hold = threading.Event()
    made.hold.set()
    return made


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.001)


def test_a_wait_fills_the_pool_and_then_costs_nothing(pool: CountedPool) -> None:
    with PoolFilling(pool) as filling, filling.waiting():
        until(lambda: stock(pool) == {FIRST: 3})
        until(lambda: not filling._allowed.is_set())
        done = pool.steps
        time.sleep(10 * PAUSE)
        assert pool.steps == done


def test_nothing_is_made_outside_a_wait(pool: CountedPool) -> None:
    with PoolFilling(pool) as filling:
        time.sleep(10 * PAUSE)
        assert pool.steps == 0
        for _ in range(3):
            before = pool.steps
            with filling.waiting():
                until(lambda before=before: pool.steps > before)  # type: ignore[misc]
            assert not pool.in_step
            done = pool.steps
            time.sleep(10 * PAUSE)
            assert pool.steps == done


def test_the_end_of_a_wait_waits_for_the_step_under_way_and_no_other(pool: CountedPool) -> None:
    pool.hold.clear()
    with PoolFilling(pool) as filling:
        with filling.waiting():
            until(lambda: pool.in_step)
            threading.Timer(0.05, pool.hold.set).start()
        assert (pool.steps, pool.in_step) == (1, False)


def test_a_short_wait_after_many_goes_on_where_it_was(pool: CountedPool) -> None:
    with PoolFilling(pool) as filling:
        for _ in range(400):
            with filling.waiting():
                time.sleep(PAUSE)
            if stock(pool) == {FIRST: 3}:
                break
        assert stock(pool) == {FIRST: 3}


def test_the_end_stops_the_thread_and_overwrites_the_slots(pool: CountedPool) -> None:
    with PoolFilling(pool) as filling:
        with filling.waiting():
            until(lambda: stock(pool) == {FIRST: 3})
        slots = list(pool._slots[FIRST])
        thread = filling._thread
    assert not thread.is_alive()
    assert stock(pool) == {FIRST: 0}
    assert all(map(is_overwritten, slots))


def test_what_goes_wrong_in_the_thread_is_raised_by_the_program(
    pool: CountedPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> bool:
        pool.steps += 1
        raise OSError(LOST)

    monkeypatch.setattr(pool, "step", fail)
    with PoolFilling(pool) as filling:
        for turn in (1, 2):
            with pytest.raises(OSError, match=LOST):  # noqa: SIM117 - the end raises
                with filling.waiting():
                    until(lambda turn=turn: pool.steps == turn)  # type: ignore[misc]
        monkeypatch.undo()
        with filling.waiting():
            until(lambda: stock(pool) == {FIRST: 3})


def test_what_ends_the_wait_goes_on(pool: CountedPool) -> None:
    with PoolFilling(pool) as filling:
        with pytest.raises(KeyboardInterrupt), filling.waiting():
            raise KeyboardInterrupt
        done = pool.steps
        time.sleep(10 * PAUSE)
        assert pool.steps == done
