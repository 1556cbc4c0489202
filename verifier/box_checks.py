"""What a box signed, closed and lost, against the ballots that the record holds of it.

Functions yield what was expected and what was found.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verifier.ballot_files import BALLOTS_A_FILE
from verifier.reader.ballots import CAST, CHALLENGED, CLOSING, VOID, VOTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.ballot_files import BallotFile
    from verifier.model import (
        Ballot,
        BallotFileSignature,
        Closing,
        DeviceFile,
        FileDigests,
        Loss,
        SealedBox,
    )
    from verifier.signatures import Fault


def files_for(ballots: int) -> int:
    """How many ballot files hold that many ballots."""
    return -(-ballots // BALLOTS_A_FILE)


@dataclass
class BoxFigures:
    """What was counted of one box. to_open: positions that no challenged ballot has had yet."""

    to_open: set[int] = field(default_factory=set)
    statuses: Counter[str] = field(default_factory=Counter)
    undecided: int = 0
    ballots: int = 0
    files: int = 0
    lines: int = 0
    last_file: int = -1
    h_last: bytes | None = None

    def take(self, ballot: Ballot) -> None:
        """Count one ballot."""
        self.ballots += 1
        self.statuses[ballot.status] += 1
        self.undecided += ballot.decided == CLOSING
        if ballot.status == CHALLENGED:
            self.to_open.discard(ballot.position)

    def take_file(self, file: BallotFile) -> None:
        """Count one ballot file."""
        self.files += 1
        self.lines += file.lines
        if file.number > self.last_file:
            self.last_file, self.h_last = file.number, file.h_last

    def add(self, part: BoxFigures, to_open: frozenset[int]) -> None:
        """Count what one unit of the box amounts to. to_open: what it began with."""
        self.to_open -= to_open - part.to_open
        self.statuses.update(part.statuses)
        self.undecided += part.undecided
        self.ballots += part.ballots
        self.files += part.files
        self.lines += part.lines
        if part.last_file > self.last_file:
            self.last_file, self.h_last = part.last_file, part.h_last


def decision_faults(ballot: Ballot, undecided: str) -> Iterator[Fault]:
    """20.I: who decided fits the status. undecided: `cast` or `void`, of the manifest."""
    if ballot.status == CHALLENGED and ballot.decided != VOTER:
        yield "a challenge decided by the voter", f"decided by {ballot.decided}"
    elif ballot.decided == CLOSING and ballot.status != undecided:
        yield f"status {undecided} of a ballot undecided at closing", f"status {ballot.status}"
    elif ballot.status == VOID and ballot.decided != CLOSING:
        yield "a void ballot decided by the closing", f"decided by {ballot.decided}"


def figure_faults(closing: Closing, figures: BoxFigures) -> Iterator[Fault]:
    """20.I: the closing's figures are those of the ballots, and its own sum is right.

    figures: of a box of which every ballot could be read.
    """
    for name, recorded, counted in (
        ("count", closing.count, figures.ballots),
        (CAST, closing.cast, figures.statuses[CAST]),
        (CHALLENGED, closing.challenged, figures.statuses[CHALLENGED]),
        (VOID, closing.void, figures.statuses[VOID]),
        ("undecided", closing.undecided, figures.undecided),
    ):
        if recorded != counted:
            yield f"{name} {counted}, by the ballots", f"{name} {recorded}"
    for position in sorted(figures.to_open):
        yield "in to_open positions of challenged ballots alone", f"position {position}"


def sum_faults(closing: Closing) -> Iterator[Fault]:
    """20.I: every permit issued is accounted for."""
    total = closing.cast + closing.challenged + closing.void + closing.outstanding
    if closing.issued != total:
        yield f"issued {total}, the sum of the other figures", f"issued {closing.issued}"


def file_faults(file: BallotFile, sig: BallotFileSignature, last: int | None) -> Iterator[Fault]:
    """20.F: the `.sig` file says of the ballot file what it is.

    last: number of the last file of the box by the seal; None when that is unknown. What could not
    be read is not compared.
    """
    pairs: list[tuple[str, object, object]] = [
        ("file", file.number, sig.file),
        ("first", BALLOTS_A_FILE * file.number + 1, sig.first),
        ("count", file.lines, sig.count),
    ]
    for name, found, recorded in (
        ("ballots", file.ballots, sig.ballots),
        ("receipts", file.receipts, sig.receipts),
        ("h_last", file.h_last, sig.h_last),
    ):
        if found is not None:
            pairs.append((name, found.hex(), recorded.hex()))
    for name, expected, recorded_value in pairs:
        if expected != recorded_value:
            yield f"{name} {expected}", f"{name} {recorded_value}"
    is_last = last is None or file.number >= last
    if file.lines > BALLOTS_A_FILE or (not is_last and file.lines < BALLOTS_A_FILE):
        most = "at most " if is_last else ""
        yield f"{most}{BALLOTS_A_FILE} ballots in this file", f"{file.lines}"


def receipt_faults(file: BallotFile) -> Iterator[Fault]:
    """20.G: one receipt line for every position of the ballot file, in order."""
    if file.receipts is None or file.ballots is None:
        return
    if file.receipt_lines != file.lines:
        yield f"{file.lines} lines", f"{file.receipt_lines} lines"
    pairs = zip(file.positions, file.receipt_positions, strict=False)
    for place, (position, receipt) in enumerate(pairs, start=1):
        if position is not None and receipt is not None and position != receipt:
            yield f"position {position} in line {place}", f"position {receipt}"
            break


def named_file_faults(file: BallotFile, named: tuple[FileDigests, ...]) -> Iterator[Fault]:
    """20.J: the closing names this file, its `.sig` and its receipts. named: `files`."""
    if file.number >= len(named):
        yield f"{len(named)} files, as the closing names", f"file {file.number:06d}"
        return
    digests = named[file.number]
    sig = None if file.signature is None else file.signature.digest
    for name, found, recorded in (
        ("ballots", file.ballots, digests.ballots),
        ("sig", sig, digests.sig),
        ("receipts", file.receipts, digests.receipts),
    ):
        if found is not None and found != recorded:
            expected = f"{name} {found.hex()} of file {file.number:06d}"
            yield expected, f"{name} {recorded.hex()}"


def named_number_faults(closing: Closing, named: tuple[FileDigests, ...]) -> Iterator[Fault]:
    """20.J: the closing names as many files as its ballots fill."""
    demanded = files_for(closing.count)
    if len(named) != demanded:
        yield f"{demanded} files for {closing.count} ballots", f"{len(named)} files"


def sealed_box_faults(
    box: SealedBox, file: DeviceFile | None, digest: bytes | None
) -> Iterator[Fault]:
    """20.K: the seal says of a box what its device file says.

    file: None when it could not be read. digest: SHA-256 of the device file, None if it is missing.
    """
    if digest is not None and digest != box.digest:
        yield f"digest {digest.hex()} of the device file", f"digest {box.digest.hex()}"
    if file is None or box.loss is not None:
        return
    if file.closing is None:
        yield "a closing, or a statement of loss", "neither"
        return
    if file.closing.count != box.count:
        yield f"count {file.closing.count}, as in the closing", f"count {box.count}"
    if file.closing.hash != box.hash:
        recorded = "none" if box.hash is None else box.hash.hex()
        yield f"hash {file.closing.hash.hex()}, as in the closing", f"hash {recorded}"


def saved_file_faults(file: BallotFile, loss: Loss) -> Iterator[Fault]:
    """20.N: a saved file is full, and the statement names its `.sig` file."""
    if file.lines != BALLOTS_A_FILE:
        yield f"{BALLOTS_A_FILE} ballots in a saved file", f"{file.lines}"
    if file.number >= len(loss.sig_files):
        yield f"{len(loss.sig_files)} files, as the statement names", f"file {file.number:06d}"
        return
    recorded = loss.sig_files[file.number]
    if file.signature is not None and file.signature.digest != recorded:
        digest = file.signature.digest.hex()
        yield f"sig_files {digest} of file {file.number:06d}", f"sig_files {recorded.hex()}"


def loss_faults(loss: Loss, device: str) -> Iterator[Fault]:
    """20.N: the statement names its box, and its own figures fit together."""
    if loss.device != device:
        yield f"device {device}", f"device {loss.device}"
    if len(loss.sig_files) != loss.files:
        yield f"{loss.files} digests in sig_files", f"{len(loss.sig_files)}"
    if loss.count != BALLOTS_A_FILE * loss.files:
        full = BALLOTS_A_FILE * loss.files
        yield f"count {full}, which {loss.files} full files hold", f"count {loss.count}"
    if loss.issued < loss.count:
        yield f"at least {loss.count} permits issued", f"{loss.issued}"


def saved_faults(loss: Loss, file: DeviceFile, figures: BoxFigures) -> Iterator[Fault]:
    """20.N: the statement is about the files that the record holds.

    figures: of a box of which every ballot could be read.
    """
    if file.closing is not None:
        yield "a device file with the start alone", "one with a closing"
    h_last = figures.h_last if figures.files else file.start.h_0
    for name, counted, recorded in (
        ("files", figures.files, loss.files),
        ("count", figures.lines, loss.count),
    ):
        if counted != recorded:
            yield f"{name} {counted}", f"{name} {recorded}"
    if h_last is not None and h_last != loss.h_last:
        yield f"h_last {h_last.hex()}", f"h_last {loss.h_last.hex()}"
