"""`dalel-guardian open`: a challenged ballot whose nonce the box has lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from egcore.program import say
from egcore.storage import FolderStorage
from keyceremony.commands.decryption import sealed_record, shares_of
from keyceremony.commands.election import election_in
from keyceremony.commands.options import (
    ExchangeFolder,
    HomeFolder,
    PassphraseFile,
    RecordFolder,
    desk_at,
)
from keyceremony.home import Desk
from keyceremony.open_exchange import (
    assemble,
    ballots_to_open,
    publish_share,
)
from keyceremony.open_requests import publish_request, read_request
from keyceremony.sealed_record import SealedDevice, SealedRecord
from keyceremony.sealing import keep_to_seal

app = typer.Typer(
    help="Open challenged ballots whose nonce the box has lost; never a cast one.",
    no_args_is_help=True,
)
NewRequest = Annotated[
    bool,
    typer.Option("--new-request", help="Ask in the place of a guardian who asked and is lost."),
]
Without = Annotated[
    list[int] | None,
    typer.Option("--without", help="Leave aside the shares of this guardian; may be repeated."),
]


@app.command("request")
def request(
    *,
    home: HomeFolder,
    exchange: ExchangeFolder,
    record: RecordFolder,
    new_request: NewRequest = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Ask the others for shares, as the one guardian who will put the openings together."""
    with _sealed(home, exchange, record, passphrase_file) as (desk, sealed, devices):
        count = sum(1 for _ in ballots_to_open(sealed, devices))
        made = publish_request(desk, sealed.election, new=new_request)
    typer.echo(
        f"request {made.request}: asked for shares of {count} ballots; "
        f"{sealed.election.members.k} are needed"
    )


@app.command("share")
def share(
    *,
    home: HomeFolder,
    exchange: ExchangeFolder,
    record: RecordFolder,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Send this guardian's shares, encrypted to the guardian who asked last."""
    with _sealed(home, exchange, record, passphrase_file) as (desk, sealed, devices):
        data_share = shares_of(desk, sealed.election).data
        who = read_request(desk, sealed.election).guardian
        sent = [
            publish_share(desk, sealed.election, ballot, data_share)
            for ballot in ballots_to_open(sealed, devices)
        ]
    typer.echo(f"sent {len(sent)} shares to guardian {who}")


@app.command("assemble")
def assemble_openings(
    *,
    home: HomeFolder,
    exchange: ExchangeFolder,
    record: RecordFolder,
    without: Without = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Put the openings together from the shares of at least k guardians, and publish them."""
    with _sealed(home, exchange, record, passphrase_file) as (desk, sealed, devices):
        made = assemble(desk, sealed, devices, frozenset(without or ()))
    for name in made.names:
        typer.echo(f"published {name}")
    for ballot in made.bad:
        typer.echo(f"not opened: {ballot}")
    if made.bad:
        say("the boxes of these ballots encrypted their nonces wrongly; report them")
    if not made.names and not made.bad:
        typer.echo("no closing leaves a ballot to open")


@contextmanager
def _sealed(
    home: Path, exchange: Path, record: Path, passphrase_file: Path | None
) -> Iterator[tuple[Desk, SealedRecord, tuple[SealedDevice, ...]]]:
    """The desk, and the record with every signature on its seal checked; no other from now on."""
    storage = FolderStorage(record)
    with desk_at(home, exchange, passphrase_file) as desk:
        _, sealed = sealed_record(storage, election_in(desk, storage))
        devices = sealed.check()
        sealed.require_guardians()
        keep_to_seal(desk, sealed.seal)
        yield desk, sealed, devices
