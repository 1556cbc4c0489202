"""`dalel-guardian decrypt`: one process from commit to respond."""

import hashlib
import time
from pathlib import Path
from typing import Annotated

import typer

from egcore.errors import MissingMessage
from egcore.parameters import STANDARD
from egcore.program import ProgramError, say
from egcore.records.seal import Seal, SealedBox
from egcore.storage import FolderStorage
from keyceremony.ceremony import KeyShares
from keyceremony.commands.election import election_in
from keyceremony.commands.options import (
    ExchangeFolder,
    HomeFolder,
    Json,
    PassphraseFile,
    RecordFolder,
    Timeout,
    desk_at,
    emit,
)
from keyceremony.commands.verifier_process import PROGRAM, find_verifier, report_on
from keyceremony.decrypt_session import Session, Sums, last_run
from keyceremony.election import Election
from keyceremony.home import Desk
from keyceremony.reports import require_accepted, require_vouched
from keyceremony.sealed_record import SEAL_FILE, SealedRecord
from keyceremony.sealing import keep_to_seal
from keyceremony.signed_plans import recorded_plan
from keyceremony.waiting import Waiter

Run = Annotated[
    int | None, typer.Option("--run", min=1, help="Number of the run; else the last that began.")
]
VouchedBy = Annotated[
    int | None,
    typer.Option(
        "--vouched-by",
        min=1,
        help="Take the word of this guardian that the record was accepted; else dalel-verify runs.",
    ),
]
SECONDS_BETWEEN_LINES = 2.0


def decrypt(
    *,
    home: HomeFolder,
    exchange: ExchangeFolder,
    record: RecordFolder,
    run: Run = None,
    vouched_by: VouchedBy = None,
    timeout: Timeout = 3600.0,
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """Decrypt the sums of a sealed, verified record; if this process is ended, so is the run."""
    storage = FolderStorage(record)
    with desk_at(home, exchange, passphrase_file) as desk:
        election = election_in(desk, storage)
        shares = shares_of(desk, election)
        raw, sealed = sealed_record(storage, election)
        digest = hashlib.sha256(raw).digest()
        _require_report(desk, election, record, digest, vouched_by)
        devices = sealed.check()
        sealed.require_guardians()
        keep_to_seal(desk, sealed.seal)
        lines = sealed.plan(devices, _progress(sealed.seal))
        sums = Sums(election, digest, lines, recorded_plan(storage, election))
        number = run if run is not None else last_run(desk, election.h_e)
        made = Session(desk, sums, number, Waiter(timeout, say)).take_part(shares)
    who = [entry.guardian for entry in made.messages]
    if json:
        emit({"run": number, "guardians": who, "plan": made.plan.hex()})
        return
    typer.echo(f"run {number} is complete; the shares of {len(who)} guardians are published")


def shares_of(desk: Desk, election: Election) -> KeyShares:
    """Return the shares in the key file, which are of the election's ceremony.

    Raises ProgramError.
    """
    kept = desk.key.kept
    if kept is None or kept.ceremony != election.members.ceremony:
        raise ProgramError(
            "the key file has no share of this election's keys",
            "take the last good copy of the home folder, or name the right one by --home",
        )
    return kept.shares()


def sealed_record(storage: FolderStorage, election: Election) -> tuple[bytes, SealedRecord]:
    """Return the bytes of the record's seal, and the record read through it.

    Raises MissingMessage and MalformedRecord.
    """
    try:
        raw = storage.read(SEAL_FILE)
    except FileNotFoundError:
        raise MissingMessage(SEAL_FILE, "record", "the record is not sealed") from None
    return raw, SealedRecord(storage, election, Seal.from_bytes(raw, STANDARD, SEAL_FILE))


def _require_report(
    desk: Desk, election: Election, record: Path, digest: bytes, vouched_by: int | None
) -> None:
    if vouched_by is not None:
        require_vouched(desk.box, election.keys, vouched_by, digest, desk.group)
        return
    command = find_verifier()
    say(f"running {PROGRAM} on {record}")
    require_accepted(report_on(record, [command]), "its report", digest)


class _Lines:
    """A line on stderr now and then, while ballots are summed."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.said = time.monotonic()

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if now - self.said >= SECONDS_BETWEEN_LINES:
            self.said = now
            say(f"summed {done} of {self.total} ballots")


def _progress(seal: Seal) -> _Lines:
    counts = (box.count if isinstance(box, SealedBox) else box.loss.count for box in seal.boxes)
    return _Lines(sum(counts))
