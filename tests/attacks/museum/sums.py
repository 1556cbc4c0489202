"""The operator's arithmetic: sums of the plan and figures of the results, computed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.plan import CellSums, plan_lines
from egcore.records.ballot import Ballot
from egcore.records.manifest import parse_manifest
from egcore.records.results import Results
from egcore.records.tally import DecryptedLine, PlanLine
from tally.results import compute_results

if TYPE_CHECKING:
    from collections.abc import Iterable

    from egcore.records.record import Record
    from tests.attacks.museum.forge import Forge


def joined(forge: Forge, lines: Iterable[Record]) -> bytes:
    return b"".join(line.to_bytes(forge.group) for line in lines)


def sum_again(forge: Forge) -> None:
    """The plan of the ballots as they are; counts and proofs of the decryption stay."""
    manifest = parse_manifest(forge.raw("manifest.json"))
    sums = CellSums(forge.group, manifest)
    for device in forge.boxes:
        precinct = forge.read(f"devices/{device}.json")["precinct"]
        path = f"ballots/{device}/000000.ndjson"
        for line in forge.raw(path).splitlines(keepends=True) if path in forge.files else ():
            sums.add(precinct, Ballot.from_bytes(line, forge.group))
    forge.files["tally/plan.ndjson"] = joined(forge, plan_lines(manifest, sums))
    results_again(forge)


def results_again(forge: Forge) -> None:
    """Results for plan and decryption as they are, with the lots that were drawn."""
    old = Results.from_bytes(forge.raw("results.json"), forge.group)
    plan = [
        PlanLine.from_bytes(line, forge.group)
        for line in forge.raw("tally/plan.ndjson").splitlines(keepends=True)
    ]
    decrypted = [
        DecryptedLine.from_bytes(line, forge.group)
        for line in forge.raw("tally/decrypted.ndjson").splitlines(keepends=True)
    ]
    manifest = parse_manifest(forge.raw("manifest.json"))
    new = compute_results(manifest, old.h_e, plan, decrypted, old.lots)  # type: ignore[arg-type]
    forge.files["results.json"] = new.to_bytes(forge.group)
