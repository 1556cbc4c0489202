"""`dalel-box permits`: the registration table."""

from pathlib import Path
from typing import Annotated

import typer

from egcore.program import ProgramError
from terminal_bridge.commands.lines import Line, parse, serve
from terminal_bridge.commands.options import (
    CardOption,
    Desk,
    HomeFolder,
    Json,
    KeysFolder,
    Lines,
    PassphraseFile,
    card_at,
    desk_at,
    emit,
    home_at,
    one_card,
)
from terminal_bridge.commands.screen import say_refusal
from terminal_bridge.permits import PermitsDesk, issued_by_box
from terminal_bridge.refusals import CardRefused

app = typer.Typer(help="Permits: issue them on blank cards, count them.", no_args_is_help=True)
BoxId = Annotated[str | None, typer.Option("--box", metavar="ID", help="The ballot box.")]
StyleId = Annotated[
    str | None,
    typer.Option("--style", metavar="ID", help="Ballot style; needed where there are several."),
]


class _Issue(Line):
    card: str
    box: str
    style: str | None = None


@app.command("issue")
def issue(
    *,
    home: HomeFolder,
    keys: KeysFolder,
    card: CardOption = None,
    box: BoxId = None,
    style: StyleId = None,
    lines: Lines = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write a permit on a blank card: box, style and a random id; nothing about the voter."""
    file = one_card(card, lines=lines)
    if lines and (box or style):
        raise typer.BadParameter("with --lines each line names box and style")
    if not lines and box is None:
        raise typer.BadParameter("name the ballot box by --box")
    with desk_at(home, keys, "permits", passphrase_file) as desk:
        table = PermitsDesk(desk.start, desk.device, desk.storage)
        if file is None:
            serve(lambda value: _answer(desk, table, parse(_Issue, value)))
            return
        try:
            table.issue(card_at(file), box or "", _style(desk, style))
        except CardRefused as exc:
            say_refusal(exc)
            raise
    typer.echo("issued")


@app.command("total")
def total(*, home: HomeFolder, box: BoxId = None, json: Json = False) -> None:
    """Say how many permits were issued for each box, for its closing."""
    storage, _ = home_at(home, "permits")
    counts = issued_by_box(storage)
    if box is not None:
        counts = {box: counts.get(box, 0)}
    if json:
        emit({**counts})
        return
    for name, count in counts.items():
        typer.echo(f"{count}" if box is not None else f"{name} {count}")


def _answer(desk: Desk, table: PermitsDesk, line: _Issue) -> dict[str, object]:
    table.issue(card_at(Path(line.card)), line.box, _style(desk, line.style))
    return {"issued": True}


def _style(desk: Desk, named: str | None) -> str:
    """The style that was named, or the only one of the precinct. Raises ProgramError."""
    if named is not None:
        return named
    styles = desk.start.styles_of(desk.device.precinct)
    if len(styles) != 1:
        raise ProgramError(
            f"precinct {desk.device.precinct} has {len(styles)} ballot styles: {', '.join(styles)}",
            "name the voter's by --style",
        )
    return styles[0]
