"""What the workers answered, in a file: the memory of a run does not grow with the record."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Protocol, Self

from verifier.cannot_run import CannotRun

if TYPE_CHECKING:
    from types import TracebackType

_HINT = "make room for temporary files; TMPDIR names another folder for them"

Place = tuple[int, int]  # where it begins, and its length


class Store(Protocol):
    """Where answers lie. Every method raises CannotRun when the disk gives out."""

    def add(self, raw: bytes, key: bytes | None, worker: str | None) -> Place:
        """Where the bytes lie now. key: of the unit, if it has one. worker: None for here."""

    def read(self, place: Place) -> bytes:
        """The bytes at a place."""

    def find(self, key: bytes) -> tuple[str | None, Place] | None:
        """Who said something of the unit with this key in an earlier run, and where it lies."""

    def reject(self, worker: str) -> None:
        """Believe a worker no more."""


class Spool:
    """A temporary file, which has no name and goes with the `with` block."""

    def __enter__(self) -> Self:
        self._file = tempfile.TemporaryFile()
        self._end = 0
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, raw: bytes, _key: bytes | None, _worker: str | None) -> Place:
        """Where the bytes lie now."""
        place = self._end, len(raw)
        try:
            self._file.seek(self._end)
            self._file.write(raw)
        except OSError as fault:
            raise CannotRun(f"no answer can be stored ({fault.strerror})", _HINT) from None
        self._end += len(raw)
        return place

    def read(self, place: Place) -> bytes:
        """The bytes at a place."""
        start, length = place
        try:
            self._file.seek(start)
            return self._file.read(length)
        except OSError as fault:
            raise CannotRun(f"an answer cannot be read again ({fault.strerror})", _HINT) from None

    def find(self, _key: bytes) -> tuple[str | None, Place] | None:
        """Nothing: there was no earlier run."""
        return None

    def reject(self, worker: str) -> None:
        """Nothing: there is no later run."""
