"""The folder of the record: names of its files, and bytes that never change once published.

Names are those of specs/11. A write is whole or not there, so a step that was killed is repeated.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, TypeVar

from egcore.canonical import MAX_FILE
from egcore.errors import MalformedRecord
from egcore.program import ProgramError
from egcore.records.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

    from egcore.group import Group
    from egcore.records.record import RecordReader
    from egcore.storage import Storage

R = TypeVar("R", bound=Record)

MANIFEST: Final = "manifest.json"
PARAMETERS: Final = "parameters.json"
GUARDIANS: Final = "guardians.json"
TRANSCRIPT: Final = "ceremony/transcript.ndjson"
REGISTRY: Final = "registry.ndjson"
SEAL: Final = "seal.json"
PLAN_LINES: Final = "tally/plan.ndjson"
PLAN_FILE: Final = "tally/plan.json"
DECRYPTED: Final = "tally/decrypted.ndjson"
RESULTS: Final = "results.json"
HINTS: Final = "hints/"  # a folder

# Which step makes a file, for whoever runs the steps out of order.
_MADE_BY: Final = {
    MANIFEST: "new",
    PARAMETERS: "collect ceremony",
    GUARDIANS: "collect ceremony",
    TRANSCRIPT: "collect ceremony",
    REGISTRY: "register",
    SEAL: "seal --finish",
    PLAN_LINES: "combine",
    PLAN_FILE: "combine",
    DECRYPTED: "combine",
    RESULTS: "results",
}
_MADE_BY_ALL: Final = "collect devices"


def device_path(device: str) -> str:
    """File of a box: its start, its closing, the digests of its files."""
    return f"devices/{device}.json"


def openings_path(device: str) -> str:
    """Openings of the challenged ballots of a box."""
    return f"openings/{device}.ndjson"


def ballots_path(device: str, number: int) -> str:
    """Ballot file `number`, from 0, of a box."""
    return f"ballots/{device}/{number:06d}.ndjson"


def signature_path(device: str, number: int) -> str:
    """Signature of a ballot file."""
    return f"ballots/{device}/{number:06d}.sig"


def receipts_path(device: str, number: int) -> str:
    """Receipts of a ballot file."""
    return f"receipts/{device}/{number:06d}.ndjson"


def hints_path(device: str, number: int) -> str:
    """Hints of a ballot file: untrusted, and perhaps not there (specs/25)."""
    return f"{HINTS}{device}/{number:06d}.bin"


def statement_path(guardian: int) -> str:
    """Statement of a guardian on the run it took part in."""
    return f"tally/statements/{guardian}.json"


def paths_of_file(device: str, number: int) -> tuple[str, str, str]:
    """Paths of ballot file `number` of a box, of its receipts and of its signature."""
    return (
        ballots_path(device, number),
        receipts_path(device, number),
        signature_path(device, number),
    )


def read_bytes_of(record: Storage, path: str) -> bytes:
    """All bytes of a file of the record, at most 16 MiB.

    Raises ProgramError that names the step which makes a missing file, and MalformedRecord.
    """
    with open_record_file(record, path) as file:
        raw = file.read(MAX_FILE + 1)
    if len(raw) > MAX_FILE:
        raise MalformedRecord(path, f"longer than {MAX_FILE} bytes")
    return raw


def open_record_file(record: Storage, path: str) -> BinaryIO:
    """Open a file of the record for reading; the caller closes it.

    Raises ProgramError that names the step which makes a missing file, and MalformedRecord for
    a symbolic link.
    """
    try:
        return record.open_stream(path)
    except FileNotFoundError as exc:
        step = _MADE_BY.get(path, _MADE_BY_ALL)
        raise ProgramError(
            f"{path} is not in the record", f"run first: dalel-tally {step}"
        ) from exc
    except ValueError as exc:
        raise MalformedRecord(path, str(exc)) from exc


def read_file(record: Storage, path: str, reader: RecordReader[R] | type[R], group: Group) -> R:
    """One record from a `.json` file; raises what read_bytes_of raises."""
    return reader.from_bytes(read_bytes_of(record, path), group, path)


def publish_files(record: Storage, files: Mapping[str, bytes]) -> list[str]:
    """The record holds these files, durably; returns the paths that were new, in order.

    files: path to bytes, written in this order, so that the last one can mean "complete".
    Raises ProgramError, before anything is written, for a path that has other bytes.
    """
    new = [path for path, raw in files.items() if not _is_published(record, path, raw)]
    for path in new:
        record.write(path, files[path])
    return new


def publish_file(record: Storage, path: str, raw: bytes) -> bool:
    """The record holds this file, durably; tells whether it was new. Raises as publish_files."""
    return bool(publish_files(record, {path: raw}))


def _is_published(record: Storage, path: str, raw: bytes) -> bool:
    if not record.exists(path):
        return False
    found = record.read(path)
    if found != raw:
        raise refused_change(path, found, raw)
    return True


def refused_change(path: str, found: bytes, due: bytes) -> ProgramError:
    """Return the error of a step that would change what is published under a name."""
    return ProgramError(
        f"{path} is published with SHA-256 {hashlib.sha256(found).hexdigest()}; this step would "
        f"change it to {hashlib.sha256(due).hexdigest()}",
        "published bytes are never changed: find out where the difference comes from",
    )
