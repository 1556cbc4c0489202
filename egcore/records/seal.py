"""`seal.json`: every box with its closing, or a statement of loss (specs/11, specs/12)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Discriminator, Field, Tag

from egcore.records.device import MAX_FILES
from egcore.records.fields import N0, BallotCount, Dev, H, Text
from egcore.records.record import Record, Signed
from egcore.records.signatures import GuardianSigs, RegistrarSigs


class SealedBox(Record):
    """A box that closed: its count, closing hash and SHA-256 of `devices/<device>.json`."""

    device: Dev
    count: BallotCount
    hash: H
    digest: H


class LossStatement(Signed):
    """What was saved of a lost box: its closed files, their ballots, the last H_C in them.

    sig_files[f] is SHA-256 of `ballots/<device>/<f>.sig`; issued counts permits.
    """

    purpose: ClassVar[str] = "loss"
    h_e: H
    device: Dev
    issued: N0
    files: N0
    count: BallotCount
    h_last: H
    sig_files: Annotated[tuple[H, ...], Field(max_length=MAX_FILES, fail_fast=True)]
    reason: Text
    sigs: RegistrarSigs


class LostBox(Record):
    """A box with a statement of loss in the place of a closing."""

    device: Dev
    loss: LossStatement
    digest: H


def _closed_or_lost(value: object) -> str:
    if isinstance(value, dict):
        return "lost box" if "loss" in value else "closed box"
    return "lost box" if isinstance(value, LostBox) else "closed box"


Box = Annotated[
    Annotated[SealedBox, Tag("closed box")] | Annotated[LostBox, Tag("lost box")],
    Discriminator(_closed_or_lost),
]


class Seal(Signed):
    """All boxes in the order of the registry's `box` lines, and the digest of the registry."""

    purpose: ClassVar[str] = "seal"
    h_e: H
    registry: H
    boxes: Annotated[tuple[Box, ...], Field(fail_fast=True)]
    registrar_sigs: RegistrarSigs
    guardian_sigs: GuardianSigs
