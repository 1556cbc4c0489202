"""`dalel-tally new` and `registrar-key`: what an election begins with."""

from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from egcore.parameters import STANDARD
from egcore.program import ProgramError, read_passphrase, say
from egcore.records.faults import Fault
from egcore.records.manifest import InvalidManifest, Manifest, parse_manifest
from egcore.records.manifest import Registrars as ManifestRegistrars
from egcore.signing import SigningKey
from tally.commands.options import (
    ExchangeFolder,
    RecordFolder,
    exchange_at,
    hex_key,
    storage_at,
    write_new,
)
from tally.define import Defined, define_election
from tally.registrar_key import seal_registrar_key
from tally.scenario import InvalidScenario, manifest_from_scenario, scenario_bytes


def new(
    *,
    record: RecordFolder,
    exchange: ExchangeFolder,
    scenario: Annotated[
        str | None, typer.Option(help="Figures of a past election, by name or as a file.")
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A manifest, in the place of a scenario."),
    ] = None,
    election: Annotated[str, typer.Option(help="Label of the election, [a-z0-9-].")] = "",
    precincts: Annotated[int, typer.Option(min=1, help="Number of precincts.")] = 3,
    guardians: Annotated[int, typer.Option(min=1, help="Number of guardians, n.")] = 7,
    quorum: Annotated[int, typer.Option(min=1, help="How many of them decrypt, k.")] = 4,
    floor: Annotated[int, typer.Option(min=1, help="Fewest ballots of a group.")] = 30,
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="No real election.")] = False,
    registrar: Annotated[
        list[str] | None, typer.Option(help="Public key of a registrar; once for each.")
    ] = None,
    need: Annotated[int, typer.Option(min=1, help="How many registrars must sign.")] = 2,
) -> None:
    """Define an election: its manifest, in the record and for the guardians to sign off."""
    if (scenario is None) == (manifest is None):
        raise typer.BadParameter("name a manifest or a scenario, one of the two")
    try:
        if manifest is not None:
            made = parse_manifest(manifest.read_bytes())
        else:
            keys = tuple(hex_key(text, "--registrar") for text in registrar or ())
            made = manifest_from_scenario(
                _scenario(scenario or ""),
                election=election,
                precincts=precincts,
                n=guardians,
                k=quorum,
                floor=floor,
                rehearsal=rehearsal,
                registrars=ManifestRegistrars(need=need, keys=keys),
            )
    except (InvalidManifest, InvalidScenario) as exc:
        raise _all_faults(exc.faults) from exc
    defined = define_election(storage_at(record), exchange_at(exchange), made, STANDARD)
    _say_what_was_made(made, defined)


def registrar_key(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The key file to make.")],
    *,
    passphrase_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="For scripts; else asked for.")
    ] = None,
) -> None:
    """Make the key file of a registrar, under a passphrase; stdout: the public key."""
    if file.exists():
        raise ProgramError(f"{file} is there already", "nothing is overwritten: name another file")
    key = SigningKey.generate()
    write_new(file, seal_registrar_key(key, read_passphrase(passphrase_file, new=True)))
    typer.echo(key.public.hex())


def _scenario(name: str) -> bytes:
    if name.endswith(".json"):
        return Path(name).read_bytes()
    folder = files("tally").joinpath("scenarios")
    names = sorted(entry.name.removesuffix(".json") for entry in folder.iterdir())
    if name not in names:
        raise ProgramError(f"there is no scenario {name}", f"one of: {', '.join(names)}, or a file")
    return scenario_bytes(name)


def _all_faults(faults: Sequence[Fault]) -> ProgramError:
    for fault in faults:
        say(f"  {fault}")
    count = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
    return ProgramError(f"the manifest has {count}", "correct all of the above; nothing was made")


def _say_what_was_made(made: Manifest, defined: Defined) -> None:
    guardians, registrars = made.guardians, made.registrars
    typer.echo(f"{'rehearsal' if made.rehearsal else 'election'} {made.election}")
    typer.echo(f"precincts: {len(made.precincts)}")
    typer.echo(f"guardians: {guardians.k} of {guardians.n} decrypt")
    typer.echo(f"registrars: {registrars.need} of {len(registrars.keys)} sign")
    typer.echo(f"SHA-256 of manifest.json: {sha256(defined.raw).hexdigest()}")
    if defined.number > 1:
        typer.echo(
            f"manifest {defined.number} takes the place of the earlier one: all {guardians.n} "
            "guardians sign off again, with the same keys"
        )
