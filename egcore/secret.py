"""A value that does not print, pickle or compare by accident."""

from __future__ import annotations

from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")


class Secret(Generic[T]):
    """Holds a secret until `reveal()` is called, so that no log line or traceback shows it.

    It guards against accidents only: Python does not wipe memory, and nothing here claims to.
    """

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """Return the value. Each call is a place to review."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled or copied; reveal it on purpose")

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("secrets are not compared; reveal both on purpose")

    def __hash__(self) -> NoReturn:
        raise TypeError("a secret has no hash")
