"""The door of the record: the folder of a box that closed, checked before any of it is taken.

Checked here, as specs/11, specs/12 and items 0.B, 0.C, 0.E, 0.F, 6.P, 7.P, 8.E to 8.G, 8.P, 13.A
to 14.F and 20.E to 20.J say: form and canonical bytes of every line; registered box and precinct;
signatures of the device file and of each `.sig` file; digests of all files; positions, files and
chaining fields without a gap; contests, options and proof entries of every ballot; what every
opening gives; the figures, field and hash of the closing; and no file, hints apart, that the
closing does not name. Left to the verifier: membership and proofs of the ciphertexts, id_b, h_i,
chi and h_c of a ballot, its encrypted nonce, and both signatures in every line of the receipts.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from egcore.hashing import (
    ChainingField,
    ConfirmationCode,
    ExtendedBaseHash,
    chain_start_field,
    chain_start_hash,
    closing_field,
    closing_hash,
    device_hash,
)
from egcore.records.device import DEVICE_FILE, ChainStart, DeviceFile
from egcore.records.opening import Opening
from egcore.signed import signature_holds
from egcore.streams import read_raw_lines
from tally.ballot_files import (
    BALLOTS_A_FILE,
    BoxTerms,
    ChainWalk,
    check_file,
    listed,
    open_file,
    read_bounded,
)
from tally.openings import OpeningsWalk
from tally.progress import Tell, tell_nobody
from tally.record_folder import (
    HINTS,
    ballots_path,
    device_path,
    openings_path,
    receipts_path,
    signature_path,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from egcore.records.ballot import Ballot
    from egcore.records.device import Closing, FileDigests
    from egcore.storage import Storage


@dataclass
class SeenBallots:
    """Figures of the ballots that went by: what a closing must say."""

    statuses: Counter[str] = field(default_factory=Counter)
    decided_at_closing: int = 0

    def add(self, terms: BoxTerms, ballot: Ballot) -> None:
        """Count a ballot. Raises ProtocolViolation for a status that nobody could decide so."""
        self.statuses[ballot.status] += 1
        if ballot.decided == "closing":
            self.decided_at_closing += 1
            due = terms.election.manifest.undecided
            where = f"position {ballot.position}, decided at closing"
            terms.require(where, ballot.status, due, "20.I")
        elif ballot.status == "void":
            where = f"position {ballot.position} is void, decided by"
            terms.require(where, ballot.decided, "closing", "20.I")


@dataclass(frozen=True)
class DoorCheck:
    """A device's folder that may be taken.

    device_file: exact bytes of its file. digests: SHA-256 by path of everything else in it.
    """

    device: str
    device_file: bytes
    digests: dict[str, bytes]
    ballots: int


def due_start(terms: BoxTerms) -> ChainStart:
    """Return the start of a box's chain (EQ-72, EQ-73, EQ-74)."""
    h_e: ExtendedBaseHash = terms.election.h_e
    h_di = device_hash(h_e, f"dalel/1 {terms.box.precinct} {terms.device}")
    b_c0 = chain_start_field(h_di)
    return ChainStart(h_di=h_di, b_c0=b_c0, h_0=chain_start_hash(h_e, b_c0))


def check_closed_device(folder: Storage, terms: BoxTerms, tell: Tell = tell_nobody) -> DoorCheck:
    """Check the whole folder of a box that closed.

    folder: untrusted. terms: the box as it is registered. tell: called after each ballot file.
    Raises ProtocolViolation, InvalidProof or MalformedRecord with the first reason to refuse it.
    Cost: parsing every ballot, a signature a file, two powers an option of opened ballots.
    """
    raw, file = _read_device_file(folder, terms)
    start = due_start(terms)
    terms.require("chain start", file.start, start, "8.F")
    closing = file.closing
    opened = OpenedLines(folder, terms)
    openings = OpeningsWalk(terms, opened.read(), frozenset(closing.to_open))
    seen = SeenBallots()
    walk = ChainWalk(0, ConfirmationCode(start.h_0))

    def each(ballot: Ballot) -> None:
        seen.add(terms, ballot)
        openings.meet(ballot)

    for number, digests in enumerate(file.files):
        check_file(folder, terms, walk, each)
        _require_digests(terms, number, walk.files[-1], digests)
        if number + 1 < len(file.files):
            full = BALLOTS_A_FILE * (number + 1)
            terms.require(f"file {number}, last position", walk.position, full, "20.F")
        tell(walk.position, closing.count)
    openings.finish()
    _check_figures(terms, closing, seen, openings.challenged_to_open)
    _check_hashes(terms, closing, start, walk.head)
    paths = digests_by_path(terms.device, walk.files)
    if opened.digest is not None:
        paths[openings_path(terms.device)] = opened.digest
    _require_files(folder, terms, {device_path(terms.device), *paths})
    return DoorCheck(terms.device, raw, paths, closing.count)


def digests_by_path(device: str, files: list[FileDigests]) -> dict[str, bytes]:
    """Return SHA-256 by path of the first files of a box."""
    digests: dict[str, bytes] = {}
    for number, entry in enumerate(files):
        digests[ballots_path(device, number)] = entry.ballots
        digests[receipts_path(device, number)] = entry.receipts
        digests[signature_path(device, number)] = entry.sig
    return digests


class OpenedLines:
    """The openings of a device's folder; there may be no such file.

    digest: SHA-256 of the file once it was read to its end, None when there is none.
    """

    def __init__(self, folder: Storage, terms: BoxTerms) -> None:
        self._folder = folder
        self._terms = terms
        self.digest: bytes | None = None

    def read(self) -> Iterator[Opening]:
        """Each opening in order. Raises MalformedRecord."""
        path = openings_path(self._terms.device)
        if path not in listed(self._folder, "openings"):
            return
        hashed = hashlib.sha256()
        with open_file(self._folder, self._terms, path) as file:
            for place, line in read_raw_lines(file, path):
                hashed.update(line)
                yield Opening.from_bytes(line, self._terms.election.group, place)
        self.digest = hashed.digest()


def _read_device_file(folder: Storage, terms: BoxTerms) -> tuple[bytes, DeviceFile]:
    group = terms.election.group
    path = device_path(terms.device)
    raw = read_bounded(folder, terms, path)
    file = DEVICE_FILE.from_bytes(raw, group, path)
    if not isinstance(file, DeviceFile):
        raise terms.refuse("20.H", f"{path} has no closing; a lost box is stated lost")
    terms.require(f"{path}, H_E", file.h_e.hex(), terms.election.h_e.hex(), "0.F")
    terms.require(f"{path}, device", file.device, terms.device, "0.F")
    terms.require(f"{path}, precinct", file.precinct, terms.box.precinct, "0.F")
    if not signature_holds(file, file.sig, terms.box.key, group):
        raise terms.refuse("20.H", f"{path}: its signature is not valid under the registered key")
    files = -(-file.closing.count // BALLOTS_A_FILE)
    terms.require(f"{path}, number of files", len(file.files), files, "20.J")
    return raw, file


def _require_digests(terms: BoxTerms, number: int, found: FileDigests, due: FileDigests) -> None:
    for name in ("ballots", "sig", "receipts"):
        values = (getattr(found, name).hex(), getattr(due, name).hex())
        terms.require(f"file {number}, SHA-256 of {name} in the closing", *values, "20.J")


def _check_figures(
    terms: BoxTerms, closing: Closing, seen: SeenBallots, challenged_to_open: int
) -> None:
    statuses = seen.statuses
    for name, found, due in (
        ("count", closing.count, statuses.total()),
        ("cast", closing.cast, statuses["cast"]),
        ("challenged", closing.challenged, statuses["challenged"]),
        ("void", closing.void, statuses["void"]),
        ("undecided", closing.undecided, seen.decided_at_closing),
        ("issued", closing.issued, statuses.total() + closing.outstanding),
        ("challenged positions in to_open", len(closing.to_open), challenged_to_open),
    ):
        terms.require(f"the closing does not add up: {name}", found, due, "20.I")


def _check_hashes(
    terms: BoxTerms, closing: Closing, start: ChainStart, head: ConfirmationCode
) -> None:
    h_e = terms.election.h_e
    field_ = closing_field(h_e, head, ChainingField(start.b_c0))
    terms.require("closing field", closing.field.hex(), field_.hex(), "8.G")
    terms.require("closing hash", closing.hash.hex(), closing_hash(h_e, field_).hex(), "8.G")


def _require_files(folder: Storage, terms: BoxTerms, due: set[str]) -> None:
    """Refuse a file that no closing names: it could be a second set of statuses.

    Hints are named by no closing, and say nothing of a status.
    """
    for path in listed(folder, ""):
        if path not in due and not path.startswith(HINTS):
            raise terms.refuse("20.J", f"{path} is a file that its closing does not name")
