"""Stating a box lost: what was saved of it goes into the record (specs/12, item 20.N)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.errors import ProtocolViolation
from egcore.hashing import ConfirmationCode
from egcore.program import ProgramError
from egcore.records.ballot import BallotFileSignature
from egcore.records.device import DEVICE_FILE, LostDevice
from egcore.records.seal import LossStatement
from tally.ballot_files import (
    BALLOTS_A_FILE,
    BoxTerms,
    ChainWalk,
    check_file,
    listed,
    read_bounded,
)
from tally.collect import registered_box, same_bytes
from tally.device_door import OpenedLines, SeenBallots, digests_by_path, due_start
from tally.hints import take_hints
from tally.openings import OpeningsWalk
from tally.record_folder import (
    SEAL,
    device_path,
    openings_path,
    paths_of_file,
    publish_file,
    publish_files,
    refused_change,
    signature_path,
)
from tally.registrars import require_signed
from tally.seal import Saved, state_loss

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from egcore.exchange import Exchange
    from egcore.records.ballot import Ballot
    from egcore.records.opening import Opening
    from egcore.signing import SigningKey
    from egcore.storage import Storage
    from tally.election import Election
    from tally.registry import Registry


@dataclass(frozen=True)
class LossReport:
    """What the table knows of a lost box.

    issued: permits issued for it. files: how many of the saved full files to keep; None keeps
    all of them.
    """

    device: str
    issued: int
    reason: str
    files: int | None = None


@dataclass(frozen=True)
class _Kept:
    """Files of a lost box that may be taken: digests by path, openings, the last H_C."""

    files: int
    digests: dict[str, bytes]
    openings: bytes
    sig_files: tuple[bytes, ...]
    h_last: bytes


def loss_name(election: Election, device: str) -> str:
    """Name of a statement of loss on the exchange."""
    return f"loss/{election.h_e.hex()}/{device}.json"


def state_box_lost(
    record: Storage,
    exchange: Exchange,
    election: Election,
    registry: Registry,
    report: LossReport,
    folder: Storage | None,
    registrars: Mapping[int, SigningKey],
) -> LossStatement:
    """State a box lost but for the full files that were saved of it, and take these.

    folder: the `public/` of the box as far as it was saved, untrusted; None when nothing was.
    Publishes the statement on the exchange, where `seal` finds it. Raises ProtocolViolation,
    InvalidProof or MalformedRecord for a saved file that does not hold (fewer `files` may be
    kept then), and ProgramError for a box that has closed or was stated lost otherwise.
    """
    terms = BoxTerms(election, registered_box(registry, report.device))
    _refuse_closed(record, terms)
    kept = _check_saved(folder, terms, report.files)
    saved = Saved(report.device, report.issued, kept.sig_files, kept.h_last, report.reason)
    statement = _stated(exchange, election, state_loss(registry, election.h_e, saved, registrars))
    if folder is not None:
        for path, digest in kept.digests.items():
            publish_file(record, path, same_bytes(folder, path, digest))
        take_hints(record, folder, report.device, kept.files)
    if kept.openings:
        publish_file(record, openings_path(report.device), kept.openings)
    exchange.publish(loss_name(election, report.device), statement.to_bytes(election.group))
    start = due_start(terms)
    lost = LostDevice(
        h_e=election.h_e, device=report.device, precinct=terms.box.precinct, start=start
    )
    publish_files(record, {device_path(report.device): lost.to_bytes(election.group)})
    return statement


def read_loss(exchange: Exchange, election: Election, device: str) -> LossStatement | None:
    """Return the statement of loss of a box, its signatures checked; None while there is none.

    Raises MalformedRecord or ProtocolViolation.
    """
    name = loss_name(election, device)
    raw = exchange.fetch(name)
    if raw is None:
        return None
    statement = LossStatement.from_bytes(raw, election.group, name)
    if (statement.h_e, statement.device) != (election.h_e, device):
        raise ProtocolViolation(name, "20.N", "it is about another box or election")
    require_signed(election.manifest, statement, statement.sigs, election.group, name)
    return statement


def _stated(exchange: Exchange, election: Election, made: LossStatement) -> LossStatement:
    """Return the statement that is published already, when it says the same."""
    published = read_loss(exchange, election, made.device)
    if published is None:
        return made
    group = election.group
    if published.signed_object(group) != made.signed_object(group):
        name = loss_name(election, made.device)
        raise refused_change(name, published.to_bytes(group), made.to_bytes(group))
    return published


def _refuse_closed(record: Storage, terms: BoxTerms) -> None:
    path = device_path(terms.device)
    if not record.exists(path):
        if record.exists(SEAL):
            raise ProgramError(f"{SEAL} is published", "a sealed record takes no box")
        return
    file = DEVICE_FILE.from_bytes(record.read(path), terms.election.group, path)
    if not isinstance(file, LostDevice):
        raise ProgramError(
            f"box {terms.device} has closed: its closing is in the record",
            "a box has a closing or a loss, never both",
        )


def _check_saved(folder: Storage | None, terms: BoxTerms, files: int | None) -> _Kept:
    """Check the full files that were saved, as far as they are wanted."""
    start = due_start(terms)
    walk = ChainWalk(0, ConfirmationCode(start.h_0))
    opened: list[bytes] = []
    if folder is not None:
        available = _full_files(folder, terms)
        wanted = available if files is None else files
        if wanted > available:
            detail = f"{wanted} full files are to be kept, {available} were saved"
            raise terms.refuse("20.N", detail)
        opened = _walk(folder, terms, walk, wanted)
    elif files:
        raise terms.refuse("20.N", f"{files} full files are to be kept, and no folder was saved")
    digests = digests_by_path(terms.device, walk.files)
    sig_files = tuple(entry.sig for entry in walk.files)
    return _Kept(len(walk.files), digests, b"".join(opened), sig_files, walk.head)


def _full_files(folder: Storage, terms: BoxTerms) -> int:
    """Return how many leading files of a folder are complete and signed for 256 ballots."""
    there = {*listed(folder, "ballots"), *listed(folder, "receipts")}
    number = 0
    while there.issuperset(paths_of_file(terms.device, number)):
        path = signature_path(terms.device, number)
        raw = read_bounded(folder, terms, path)
        signature = BallotFileSignature.from_bytes(raw, terms.election.group, path)
        if signature.count != BALLOTS_A_FILE:
            break
        number += 1
    return number


def _walk(folder: Storage, terms: BoxTerms, walk: ChainWalk, files: int) -> list[bytes]:
    """Check so many files and return the lines of the openings that belong to them."""
    lines: list[bytes] = []
    last = BALLOTS_A_FILE * files

    def kept() -> Iterator[Opening]:
        for opening in OpenedLines(folder, terms).read():
            if opening.position > last:  # of a ballot that was lost
                return
            lines.append(opening.to_bytes(terms.election.group))
            yield opening

    openings = OpeningsWalk(terms, kept(), frozenset())
    seen = SeenBallots()

    def each(ballot: Ballot) -> None:
        seen.add(terms, ballot)
        openings.meet(ballot)

    for _ in range(files):
        check_file(folder, terms, walk, each)
    openings.finish()
    return lines
