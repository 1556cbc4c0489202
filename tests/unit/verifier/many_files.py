"""An accepted record on a toy group with many ballot files of two ballots each."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from terminal_bridge.encryption import Selections
from tests.attacks.elections import PARTICIPANTS, ceremony_for
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY
from verifier.unit_run import UnitRunner

if TYPE_CHECKING:
    import pytest

    from tests.unit.verifier.whole_record import Record
    from verifier.unit_result import UnitResult
    from verifier.unit_run import Advance
    from verifier.units import Unit

BOXES = 5
FILES = [f"ballots/box-p-{box}-1/000000.ndjson" for box in range(1, BOXES + 1)]
FIRST_OPENINGS = "openings/box-p-1-1.ndjson"


@cache
def _made() -> Record:
    registrars = Registrars.generate(3)
    precincts = [(f"p-{box}", "north", ("s-1",)) for box in range(1, BOXES + 1)]
    made = manifest(registrars.public, contests=(contest("one", 2),), precincts=precincts)
    election = ElectionSimulator(made, ceremony_for(TOY), registrars)
    for place, box in enumerate(election.boxes.values()):
        for ballot in range(2):
            votes = [int((place + ballot) % 4 == option) for option in range(4)]
            selections = Selections("s-1", {"one": votes})
            box.vote(selections, "challenged" if ballot == 1 else "cast")
    return election.record(PARTICIPANTS)


def many_files() -> Record:
    """The files of the record, free to be changed."""
    return dict(_made())


def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the units that this process looks at from now on."""
    names: list[str] = []
    run = UnitRunner.run

    def noted(self: UnitRunner, unit: Unit, advance: Advance) -> UnitResult:
        names.append(unit.name)
        return run(self, unit, advance)

    monkeypatch.setattr(UnitRunner, "run", noted)
    return names
