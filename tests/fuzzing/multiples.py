"""Multiples of points of Ed25519 that are computed once for all cases.

Most of a run over a small record is the signatures, and a change of one value leaves most of them
alone. `multiply` is a function of its two arguments and of nothing else, so its value may be kept.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING
from unittest.mock import patch

from verifier import ed25519

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def multiples_kept() -> Iterator[None]:
    """Within the block the verifier computes no multiple of a point twice."""
    kept = lru_cache(maxsize=65_536)(ed25519.multiply)
    with patch.object(ed25519, "multiply", kept):
        yield
