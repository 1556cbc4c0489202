"""The ballots of a sealed record, streamed, every byte held against the seal."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from egcore.errors import ProtocolViolation
from egcore.records.ballot import Ballot, BallotFileSignature
from egcore.records.device import DEVICE_FILE, DeviceFile
from egcore.records.seal import LostBox, SealedBox
from egcore.streams import read_raw_lines
from tally.progress import Tell, tell_nobody
from tally.record_folder import (
    ballots_path,
    device_path,
    open_record_file,
    read_bytes_of,
    signature_path,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from egcore.records.seal import Seal
    from egcore.storage import Storage
    from tally.election import Election


def sealed_ballots(
    record: Storage, election: Election, seal: Seal, tell: Tell = tell_nobody
) -> Iterator[tuple[str, Ballot]]:
    """Each ballot of every box in the order of the seal, with the precinct of its box.

    A ballot is given before the digest of its file is known: nothing that was made of them may
    be used unless the iteration came to its end. tell: ballots done and in all.
    Raises ProtocolViolation for bytes that the seal does not name, MalformedRecord.
    """
    total = sum(ballots_of(box) for box in seal.boxes)
    done = 0
    for box in seal.boxes:
        precinct, digests = _digests(record, election, box)
        for number, digest in enumerate(digests):
            path = ballots_path(box.device, number)
            hashed = hashlib.sha256()
            with open_record_file(record, path) as file:
                for place, line in read_raw_lines(file, path):
                    hashed.update(line)
                    done += 1
                    yield precinct, Ballot.from_bytes(line, election.group, place)
            _require_digest(path, hashed.digest(), digest)
            tell(done, total)


def ballots_of(box: SealedBox | LostBox) -> int:
    """Return the number of ballots of a box in the record."""
    return box.loss.count if isinstance(box, LostBox) else box.count


def _digests(
    record: Storage, election: Election, box: SealedBox | LostBox
) -> tuple[str, list[bytes]]:
    """Return the precinct of a box and the SHA-256 of each of its ballot files."""
    path = device_path(box.device)
    raw = read_bytes_of(record, path)
    _require_digest(path, hashlib.sha256(raw).digest(), box.digest)
    file = DEVICE_FILE.from_bytes(raw, election.group, path)
    if isinstance(box, LostBox):
        return file.precinct, [
            _saved_digest(record, election, box.device, number, digest)
            for number, digest in enumerate(box.loss.sig_files)
        ]
    if not isinstance(file, DeviceFile):
        raise ProtocolViolation(path, "20.K", "the seal has a closing, the file has none")
    return file.precinct, [entry.ballots for entry in file.files]


def _saved_digest(
    record: Storage, election: Election, device: str, number: int, digest: bytes
) -> bytes:
    path = signature_path(device, number)
    raw = read_bytes_of(record, path)
    _require_digest(path, hashlib.sha256(raw).digest(), digest)
    return BallotFileSignature.from_bytes(raw, election.group, path).ballots


def _require_digest(path: str, found: bytes, due: bytes) -> None:
    if found != due:
        detail = f"the seal names SHA-256 {due.hex()}, found {found.hex()}"
        raise ProtocolViolation(path, "20.K", detail)
