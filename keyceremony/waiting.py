"""Waiting for others: asking the exchange again and again, and saying on whom it depends."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from egcore.errors import MissingMessage
from egcore.rounds import party

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

FIRST_PAUSE: Final = 0.05  # seconds
LONGEST_PAUSE: Final = 0.5


@dataclass
class Waiter:
    """How long to wait, in seconds for each thing awaited, and where to say so.

    say: takes a line when what is awaited changes. sleep, clock: seconds; tests have their own.
    """

    timeout: float
    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _said: str = field(default="", init=False)

    def until(self, what: str, look: Callable[[], T | None], awaited: Callable[[], str]) -> T:
        """Return what `look` finds as soon as it finds something.

        what: the round or file, for the error. awaited: on whom it depends now, in words.
        Raises MissingMessage, naming them, when nothing has changed for `timeout` seconds.
        """
        start, pause, before = self.clock(), FIRST_PAUSE, ""
        while True:
            found = look()
            if found is not None:
                return found
            now = awaited()
            if now != before:
                start, pause, before = self.clock(), FIRST_PAUSE, now
                self._tell(f"waiting for {what} of {now}")
            if self.clock() - start >= self.timeout:
                detail = f"it did not come within {self.timeout:g} seconds"
                raise MissingMessage(now, what, detail)
            self.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _tell(self, line: str) -> None:
        if line != self._said:
            self._said = line
            self.say(line)


def parties(indices: Iterable[int]) -> str:
    """Name guardians the way every line does."""
    return ", ".join(party(index) for index in indices)
