"""Commands that bind keys to an election and sign what came of it: sign-off, seal, vouch."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from egcore.errors import MissingMessage
from egcore.numbered_names import manifest_name
from egcore.program import ProgramError, say
from egcore.records.seal import LostBox, Seal
from egcore.storage import FolderStorage
from keyceremony.commands.options import (
    ExchangeFolder,
    HomeFolder,
    Json,
    PassphraseFile,
    RecordFolder,
    Yes,
    desk_at,
    emit,
)
from keyceremony.election import Election, confirmed, election_of, publish_sign_off, sign_offs
from keyceremony.election import require_signed_off as require_own_sign_off
from keyceremony.home import Desk
from keyceremony.manifests import (
    DueManifest,
    EarlierSignOff,
    due_manifest,
    earlier_sign_offs,
    require_due,
)
from keyceremony.reports import vouch as publish_report
from keyceremony.sealed_record import MANIFEST_FILE, SealedRecord
from keyceremony.sealing import fetch_seal, publish_seal_signature, require_unsealed
from keyceremony.waiting import parties

SealDigest = Annotated[
    str | None, typer.Option("--seal", help="Digest of the seal, where there are several.")
]
Report = Annotated[
    Path,
    typer.Argument(
        exists=True, dir_okay=False, help="JSON report of your own run of dalel-verify."
    ),
]


def sign_off(
    *,
    home: HomeFolder,
    exchange: ExchangeFolder,
    yes: Yes = False,
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """Show the manifest that is due, and sign that these keys are for this election."""
    with desk_at(home, exchange, passphrase_file) as desk:
        attempt = confirmed(desk.attempt())
        due = due_manifest(desk.box)
        if due is None:
            detail = "there is no manifest to sign off"
            raise MissingMessage("the tally", manifest_name(1), detail)
        election = election_of(attempt, due.raw, due.name)
        require_unsealed(desk, election.h_e)
        public = desk.me.key.public
        earlier = earlier_sign_offs(desk.box, attempt, election, desk.index, public)
        _show_election(election, due, earlier)
        if not yes and not typer.confirm("sign off this election?", err=True):
            raise ProgramError("nothing was signed", "run the same command again when it is right")
        desk.box.keep(due.name, due.raw)  # what is signed off stays what it was
        publish_sign_off(desk, election)
        signed = [line.guardian for line in sign_offs(desk.box, election)]
    awaited = [index for index in election.keys if index not in signed]
    if json:
        emit(
            {
                "manifest": due.number,
                "h_e": election.h_e.hex(),
                "signed_off": signed,
                "awaited": awaited,
                "earlier": [entry.h_e.hex() for entry in earlier],
            }
        )
        return
    typer.echo(f"signed off manifest {due.number}; H_E {election.h_e.hex()}")
    typer.echo(f"waiting for {parties(awaited)}" if awaited else "everybody has signed off")


def seal(
    *,
    home: HomeFolder,
    exchange: ExchangeFolder,
    record: RecordFolder,
    seal: SealDigest = None,
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """Check the tally's seal against the record's files, down to every ballot file, and sign it."""
    storage = FolderStorage(record)
    with desk_at(home, exchange, passphrase_file) as desk:
        election = election_in(desk, storage)
        require_due(desk.box, election)
        _, found = fetch_seal(desk.box, election, seal)
        sealed = SealedRecord(storage, election, found)

        def check(_: Seal) -> None:
            for device in sealed.check():
                for _ballot in sealed.ballots(device):
                    pass  # read to the end, so that the digest of every file has held

        digest = publish_seal_signature(desk, found, check)
    lost = sum(isinstance(box, LostBox) for box in found.boxes)
    if json:
        emit({"seal": digest, "guardian": desk.index, "boxes": len(found.boxes), "lost": lost})
        return
    typer.echo(f"signed the seal {digest}")
    typer.echo(f"{len(found.boxes)} boxes, {lost} of them lost")


def vouch(
    report: Report,
    *,
    home: HomeFolder,
    exchange: ExchangeFolder,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Sign for the others that your own dalel-verify wrote this report, which accepts."""
    raw = report.read_bytes()
    with desk_at(home, exchange, passphrase_file) as desk:
        made = publish_report(desk, raw, report.name)
    typer.echo(f"vouched for the report on the seal {made.digest.hex()}")
    if made.report != hashlib.sha256(raw).digest():
        say(
            f"an earlier report on this seal, SHA-256 {made.report.hex()}, was vouched for before; "
            "that word stands"
        )


def election_in(desk: Desk, record: FolderStorage) -> Election:
    """Return the election of a record folder, which this guardian has signed off.

    Raises ProgramError where it has not, and what election_of raises.
    """
    try:
        manifest = record.read(MANIFEST_FILE)
    except FileNotFoundError:
        raise MissingMessage(MANIFEST_FILE, "record", "the record has no such file") from None
    election = election_of(confirmed(desk.attempt()), manifest, MANIFEST_FILE)
    require_own_sign_off(desk, election)
    return election


def _show_election(
    election: Election, due: DueManifest, earlier: tuple[EarlierSignOff, ...]
) -> None:
    manifest = election.manifest
    say(f"manifest {due.number}")
    rehearsal = "a REHEARSAL" if manifest.rehearsal else "not a rehearsal"
    say(f"election {manifest.election} on {manifest.date}, {rehearsal}")
    for language in ("kk", "ru", "en"):
        say(f"  {language}: {getattr(manifest.title, language)}")
    say(
        f"  {len(manifest.precincts)} precincts, {len(manifest.areas)} areas, "
        f"{len(manifest.styles)} ballot styles; groups of at least {manifest.floor} ballots"
    )
    for contest in manifest.contests:
        say(f"  contest {contest.id}: {contest.label.ru}, {contest.contest_limit} marks")
        for option in contest.options:
            say(f"    {option.id}: {option.label.ru}")
    registrars = manifest.registrars
    say(f"  {registrars.need} of {len(registrars.keys)} registrars sign devices and seal")
    say(f"  H_B {election.h_b.hex()}\n  H_G {election.h_g.hex()}\n  H_E {election.h_e.hex()}")
    for entry in earlier:
        say(f"this guardian has signed off {entry}; manifest {due.number} takes its place")
