"""What workers answered, in a file that a run can go on with: for each answer also whose it is.

It is no journal (specs/27): nothing in it counts as looked at by this machine but what this machine
says. A line is the key of the unit, a checksum, a worker's address or `-` for this machine, and
the encoded result, with one blank between them; or, after `rejected`, a worker who is not believed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from verifier.cannot_run import CannotRun
from verifier.whole.entries import header_line, read_header
from verifier.whole.journal import bound_to, require_same
from verifier.whole.sync_pace import SyncPace

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from verifier.cluster.spool import Place
    from verifier.whole.unit_keys import Terms

LABEL: Final = "dalel/cluster-answers/1"
_HERE: Final = "-"
WHAT: Final = "file of the answers of a cluster"
_REJECTED: Final = b"rejected"
_CHECKSUM: Final = b"dalel/cluster-answer/1\0"
_NO_KEY: Final = bytes(32)


class Kept:
    """The file, in a `with` block, held by one run at a time. Raises CannotRun.

    keys: what it is bound to. rejected: workers of earlier runs that are not believed.
    """

    def __init__(self, path: Path, keys: Terms) -> None:
        self._path = path
        self._header = bound_to(LABEL, keys)
        self._found: dict[bytes, tuple[str, Place]] = {}
        self.rejected: set[str] = set()

    def __enter__(self) -> Self:
        try:
            self._file = self._path.open("a+b")
        except OSError as fault:
            raise self._failed("opened", fault) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._read()
        except BlockingIOError:
            self._file.close()
            raise CannotRun(
                f"the {WHAT} {self._path} is in use by another run",
                "wait for its end, or name another file",
            ) from None
        except OSError as fault:
            self._file.close()
            raise self._failed("read", fault) from None
        except BaseException:
            self._file.close()
            raise
        self._pace = SyncPace(self._file.fileno())
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self._pace.force()
        self._file.close()

    def find(self, key: bytes) -> tuple[str | None, Place] | None:
        """Who said something of the unit with this key, and where it lies; the last word counts."""
        worker, place = self._found.get(key, (None, None))
        if place is None or worker in self.rejected:
            return None
        return None if worker == _HERE else worker, place

    def add(self, raw: bytes, key: bytes | None, worker: str | None) -> Place:
        """Where the bytes lie now. key: None for a unit that has none. worker: None for here."""
        return self._append(b"", key or _NO_KEY, worker or _HERE, raw)

    def reject(self, worker: str) -> None:
        """Believe a worker no more, in this run and in later ones."""
        self.rejected.add(worker)
        self._append(_REJECTED + b" ", _NO_KEY, worker, b"")

    def read(self, place: Place) -> bytes:
        """The bytes at a place."""
        start, length = place
        try:
            raw = os.pread(self._file.fileno(), length, start)
        except OSError as fault:
            raise self._failed("read", fault) from None
        if len(raw) != length:
            raise CannotRun(f"the {WHAT} {self._path} was cut", "run it again with a new file")
        return raw

    def _append(self, mark: bytes, key: bytes, worker: str, raw: bytes) -> Place:
        head = mark + _head(key, worker, raw)
        try:
            self._file.write(head + raw + b"\n")
            self._file.flush()
            self._pace.written()
        except OSError as fault:
            raise self._failed("written", fault) from None
        place = self._end + len(head), len(raw)
        self._end += len(head) + len(raw) + 1
        return place

    def _read(self) -> None:
        """Take what the file holds, and cut off a torn line at its end."""
        own = header_line(self._header)
        self._file.seek(0)
        first = self._file.readline()
        if len(first) < len(own) and own.startswith(first):
            self._file.truncate(0)  # it is new, or was stopped at its first line
            self._file.write(own)
            self._file.flush()
            first = own
        require_same(WHAT, self._path, read_header(first), self._header)
        self._end = len(first)
        self._file.seek(self._end)
        while (line := self._file.readline()).endswith(b"\n"):
            self._take(line)
            self._end += len(line)
        self._file.truncate(self._end)

    def _take(self, line: bytes) -> None:
        """A line of the file; one with another form or checksum is not there."""
        is_rejection = line.startswith(_REJECTED + b" ")
        rest = line.removeprefix(_REJECTED + b" ")[:-1] if is_rejection else line[:-1]
        parts = rest.split(b" ", 3)
        if len(parts) != len(("key", "checksum", "worker", "raw")):
            return
        try:
            key, worker = bytes.fromhex(parts[0].decode("ascii")), parts[2].decode("ascii")
        except ValueError:
            return
        if rest != _head(key, worker, parts[3]) + parts[3]:
            return
        if is_rejection:
            self.rejected.add(worker)
        elif key != _NO_KEY:
            start = self._end + len(rest) - len(parts[3])
            self._found[key] = worker, (start, len(parts[3]))

    def _failed(self, verb: str, fault: OSError) -> CannotRun:
        return CannotRun(
            f"the {WHAT} {self._path} cannot be {verb} ({fault.strerror})",
            "name a file in a folder that exists and has room",
        )


def _head(key: bytes, worker: str, raw: bytes) -> bytes:
    name = worker.encode("ascii")
    checksum = hashlib.sha256(_CHECKSUM + key + name + b" " + raw).hexdigest()
    return b"%s %s %s " % (key.hex().encode(), checksum.encode(), name)
