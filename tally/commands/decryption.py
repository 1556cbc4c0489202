"""`dalel-tally plan` and `combine`: what guardians decrypt, and what comes of it."""

import re
from typing import Annotated

import typer

from egcore.program import ProgramError
from tally.combining import combine as combine_run
from tally.commands.options import (
    ExchangeFolder,
    RecordFolder,
    election_at,
    exchange_at,
    progress,
)
from tally.planning import make_plan

_INDEX = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)

Run = Annotated[int | None, typer.Option(min=1, help="Number of the run; default: the last.")]


def plan(
    *,
    record: RecordFolder,
    exchange: ExchangeFolder,
    guardians: Annotated[str, typer.Option(help="Who takes part, such as 1,3,4,7.")],
    run: Run = None,
) -> None:
    """Compute the sums of the sealed record, and publish the terms of a run."""
    storage, election = election_at(record)
    chosen = _indices(guardians)
    with progress("ballots") as tell:
        planned = make_plan(storage, exchange_at(exchange), election, chosen, run, tell)
    terms = planned.plan
    typer.echo(f"run {terms.run} of guardians {', '.join(str(i) for i in terms.guardians)}")
    typer.echo(f"groups: {planned.lines}, with ballots: {planned.decrypted}")
    typer.echo(f"SHA-256 of the plan: {terms.plan.hex()}")


def combine(*, record: RecordFolder, exchange: ExchangeFolder, run: Run = None) -> None:
    """Check every message of a run, and write the decrypted sums to the record."""
    storage, election = election_at(record)
    with progress("sums") as tell:
        done = combine_run(storage, exchange_at(exchange), election, run, tell)
    typer.echo(f"run {done.run} of guardians {', '.join(str(i) for i in done.guardians)}")
    typer.echo(f"decrypted: {done.rows} sums of {done.groups} groups")


def _indices(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    if not all(_INDEX.fullmatch(part) for part in parts):
        raise ProgramError(
            f"--guardians: expected numbers, found {text[:80]!r}", "write them as 1,3,4,7"
        )
    return [int(part) for part in parts]
