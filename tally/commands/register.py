"""`dalel-tally register`: boxes, terminals and permit printers, signed by the registrars."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from egcore.canonical import canonical
from egcore.errors import MalformedRecord
from egcore.parameters import STANDARD
from egcore.program import ProgramError
from tally.commands.options import (
    PassphraseFiles,
    RecordFolder,
    RegistrarFiles,
    election_at,
    hex_key,
    open_registrars,
)
from tally.registration import (
    end_registry,
    read_new_devices,
    read_registry,
    register_devices,
    withdraw_device,
)
from tally.registry import NewDevice

app = typer.Typer(
    help="Registry of devices: every line is signed by the registrars whose key files are given.",
    no_args_is_help=True,
)


@app.command("device")
def device(
    kind: Annotated[Literal["box", "terminal", "permits"], typer.Argument(help="What it is.")],
    name: Annotated[str, typer.Argument(metavar="ID", help="An id never used before.")],
    precinct: Annotated[str, typer.Argument(help="The precinct it serves.")],
    key: Annotated[str, typer.Argument(help="Its public key, 64 hex digits.")],
    *,
    record: RecordFolder,
    registrar: RegistrarFiles,
    passphrase_file: PassphraseFiles = None,
) -> None:
    """Register one device."""
    members = {"kind": kind, "id": name, "precinct": precinct, "key": hex_key(key, "KEY").hex()}
    try:
        new = NewDevice.from_bytes(canonical(members), STANDARD)
    except MalformedRecord as exc:
        hint = "write id and precinct with a-z, 0-9 and -, at most 32 of them"
        raise ProgramError(f"the device: {exc}", hint) from exc
    _register([new], record, registrar, passphrase_file)


@app.command("list")
def devices(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="A line {id, key, kind, precinct} for each device."
        ),
    ],
    *,
    record: RecordFolder,
    registrar: RegistrarFiles,
    passphrase_file: PassphraseFiles = None,
) -> None:
    """Register all devices of a list, in its order, all or none."""
    new = read_new_devices(file.read_bytes(), str(file), STANDARD)
    _register(new, record, registrar, passphrase_file)


@app.command("withdraw")
def withdraw(
    name: Annotated[str, typer.Argument(metavar="ID", help="The device that is used no more.")],
    *,
    record: RecordFolder,
    registrar: RegistrarFiles,
    passphrase_file: PassphraseFiles = None,
) -> None:
    """Withdraw a device. A withdrawn box still closes, or is stated lost."""
    storage, election = election_at(record)
    registrars = open_registrars(election.manifest, registrar, passphrase_file)
    new = withdraw_device(storage, election, name, registrars)
    typer.echo(f"{name}: withdrawn" if new else f"{name}: was withdrawn before")


@app.command("end")
def end(
    *,
    record: RecordFolder,
    registrar: RegistrarFiles,
    passphrase_file: PassphraseFiles = None,
) -> None:
    """End the registry when the polls have closed; no line follows."""
    storage, election = election_at(record)
    registrars = open_registrars(election.manifest, registrar, passphrase_file)
    registry = end_registry(storage, election, registrars)
    typer.echo(f"ended with {len(registry.lines)} lines, {len(registry.boxes())} of them boxes")


def _register(
    new: list[NewDevice], record: Path, files: list[Path], passphrase_files: list[Path] | None
) -> None:
    storage, election = election_at(record)
    registrars = open_registrars(election.manifest, files, passphrase_files)
    added = register_devices(storage, election, new, registrars)
    withdrawn = read_registry(storage, election).withdrawn()
    for entry in new:
        before = "was withdrawn" if entry.id in withdrawn else "was registered before"
        state = "registered" if entry in added else before
        typer.echo(f"{entry.kind} {entry.id} in {entry.precinct}: {state}")
