"""The 2022 presidential ballot, whole: ceremony, voters, seal, openings, tally, verifier."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import election as program
from tests.attacks.judge import judge
from tests.simulator.presidential import expected_counts, let_vote, presidential_election
from tests.toy_groups import TOY

PARTICIPANTS = (1, 3, 4, 7)


def _counts_in(record: dict[str, bytes]) -> dict[str, Any]:
    """The counts of results.json in the shape of expected.json."""
    results = json.loads(record["results.json"])
    options = {
        contest["id"]: [option["id"] for option in contest["options"]]
        for contest in json.loads(record["manifest.json"])["contests"]
    }
    groups: dict[str, dict[str, dict[str, int]]] = {}
    total = {}
    for contest in results["contests"]:
        names = options[contest["contest"]]
        total[contest["contest"]] = dict(zip(names, contest["votes"], strict=True))
        for group in contest["groups"]:
            counts = dict(zip(names, group["votes"], strict=True))
            groups.setdefault(group["group"], {})[contest["contest"]] = counts
    return {"groups": groups, "total": total}


@pytest.mark.parametrize(("floor", "groups"), [(10, 3), (30, 1)])
def test_whole_election_on_a_small_group(floor: int, groups: int, tmp_path: Path) -> None:
    election = presidential_election(TOY, floor=floor)
    let_vote(election, 60, seed=7)
    record = election.record(PARTICIPANTS)
    assert _counts_in(record) == expected_counts(election)
    assert len(_counts_in(record)["groups"]) == groups
    assert record["openings/box-p-10-0001-1.ndjson"]
    assert any(box.figures.to_open for box in election.boxes.values())
    report = judge(record, TOY, tmp_path)
    assert report.failed_items == set()
    report.require_accepted()


def test_one_seed_gives_equal_counts_and_no_equal_ciphertext() -> None:
    def run() -> tuple[dict[str, Any], set[bytes]]:
        election = presidential_election(TOY, floor=10)
        let_vote(election, 60, seed=11)
        ballots = {entry.ballot.id_b for box in election.boxes.values() for entry in box.decided}
        return expected_counts(election), ballots

    first, second = run(), run()
    assert first[0] == second[0]
    assert not first[1] & second[1]


def test_the_sealed_record_is_accepted_before_anything_is_decrypted(tmp_path: Path) -> None:
    election = presidential_election(TOY, floor=10)
    let_vote(election, 60, seed=7)
    record = election.sealed_record()
    report = judge(record, TOY, tmp_path, stage="sealed")
    report.require_accepted()
    statuses = {v.id: v.status.value for v in report.verifications}
    assert [i for i in ("V9", "V10", "V11", "V21", "V22") if statuses[i] != "not applicable"] == []
    assert judge(record, TOY, tmp_path / "final").verdict.value == "rejected"


@pytest.mark.standard
def test_the_election_in_one_process_on_the_standard_group(tmp_path: Path) -> None:
    """The election of one process, and the verifier as a process of its own, with --json."""
    assert program.main([str(tmp_path)]) == 0
    record = {
        path.relative_to(tmp_path / "record").as_posix(): path.read_bytes()
        for path in (tmp_path / "record").rglob("*")
        if path.is_file()
    }
    assert _counts_in(record) == json.loads((tmp_path / "expected.json").read_text("utf-8"))
    verifier = Path(sys.executable).parent / "dalel-verify"
    written = tmp_path / "report.json"
    done = subprocess.run(
        [verifier, "check", tmp_path / "record", "--json", written],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(written.read_text("utf-8"))
    assert report["verdict"] == "accepted"
    assert report["stage"] == "final"
    demanded = {v["id"]: v["demanded"] for v in report["verifications"]}
    assert demanded["V6"] == 60
