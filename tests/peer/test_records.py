"""Elections that the peer holds on the spot: the verifier accepts them, with the plain counts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.peer.programs.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.standard

PROGRAM = Path(sys.executable).parent / "dalel-verify"


def check(record: Path, report: Path) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """Run `dalel-verify check`; give what it said and its report."""
    done = subprocess.run(
        [PROGRAM, "check", record, "--json", report], capture_output=True, text=True, check=False
    )
    return done, json.loads(report.read_text("utf-8"))


def counts_of(decrypted: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Give the counts that a tally or an opened ballot states."""
    return {
        contest: {option: one["tally"] for option, one in counts["selections"].items()}
        for contest, counts in decrypted["contests"].items()
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_an_election_of_today_is_accepted(
    held: Callable[[str], Path], shape: str, tmp_path: Path
) -> None:
    """The counts of an accepted record are those of the marks, which the package did not add."""
    folder = held(shape)
    record, expected = folder / "record", json.loads((folder / "expected.json").read_text("utf-8"))
    done, report = check(record, tmp_path / "report.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert report["verdict"] == "accepted"
    assert report["format"] == "electionguard-1.x"
    assert counts_of(json.loads((record / "tally.json").read_text("utf-8"))) == expected["counts"]
    opened = sorted((record / "spoiled_ballots").glob("*.json"))
    openings = [json.loads(path.read_text("utf-8")) for path in opened]
    assert {one["object_id"]: counts_of(one) for one in openings} == expected["spoiled"]
    numbers = report["record"]["counts"]
    assert numbers["cast"] == expected["cast"]
    assert numbers["ballots"] == SHAPES[shape].ballots
    assert (numbers["guardians"], numbers["quorum"]) == (SHAPES[shape].n, SHAPES[shape].k)


def test_a_zip_of_it_is_accepted(held: Callable[[str], Path], tmp_path: Path) -> None:
    """The package's command line zips the same folder."""
    zipped = shutil.make_archive(str(tmp_path / "record"), "zip", held("small") / "record")
    done, report = check(Path(zipped), tmp_path / "report.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert report["verdict"] == "accepted"
