"""The registry, files of boxes and the seal: shape is proven, no more (`verifier/model.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.report import Location


@dataclass(frozen=True, slots=True)
class IndexedSignature:
    """A signature of registrar or guardian `signer` (from 1)."""

    signer: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class RegistryLine:
    """A line of `registry.ndjson`. `id` of the first four kinds, `precinct` and `key` of three."""

    at: Location
    kind: str
    number: int
    previous: bytes
    h_e: bytes
    id: str | None
    precinct: str | None
    key: bytes | None
    sigs: tuple[IndexedSignature, ...]
    content: Mapping[str, object]
    digest: bytes  # SHA-256 of the line, newline included (EQ-X8 of the next)


@dataclass(frozen=True, slots=True)
class DeviceStart:
    """`start` of a device file: H_DI, B_C0, H_0."""

    h_di: bytes
    b_c0: bytes
    h_0: bytes


@dataclass(frozen=True, slots=True)
class Closing:
    """`closing` of a device file."""

    count: int
    issued: int
    cast: int
    challenged: int
    void: int
    undecided: int
    outstanding: int
    to_open: tuple[int, ...]
    staff: tuple[str, str]
    field: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class FileDigests:
    """SHA-256 of a ballot file, its `.sig` file and its receipts file."""

    ballots: bytes
    sig: bytes
    receipts: bytes


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """`devices/<device>.json`; closing, files and signature are None in the form of a lost box."""

    at: Location
    h_e: bytes
    device: str
    precinct: str
    start: DeviceStart
    closing: Closing | None
    files: tuple[FileDigests, ...] | None
    signature: bytes | None
    content: Mapping[str, object]
    digest: bytes  # SHA-256 of the file


@dataclass(frozen=True, slots=True)
class BallotFileSignature:
    """`ballots/<device>/<f>.sig`."""

    at: Location
    h_e: bytes
    device: str
    file: int
    first: int
    count: int
    ballots: bytes
    receipts: bytes
    h_last: bytes
    signature: bytes
    content: Mapping[str, object]
    digest: bytes


@dataclass(frozen=True, slots=True)
class Loss:
    """A statement of loss."""

    h_e: bytes
    device: str
    issued: int
    files: int
    count: int
    h_last: bytes
    sig_files: tuple[bytes, ...]
    reason: str
    sigs: tuple[IndexedSignature, ...]
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SealedBox:
    """One entry of `boxes` in the seal: `count` and `hash`, or `loss`."""

    at: Location
    device: str
    digest: bytes
    count: int | None
    hash: bytes | None
    loss: Loss | None

    @property
    def ballots(self) -> int:
        """How many ballots of the box the record must hold."""
        if self.loss is not None:
            return self.loss.count
        return 0 if self.count is None else self.count


@dataclass(frozen=True, slots=True)
class Seal:
    """`seal.json`."""

    at: Location
    h_e: bytes
    registry: bytes
    boxes: tuple[SealedBox, ...]
    registrar_sigs: tuple[IndexedSignature, ...]
    guardian_sigs: tuple[IndexedSignature, ...]
    content: Mapping[str, object]
    digest: bytes
