"""A thread that fills a pool while its program waits, and only then (specs/18, ADR-0008)."""

from __future__ import annotations

import time
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from terminal_bridge.pool import BallotPool

PAUSE: Final = 0.002  # seconds after each step, in which a waiting program gets the interpreter


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
