"""What a ballot box keeps on disk, and in which order it comes there (specs/18).

`public/` is what `dalel-tally collect` takes. In `private/` stand `undecided.ndjson` (submitted
ballots, each with the HMAC of its permit), `journal/<file>.ndjson` (decided ballots of a file that
is not closed), and `permits.txt` (HMACs of used permits, sorted, so in no order of voting).
A file that was erased is empty.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from egcore.errors import MalformedRecord
from egcore.program import ProgramError
from egcore.records.ballot import Ballot, BallotFileSignature
from egcore.records.device import DeviceFile, FileDigests
from egcore.records.limits import BALLOTS_IN_A_FILE
from egcore.records.opening import Opening
from egcore.streams import read_lines
from terminal_bridge.box_records import DAY_SECRETS, DecidedLine, UndecidedLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from egcore.group import Group
    from egcore.records.record import Record
    from egcore.storage import Storage
    from terminal_bridge.closing import ClosedFile

R = TypeVar("R", UndecidedLine, Ballot, Opening)

_UNDECIDED: Final = "private/undecided.ndjson"
_PERMITS: Final = "private/permits.txt"
_JOURNALS: Final = "private/journal"
_PERMIT: Final = re.compile(rb"[0-9a-f]{64}")


class StoredFile(NamedTuple):
    """A ballot file that was closed: its number and the digests of its three files."""

    number: int
    digests: FileDigests


class BoxFolder:
    """The folder of one box. Every method that writes has written durably when it returns.

    Every method that reads raises ProgramError for a file that no crash can leave behind.
    """

    def __init__(self, storage: Storage, device: str, group: Group) -> None:
        self._storage = storage
        self._device = device
        self._group = group

    def settle(self) -> None:
        """What a killed process wrote is durable, or gone; called before anything is read."""
        self._storage.settle()

    def undecided(self) -> list[UndecidedLine]:
        """Submitted ballots that nobody has decided, in chain order."""
        if not self._holds(_UNDECIDED):
            return []
        return list(self._records(_UNDECIDED, UndecidedLine))

    def write_undecided(self, lines: Iterable[UndecidedLine]) -> None:
        """These are the undecided ballots; all of them or those before, never a mix."""
        self._storage.write(_UNDECIDED, self._joined(lines))

    def permits(self) -> set[bytes]:
        """HMACs of permits whose ballots were decided."""
        if not self._holds(_PERMITS):
            return set()
        *lines, rest = self._storage.read(_PERMITS).split(b"\n")
        if rest or not all(_PERMIT.fullmatch(line) for line in lines):
            raise damaged(_PERMITS)
        return {bytes.fromhex(line.decode("ascii")) for line in lines}

    def write_permits(self, permits: Iterable[bytes]) -> None:
        """These are the used permits; sorted, so that no place tells a position."""
        text = "".join(f"{line}\n" for line in sorted(permit.hex() for permit in permits))
        self._storage.write(_PERMITS, text.encode("ascii"))

    def journal(self, number: int) -> list[DecidedLine]:
        """Decided ballots of a file, in the order of deciding; a torn tail is cut off first.

        The last line is torn when it has no newline or does not parse: its append never
        returned, so its status was never shown. Any other line that does not parse is damage.
        """
        path = _journal_path(number)
        if not self._holds(path):
            return []
        raw = self._storage.read(path)
        *complete, tail = raw.split(b"\n")
        lines: list[DecidedLine] = []
        for at, text in enumerate(complete):
            try:
                lines.append(DecidedLine.from_bytes(text + b"\n", self._group, path))
            except MalformedRecord as exc:
                if at + 1 < len(complete) or tail:
                    raise damaged(path) from exc
                tail = text
        if tail:
            self._storage.write(path, self._joined(lines))
        return lines

    def append_decided(self, number: int, line: DecidedLine) -> None:
        """The journal of a file ends with this line; a crash may leave a part of it."""
        self._storage.append(_journal_path(number), line.to_bytes(self._group))

    def journals(self) -> list[int]:
        """Numbers of the files that have a journal which was not erased."""
        paths = [path for path in self._storage.list(_JOURNALS) if self._holds(path)]
        return [int(path.rpartition("/")[2].removesuffix(".ndjson")) for path in paths]

    def erase_journal(self, number: int) -> None:
        """The journal of a file that was closed is empty."""
        self._erase(_journal_path(number))

    def closed_files(self) -> int:
        """Number of ballot files that were closed; the `.sig` comes last."""
        number = 0
        while self._storage.exists(self._public("ballots", number, "sig")):
            number += 1
        return number

    def ballots(self, number: int) -> Iterator[Ballot]:
        """Ballots of a closed file, if its bytes and its receipts are those it was closed with."""
        path = self._public("ballots", number, "sig")
        try:
            signed = BallotFileSignature.from_bytes(self._storage.read(path), self._group, path)
        except MalformedRecord as exc:
            raise damaged(path) from exc
        for folder, digest in (("ballots", signed.ballots), ("receipts", signed.receipts)):
            path = self._public(folder, number, "ndjson")
            if not self._storage.exists(path) or self._digest(path) != digest:
                raise damaged(path)
        yield from self._records(self._public("ballots", number, "ndjson"), Ballot)

    def openings(self) -> dict[int, Opening]:
        """Openings of closed files by position."""
        if not self._storage.exists(self._openings):
            return {}
        return {line.position: line for line in self._records(self._openings, Opening)}

    def write_closed(self, file: ClosedFile, openings: Mapping[int, Opening], hints: bytes) -> None:
        """A ballot file is closed: its files, hints and openings are public, `.sig` last.

        hints: an entry for each ballot. Repeated after a crash it writes the same bytes.
        """
        number = file.number
        self._storage.write(self._public("hints", number, "bin"), hints)
        self._storage.write(self._public("ballots", number, "ndjson"), file.ballots)
        self._storage.write(self._public("receipts", number, "ndjson"), file.receipts)
        if openings:
            every = {**self.openings(), **openings}
            lines = [every[position] for position in sorted(every)]
            self._storage.write(self._openings, self._joined(lines))
        self._storage.write(self._public("ballots", number, "sig"), file.signature)

    def stored_files(self) -> list[StoredFile]:
        """Every closed file with its digests, as the closing names them."""
        return [
            StoredFile(
                number,
                FileDigests(
                    ballots=self._digest(self._public("ballots", number, "ndjson")),
                    sig=self._digest(self._public("ballots", number, "sig")),
                    receipts=self._digest(self._public("receipts", number, "ndjson")),
                ),
            )
            for number in range(self.closed_files())
        ]

    def device_file(self) -> DeviceFile | None:
        """The signed closing; None before."""
        if not self._storage.exists(self._device_path):
            return None
        raw = self._storage.read(self._device_path)
        try:
            return DeviceFile.from_bytes(raw, self._group, self._device_path)
        except MalformedRecord as exc:
            raise damaged(self._device_path) from exc

    def write_device_file(self, file: DeviceFile) -> None:
        """The box is closed."""
        self._storage.write(self._device_path, file.to_bytes(self._group))

    def erase_secrets(self) -> None:
        """Day key, permit ids, undecided ballots and journals are empty files."""
        for path in (DAY_SECRETS, _PERMITS, _UNDECIDED):
            self._erase(path)
        for number in self.journals():
            self.erase_journal(number)

    def _records(self, path: str, kind: type[R]) -> Iterator[R]:
        try:
            with self._storage.open_stream(path) as file:
                yield from read_lines(file, kind, self._group, path)
        except MalformedRecord as exc:
            raise damaged(path) from exc

    def _holds(self, path: str) -> bool:
        if not self._storage.exists(path):
            return False
        with self._storage.open_stream(path) as file:
            return file.read(1) != b""

    def _erase(self, path: str) -> None:
        if self._holds(path):
            self._storage.write(path, b"")

    def _digest(self, path: str) -> bytes:
        with self._storage.open_stream(path) as file:
            return hashlib.file_digest(file, "sha256").digest()  # type: ignore[arg-type]

    def _joined(self, lines: Iterable[Record]) -> bytes:
        return b"".join(line.to_bytes(self._group) for line in lines)

    def _public(self, folder: str, number: int, suffix: str) -> str:
        return f"public/{folder}/{self._device}/{number:06d}.{suffix}"

    @property
    def _openings(self) -> str:
        return f"public/openings/{self._device}.ndjson"

    @property
    def _device_path(self) -> str:
        return f"public/devices/{self._device}.json"


def file_of(position: int) -> int:
    """Return the number of the ballot file that holds a position."""
    return (position - 1) // BALLOTS_IN_A_FILE


def damaged(path: str) -> ProgramError:
    """Return the error for a file that no crash of this program can leave behind."""
    return ProgramError(
        f"{path} is damaged, and not by a power cut",
        "keep the folder as it is, vote at another box, and have this one stated lost",
    )


def _journal_path(number: int) -> str:
    return f"{_JOURNALS}/{number:06d}.ndjson"
