"""`dalel-tally serve`: the public board of one record, until it is interrupted."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated, Final

import typer
import uvicorn
from pydantic import ValidationError

from egcore.errors import MalformedRecord
from egcore.program import ProgramError, say
from egcore.records.faults import joined, shape_faults
from tally.board.app import create_app
from tally.board.record import PublicRecord
from tally.board.settings import DEFAULT_HOST, DEFAULT_PORT, Settings
from tally.board.snapshot import NoRecord
from tally.commands.options import progress

_NAME_A_RECORD: Final = "name the folder that holds manifest.json, such as build/election/record"


def serve(
    record: Annotated[Path, typer.Argument(help="folder of the record")],
    host: Annotated[
        str, typer.Option(help="address to listen on; the default is this machine alone")
    ] = DEFAULT_HOST,
    port: Annotated[int, typer.Option(help="port to listen on")] = DEFAULT_PORT,
    url: Annotated[str | None, typer.Option(help="address by which others reach the board")] = None,
    reports: Annotated[
        Path | None, typer.Option(help="folder of JSON reports of dalel-verify, not in the record")
    ] = None,
) -> None:
    """Show a record as web pages in Kazakh, Russian and English, and as files.

    Writes nothing, not even who asked for what. stdout: the address, once the record was read.
    """
    settings = _settings(host, port, url, reports)
    shown = open_record(record, settings)
    with progress("ballot files") as tell:
        ballots = len(shown.index(tell))
    say(f"indexed {ballots} ballots of {record}")
    sys.stdout.write(f"{settings.address}/\n")
    sys.stdout.flush()
    try:
        uvicorn.run(
            create_app(settings, shown),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,  # who looked up which code is nobody's business
            server_header=False,
        )
    except SystemExit as exc:  # uvicorn's way to say that it could not listen
        raise ProgramError(
            f"cannot listen on {settings.host}, port {settings.port}",
            "another program may use the port: name one by --port",
        ) from exc


def open_record(folder: Path, settings: Settings) -> PublicRecord:
    """Return the record to show.

    Raises ProgramError for a folder that is no record, for reports that are not there, and for
    reports inside the record, where no such file may lie.
    """
    if settings.reports is not None and not settings.reports.is_dir():
        raise ProgramError(f"there is no folder {settings.reports}", "name another by --reports")
    if settings.reports is not None and settings.reports.resolve().is_relative_to(folder.resolve()):
        raise ProgramError(
            f"the reports in {settings.reports} lie inside of the record",
            "move them out: a record holds no other file than its own",
        )
    try:
        return PublicRecord.open(folder)
    except NoRecord as exc:
        raise ProgramError(str(exc), _NAME_A_RECORD) from exc
    except MalformedRecord as exc:
        raise ProgramError(
            f"the record in {folder} cannot be read: {exc}", "run dalel-verify check on it"
        ) from exc


def _settings(host: str, port: int, url: str | None, reports: Path | None) -> Settings:
    try:
        return Settings(host=host, port=port, url=url, reports=reports)
    except ValidationError as exc:
        raise ProgramError(joined(shape_faults(exc)), "see: dalel-tally serve --help") from exc
