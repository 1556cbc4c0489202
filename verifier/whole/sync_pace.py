"""How often a file is forced to the disk, so that it costs at most a fiftieth of the time."""

from __future__ import annotations

import os
import time
from typing import Final

_SHARE: Final = 50
_SECONDS: Final = 0.5


class SyncPace:
    """Forces one file to the disk: not before half a second, nor 50 times the last one's cost."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._next = 0.0

    def written(self) -> None:
        """Something was written. Raises OSError."""
        if time.monotonic() >= self._next:
            self.force()

    def force(self) -> None:
        """Force everything written so far to the disk. Raises OSError."""
        began = time.monotonic()
        os.fsync(self._descriptor)
        ended = time.monotonic()
        self._next = ended + max(_SECONDS, _SHARE * (ended - began))
