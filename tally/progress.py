"""How long steps say how far they are, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[int, int], None]  # called with what is done and what there is to do


def tell_nobody(_done: int, _total: int) -> None:
    """Take notice of nothing: for callers without a terminal."""
