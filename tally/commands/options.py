"""What the commands share: their options, and the way from the options to values."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from egcore.exchange import Exchange, FolderExchange
from egcore.parameters import STANDARD
from egcore.program import ProgramError, read_passphrase
from egcore.randomness import random_bytes32
from egcore.records.fields import Text
from egcore.records.manifest import Manifest
from egcore.signing import SigningKey
from egcore.storage import FolderStorage, Storage
from tally.election import Election, read_election
from tally.progress import Tell, tell_nobody
from tally.registrar_key import open_registrar_key

RecordFolder = Annotated[
    Path, typer.Option("--record", file_okay=False, help="Folder of the record.")
]
ExchangeFolder = Annotated[
    Path,
    typer.Option("--exchange", file_okay=False, help="Folder shared with the guardians."),
]
RegistrarFiles = Annotated[
    list[Path],
    typer.Option(
        "--registrar", exists=True, dir_okay=False, help="Key file of a registrar; one each."
    ),
]
PassphraseFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--passphrase-file",
        exists=True,
        dir_okay=False,
        help="For scripts: one for all key files, or one each in their order; else asked for.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write one JSON object to stdout.")]

_TEXT: TypeAdapter[str] = TypeAdapter(Text)


def storage_at(folder: Path) -> Storage:
    """The files below a folder."""
    return FolderStorage(folder)


def exchange_at(folder: Path) -> Exchange:
    """The exchange in a folder. Raises ProgramError when it is not there: a stick not plugged."""
    if not folder.is_dir():
        raise ProgramError(f"there is no folder {folder}", "plug in or make the exchange")
    return FolderExchange(folder)


def election_at(record: Path) -> tuple[Storage, Election]:
    """The record in a folder and its election, on the standard group."""
    storage = storage_at(record)
    return storage, read_election(storage, STANDARD)


def open_registrars(
    manifest: Manifest, files: Sequence[Path], passphrase_files: Sequence[Path] | None
) -> dict[int, SigningKey]:
    """The registrars' keys by their 1-based place in the manifest.

    Raises ProgramError for too few of them, a key that is not in the manifest, the same key
    twice, or a number of passphrase files that fits nothing. Cost: seconds a key file.
    """
    need = manifest.registrars.need
    if len(files) < need:
        raise ProgramError(
            f"expected the key files of {need} registrars, found {len(files)}",
            "name --registrar FILE once for each of them",
        )
    given = list(passphrase_files or [])
    if len(given) not in {0, 1, len(files)}:
        raise ProgramError(
            f"{len(files)} key files and {len(given)} passphrase files",
            "name one passphrase file for all, or one for each in the same order",
        )
    sources: list[Path | None] = [*given] if len(given) > 1 else [*given, None][:1] * len(files)
    places = {key: place for place, key in enumerate(manifest.registrars.keys, start=1)}
    registrars: dict[int, SigningKey] = {}
    for file, source in zip(files, sources, strict=True):
        if source is None:
            typer.echo(f"key file {file}", err=True)
        key = open_registrar_key(file.read_bytes(), read_passphrase(source), str(file))
        if key.public not in places:
            raise ProgramError(
                f"the key in {file} is of no registrar of this manifest",
                "name the key file of a registrar of this election",
            )
        if places[key.public] in registrars:
            raise ProgramError(f"the key in {file} is given twice", "each registrar signs once")
        registrars[places[key.public]] = key
    return registrars


def write_new(file: Path, raw: bytes) -> None:
    """A file holds exactly these bytes, durably; nobody else may read it.

    Again with the same bytes is no change; raises ProgramError for other bytes. Killed, it leaves
    no file of this name.
    """
    if file.exists():
        if file.read_bytes() == raw:
            return
        hint = "nothing is overwritten: name another file"
        raise ProgramError(f"{file} is there already, with other content", hint)
    unfinished = file.with_name(f".{file.name}.unfinished-{random_bytes32().hex()[:16]}")
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(raw)
            opened.flush()
            os.fsync(opened.fileno())
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def hex_key(text: str, option: str) -> bytes:
    """A public key from 64 hex digits. Raises ProgramError."""
    digits = 64
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(text) != digits or key.hex() != text:
        raise ProgramError(
            f"{option}: expected {digits} lowercase hex digits, found {text[:80]!r}",
            "copy the public key as its program prints it",
        )
    return key


def checked_text(text: str, option: str) -> str:
    """A text that a record may hold. Raises ProgramError."""
    try:
        return _TEXT.validate_python(text)
    except ValidationError as exc:
        reason = exc.errors(include_url=False, include_input=False)[0]["msg"]
        hint = "write 1 to 200 characters without a blank at the ends"
        raise ProgramError(f"{option}: {reason}", hint) from exc


@contextmanager
def progress(what: str) -> Iterator[Tell]:
    """Show how far a long step is and the time left: on stderr, and only on a terminal."""
    if not sys.stderr.isatty():
        yield tell_nobody
        return
    from rich.console import Console  # noqa: PLC0415 - not needed in scripts, and slow to load
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
