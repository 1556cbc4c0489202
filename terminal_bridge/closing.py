"""Ballot files and the closing of a device (specs/11, specs/12)."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from egcore.hashing import (
    ChainingField,
    ExtendedBaseHash,
    closing_field,
    closing_hash,
)
from egcore.records.ballot import Ballot, BallotFileSignature
from egcore.records.device import ChainStart, Closing, DeviceFile, FileDigests
from egcore.signed import UNSIGNED, sign_record
from terminal_bridge.device import ChainHead, DecidedBallot, Device, first_head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.group import Group

BALLOTS_A_FILE = 256


@dataclass(frozen=True)
class ClosedFile:
    """The three files of one file number, as bytes, ready to be stored.

    number: from 0. ballots, receipts: NDJSON of the same positions. signature: the `.sig`.
    """

    number: int
    ballots: bytes
    receipts: bytes
    signature: bytes

    @property
    def digests(self) -> FileDigests:
        """SHA-256 of the three files, for the closing."""
        return FileDigests(
            ballots=_sha256(self.ballots),
            sig=_sha256(self.signature),
            receipts=_sha256(self.receipts),
        )


def close_file(
    group: Group,
    h_e: ExtendedBaseHash,
    device: Device,
    number: int,
    decided: Sequence[DecidedBallot],
) -> ClosedFile:
    """Sign a ballot file that is full, or the last one at closing.

    decided: 1 to 256 ballots in chain order, every one decided, the first at position
    256 `number` + 1. Raises ValueError for anything else.
    """
    first = BALLOTS_A_FILE * number + 1
    positions = [entry.ballot.position for entry in decided]
    if not 1 <= len(decided) <= BALLOTS_A_FILE or positions != list(
        range(first, first + len(decided))
    ):
        raise ValueError(f"file {number} holds positions from {first}, found {positions[:3]}...")
    ballots = b"".join(entry.ballot.to_bytes(group) for entry in decided)
    receipts = b"".join(entry.receipt.to_bytes(group) for entry in decided)
    unsigned = BallotFileSignature(
        h_e=h_e,
        device=device.device,
        file=number,
        first=first,
        count=len(decided),
        ballots=_sha256(ballots),
        receipts=_sha256(receipts),
        h_last=decided[-1].ballot.h_c,
        sig=UNSIGNED,
    )
    signature = sign_record(unsigned, device.key, group).to_bytes(group)
    return ClosedFile(number, ballots, receipts, signature)


class HasDigests(Protocol):
    """A closed ballot file, in memory or on disk."""

    @property
    def digests(self) -> FileDigests:
        """SHA-256 of its three files."""
        ...


@dataclass
class Figures:
    """Counts of a device, kept as ballots are decided; they hold no selection.

    to_open: positions of challenged ballots whose nonce was lost.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    decided_at_closing: int = 0
    to_open: list[int] = field(default_factory=list)

    def add(self, ballot: Ballot, *, nonce_lost: bool = False) -> None:
        """Count a decided ballot; nonce_lost: challenged after its xi_B was gone."""
        self.statuses[ballot.status] += 1
        self.decided_at_closing += ballot.decided == "closing"
        if nonce_lost:
            self.to_open.append(ballot.position)

    @property
    def count(self) -> int:
        """Number of ballots counted."""
        return self.statuses.total()


@dataclass(frozen=True)
class Staff:
    """What the table adds at closing: permits issued, and two names.

    The names are recorded and not enforced by keys.
    """

    issued: int
    names: tuple[str, str]


def close_device(
    group: Group,
    h_e: ExtendedBaseHash,
    device: Device,
    start: ChainStart,
    head: ChainHead,
    figures: Figures,
    staff: Staff,
    files: Sequence[HasDigests],
) -> DeviceFile:
    """Return the signed `devices/<device>.json` of a device without an undecided ballot.

    head: of the whole chain. files: all of them, in order.
    Raises ValueError when head, figures and files do not agree, or fewer permits were issued
    than ballots made. Source: EQ-77, EQ-78; specs/12.
    """
    counts = figures.statuses
    if head.position != figures.count:
        raise ValueError(f"the chain has {head.position} ballots, the figures {figures.count}")
    if staff.issued < figures.count:
        raise ValueError(f"{staff.issued} permits were issued, but {figures.count} ballots made")
    if len(files) != -(-head.position // BALLOTS_A_FILE):
        raise ValueError(f"{head.position} ballots do not stand in {len(files)} files")
    last = head.h_last if head.position else first_head(start).h_last
    field_ = closing_field(h_e, last, ChainingField(start.b_c0))
    unsigned = DeviceFile(
        h_e=h_e,
        device=device.device,
        precinct=device.precinct,
        start=start,
        closing=Closing(
            count=figures.count,
            issued=staff.issued,
            cast=counts["cast"],
            challenged=counts["challenged"],
            void=counts["void"],
            undecided=figures.decided_at_closing,
            outstanding=staff.issued - figures.count,
            to_open=tuple(sorted(figures.to_open)),
            staff=staff.names,
            field=field_,
            hash=closing_hash(h_e, field_),
        ),
        files=tuple(file.digests for file in files),
        sig=UNSIGNED,
    )
    return sign_record(unsigned, device.key, group)


def _sha256(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()
