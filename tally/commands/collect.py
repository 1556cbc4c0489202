"""`dalel-tally collect` and `loss`: what comes from guardians and devices into the record."""

from pathlib import Path
from typing import Annotated

import typer

from egcore.parameters import STANDARD
from egcore.program import ProgramError, say
from tally.ceremony_collection import collect_ceremony
from tally.collect import collect_devices
from tally.commands.options import (
    ExchangeFolder,
    PassphraseFiles,
    RecordFolder,
    RegistrarFiles,
    checked_text,
    election_at,
    exchange_at,
    open_registrars,
    progress,
    storage_at,
)
from tally.guardian_openings import collect_openings
from tally.lost_boxes import LossReport, state_box_lost
from tally.registration import read_registry

app = typer.Typer(help="Take what others have made, checked at the door.", no_args_is_help=True)

DeviceFolder = Annotated[
    list[Path],
    typer.Argument(exists=True, file_okay=False, help="Folder of a device, or its public/."),
]


@app.command("ceremony")
def ceremony(
    *,
    record: RecordFolder,
    exchange: ExchangeFolder,
    attempt: Annotated[int | None, typer.Option(min=1, help="Default: the confirmed one.")] = None,
) -> None:
    """Take the key ceremony and the sign-off of all guardians."""
    election = collect_ceremony(storage_at(record), exchange_at(exchange), STANDARD, attempt)
    for index, key in sorted(election.keys.items()):
        typer.echo(f"guardian {index}: enrolment key {key.hex()}")
    typer.echo(f"H_E: {election.h_e.hex()}")


@app.command("devices")
def devices(folders: DeviceFolder, *, record: RecordFolder) -> None:
    """Take the folders of boxes that have closed, each whole or not at all."""
    storage, election = election_at(record)
    registry = read_registry(storage, election)
    named = [(str(folder), storage_at(_public(folder))) for folder in folders]
    with progress("ballots") as tell:
        outcomes = collect_devices(storage, election, registry, named, tell)
    refused = [outcome for outcome in outcomes if outcome.refused is not None]
    for outcome in outcomes:
        if outcome.refused is None:
            state = "taken" if outcome.new else "was taken before"
            typer.echo(f"{outcome.device}: {outcome.ballots} ballots, {state}")
    for outcome in refused:
        say(f"{outcome.folder}: refused: {outcome.refused}")
    if refused:
        raise ProgramError(
            f"{len(refused)} of {len(outcomes)} folders are refused, and nothing of them was taken",
            "keep them as they are; ask the staff of the box for a good copy or an explanation",
        )


@app.command("openings")
def openings(*, record: RecordFolder, exchange: ExchangeFolder) -> None:
    """Take the openings that guardians assembled."""
    storage, election = election_at(record)
    registry = read_registry(storage, election)
    outcomes = collect_openings(storage, exchange_at(exchange), election, registry)
    for outcome in outcomes:
        awaited = ", ".join(str(position) for position in outcome.awaited) or "none"
        typer.echo(f"{outcome.device}: {len(outcome.taken)} taken; awaited positions: {awaited}")
    if not outcomes:
        typer.echo("no box left a ballot to the guardians")


def loss(
    device: Annotated[str, typer.Argument(help="Id of the box that will never close.")],
    *,
    record: RecordFolder,
    exchange: ExchangeFolder,
    issued: Annotated[int, typer.Option(min=0, help="Permits issued for the box.")],
    reason: Annotated[str, typer.Option(help="What happened, in words.")],
    registrar: RegistrarFiles,
    passphrase_file: PassphraseFiles = None,
    saved: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="What was saved of the folder."),
    ] = None,
    files: Annotated[
        int | None, typer.Option(min=0, help="Full files to keep; default: all that were saved.")
    ] = None,
) -> None:
    """State a box lost but for the full files that were saved of it."""
    storage, election = election_at(record)
    report = LossReport(device, issued, checked_text(reason, "--reason"), files)
    registrars = open_registrars(election.manifest, registrar, passphrase_file)
    statement = state_box_lost(
        storage,
        exchange_at(exchange),
        election,
        read_registry(storage, election),
        report,
        storage_at(_public(saved)) if saved is not None else None,
        registrars,
    )
    typer.echo(f"{device}: lost; {statement.count} ballots in {statement.files} files are kept")
    typer.echo(f"permits not accounted for: {statement.issued - statement.count}")


def _public(folder: Path) -> Path:
    inner = folder / "public"
    return inner if inner.is_dir() else folder
