"""Openings that guardians assembled, from the exchange into the record (specs/12, specs/18)."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from egcore.errors import ProtocolViolation
from egcore.program import ProgramError
from egcore.records.ballot import Ballot
from egcore.records.device import DEVICE_FILE, DeviceFile
from egcore.records.opening import Opening
from egcore.streams import read_lines
from tally.ballot_files import BALLOTS_A_FILE
from tally.openings import check_opening
from tally.record_folder import ballots_path, device_path, openings_path, read_file

if TYPE_CHECKING:
    from egcore.exchange import Exchange
    from egcore.storage import Storage
    from tally.election import Election
    from tally.registry import Registry


@dataclass(frozen=True)
class Opened:
    """Positions of a box that guardians open: those taken now, and those still awaited."""

    device: str
    taken: tuple[int, ...]
    awaited: tuple[int, ...]


def openings_name(election: Election, device: str) -> str:
    """Name of the assembled openings of a box on the exchange."""
    return f"open/{election.h_e.hex()}/openings/{device}.ndjson"


def collect_openings(
    record: Storage, exchange: Exchange, election: Election, registry: Registry
) -> list[Opened]:
    """Take the assembled openings of every box that left ballots to the guardians.

    They carry no signature, so each must give the recorded ciphertexts and be of a position
    that the closing lists under `to_open`. Lines that are in the record stay as they are.
    Raises MalformedRecord, ProtocolViolation, InvalidProof; nothing of that box is taken then.
    """
    outcomes = []
    for box in registry.boxes():
        path = device_path(box.id)
        if not record.exists(path):
            continue
        file = read_file(record, path, DEVICE_FILE, election.group)
        if isinstance(file, DeviceFile) and file.closing.to_open:
            outcomes.append(_collect(record, exchange, election, file))
    return outcomes


def _collect(record: Storage, exchange: Exchange, election: Election, file: DeviceFile) -> Opened:
    published = _read_openings(record, election, file.device)
    brought = _brought(exchange, election, file)
    taken = {position: line for position, line in brought.items() if position not in published}
    for position, line in brought.items():
        if published.get(position, line) != line:
            raise ProgramError(
                f"box {file.device}, position {position}: another opening is published",
                "published bytes are never changed; an opening has one value only",
            )
    for position, line in taken.items():
        ballot = _ballot_at(record, election, file.device, position)
        if ballot.status != "challenged":
            detail = f"position {position} is {ballot.status}; only a challenged one is opened"
            raise ProtocolViolation(f"box {file.device}", "13.R", detail)
        check_opening(election, file.device, ballot, line)
    whole = published | taken
    if taken:
        raw = b"".join(whole[position].to_bytes(election.group) for position in sorted(whole))
        record.write(openings_path(file.device), raw)
    awaited = tuple(position for position in file.closing.to_open if position not in whole)
    return Opened(file.device, tuple(sorted(taken)), awaited)


def _read_openings(record: Storage, election: Election, device: str) -> dict[int, Opening]:
    path = openings_path(device)
    if not record.exists(path):
        return {}
    with record.open_stream(path) as opened:
        return {line.position: line for line in read_lines(opened, Opening, election.group, path)}


def _brought(exchange: Exchange, election: Election, file: DeviceFile) -> dict[int, Opening]:
    """Return what the exchange has for a box, by position, each of them listed in `to_open`."""
    name = openings_name(election, file.device)
    raw = exchange.fetch(name)
    if raw is None:
        return {}
    listed = frozenset(file.closing.to_open)
    brought: dict[int, Opening] = {}
    for line in read_lines(BytesIO(raw), Opening, election.group, name):
        if line.position not in listed:
            detail = f"{name}: position {line.position} was not left to the guardians to open"
            raise ProtocolViolation(f"box {file.device}", "13.R", detail)
        if line.position in brought:
            detail = f"{name}: position {line.position} stands twice"
            raise ProtocolViolation(f"box {file.device}", "13.R", detail)
        brought[line.position] = line
    return brought


def _ballot_at(record: Storage, election: Election, device: str, position: int) -> Ballot:
    number, place = divmod(position - 1, BALLOTS_A_FILE)
    path = ballots_path(device, number)
    with record.open_stream(path) as file:
        for count, ballot in enumerate(read_lines(file, Ballot, election.group, path)):
            if count == place:
                return ballot
    raise ProtocolViolation(f"box {device}", "8.P", f"{path} has no position {position}")
