"""How far a long job has come: a line now and then with the time that is left."""

from __future__ import annotations

import sys
import time
from typing import Final

EVERY: Final = 10.0  # seconds
_MINUTE: Final = 60


class Progress:
    """Tells on stderr how many of so many pieces of a job are done."""

    def __init__(self, job: str, pieces: int, noun: str) -> None:
        self._job, self._pieces, self._noun = job, pieces, noun
        self._done = 0
        self._started = self._told = time.monotonic()

    def advance(self, pieces: int) -> None:
        """So many more are done."""
        self._done += pieces
        now = time.monotonic()
        if now - self._told >= EVERY and self._done < self._pieces:
            self._told = now
            left = (now - self._started) * (self._pieces - self._done) / self._done
            self._tell(f"{self._done:,} of {self._pieces:,} {self._noun}, {clock(left)} left")

    def end(self) -> None:
        """All of it is done."""
        self._tell(f"done in {clock(time.monotonic() - self._started)}")

    def _tell(self, text: str) -> None:
        print(f"{self._job}: {text}", file=sys.stderr, flush=True)


def clock(seconds: float) -> str:
    """A length of time for people."""
    whole = round(seconds)
    return f"{whole} s" if whole < 2 * _MINUTE else f"{round(whole / _MINUTE)} min"
