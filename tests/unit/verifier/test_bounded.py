"""What a record costs its verifier: work in proportion to the ballots, memory that hardly grows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from terminal_bridge.encryption import Selections
from tests.attacks.elections import PARTICIPANTS, ceremony_for
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY
from tests.unit.verifier.whole_record import GROUP, write_folder
from verifier.core.gmpy2_back_end import Gmpy2BackEnd
from verifier.report import Verdict
from verifier.run import verify_record

if TYPE_CHECKING:
    from types import FrameType

ROOT = Path(__file__).parents[3]
CHAIN = Gmpy2BackEnd._chain  # alpha, beta, C0 and each sum of a contest have one
CHILD = """
import json, re, sys
from pathlib import Path
from verifier.algebra import Group
from verifier.run import verify_record
name, p, q, g = json.loads(sys.argv[1])
report = verify_record(Path(sys.argv[2]), group=Group(name, p, q, g))
status = Path("/proc/self/status").read_text()
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1])
print(json.dumps([report.verdict.value, report.record.counts["ballots"], peak]))
"""


@cache
def with_ballots(number: int) -> dict[str, bytes]:
    """An honest record of so many ballots, in one contest and two boxes, every tenth challenged."""
    registrars = Registrars.generate(3)
    precincts = (("p-1", "north", ("s-1",)), ("p-2", "south", ("s-1",)))
    made = manifest(registrars.public, contests=(contest("one", 2),), precincts=precincts)
    election = ElectionSimulator(made, ceremony_for(TOY), registrars)
    width = len(made.contests[0].options)
    boxes = list(election.boxes.values())
    for place in range(number):
        votes = [0] * width
        votes[place % width] = 1
        status = "challenged" if place % 10 == 5 else "cast"
        boxes[place % 2].vote(Selections("s-1", {"one": votes}), status)  # type: ignore[arg-type]
    return election.record(PARTICIPANTS)


def operations(folder: Path) -> Counter[str]:
    """Calls of functions of the verifier, and chains of squarings, in one run over a record."""
    counts: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and "/verifier/" in frame.f_code.co_filename:
            counts["calls"] += 1
            counts["chains"] += frame.f_code is CHAIN.__code__

    sys.setprofile(count)
    try:
        report = verify_record(folder, group=GROUP)
    finally:
        sys.setprofile(None)
    assert report.verdict is Verdict.ACCEPTED
    return counts


def test_twice_the_ballots_are_twice_the_work(tmp_path: Path) -> None:
    """From 300 to 600 ballots there is twice the work of 150 to 300, over ends of files too."""
    at = {n: operations(write_folder(with_ballots(n), tmp_path / str(n))) for n in (150, 300, 600)}
    for what in ("calls", "chains"):
        first, second = at[300][what] - at[150][what], at[600][what] - at[300][what]
        assert first > 100
        assert second == pytest.approx(2 * first, rel=0.1)  # a file more costs something


def peak(folder: Path) -> int:
    """Kilobytes that a process of its own needed at most to verify a record."""
    group = json.dumps([GROUP.name, GROUP.p, GROUP.q, GROUP.g])
    command = [sys.executable, "-c", CHILD, group, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    verdict, ballots, kilobytes = json.loads(done.stdout)
    assert (verdict, ballots) == ("accepted", int(folder.name))
    return int(kilobytes)


@pytest.mark.parametrize("number", [1_200, pytest.param(4_000, marks=pytest.mark.long)])
def test_twice_the_ballots_need_hardly_more_memory(number: int, tmp_path: Path) -> None:
    """What is kept of a ballot is its place by id_B and by H_C: some 400 bytes, and no more.

    The tables of g and K have grown to their last size by the first 1,000 ballots.
    """
    few, many = (
        peak(write_folder(with_ballots(n), tmp_path / str(n))) for n in (number, 2 * number)
    )
    assert (many - few) * 1024 < 600 * number + 3 * 2**20
