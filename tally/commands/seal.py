"""`dalel-tally seal`: the registrars seal the record, and the guardians' signatures join."""

from pathlib import Path
from typing import Annotated

import typer

from egcore.program import say
from tally.commands.options import (
    ExchangeFolder,
    PassphraseFiles,
    RecordFolder,
    election_at,
    exchange_at,
    open_registrars,
)
from tally.registration import read_registry
from tally.sealing import finish_seal, publish_seal, require_sealable


def seal(
    *,
    record: RecordFolder,
    exchange: ExchangeFolder,
    registrar: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="Key file of a registrar; one each."),
    ] = None,
    passphrase_file: PassphraseFiles = None,
    finish: Annotated[
        bool, typer.Option("--finish", help="Add the guardians' signatures and write seal.json.")
    ] = False,
) -> None:
    """Seal the record for the guardians to sign; with --finish, when they have signed."""
    if finish == bool(registrar):
        raise typer.BadParameter("name the registrars' key files, or --finish; one of the two")
    storage, election = election_at(record)
    registry = read_registry(storage, election)
    if not finish:
        require_sealable(storage, exchange_at(exchange), election, registry)
        keys = open_registrars(election.manifest, registrar or [], passphrase_file)
        published = publish_seal(storage, exchange_at(exchange), election, registry, keys)
        typer.echo(f"sealed for the guardians to sign: seal/{published.digest}/seal.json")
        return
    finished = finish_seal(storage, exchange_at(exchange), election, registry)
    for fault in finished.faults:
        say(f"left out: {fault}")
    signers = ", ".join(str(index) for index in finished.signers)
    typer.echo(f"seal.json: {finished.digest}")
    typer.echo(f"signed by guardians {signers}")
