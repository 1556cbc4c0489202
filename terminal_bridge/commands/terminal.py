"""`dalel-box terminal`: the simulated voting terminal. It keeps nothing of a voter."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from egcore.program import ProgramError
from egcore.records.manifest import Contest
from terminal_bridge.box_records import DayKey
from terminal_bridge.card_record import Language, Permit
from terminal_bridge.commands.lines import Line, parse, serve
from terminal_bridge.commands.options import (
    CardOption,
    HomeFolder,
    KeysFolder,
    Lines,
    PassphraseFile,
    card_at,
    desk_at,
    one_card,
)
from terminal_bridge.commands.screen import require_screen, say_refusal
from terminal_bridge.commands.terminal_talk import fault_in, mark_on_screen
from terminal_bridge.device_home import check_day_key
from terminal_bridge.election_start import ElectionStart
from terminal_bridge.marks import WrongMarks
from terminal_bridge.refusals import CardRefused
from terminal_bridge.terminal import Terminal

DayKeys = Annotated[
    list[Path],
    typer.Option(
        "--day-key",
        exists=True,
        dir_okay=False,
        help="day_key.json of a ballot box of the precinct; once for each box.",
    ),
]
LanguageOption = Annotated[
    Literal["kk", "ru", "en"] | None, typer.Option("--language", help="Else the voter is asked.")
]


class _Mark(Line):
    card: str
    language: Literal["kk", "ru", "en"]
    choices: dict[str, list[int | str]]


def terminal(
    *,
    home: HomeFolder,
    keys: KeysFolder,
    day_key: DayKeys,
    card: CardOption = None,
    language: LanguageOption = None,
    lines: Lines = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Show the contests of a card's ballot, ask, show the choice again, write the card."""
    file = one_card(card, lines=lines)
    if lines and language is not None:
        raise typer.BadParameter("with --lines each line names the language")
    if file is not None:
        require_screen()
    with desk_at(home, keys, "terminal", passphrase_file) as desk:
        keys_of_boxes = _read_day_keys(day_key, desk.start, desk.device.precinct)
        machine = Terminal(desk.start, desk.device, keys_of_boxes)
        if file is None:
            serve(lambda value: _answer(machine, parse(_Mark, value)))
            return
        try:
            mark_on_screen(machine, card_at(file), language)
        except CardRefused as exc:
            say_refusal(exc)
            raise
    typer.echo("marked")


def _read_day_keys(files: Sequence[Path], start: ElectionStart, precinct: str) -> dict[str, DayKey]:
    found: dict[str, DayKey] = {}
    for file in files:
        day_key = check_day_key(file.read_bytes(), start, precinct)
        if found.setdefault(day_key.device, day_key) != day_key:
            raise ProgramError(
                f"two different day keys of box {day_key.device}",
                "name the one that is in the folder of that box now",
            )
    return found


def _answer(machine: Terminal, line: _Mark) -> dict[str, object]:
    card = card_at(Path(line.card))
    permit = machine.read(card)
    try:
        choices = _places(machine, permit, line.choices)
        machine.mark(card, permit, line.language, choices)
    except WrongMarks as exc:
        return {"invalid": _words(machine, permit, exc, line.language)}
    return {"marked": True}


def _places(
    machine: Terminal, permit: Permit, choices: Mapping[str, Sequence[int | str]]
) -> dict[str, list[int]]:
    """The choices by 1-based place. Raises WrongMarks for an id that the contest has not."""
    contests = {contest.id: contest for contest in machine.contests(permit)}
    found: dict[str, list[int]] = {}
    for name, chosen in choices.items():
        if name not in contests:
            raise WrongMarks(name, "contests", "the ballot has no such contest")
        found[name] = [_place(contests[name], option) for option in chosen]
    return found


def _place(contest: Contest, option: int | str) -> int:
    if isinstance(option, int):
        return option
    ids = [entry.id for entry in contest.options]
    if option not in ids:
        raise WrongMarks(contest.id, "unknown", "it has no such option")
    return ids.index(option) + 1


def _words(machine: Terminal, permit: Permit, exc: WrongMarks, language: Language) -> str:
    contests = {contest.id: contest for contest in machine.contests(permit)}
    return fault_in(language, exc, contests.get(exc.contest))
