"""Elections that come out the same each time: for tests that must be repeatable, and nowhere else.

The producing packages take no seed. Here their one source of randomness is replaced while a base
election is made, so that a failing case can be made again from its seed and number.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Drawn:
    """The two functions of `secrets` that `egcore.randomness` calls."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def randbelow(self, bound: int) -> int:
        return self._random.randrange(bound)

    def token_bytes(self, count: int) -> bytes:
        return self._random.randbytes(count)


@contextmanager
def repeatable(seed: str) -> Iterator[None]:
    """Keys, nonces and identifiers that are made inside follow from the seed."""
    with patch("egcore.randomness.secrets", _Drawn(seed)):
        yield
