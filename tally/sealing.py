"""Sealing a record: registrars first, then the guardians through the exchange (specs/12, 18).

`seal.json` enters the record when the guardians have signed, because it never changes after.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from egcore.errors import ElectionError, MissingMessage, ProtocolViolation
from egcore.program import ProgramError
from egcore.records.device import DEVICE_FILE, LostDevice
from egcore.records.seal import Seal
from egcore.records.signatures import GuardianSig
from egcore.rounds import party
from egcore.signed import registrar_signatures, signature_holds
from tally.ballot_files import BALLOTS_A_FILE
from tally.due_manifest import require_due_manifest
from tally.lost_boxes import read_loss
from tally.record_folder import (
    SEAL,
    device_path,
    openings_path,
    paths_of_file,
    publish_file,
    read_file,
    refused_change,
)
from tally.registrars import require_registrars, require_signed
from tally.registration import require_ended
from tally.seal import unsigned_seal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from egcore.exchange import Exchange
    from egcore.group import Group
    from egcore.records.device import AnyDeviceFile
    from egcore.records.manifest import Manifest
    from egcore.records.seal import LossStatement
    from egcore.signing import SigningKey
    from egcore.storage import Storage
    from tally.election import Election
    from tally.registry import Registry

SEAL_GUARDIANS: Final = 2  # at least so many sign the seal, or all n when there are fewer

_NAME: Final = re.compile(r"seal/([0-9a-f]{64})/seal\.json", re.ASCII)


@dataclass(frozen=True)
class PublishedSeal:
    """A seal with the signatures of the registrars as the exchange has it."""

    seal: Seal
    digest: str

    def name_of(self, guardian: int) -> str:
        """Name of a guardian's signature on it."""
        return f"seal/{self.digest}/{guardian}.json"


@dataclass(frozen=True)
class Finished:
    """A seal in the record. signers: its guardians. faults: signatures that were left out."""

    seal: Seal
    digest: str
    signers: tuple[int, ...]
    faults: tuple[ElectionError, ...]


def publish_seal(
    record: Storage,
    exchange: Exchange,
    election: Election,
    registry: Registry,
    registrars: Mapping[int, SigningKey],
) -> PublishedSeal:
    """Seal the record with the registrars' keys and publish it for the guardians to sign.

    A seal of the same content that is published already is returned as it is.
    Raises ProtocolViolation for a box with neither closing nor loss or with both, ProgramError
    while the registry has no end, for a file that is missing or that no closing names, for
    another seal of this election, and for a manifest that was replaced.
    """
    require_due_manifest(record, exchange)
    due = _unsigned(record, exchange, election, registry)
    published = _refuse_another(record, exchange, election, due)
    if published is not None:
        return published
    require_registrars(election.manifest, registrars)
    sigs = registrar_signatures(due, registrars, election.group)
    seal = due.model_copy(update={"registrar_sigs": sigs})
    raw = seal.to_bytes(election.group)
    digest = hashlib.sha256(raw).hexdigest()
    exchange.publish(f"seal/{digest}/seal.json", raw)
    return PublishedSeal(seal, digest)


def require_sealable(
    record: Storage, exchange: Exchange, election: Election, registry: Registry
) -> None:
    """Raise what `publish_seal` raises for the record, before anybody types a passphrase."""
    require_due_manifest(record, exchange)
    due = _unsigned(record, exchange, election, registry)
    _refuse_another(record, exchange, election, due)


def published_seals(exchange: Exchange, election: Election) -> list[PublishedSeal]:
    """Return the seals of this election with valid signatures of enough registrars."""
    found = seals_under(exchange, election.manifest, election.group)
    return [published for published in found if published.seal.h_e == election.h_e]


def seals_under(exchange: Exchange, manifest: Manifest, group: Group) -> list[PublishedSeal]:
    """Return the seals, of whatever H_E, that enough registrars of a manifest have signed.

    Anything else below `seal/` is passed over: whoever writes to the exchange could put it there.
    """
    found = []
    for name in exchange.list("seal"):
        match = _NAME.fullmatch(name)
        raw = exchange.fetch(name) if match else None
        if match is None or raw is None or hashlib.sha256(raw).hexdigest() != match[1]:
            continue
        try:
            seal = Seal.from_bytes(raw, group, name)
            require_signed(manifest, seal, seal.registrar_sigs, group, name)
        except ElectionError:
            continue
        if not seal.guardian_sigs:
            found.append(PublishedSeal(seal, match[1]))
    return found


def finish_seal(
    record: Storage, exchange: Exchange, election: Election, registry: Registry
) -> Finished:
    """Add the guardians' signatures that are there and write `seal.json`.

    A signature that does not hold is left out and named in `faults`; at least min(2, n) must
    hold. A finished seal is returned as it is.
    Raises MissingMessage that names who is awaited, ProgramError while nothing was sealed, and
    what `publish_seal` raises.
    """
    due = _unsigned(record, exchange, election, registry)
    if record.exists(SEAL):
        seal = read_file(record, SEAL, Seal, election.group)
        _require_same_seal(seal, due, election, SEAL)
        return _finished(seal, election, ())
    group = election.group
    same = [
        published
        for published in published_seals(exchange, election)
        if published.seal.signed_object(group) == due.signed_object(group)
    ]
    if not same:
        raise ProgramError("no seal of this record is published", "run first: dalel-tally seal")
    sigs, faults = _guardian_signatures(exchange, election, same[0])
    need = min(SEAL_GUARDIANS, election.manifest.guardians.n)
    if len(sigs) < need:
        raise _too_few(election, sigs, faults, need)
    seal = same[0].seal.model_copy(update={"guardian_sigs": sigs})
    publish_file(record, SEAL, seal.to_bytes(group))
    return _finished(seal, election, faults)


def _unsigned(record: Storage, exchange: Exchange, election: Election, registry: Registry) -> Seal:
    """Return what has to be signed for the record as it lies there."""
    require_ended(registry)
    losses: dict[str, LossStatement] = {}
    files: list[AnyDeviceFile] = []
    for box in registry.boxes():
        loss = read_loss(exchange, election, box.id)
        if loss is not None:
            losses[box.id] = loss
        if record.exists(device_path(box.id)):
            files.append(read_file(record, device_path(box.id), DEVICE_FILE, election.group))
    seal = unsigned_seal(registry, election.h_e, files, losses)
    due = {path for file in files for path in _files_of(file, losses.get(file.device))}
    _require_files(record, due)
    return seal


def _files_of(file: AnyDeviceFile, loss: LossStatement | None) -> Iterator[str]:
    yield device_path(file.device)
    if isinstance(file, LostDevice):
        count = loss.files if loss is not None else 0
    else:
        count = -(-file.closing.count // BALLOTS_A_FILE)
    for number in range(count):
        yield from paths_of_file(file.device, number)


def _require_files(record: Storage, due: set[str]) -> None:
    """Require exactly the files of the boxes; what is in openings was checked when it came."""
    there = {path for folder in ("ballots", "devices", "receipts") for path in record.list(folder)}
    for path in sorted(due ^ there):
        if path in due:
            hint = "collect the device's folder again"
            raise ProgramError(f"{path} is missing from the record", hint)
        hint = "find out how it came there, and move it out of the record"
        raise ProgramError(f"{path} is in the record and no box names it", hint)
    boxes = {path.removeprefix("devices/").removesuffix(".json") for path in due}
    opened = {openings_path(box) for box in boxes}
    for path in record.list("openings"):
        if path not in opened:
            hint = "find out how it came there, and move it out of the record"
            raise ProgramError(f"{path} is in the record and belongs to no box", hint)


def _refuse_another(
    record: Storage, exchange: Exchange, election: Election, due: Seal
) -> PublishedSeal | None:
    """Return the seal of this content that is published; another one is an error."""
    if record.exists(SEAL):
        _require_same_seal(read_file(record, SEAL, Seal, election.group), due, election, SEAL)
    seals = published_seals(exchange, election)
    for published in seals:
        name = f"seal/{published.digest}/seal.json"
        _require_same_seal(published.seal, due, election, name)
    return seals[0] if seals else None


def _require_same_seal(found: Seal, due: Seal, election: Election, name: str) -> None:
    if found.signed_object(election.group) != due.signed_object(election.group):
        raise refused_change(name, found.to_bytes(election.group), due.to_bytes(election.group))


def _guardian_signatures(
    exchange: Exchange, election: Election, published: PublishedSeal
) -> tuple[tuple[GuardianSig, ...], tuple[ElectionError, ...]]:
    sigs: list[GuardianSig] = []
    faults: list[ElectionError] = []
    for index, key in sorted(election.keys.items()):
        name = published.name_of(index)
        try:
            raw = exchange.fetch(name)
            if raw is None:
                continue
            entry = GuardianSig.from_bytes(raw, election.group, name)
            holds = signature_holds(published.seal, entry.sig, key, election.group)
            if entry.guardian != index or not holds:
                detail = f"{name}: its signature on the seal is not valid"
                raise ProtocolViolation(party(index), "20.M", detail)
        except ElectionError as exc:
            faults.append(exc)
            continue
        sigs.append(entry)
    return tuple(sigs), tuple(faults)


def _too_few(
    election: Election,
    sigs: tuple[GuardianSig, ...],
    faults: tuple[ElectionError, ...],
    need: int,
) -> MissingMessage:
    there = {entry.guardian for entry in sigs}
    awaited = ", ".join(party(i) for i in sorted(election.keys) if i not in there)
    detail = f"the seal needs {need} of them to sign, {len(sigs)} did"
    if faults:
        detail += f"; left out: {faults[0]}"
    return MissingMessage(awaited, "20.M", detail)


def _finished(seal: Seal, election: Election, faults: tuple[ElectionError, ...]) -> Finished:
    digest = hashlib.sha256(seal.to_bytes(election.group)).hexdigest()
    signers = tuple(entry.guardian for entry in seal.guardian_sigs)
    return Finished(seal, digest, signers, faults)
