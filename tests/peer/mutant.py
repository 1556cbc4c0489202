"""One change to a record of the peer, and exactly what a verifier must say to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.peer.record import Json, PeerRecord


class Mutant(NamedTuple):
    """name: what was done. change: does it. items: those that fail, and no others."""

    name: str
    change: Callable[[PeerRecord], object]
    items: str


def edit(holder: Any, member: str | int, change: Callable[[Any], Any]) -> None:
    """Put the changed value of a member, or of a place in a list, where the value was."""
    holder[member] = change(holder[member])


def swap(one: Json, other: Json, *members: str) -> None:
    """Exchange members of two objects."""
    for member in members:
        one[member], other[member] = other[member], one[member]
