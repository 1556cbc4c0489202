"""Membership in G, computed once for a value that several items ask for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verifier.algebra import Group


@lru_cache(maxsize=4_096)  # 6.A and 7.A ask for the same values, one ballot after the other
def is_member(group: Group, x: int) -> bool:
    """Whether x is in G: 1 <= x < p and x^q = 1.

    x: any integer. Cost: one exponentiation for a value not seen lately.
    """
    return group.is_element(x)
