"""`dalel-box card`: a blank card in a file, and what a card holds."""

from pathlib import Path
from typing import Annotated

import typer

from egcore.program import ProgramError
from egcore.storage import FolderStorage
from terminal_bridge.card import Card, CardFile, StoredCard, read_serial
from terminal_bridge.card_record import read_ballot, read_permit
from terminal_bridge.commands.options import Json, card_at, emit, wrong_card_name
from terminal_bridge.frames import read_frame
from terminal_bridge.permits import shown_name
from terminal_bridge.refusals import CardRefused, CardUnreadable

app = typer.Typer(help="Cards in files.", no_args_is_help=True)
CardPath = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="The card.")]


@app.command("new")
def new(file: CardPath) -> None:
    """Make a blank card in a file, with a random serial."""
    card_at(file)
    try:
        card = StoredCard.personalise(FolderStorage(file.parent), file.name)
    except FileExistsError:
        hint = "nothing is overwritten: name another file"
        raise ProgramError(f"{file} is there already", hint) from None
    except ValueError:
        raise wrong_card_name(file) from None
    typer.echo(read_serial(card).hex())


@app.command("show")
def show(file: CardPath, *, json: Json = False) -> None:
    """Show what a card holds, without opening the sealed ballot or checking a signature."""
    card = card_at(file)
    value: dict[str, object] = {
        "serial": read_serial(card).hex(),
        "permit": _permit(card),
        "ballot": _ballot(card),
    }
    if json:
        emit(value)
        return
    typer.echo(f"serial: {value['serial']}")
    for name in ("permit", "ballot"):
        part = value[name]
        typer.echo(f"{name}: {part if isinstance(part, str) else ''}".rstrip())
        for member, text in part.items() if isinstance(part, dict) else ():
            typer.echo(f"  {member}: {text}")


def _permit(card: Card) -> object:
    try:
        body = read_frame(card, CardFile.PERMIT)
        if body is None:
            return "none"
        permit, signed = read_permit(body)
    except CardUnreadable:
        raise
    except CardRefused as exc:
        return exc.code
    return {
        "election": permit.election.hex(),
        "precinct": shown_name(permit.precinct),
        "box": shown_name(permit.box),
        "style": shown_name(permit.style),
        "signed_by": shown_name(signed.kid),
    }


def _ballot(card: Card) -> object:
    try:
        body = read_frame(card, CardFile.BALLOT)
        if body is None:
            return "none"
        ballot, signed = read_ballot(body)
    except CardUnreadable:
        raise
    except CardRefused as exc:
        return exc.code
    return {
        "election": ballot.election.hex(),
        "sealed_bytes": len(ballot.sealed),
        "signed_by": shown_name(signed.kid),
    }
