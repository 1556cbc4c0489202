"""A thread that fills a pool while its program waits, and only then (specs/18, ADR-0008)."""

from __future__ import annotations

import time
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final, Self

from egcore.program import say
from egcore.vector.kernel import KernelMissing
from terminal_bridge.slot_batch import open_powers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from egcore.vector.powers import VectorPowers
    from terminal_bridge.encryption import ElectionKeys
    from terminal_bridge.pool import BallotPool

KERNEL_FROM: Final = 8  # slots of a style: fewer are made by tables before a kernel is compiled
PAUSE: Final = 0.002  # seconds after each step, in which a waiting program gets the interpreter


def kernel_for(keys: ElectionKeys, size: int) -> VectorPowers | None:
    """Return the kernel's powers for a pool of that size; None for a small one.

    Where a kernel would be worth its while and there is none, one line says why.
    """
    if size < KERNEL_FROM:
        return None
    try:
        return open_powers(keys)
    except KernelMissing as exc:
        say(f"ballots are made ahead by gmpy2, without the vector kernel: {exc.reason}")
        return None


class PoolFilling:
    """Fills a pool in the background from `with` to its end, where the pool is erased.

    The thread works inside `waiting()` alone. When the wait ends, at most the step under way is
    finished first: products hold the interpreter's lock, so the program would be no faster
    without waiting for it.
    """

    def __init__(self, pool: BallotPool) -> None:
        self._pool = pool
        self._allowed = Event()
        self._ended = False
        self._stepping = Lock()
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._fill, name="pool", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self._allowed.set()
        self._thread.join()
        self._pool.erase()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let the pool be filled for as long as the block waits.

        Raises what went wrong in the thread, once, when the block is done.
        """
        self._allowed.set()
        try:
            yield
        finally:
            self._allowed.clear()
            with self._stepping:  # the step under way has ended, and no other begins
                failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _fill(self) -> None:
        while self._allowed.wait() and not self._ended:
            with self._stepping:
                if not self._allowed.is_set() or self._ended:
                    continue
                if not self._step():
                    self._allowed.clear()  # full, or failed: until the next wait
            time.sleep(PAUSE)

    def _step(self) -> bool:
        try:
            return self._pool.step()
        except Exception as exc:  # noqa: BLE001 - raised again where the program can answer it
            self._failure = exc
            return False
