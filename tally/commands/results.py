"""`dalel-tally results` and `lot`: what the counts decide, and what a drawn lot decides."""

from pathlib import Path
from typing import Annotated

import typer

from egcore.parameters import STANDARD
from egcore.program import ProgramError, say
from egcore.records.manifest import Contest
from egcore.records.results import ContestResult, Elected, Lot, RunOff
from tally.commands.options import (
    PassphraseFiles,
    RecordFolder,
    RegistrarFiles,
    checked_text,
    election_at,
    open_registrars,
    write_new,
)
from tally.publishing import lots_needed, make_lot, publish_results, require_drawn
from tally.results import LotNeeded


def results(
    *,
    record: RecordFolder,
    lot: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="A drawn lot; once for each that is due."),
    ] = None,
) -> None:
    """Publish the results that follow from the decrypted sums by the manifest's rules."""
    storage, election = election_at(record)
    lots = [Lot.from_bytes(file.read_bytes(), STANDARD, str(file)) for file in lot or ()]
    try:
        published = publish_results(storage, election, lots)
    except LotNeeded as exc:
        for needed in lots_needed(storage, election):
            say(f"a lot is due in contest {needed.contest} among {', '.join(needed.options)}")
        first = exc.options[0]
        raise ProgramError(
            f"contest {exc.contest}: a tie decides, and its lot was not given",
            f"draw it in public, then: dalel-tally lot {exc.contest} --order {first},... FILE; "
            "and dalel-tally results --lot FILE",
        ) from exc
    for contest, found in zip(election.manifest.contests, published.contests, strict=True):
        _print(contest, found)


def lot(
    contest: Annotated[str, typer.Argument(help="Id of the contest with the tie.")],
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The file to make.")],
    *,
    record: RecordFolder,
    order: Annotated[str, typer.Option(help="The tied options as drawn, such as c2,c1,c4.")],
    body: Annotated[str, typer.Option(help="Who drew it, in words.")],
    registrar: RegistrarFiles,
    passphrase_file: PassphraseFiles = None,
) -> None:
    """Put a lot that was drawn in public into a file, signed by the registrars."""
    storage, election = election_at(record)
    drawn = [option.strip() for option in order.split(",")]
    who = checked_text(body, "--body")
    require_drawn(storage, election, contest, drawn)
    registrars = open_registrars(election.manifest, registrar, passphrase_file)
    made = make_lot(storage, election, contest, drawn, who, registrars)
    write_new(file, made.to_bytes(STANDARD))
    typer.echo(f"{file}: the lot of contest {contest}, drawn by {who}")


def _print(contest: Contest, found: ContestResult) -> None:
    typer.echo(f"{contest.id}: {found.ballots} ballots cast")
    for option, votes in zip(contest.options, found.votes, strict=True):
        typer.echo(f"{votes:>10}  {option.id}: {option.label.en}")
    outcome = found.outcome
    if isinstance(outcome, Elected):
        typer.echo(f"elected: {outcome.option}")
    elif isinstance(outcome, RunOff):
        typer.echo(f"run-off: {outcome.options[0]}, {outcome.options[1]}")
    else:
        typer.echo("nobody is elected")
