"""`devices/<device>.json`: the start of a box's chain, its closing and its files (specs/11)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, Discriminator, Field, Tag

from egcore.records.fields import C36, N0, BallotCount, Dev, H, Position, S, Text
from egcore.records.limits import BALLOTS_IN_A_FILE, MAX_BALLOTS
from egcore.records.record import Record, RecordUnion, Signed
from egcore.records.signatures import require_ascending

MAX_FILES: Final = -(-MAX_BALLOTS // BALLOTS_IN_A_FILE)


def _ascending(positions: tuple[int, ...]) -> tuple[int, ...]:
    require_ascending(positions, "position")
    return positions


class ChainStart(Record):
    """H_DI, B_C0 and H_0 (EQ-72, EQ-73, EQ-74)."""

    h_di: H
    b_c0: C36
    h_0: H


class Closing(Record):
    """Figures and closing hash of a box (specs/12, Events of a ballot; EQ-77, EQ-78)."""

    count: BallotCount
    issued: N0
    cast: BallotCount
    challenged: BallotCount
    void: BallotCount
    undecided: BallotCount
    outstanding: N0
    to_open: Annotated[
        tuple[Position, ...],
        Field(max_length=MAX_BALLOTS, fail_fast=True),
        AfterValidator(_ascending),
    ]
    staff: tuple[Text, Text]
    field: C36
    hash: H


class FileDigests(Record):
    """SHA-256 of the three files of one number."""

    ballots: H
    sig: H
    receipts: H


class DeviceFile(Signed):
    """File of a box that closed; file number f of `files` stands at place f, from 0."""

    purpose: ClassVar[str] = "device"
    h_e: H
    device: Dev
    precinct: Dev
    start: ChainStart
    closing: Closing
    files: Annotated[tuple[FileDigests, ...], Field(max_length=MAX_FILES, fail_fast=True)]
    sig: S


class LostDevice(Record):
    """File of a box with a statement of loss in the seal: its start alone, unsigned."""

    h_e: H
    device: Dev
    precinct: Dev
    start: ChainStart


def _closed_or_lost(value: object) -> str:
    if isinstance(value, dict):
        return "closed box" if value.keys() & {"closing", "files", "sig"} else "lost box"
    return "closed box" if isinstance(value, DeviceFile) else "lost box"


AnyDeviceFile = DeviceFile | LostDevice
DEVICE_FILE: Final[RecordUnion[AnyDeviceFile]] = RecordUnion(
    Annotated[
        Annotated[DeviceFile, Tag("closed box")] | Annotated[LostDevice, Tag("lost box")],
        Discriminator(_closed_or_lost),
    ]
)
