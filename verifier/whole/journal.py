"""What a run remembers on disk: a journal that it can go on with, and results kept for later runs.

Both are files that are only ever appended to, by one run at a time. A run that is killed at any
moment leaves whole lines, and at most a torn one at the end, which the next run cuts off.
"""

from __future__ import annotations

import fcntl
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from verifier.cannot_run import CannotRun
from verifier.disk import force_folder_of
from verifier.whole.entries import Entries, entry_line, header_line, read_header
from verifier.whole.sync_pace import SyncPace
from verifier.whole.unit_codec import MOST_BYTES, encode_result

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from verifier.unit_result import UnitResult
    from verifier.whole.unit_keys import Terms

JOURNAL: Final = "dalel/journal/1"
KNOWN: Final = "dalel/known/1"
_ANOTHER: Final = "name a new file, or take the record, program and options that it is of"
_WORDS: Final = {
    "version": "made by dalel",
    "source": "made by a program with the source digest",
    "group": "of the group",
    "record": "of a record whose seal.json has the SHA-256",
    "stage": "for the stage",
    "receipts": "for --receipts",
}


def bound_to(label: str, terms: Terms) -> dict[str, object]:
    """The header of a file whose results are good for one record, program and set of options."""
    return {
        "label": label,
        "version": terms.program.version,
        "source": terms.program.source.hex(),
        "group": terms.group.name,
        "record": "none" if terms.record is None else terms.record.hex(),
        "stage": terms.stage,
        "receipts": "yes" if terms.receipts else "no",
    }


def require_same(
    what: str, path: Path, found: Mapping[str, object] | None, own: Mapping[str, object]
) -> None:
    """Raise CannotRun when a header is not the one of this run. what: the kind of file."""
    if found is None or found.get("label") != own["label"]:
        raise CannotRun(f"{path} is not a {what} of dalel-verify", "name another file")
    for name, words in _WORDS.items():
        if name in own and found.get(name) != own[name]:
            theirs = str(found.get(name))[:64]
            raise CannotRun(
                f"the {what} {path} is {words} {theirs}, and this run {own[name]}", _ANOTHER
            )


class Journal:
    """An append-only file of results, held by this process in a `with` block.

    header: what its first line must say. what: the kind of file, for messages. Raises CannotRun.
    """

    def __init__(self, path: Path, header: Mapping[str, object], what: str) -> None:
        self._path = path
        self._what = what
        try:
            self._descriptor = self._opened()
        except OSError as fault:
            raise self._failed("opened", fault) from None
        try:
            self._entries = self._read(header)
        except OSError as fault:
            os.close(self._descriptor)
            raise self._failed("read", fault) from None
        except BaseException:
            os.close(self._descriptor)
            raise
        self._pace = SyncPace(self._descriptor)

    def _opened(self) -> int:
        """The file, made if need be, locked against other runs. Raises OSError, CannotRun."""
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
        descriptor = os.open(self._path, flags, 0o644)
        try:
            self._require_plain(descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise CannotRun(
                f"the {self._what} {self._path} is in use by another run",
                "wait for its end, or name another file",
            ) from None
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _require_plain(self, descriptor: int) -> None:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise CannotRun(f"{self._path} is not a plain file", "name another file")

    def _read(self, header: Mapping[str, object]) -> Entries:
        """What the file holds, after a torn line at its end was cut off. Raises OSError."""
        own = header_line(header)
        size = os.fstat(self._descriptor).st_size
        if size < len(own) and own.startswith(os.pread(self._descriptor, size, 0)):
            os.ftruncate(self._descriptor, 0)  # it is new, or was stopped at its first line
            self._write(own)
            os.fsync(self._descriptor)
            force_folder_of(self._path)
        entries = Entries(self._descriptor)
        require_same(self._what, self._path, read_header(entries.header), header)
        os.ftruncate(self._descriptor, entries.end)
        return entries

    def _write(self, raw: bytes) -> None:
        """All of the bytes, at the end of the file. Raises OSError."""
        left = memoryview(raw)
        while left:
            left = left[os.write(self._descriptor, left) :]

    def _failed(self, verb: str, fault: OSError) -> CannotRun:
        return CannotRun(
            f"the {self._what} {self._path} cannot be {verb} ({fault.strerror})",
            "name a file in a folder that exists and has room",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Force what was written to the disk, and let go of the file."""
        with suppress(OSError):
            self._pace.force()
        os.close(self._descriptor)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, key: bytes) -> UnitResult | None:
        """The result of this key; None if there is none that can be read."""
        try:
            return self._entries.find(key)
        except OSError as fault:
            raise self._failed("read", fault) from None

    def add(self, key: bytes, result: UnitResult) -> None:
        """Append the result of a unit; one that is too long is not kept. Raises CannotRun."""
        raw = encode_result(result)
        if len(raw) > MOST_BYTES:
            return
        line = entry_line(key, raw)
        try:
            self._write(line)
            self._pace.written()
        except OSError as fault:
            raise self._failed("written", fault) from None
        self._entries.append(key, len(line))
