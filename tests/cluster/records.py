"""Records for a cluster, and the program that judges them there."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from terminal_bridge.encryption import Selections
from tests.attacks.elections import ONE, OTHER, PARTICIPANTS, PRECINCTS, ceremony_for
from tests.attacks.judge import write_folder
from tests.cluster.dask_processes import ROOT
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.attacks.museum.case import Link

UNITS: Final = 24
BOXES_EACH: Final = UNITS // len(PRECINCTS)
# `dalel-verify` with a smaller group, which no option of the program selects.
PROGRAM: Final = """
import json, sys
from verifier.algebra import Group
from verifier.cli import main
name, p, q, g = json.loads(sys.argv[1])
sys.exit(main(sys.argv[2:], Group(name, p, q, g)))
"""
TOY_GROUP: Final = json.dumps([TOY.name, TOY.p, TOY.q, TOY.g])


@cache
def many_units() -> dict[str, bytes]:
    """An honest record of two dozen boxes with a ballot file each; the first one was challenged."""
    registrars = Registrars.generate(3)
    contests = (contest("one"), contest("two", 3, option_limit=2, contest_limit=4, data_blocks=1))
    made = manifest(registrars.public, contests=contests, precincts=PRECINCTS)
    election = ElectionSimulator(made, ceremony_for(TOY), registrars, BOXES_EACH)
    for number, box in enumerate(election.boxes.values()):
        box.vote(Selections("s-1", ONE), "cast" if number else "challenged")
        box.vote(Selections("s-1", OTHER))
    return election.record(PARTICIPANTS)


@dataclass(frozen=True)
class Ran:
    """A run of the program. said: what it wrote to stderr."""

    code: int
    output: bytes
    said: str

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.output)
        return found

    @property
    def cluster_notes(self) -> list[str]:
        return [note for note in self.report["notes"] if note.startswith("Cluster: ")]


def command(record: Path, *options: str) -> list[str]:
    return [sys.executable, "-c", PROGRAM, TOY_GROUP, "check", *options, "--json", "-", str(record)]


def check(record: Path, *options: str) -> Ran:
    """Run `dalel-verify check` on a record in a folder, to its end."""
    done = subprocess.run(
        command(record, *options), cwd=ROOT, capture_output=True, check=False, timeout=300
    )
    return Ran(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


def written(record: Mapping[str, bytes | Link], folder: Path) -> Path:
    """The folder, with the record in it."""
    folder.mkdir(exist_ok=True)
    return write_folder(record, folder)


def verdict_apart(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what a cluster may change: verdict, statuses and notes."""
    checks = [
        {name: value for name, value in entry.items() if name != "status"}
        for entry in report["verifications"]
    ]
    rest = {name: value for name, value in report.items() if name not in {"verdict", "notes"}}
    return {**rest, "verifications": checks}
