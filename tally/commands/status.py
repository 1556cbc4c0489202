"""`dalel-tally status`: where the record stands, and what comes next."""

import typer

from egcore.canonical import canonical
from egcore.parameters import STANDARD
from tally.commands.options import ExchangeFolder, Json, RecordFolder, exchange_at, storage_at
from tally.status import status_of

_SHOWN = 12  # parties that the text names; --json has all


def status(*, record: RecordFolder, exchange: ExchangeFolder, json: Json = False) -> None:
    """Say where the record stands, and what comes next."""
    found = status_of(storage_at(record), exchange_at(exchange), STANDARD)
    if json:
        steps = [{"name": s.name, "done": s.done, "detail": s.detail} for s in found.steps]
        members = {"steps": steps, "next": found.next, "awaited": list(found.awaited)}
        typer.echo(canonical(members), nl=False)
        return
    for step in found.steps:
        typer.echo(f"{'done' if step.done else 'open':<6}{step.name:<12}{step.detail}")
    if found.awaited:
        shown, more = found.awaited[:_SHOWN], len(found.awaited) - _SHOWN
        typer.echo(f"awaited: {', '.join(shown)}{f' and {more} more' if more > 0 else ''}")
    typer.echo(f"next: {found.next}")
