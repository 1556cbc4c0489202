"""Taking devices' folders into the record, each whole or not at all (specs/18)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.canonical import MAX_FILE
from egcore.errors import ElectionError, MalformedRecord, ProtocolViolation
from egcore.program import ProgramError
from egcore.records.device import DEVICE_FILE, DeviceFile
from tally.ballot_files import BALLOTS_A_FILE, BoxTerms, listed
from tally.device_door import DoorCheck, check_closed_device
from tally.hints import take_hints
from tally.progress import Tell, tell_nobody
from tally.record_folder import SEAL, device_path, publish_file, refused_change

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from egcore.records.registry import RegisteredKey
    from egcore.storage import Storage
    from tally.election import Election
    from tally.registry import Registry


@dataclass(frozen=True)
class Collected:
    """What became of one folder.

    device: as the folder names it; empty while it names none. ballots: how many were in it.
    refused: why nothing of it was taken; None when it is in the record. new: not there before.
    """

    folder: str
    device: str
    ballots: int = 0
    new: bool = False
    refused: Exception | None = None


def collect_devices(
    record: Storage,
    election: Election,
    registry: Registry,
    folders: Sequence[tuple[str, Storage]],
    tell: Tell = tell_nobody,
) -> list[Collected]:
    """Take every folder that passes the door, and say of each what became of it.

    folders: a name and the `public/` of a device each, untrusted. A folder that is refused
    hides none of the others. tell: done and total in ballots.
    OSError of the record passes through: nothing can be taken then.
    """
    announced = [announced_ballots(folder, election) for _, folder in folders]
    total, before = sum(announced), 0
    outcomes = []
    for (name, folder), ballots in zip(folders, announced, strict=True):
        outcomes.append(
            _collect(record, election, registry, name, folder, _after(tell, before, total))
        )
        before += ballots
    return outcomes


def announced_ballots(folder: Storage, election: Election) -> int:
    """Return how many ballots a folder says it has, for the time left; 0 when it says nothing."""
    try:
        return _closing_of(folder, election).closing.count
    except (ElectionError, OSError, ValueError):
        return 0


def registered_box(registry: Registry, device: str) -> RegisteredKey:
    """Return the registry line of a box. Raises ProtocolViolation for a device that is none."""
    line = registry.by_id.get(device)
    if line is None:
        detail = "a foreign device: the registry has no box of this id"
        raise ProtocolViolation(device, "20.K", detail)
    if line.kind != "box":
        raise ProtocolViolation(device, "20.K", f"it is registered as {line.kind}, not as box")
    return line


def _collect(
    record: Storage,
    election: Election,
    registry: Registry,
    name: str,
    folder: Storage,
    tell: Tell,
) -> Collected:
    device, ballots = "", 0
    try:
        file = _closing_of(folder, election)
        device, ballots = file.device, file.closing.count
        examined = _examine(record, election, registry, folder, tell)
    except (ElectionError, OSError) as exc:
        return Collected(name, device, refused=exc)
    try:
        if examined is not None:
            _take(record, folder, examined)
        take_hints(record, folder, device, -(-ballots // BALLOTS_A_FILE))
    except ElectionError as exc:
        return Collected(name, device, refused=exc)
    return Collected(name, device, ballots, new=examined is not None)


def _examine(
    record: Storage, election: Election, registry: Registry, folder: Storage, tell: Tell
) -> DoorCheck | None:
    """Return what may be taken of a folder; None when the record has this closing already."""
    file = _closing_of(folder, election)
    terms = BoxTerms(election, registered_box(registry, file.device))
    path = device_path(file.device)
    if record.exists(path):
        _refuse_second(election, terms, record.read(path), file)
        return None
    if record.exists(SEAL):
        raise ProgramError(f"{SEAL} is published without {path}", "a sealed record takes no box")
    return check_closed_device(folder, terms, tell)


def _take(record: Storage, folder: Storage, examined: DoorCheck) -> None:
    """Copy a folder that was examined, its device file last: without it nothing is collected."""
    for path, digest in examined.digests.items():
        publish_file(record, path, same_bytes(folder, path, digest))
    publish_file(record, device_path(examined.device), examined.device_file)


def same_bytes(folder: Storage, path: str, digest: bytes) -> bytes:
    """Return a file as it was checked: a stick that is written to meanwhile is refused.

    What was copied of it before stays in the record; a good copy of the folder completes it.
    """
    try:
        raw = folder.read(path)
    except (OSError, ValueError) as exc:
        raise ProtocolViolation("the folder", "20.J", f"{path} cannot be read again") from exc
    if hashlib.sha256(raw).digest() != digest:
        raise ProtocolViolation("the folder", "20.J", f"{path} changed while it was read")
    return raw


def _closing_of(folder: Storage, election: Election) -> DeviceFile:
    """Return the one device file of a folder; nothing of it is checked but its form."""
    names = listed(folder, "devices")
    if len(names) != 1:
        found = f"found {', '.join(names)}" if names else "found none: has this box closed"
        raise ProtocolViolation("the folder", "0.A", f"expected one file below devices/, {found}")
    path = names[0]
    try:
        with folder.open_stream(path) as opened:
            raw = opened.read(MAX_FILE + 1)
    except ValueError as exc:
        raise MalformedRecord(path[:80], str(exc)) from exc
    if len(raw) > MAX_FILE:
        raise MalformedRecord(path, f"longer than {MAX_FILE} bytes")
    file = DEVICE_FILE.from_bytes(raw, election.group, path)
    if not isinstance(file, DeviceFile) or path != device_path(file.device):
        detail = f"{path} is not the closing of a box under its own name"
        raise ProtocolViolation("the folder", "0.F", detail)
    return file


def _refuse_second(election: Election, terms: BoxTerms, published: bytes, file: DeviceFile) -> None:
    """Raise ProgramError when the record has a loss, or another closing, of this box."""
    path = device_path(terms.device)
    due = file.to_bytes(election.group)
    if published == due:
        return
    if not isinstance(DEVICE_FILE.from_bytes(published, election.group, path), DeviceFile):
        raise ProgramError(
            f"box {terms.device} was stated lost, and now has a closing",
            "a box has one or the other: keep the folder as evidence",
        )
    error = refused_change(path, published, due)
    raise ProgramError(
        f"box {terms.device}: a second, different closing: {error.error}",
        "keep both folders as evidence: the box has signed two closings",
    )


def _after(tell: Tell, before: int, total: int) -> Callable[[int, int], None]:
    def told(done: int, _of: int) -> None:
        tell(before + done, total)

    return told
