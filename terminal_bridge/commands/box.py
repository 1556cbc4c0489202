"""`dalel-box box` and `close`: the ballot box at its table, and the end of its day."""

from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from egcore.parameters import STANDARD
from egcore.program import ProgramError, say
from egcore.records.device import DeviceFile
from egcore.records.fields import Text
from terminal_bridge.box import Box
from terminal_bridge.box_closing import close_box, finish_closed
from terminal_bridge.closing import Staff
from terminal_bridge.commands.box_lines import BoxLines
from terminal_bridge.commands.box_talk import BoxTalk
from terminal_bridge.commands.lines import serve
from terminal_bridge.commands.options import (
    CardOption,
    HomeFolder,
    Json,
    KeysFolder,
    Lines,
    PassphraseFile,
    emit,
    home_at,
    locked,
    one_card,
    open_desk,
    start_at,
)
from terminal_bridge.commands.pool_filling import PoolFilling, kernel_for
from terminal_bridge.device_home import read_day, require_open_day
from terminal_bridge.pool import DEFAULT_SIZE, LARGEST_SIZE, BallotPool

_TEXT: TypeAdapter[str] = TypeAdapter(Text)
_STAFF = 2


def box(
    *,
    home: HomeFolder,
    keys: KeysFolder,
    card: CardOption = None,
    lines: Lines = False,
    pool: Annotated[
        int,
        typer.Option(min=0, max=LARGEST_SIZE, help="Ballots of each style to prepare ahead."),
    ] = DEFAULT_SIZE,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Take cards: encrypt, show the code, cast or challenge, wipe. Undecided ballots first."""
    file = one_card(card, lines=lines)
    storage, found = home_at(home, "box")
    with locked(home):
        start = start_at(keys, found)
        require_open_day(storage, found.id)
        desk = open_desk(storage, start, passphrase_file)
        day = read_day(storage, desk.opened, start)
        styles = start.styles_of(desk.device.precinct)
        stock = BallotPool(start.keys, styles, pool, kernel_for(start.keys, pool))
        with PoolFilling(stock) as filling:
            table = Box(start, desk.device, day, storage, stock)
            if file is None:
                serve(BoxLines(table, STANDARD).answer, filling.waiting)
            else:
                BoxTalk(table, start, file, filling.waiting).run()


def close(
    *,
    home: HomeFolder,
    keys: KeysFolder,
    issued: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Permits issued for this box.")],
    staff: Annotated[
        list[str], typer.Option("--staff", metavar="NAME", help="Who closes the box; twice.")
    ],
    json: Json = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Close a box: decide what is undecided, sign, erase its secrets, print the figures."""
    closers = Staff(issued, _two_names(staff))
    storage, found = home_at(home, "box")
    with locked(home):
        start = start_at(keys, found, in_use=False)
        file = finish_closed(storage, start, found.id, closers)
        if file is not None:
            say("this box was closed before, with these figures")
        else:
            require_open_day(storage, found.id)
            desk = open_desk(storage, start, passphrase_file)
            day = read_day(storage, desk.opened, start)
            file = close_box(start, desk.device, day, storage, closers)
    if json:
        closing = file.closing.to_object(STANDARD)
        emit({"device": file.device, "precinct": file.precinct, **closing})
    else:
        _print_figures(file)
        say(f"{home / 'public'} goes to the central staff: dalel-tally collect")


def _two_names(staff: list[str]) -> tuple[str, str]:
    if len(staff) != _STAFF or staff[0] == staff[-1]:
        raise typer.BadParameter("name the two people who close the box: --staff NAME, twice")
    try:
        first, second = (_TEXT.validate_python(name) for name in staff)
    except ValidationError as exc:
        reason = exc.errors(include_url=False, include_input=False)[0]["msg"]
        hint = "write 1 to 200 characters without a blank at the ends"
        raise ProgramError(f"--staff: {reason}", hint) from None
    return first, second


def _print_figures(file: DeviceFile) -> None:
    figures = file.closing
    typer.echo(f"box {file.device} in {file.precinct} is closed")
    typer.echo(
        f"ballots {figures.count} = cast {figures.cast} + challenged {figures.challenged} "
        f"+ void {figures.void}; {figures.undecided} of them were undecided at closing"
    )
    typer.echo(
        f"permits issued {figures.issued} = ballots {figures.count} "
        f"+ outstanding {figures.outstanding}"
    )
    if figures.to_open:
        positions = ", ".join(str(position) for position in figures.to_open)
        typer.echo(f"challenged after a restart, opened by the guardians: positions {positions}")
    typer.echo(f"closed by {' and '.join(figures.staff)}")
    typer.echo(f"closing hash {figures.hash.hex()}")
