"""`dalel-tally status`: where the record stands, and what comes next."""

import typer

from egcore.canonical import canonical
from egcore.parameters import STANDARD
from tally.commands.options import ExchangeFolder, Json, RecordFolder, exchange_at, storage_at
from tally.status import status_of


def status(*, record: RecordFolder, exchange: ExchangeFolder, json: Json = False) -> None:
    """Say where the record stands, and what comes next."""
    found = status_of(storage_at(record), exchange_at(exchange), STANDARD)
    if json:
        steps = [{"name": s.name, "done": s.done, "detail": s.detail} for s in found.steps]
        typer.echo(canonical({"steps": steps, "next": found.next}), nl=False)
        return
    for step in found.steps:
        typer.echo(f"{'done' if step.done else 'open':<6}{step.name:<12}{step.detail}")
    typer.echo(f"next: {found.next}")
