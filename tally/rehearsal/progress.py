"""How far a rehearsal is: a bar with the time left on a terminal, else one line a step."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from egcore.program import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress


@dataclass(frozen=True)
class Part:
    """A finished step and its seconds."""

    name: str
    seconds: float


@dataclass
class Steps:
    """The steps of a rehearsal. total: all weights; a weight is about a second on two cores."""

    total: float
    parts: list[Part] = field(default_factory=list)
    _bar: Progress | None = None
    _left: float = 0.0  # of the weight of the running step
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def shown(self) -> Iterator[Steps]:
        """Show the bar while the rehearsal runs, if a person looks at it."""
        if not sys.stderr.isatty():
            yield self
            return
        from rich.console import Console  # noqa: PLC0415 - not needed in scripts, slow to load
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            bar.add_task("", total=self.total)
            self._bar = bar
            yield self
            self._bar = None

    @contextmanager
    def step(self, name: str, weight: float) -> Iterator[None]:
        """One step; what `advance` has not shown of its weight is shown at its end."""
        began, self._left = time.monotonic(), weight
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], description=name)
        yield
        seconds = time.monotonic() - began
        self.advance(self._left)
        self.parts.append(Part(name, seconds))
        if self._bar is None:
            say(f"{seconds:6.1f} s  {name}")

    def advance(self, weight: float) -> None:
        """So much of the weight of the running step is done. May be called by any thread."""
        with self._lock:
            weight = min(weight, self._left)
            self._left -= weight
            if self._bar is not None:
                self._bar.advance(self._bar.task_ids[0], weight)
