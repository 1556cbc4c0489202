"""`dalel-tally rehearse`: the whole election by the programs of all roles, before a real one."""

import signal
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from egcore.program import Interrupted
from tally.rehearsal.run import Rehearsal, Terms


def rehearse(
    *,
    out: Annotated[
        Path, typer.Option("--out", file_okay=False, help="Folder to make; it must be empty.")
    ],
    scenario: Annotated[
        str, typer.Option(help="Figures of a past election, by name.")
    ] = "kz2022_president",
    precincts: Annotated[int, typer.Option(min=1, help="Number of precincts.")] = 3,
    voters: Annotated[int, typer.Option(min=1, help="Number of simulated voters.")] = 300,
    seed: Annotated[
        int, typer.Option(help="Draws the choices of the simulated voters, and nothing else.")
    ] = 7,
    guardians: Annotated[int, typer.Option(min=1, help="Number of guardians, n.")] = 7,
    quorum: Annotated[int, typer.Option(min=1, help="How many of them decrypt, k.")] = 4,
) -> None:
    """Hold a whole election by every role's own program, and compare its counts with the voters'.

    Takes minutes. Kills a ballot box on the way; three guardians stay away from the decryption.
    """
    for asked in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, _interrupt)
    terms = Terms(scenario, precincts, voters, seed, guardians, quorum)
    try:
        lines = list(Rehearsal(terms, out).hold())
    except KeyboardInterrupt:
        raise Interrupted(
            "interrupted; every program was ended",
            f"remove {out} or name another folder by --out: a rehearsal is not resumed",
        ) from None
    typer.echo("\n".join([*lines, "", "accepted"]))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Asked to end: as with Ctrl-C, all programs are ended and all passphrases deleted."""
    raise KeyboardInterrupt
