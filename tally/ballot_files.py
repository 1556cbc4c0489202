"""Checking the ballot files of one box as they come in (specs/11; items 20.E, 20.F, 20.G).

One line is in memory at a time. Proofs and hashes of a ballot are the verifier's to judge.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from egcore.canonical import MAX_FILE
from egcore.errors import MalformedRecord, ProtocolViolation
from egcore.hashing import ConfirmationCode, next_field
from egcore.records.ballot import Ballot, BallotFileSignature, ReceiptLine
from egcore.records.device import FileDigests
from egcore.records.limits import BALLOTS_IN_A_FILE
from egcore.records.record import Record
from egcore.signed import signature_holds
from egcore.streams import read_raw_lines
from tally.record_folder import ballots_path, receipts_path, signature_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from egcore.records.ballot import EncryptedContest
    from egcore.records.manifest import Contest
    from egcore.records.registry import RegisteredKey
    from egcore.storage import Storage
    from tally.election import Election

BALLOTS_A_FILE: Final = BALLOTS_IN_A_FILE

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class BoxTerms:
    """What is known of a box before its folder is read: the election and its registry line."""

    election: Election
    box: RegisteredKey

    @property
    def device(self) -> str:
        """Id of the box."""
        return self.box.id

    @cached_property
    def styles(self) -> frozenset[str]:
        """Ballot styles of the precinct of the box."""
        precincts = self.election.manifest.precincts
        return frozenset(next(p.styles for p in precincts if p.id == self.box.precinct))

    def refuse(self, rule: str, detail: str) -> ProtocolViolation:
        """Return the error that names this box."""
        return ProtocolViolation(f"box {self.device}", rule, detail)

    def require(self, name: str, found: object, due: object, rule: str) -> None:
        """Raise ProtocolViolation unless a value is the one that is due."""
        if found != due:
            detail = f"{name}: expected {_shown(due)}, found {_shown(found)}"
            raise self.refuse(rule, detail)


@dataclass
class ChainWalk:
    """How far the files of a box have been checked: last position, H_C there, digests so far."""

    position: int
    head: ConfirmationCode
    files: list[FileDigests] = field(default_factory=list)


def check_file(
    folder: Storage,
    terms: BoxTerms,
    walk: ChainWalk,
    each: Callable[[Ballot], None],
) -> None:
    """Check the next ballot file of a box, its signature and its receipts.

    folder: untrusted. walk: of the files before; moved on when this returns. each: called with
    every ballot in order, before its file has proved to be the signed one.
    Raises ProtocolViolation or MalformedRecord that name box or file.
    Cost: one signature, and the parsing of every line.
    """
    number = len(walk.files)
    signature, digest = _read_signature(folder, terms, number)
    terms.require(f"file {number}, first position", signature.first, walk.position + 1, "20.F")
    if not 1 <= signature.count <= BALLOTS_A_FILE:
        raise terms.refuse("20.F", f"file {number} is signed for {signature.count} ballots")
    ballots, last = _check_ballots(folder, terms, signature, walk, each)
    receipts = _check_receipts(folder, terms, signature)
    terms.require(f"file {number}, its last code", last.hex(), signature.h_last.hex(), "20.F")
    walk.position += signature.count
    walk.head = last
    walk.files.append(FileDigests(ballots=ballots, sig=digest, receipts=receipts))


def read_bounded(folder: Storage, terms: BoxTerms, path: str) -> bytes:
    """All bytes of a small file in a device's folder; raises as open_file, and MalformedRecord."""
    with open_file(folder, terms, path) as file:
        raw = file.read(MAX_FILE + 1)
    if len(raw) > MAX_FILE:
        raise MalformedRecord(path, f"longer than {MAX_FILE} bytes")
    return raw


def listed(folder: Storage, prefix: str) -> list[str]:
    """Return the files of an untrusted folder. Raises MalformedRecord for odd names and links."""
    try:
        return folder.list(prefix)
    except ValueError as exc:
        raise MalformedRecord(prefix or "the folder", str(exc)) from exc


def open_file(folder: Storage, terms: BoxTerms, path: str) -> BinaryIO:
    """Open a file of a device's folder. Raises ProtocolViolation when it is missing or a link."""
    try:
        return folder.open_stream(path)
    except (FileNotFoundError, IsADirectoryError) as exc:
        raise terms.refuse("0.A", f"{path} is missing") from exc
    except ValueError as exc:
        raise terms.refuse("0.A", f"{path} is not a plain file") from exc


def _read_signature(
    folder: Storage, terms: BoxTerms, number: int
) -> tuple[BallotFileSignature, bytes]:
    """Return the `.sig` file of a number, its names and signature checked, and its digest."""
    group = terms.election.group
    path = signature_path(terms.device, number)
    raw = read_bounded(folder, terms, path)
    signature = BallotFileSignature.from_bytes(raw, group, path)
    terms.require(f"{path}, H_E", signature.h_e.hex(), terms.election.h_e.hex(), "0.F")
    terms.require(f"{path}, device", signature.device, terms.device, "0.F")
    terms.require(f"{path}, file number", signature.file, number, "20.F")
    if not signature_holds(signature, signature.sig, terms.box.key, group):
        raise terms.refuse("20.E", f"{path}: its signature is not valid under the registered key")
    return signature, hashlib.sha256(raw).digest()


def _check_ballots(
    folder: Storage,
    terms: BoxTerms,
    signature: BallotFileSignature,
    walk: ChainWalk,
    each: Callable[[Ballot], None],
) -> tuple[bytes, ConfirmationCode]:
    """Return digest and last H_C of a ballot file that is the signed one."""
    path = ballots_path(terms.device, signature.file)
    position, head = walk.position, walk.head
    lines = _Lines(folder, terms, path)
    for ballot in lines.read(Ballot):
        position += 1
        terms.require(f"{path}, position", ballot.position, position, "8.P")
        if ballot.b_c != next_field(head):
            raise terms.refuse("8.E", f"{path}, position {position}: a gap in the chain")
        _check_structure(terms, ballot)
        each(ballot)
        head = ConfirmationCode(ballot.h_c)
    terms.require(f"{path}, number of ballots", position - walk.position, signature.count, "20.F")
    terms.require(f"{path}, SHA-256", lines.digest().hex(), signature.ballots.hex(), "20.F")
    return lines.digest(), head


def _check_receipts(folder: Storage, terms: BoxTerms, signature: BallotFileSignature) -> bytes:
    """Return the digest of a receipts file that is the signed one."""
    path = receipts_path(terms.device, signature.file)
    position = signature.first - 1
    lines = _Lines(folder, terms, path)
    for receipt in lines.read(ReceiptLine):
        position += 1
        terms.require(f"{path}, position", receipt.position, position, "20.G")
    count = position - signature.first + 1
    terms.require(f"{path}, number of receipts", count, signature.count, "20.G")
    terms.require(f"{path}, SHA-256", lines.digest().hex(), signature.receipts.hex(), "20.F")
    return lines.digest()


@dataclass
class _Lines:
    """The lines of one file, hashed as they are read."""

    folder: Storage
    terms: BoxTerms
    path: str

    def __post_init__(self) -> None:
        self._hashed = hashlib.sha256()

    def read(self, reader: type[R]) -> Iterator[R]:
        with open_file(self.folder, self.terms, self.path) as file:
            for count, (place, line) in enumerate(read_raw_lines(file, self.path), start=1):
                if count > BALLOTS_A_FILE:
                    raise self.terms.refuse(
                        "20.F", f"{self.path} has more than {BALLOTS_A_FILE} lines"
                    )
                self._hashed.update(line)
                yield reader.from_bytes(line, self.terms.election.group, place)

    def digest(self) -> bytes:
        return self._hashed.digest()


def _check_structure(terms: BoxTerms, ballot: Ballot) -> None:
    """Require the contests, options, proof entries and data blocks that the manifest gives.

    Source: items 0.E, 6.P, 7.P.
    """
    where = f"position {ballot.position}"
    if ballot.style not in terms.styles:
        detail = f"{where}: precinct {terms.box.precinct} has no ballot style {ballot.style}"
        raise terms.refuse("0.E", detail)
    contests = tuple(entry.contest for entry in ballot.contests)
    due = terms.election.style_contests[ballot.style]
    terms.require(f"{where}, contests", contests, due, "0.E")
    for entry in ballot.contests:
        _check_contest(terms, f"{where}, contest {entry.contest}", entry)


def _check_contest(terms: BoxTerms, where: str, entry: EncryptedContest) -> None:
    contest: Contest = terms.election.manifest.contests[entry.contest - 1]
    terms.require(f"{where}, options", len(entry.options), len(contest.options), "0.E")
    limit = contest.contest_limit
    terms.require(f"{where}, entries of its limit proof", len(entry.limit_proof), limit + 1, "7.P")
    due = contest.option_limit + 1
    if any(len(option.proof) != due for option in entry.options):
        raise terms.refuse("6.P", f"{where}: an option has not {due} proof entries")
    blocks = len(entry.data.c1) // 32 if entry.data is not None else 0
    terms.require(f"{where}, data blocks", blocks, contest.data_blocks, "0.E")


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:64]}..."  # noqa: PLR2004 - a line of an error
