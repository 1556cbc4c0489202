"""What the commands share: their options, and the way from the options to a guardian's desk."""

import fcntl
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from egcore.canonical import canonical
from egcore.exchange import FolderExchange
from egcore.parameters import STANDARD
from egcore.program import ProgramError, read_passphrase
from egcore.storage import FolderStorage
from keyceremony.home import Desk, read_home
from keyceremony.key_file import open_identity

HomeFolder = Annotated[
    Path, typer.Option("--home", file_okay=False, help="This guardian's own folder.")
]
ExchangeFolder = Annotated[
    Path,
    typer.Option("--exchange", exists=True, file_okay=False, help="Folder shared with the others."),
]
RecordFolder = Annotated[
    Path,
    typer.Option("--record", exists=True, file_okay=False, help="Folder of the election record."),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", exists=True, dir_okay=False, help="For scripts; else it is asked for."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write one JSON object to stdout.")]
Yes = Annotated[bool, typer.Option("--yes", help="For scripts: sign without asking.")]
Timeout = Annotated[
    float, typer.Option("--timeout", min=0, help="Seconds to wait for each message.")
]
CompareFile = Annotated[
    Path | None,
    typer.Option(
        "--compare-file",
        exists=True,
        dir_okay=False,
        help="Lines `INDEX FINGERPRINT`, as the holders say them, not from the exchange.",
    ),
]


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Nobody else works on this home meanwhile. Raises ProgramError when somebody does."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / ".lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ProgramError(
                f"another dalel-guardian is at work in {home}", "wait until it has ended"
            ) from None
        yield


def leave_no_core() -> None:
    """A crash of this process writes no image of its memory, and the secrets in it, to disk.

    Swap is another matter: it is the system's, and nothing here keeps memory out of it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def desk_at(home: Path, exchange: Path, passphrase_file: Path | None) -> Iterator[Desk]:
    """The guardian of a home at work, its key file opened with the passphrase."""
    storage = FolderStorage(home)
    read_home(storage, STANDARD)
    leave_no_core()
    with locked(home):
        storage.settle()  # what a killed process wrote must outlast what is published from it
        identity = open_identity(storage, read_passphrase(passphrase_file))
        yield Desk(storage, FolderExchange(exchange), identity, STANDARD)


def emit(value: dict[str, object]) -> None:
    """Write a result for scripts to stdout: one canonical JSON object."""
    typer.echo(canonical(value), nl=False)


def read_comparisons(file: Path) -> dict[int, str]:
    """Return what the holders say, by index. Raises ProgramError that names a wrong line."""
    said: dict[int, str] = {}
    lines = file.read_text("utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        index, _, words = line.strip().partition(" ")
        if not line.strip():
            continue
        if not (index.isascii() and index.isdigit() and words.strip()) or int(index) in said:
            raise ProgramError(
                f"{file.name}, line {number}: expected an index, once, and a fingerprint",
                "write lines such as: 2 ab12 cd34 ...",
            )
        said[int(index)] = words
    return said
