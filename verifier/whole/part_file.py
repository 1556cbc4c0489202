"""A partial result: the results of some ballot files, in a file that is whole or not there."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from verifier.cannot_run import CannotRun
from verifier.disk import force_folder_of
from verifier.whole.entries import Entries, entry_line, header_line, read_header
from verifier.whole.journal import bound_to, require_same
from verifier.whole.scope import FileRange
from verifier.whole.unit_codec import MOST_BYTES, encode_result

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from verifier.unit_result import UnitResult
    from verifier.whole.unit_keys import Terms

PART: Final = "dalel/part/1"
_WHAT: Final = "partial result"
_CHUNK: Final = 2**20


def _end_line(entries: int) -> bytes:
    return b"end %d\n" % entries


class PartWriter:
    """Takes results and puts the file in its place at the end of a `with` block that went well."""

    def __init__(self, path: Path, terms: Terms, files: FileRange) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
        self._entries = 0
        header = {**bound_to(PART, terms), "files": str(files)}
        try:
            self._stream = self._draft.open("xb")
            self._stream.write(header_line(header))
        except OSError as fault:
            self._draft.unlink(missing_ok=True)
            raise self._failed(fault) from None

    def _failed(self, fault: OSError) -> CannotRun:
        return CannotRun(
            f"the {_WHAT} cannot be written to {self._path} ({fault.strerror})",
            "name a file in a folder that exists and has room",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Raises CannotRun when the file cannot be put in its place."""
        try:
            if kind is None:
                self._stream.write(_end_line(self._entries))
                self._stream.flush()
                os.fsync(self._stream.fileno())
            self._stream.close()
            if kind is None:
                self._draft.replace(self._path)
                force_folder_of(self._path)
        except OSError as fault:
            if kind is None:
                raise self._failed(fault) from None
        finally:
            with suppress(OSError):
                self._draft.unlink(missing_ok=True)

    def add(self, key: bytes, result: UnitResult) -> None:
        """Take the result of a unit; one that is too long is left to merge. Raises CannotRun."""
        raw = encode_result(result)
        if len(raw) > MOST_BYTES:
            return
        try:
            self._stream.write(entry_line(key, raw))
        except OSError as fault:
            raise self._failed(fault) from None
        self._entries += 1


class Part:
    """A partial result of this record, program and set of options, as it lies on disk.

    files: those it is about. digest: SHA-256 of the file. Raises CannotRun for any other file.
    """

    def __init__(self, path: Path, terms: Terms) -> None:
        self.path = path
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            try:
                self.digest = self._hashed()
                self._entries = Entries(self._descriptor)
            except BaseException:
                os.close(self._descriptor)
                raise
        except OSError as fault:
            raise self._failed(fault) from None
        try:
            self.files = self._files(terms)
        except BaseException:
            self.close()
            raise

    def _failed(self, fault: OSError) -> CannotRun:
        return CannotRun(
            f"the {_WHAT} {self.path} cannot be read ({fault.strerror})",
            "PART is a file that `check --files A..B --part FILE` wrote",
        )

    def _hashed(self) -> bytes:
        found, offset = hashlib.sha256(), 0
        while raw := os.pread(self._descriptor, _CHUNK, offset):
            found.update(raw)
            offset += len(raw)
        return found.digest()

    def _files(self, terms: Terms) -> FileRange:
        """The range in the header, of a file that is whole. Raises CannotRun."""
        entries, header = self._entries, read_header(self._entries.header)
        require_same(_WHAT, self.path, header, bound_to(PART, terms))
        last = entries.others[0] if entries.strange == 1 else b""
        if last != _end_line(len(entries)) or entries.is_torn:
            raise CannotRun(
                f"the {_WHAT} {self.path} is damaged: it has {len(entries)} whole results and no "
                "end that says so",
                "fetch it again, or check these ballot files again",
            )
        try:
            return FileRange.parse(str((header or {}).get("files")))
        except ValueError:
            raise CannotRun(
                f"the {_WHAT} {self.path} does not say of which files it is",
                "check these ballot files again",
            ) from None

    def find(self, key: bytes) -> UnitResult | None:
        """The result of this key; None if there is none that can be read. Raises CannotRun."""
        try:
            return self._entries.find(key)
        except OSError as fault:
            raise self._failed(fault) from None

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)
