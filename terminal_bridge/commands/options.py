"""What the commands share: their options, and the way from the options to a device at work."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from egcore.canonical import canonical
from egcore.parameters import STANDARD
from egcore.program import ProgramError, read_passphrase
from egcore.storage import FolderStorage, Storage, require_plain_path
from terminal_bridge.box_records import HomeFile, Kind
from terminal_bridge.card import StoredCard
from terminal_bridge.device import Device
from terminal_bridge.device_home import (
    OpenedKey,
    open_key,
    read_home,
    require_in_use,
    require_kind,
    require_registered,
)
from terminal_bridge.election_start import TRANSCRIPT, ElectionStart, read_start

HomeFolder = Annotated[
    Path, typer.Option("--home", file_okay=False, help="This device's own folder.")
]
KeysFolder = Annotated[
    Path,
    typer.Option(
        "--keys", exists=True, file_okay=False, help="Folder with the start of the record."
    ),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", exists=True, dir_okay=False, help="For scripts; else it is asked for."
    ),
]
CardOption = Annotated[
    Path | None,
    typer.Option("--card", dir_okay=False, help="A card in a file, as if it were the reader."),
]
Lines = Annotated[
    bool,
    typer.Option("--lines", help="For scripts: a JSON object a line on stdin, answered each."),
]
Json = Annotated[bool, typer.Option("--json", help="Write one JSON object to stdout.")]


@dataclass(frozen=True)
class Desk:
    """A device at work: its folder, its key in memory, its election."""

    storage: Storage
    opened: OpenedKey
    start: ElectionStart

    @property
    def device(self) -> Device:
        """The device with its registered key."""
        return self.opened.device


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Nobody else works on this home meanwhile. Raises ProgramError when somebody does."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ProgramError(
                f"another dalel-box is at work in {home}", "wait until it has ended"
            ) from None
        yield


def home_at(home: Path, kind: Kind) -> tuple[Storage, HomeFile]:
    """The folder of a device of this kind. Raises ProgramError where there is none."""
    storage = FolderStorage(home)
    found = read_home(storage, STANDARD)
    require_kind(found, kind)
    return storage, found


def start_at(keys: Path, home: HomeFile, *, in_use: bool = True) -> ElectionStart:
    """The election of a folder, signed off by all guardians, in which the device is registered.

    in_use: a withdrawn device is refused. Raises as read_start, and ProgramError.
    """
    start = read_start(FolderStorage(keys), STANDARD)
    if not start.signed_off:
        raise ProgramError(
            f"{TRANSCRIPT} is not in the folder that --keys names",
            "copy it there: no device works before all guardians have signed the election off",
        )
    require_registered(start, home)
    if in_use:
        require_in_use(start, home.id)
    return start


def open_desk(storage: Storage, start: ElectionStart, passphrase_file: Path | None) -> Desk:
    """The device at work, its key file opened with the passphrase. Cost: seconds."""
    return Desk(storage, open_key(storage, read_passphrase(passphrase_file), STANDARD), start)


@contextmanager
def desk_at(home: Path, keys: Path, kind: Kind, passphrase_file: Path | None) -> Iterator[Desk]:
    """The device of a home at work: locked, registered, in use, its key open."""
    storage, found = home_at(home, kind)
    with locked(home):
        start = start_at(keys, found)
        yield open_desk(storage, start, passphrase_file)


def card_at(file: Path) -> StoredCard:
    """The card in a file. Raises ProgramError for a name that no card file may have."""
    try:
        require_plain_path(file.name)
        return StoredCard(FolderStorage(file.parent), file.name)
    except (OSError, RuntimeError, ValueError):  # RuntimeError: a loop of symbolic links
        raise wrong_card_name(file) from None


def wrong_card_name(file: Path) -> ProgramError:
    """Return the error for a card file that storage does not take."""
    return ProgramError(
        f"{str(file)[:80]!r} cannot be a card file",
        "name it with letters, digits, dot, hyphen and underscore, and not by a symbolic link",
    )


def one_card(card: Path | None, *, lines: bool) -> Path | None:
    """Return the card that is named, None with --lines. Raises BadParameter for both or none."""
    if (card is None) != lines:
        raise typer.BadParameter("name a card by --card, or give --lines, one of the two")
    return card


def emit(value: dict[str, object]) -> None:
    """Write one canonical JSON object to stdout, at once."""
    typer.echo(canonical(value), nl=False)
