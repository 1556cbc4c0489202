"""Sealing the record of the boxes before anything is decrypted (specs/12)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.errors import ProtocolViolation
from egcore.records.device import DeviceFile, LostDevice
from egcore.records.seal import LossStatement, LostBox, Seal, SealedBox
from egcore.signed import registrar_signatures
from tally.registrars import require_registrars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from egcore.hashing import ExtendedBaseHash
    from egcore.signing import SigningKey
    from tally.registry import Registry

BALLOTS_A_FILE = 256


@dataclass(frozen=True)
class Saved:
    """What was saved of a lost box: its closed files.

    sig_files: SHA-256 of each `.sig` file in order. h_last: H_C of the last ballot in them, H_0
    if there is none. issued: permits issued for the box.
    """

    device: str
    issued: int
    sig_files: tuple[bytes, ...]
    h_last: bytes
    reason: str


def state_loss(
    registry: Registry, h_e: ExtendedBaseHash, saved: Saved, registrars: Mapping[int, SigningKey]
) -> LossStatement:
    """Return a signed statement that a box is lost but for its closed files.

    Raises ProtocolViolation when fewer permits were issued than ballots saved, or registrars
    are missing.
    """
    count = BALLOTS_A_FILE * len(saved.sig_files)
    if saved.issued < count:
        raise ProtocolViolation(
            saved.device, "loss", f"{saved.issued} permits issued, but {count} ballots saved"
        )
    require_registrars(registry.manifest, registrars)
    statement = LossStatement(
        h_e=h_e,
        device=saved.device,
        issued=saved.issued,
        files=len(saved.sig_files),
        count=count,
        h_last=saved.h_last,
        sig_files=saved.sig_files,
        reason=saved.reason,
        sigs=(),
    )
    return statement.model_copy(
        update={"sigs": registrar_signatures(statement, registrars, registry.group)}
    )


def seal_record(
    registry: Registry,
    h_e: ExtendedBaseHash,
    devices: Iterable[DeviceFile | LostDevice],
    losses: Mapping[str, LossStatement],
    registrars: Mapping[int, SigningKey],
) -> Seal:
    """Return the seal with the registrars' signatures; the guardians' are added after.

    registry: ended. devices: one file for each box of the registry. losses: by device.
    Raises ProtocolViolation for a box with neither closing nor loss, or with both, or a device
    file of no box.
    """
    seal = unsigned_seal(registry, h_e, devices, losses)
    require_registrars(registry.manifest, registrars)
    return seal.model_copy(
        update={"registrar_sigs": registrar_signatures(seal, registrars, registry.group)}
    )


def unsigned_seal(
    registry: Registry,
    h_e: ExtendedBaseHash,
    devices: Iterable[DeviceFile | LostDevice],
    losses: Mapping[str, LossStatement],
) -> Seal:
    """Return what registrars and guardians sign. Arguments and errors as for `seal_record`."""
    by_id = {file.device: _seal_box(registry, file, losses.get(file.device)) for file in devices}
    boxes: list[SealedBox | LostBox] = []
    for box in registry.boxes():
        entry = by_id.pop(box.id, None)
        if entry is None:
            raise ProtocolViolation(box.id, "seal", "this box has neither a closing nor a loss")
        boxes.append(entry)
    if by_id:
        raise ProtocolViolation(min(by_id), "seal", "this device is not a box of the registry")
    return Seal(
        h_e=h_e,
        registry=hashlib.sha256(registry.to_bytes()).digest(),
        boxes=tuple(boxes),
        registrar_sigs=(),
        guardian_sigs=(),
    )


def _seal_box(
    registry: Registry, file: DeviceFile | LostDevice, loss: LossStatement | None
) -> SealedBox | LostBox:
    digest = hashlib.sha256(file.to_bytes(registry.group)).digest()
    if isinstance(file, DeviceFile):
        if loss is not None:
            raise ProtocolViolation(file.device, "seal", "this box has both a closing and a loss")
        closing = file.closing
        return SealedBox(device=file.device, count=closing.count, hash=closing.hash, digest=digest)
    if loss is None:
        raise ProtocolViolation(file.device, "seal", "this box did not close and has no loss")
    return LostBox(device=file.device, loss=loss, digest=digest)
