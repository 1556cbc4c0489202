"""Secrets that serve once: who may use them, and what becomes of their bytes afterwards."""

from __future__ import annotations

from threading import Lock


class AlreadySpent(RuntimeError):  # noqa: N818 - the name says what happened, as in errors.py
    """Something that serves once was used a second time; nothing was computed from it.

    what: the thing.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return f"{self.what} was used before and serves once; take another one"


class SingleUse:
    """A turnstile that lets one claim through, whatever threads race for it."""

    __slots__ = ("_turn",)

    def __init__(self) -> None:
        self._turn = Lock()  # taken by the first claim and never given back

    def claim(self, what: str) -> None:
        """Return once. Every later call raises AlreadySpent with the name of the thing."""
        if not self._turn.acquire(blocking=False):
            raise AlreadySpent(what)


def overwrite(buffer: bytearray) -> None:
    """Fill a buffer with zeros, in place.

    That reaches this buffer only. Integers and bytes that were made from it are immutable: they
    are freed and not overwritten, and what the system has swapped out or dumped stays where it is.
    """
    buffer[:] = bytes(len(buffer))
