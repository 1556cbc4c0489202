"""A record of 20,000 ballots, read by the program in all its processes in under 300 MB.

Every ballot is real: encrypted, proved, chained and signed by a ballot box, on a toy group.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from terminal_bridge.encryption import Selections
from tests.attacks.elections import PARTICIPANTS, PRECINCTS, ceremony_for
from tests.attacks.judge import write_folder
from tests.process_memory import run_and_measure
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from tests.process_memory import Ran

ROOT: Final = Path(__file__).parents[2]
MB: Final = 10**6
# `dalel-verify` with a smaller group, which no option of the program selects.
PROGRAM: Final = """
import json, sys
from verifier.algebra import Group
from verifier.cli import main
name, p, q, g = json.loads(sys.argv[1])
sys.exit(main(sys.argv[2:], Group(name, p, q, g)))
"""
EVERY_TENTH: Final = 10  # is challenged

pytestmark = pytest.mark.long


@cache
def with_ballots(number: int) -> dict[str, bytes]:
    """An honest record of so many ballots in two boxes, in one contest of four options."""
    registrars = Registrars.generate(3)
    made = manifest(registrars.public, contests=(contest("one", 2),), precincts=PRECINCTS)
    election = ElectionSimulator(made, ceremony_for(TOY), registrars)
    boxes = list(election.boxes.values())
    for place in range(number):
        votes = [int(place % 4 == option) for option in range(4)]
        status = "challenged" if place % EVERY_TENTH == 0 else "cast"
        boxes[place % 2].vote(Selections("s-1", {"one": votes}), status)  # type: ignore[arg-type]
    return election.record(PARTICIPANTS)


def checked(number: int, folder: Path, *options: str) -> Ran:
    """What `dalel-verify check` needed for a record of so many ballots, which it accepts."""
    record = folder / str(number)
    if not record.exists():
        write_folder(with_ballots(number), record)
    group = json.dumps([TOY.name, TOY.p, TOY.q, TOY.g])
    command = [sys.executable, "-c", PROGRAM, group, "check", *options, "--json", "-", str(record)]
    ran = run_and_measure(command, ROOT)
    report = json.loads(ran.output)
    assert (ran.code, report["verdict"]) == (0, "accepted")
    assert report["record"]["counts"]["ballots"] == number
    return ran


def test_twenty_thousand_ballots_in_300_mb(tmp_path: Path) -> None:
    """By two processes that look at ballots, and the one that started them."""
    ran = checked(20_000, tmp_path, "--processes", "2")
    assert len(ran.peaks) >= 3
    assert ran.bytes < 300 * MB


def test_ten_times_the_ballots_need_hardly_more(tmp_path: Path) -> None:
    """Of a ballot only its places by id_B and by H_C are kept, which is under 500 bytes."""
    few, many = (checked(number, tmp_path, "--processes", "1") for number in (2_000, 20_000))
    assert many.bytes - few.bytes < 18_000 * 500
