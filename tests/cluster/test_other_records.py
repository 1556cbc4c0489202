"""Workers that have another record under the same path, none, or another program."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.attacks.elections import accepted_record
from tests.cluster.records import check, verdict_apart, written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cluster.dask_processes import Cluster

ACCEPTED, COULD_NOT_RUN = 0, 3


def changed(honest: Path, folder: Path) -> Path:
    """A copy in which one ballot has another byte."""
    shutil.copytree(honest, folder)
    path = next(folder.glob("ballots/*/000000.ndjson"))
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b'"id":"', b'"id": "', 1) if b'"id":"' in raw else raw[:-2])
    return folder


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("nothing", "it cannot read the record under"),
        ("another", "its copy of the record has another manifest.json"),
    ],
)
def test_no_worker_has_the_record(
    what: str, reason: str, honest: Path, empty_cluster: Cluster, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    if what == "another":
        written(accepted_record()[1], elsewhere)
    empty_cluster.add("elsewhere", ELSEWHERE=str(elsewhere))
    ran = check(honest, "--cluster", empty_cluster.address)
    assert (ran.code, ran.output) == (COULD_NOT_RUN, b"")
    assert reason in ran.said
    assert "the same record under the same path" in ran.said


@pytest.mark.long
def test_another_worker_has_it(honest: Path, empty_cluster: Cluster, tmp_path: Path) -> None:
    lost = empty_cluster.add("elsewhere", ELSEWHERE=str(tmp_path / "elsewhere"))
    found = empty_cluster.add()
    ran = check(honest, "--cluster", empty_cluster.address, "--trust-workers")
    assert ran.code == ACCEPTED, ran.said
    assert f"the worker {lost} is not used" in ran.said
    assert found in ran.cluster_notes[0]
    assert any(f"the worker {lost} looked at nothing" in note for note in ran.cluster_notes)


def test_ballots_that_differ_reject_the_worker(
    honest: Path, empty_cluster: Cluster, tmp_path: Path
) -> None:
    """The small files are the same, so that only the answers show it."""
    elsewhere = changed(honest, tmp_path / "elsewhere")
    empty_cluster.add("elsewhere", ELSEWHERE=str(elsewhere))
    alone = check(honest)
    ran = check(honest, "--cluster", empty_cluster.address, "--trust-workers")
    assert ran.code == ACCEPTED, ran.said
    assert verdict_apart(ran.report) == verdict_apart(alone.report)
    assert "is rejected" in ran.said


@pytest.mark.long
def test_another_version_of_the_program(honest: Path, empty_cluster: Cluster) -> None:
    empty_cluster.add("older")
    ran = check(honest, "--cluster", empty_cluster.address)
    assert ran.code == COULD_NOT_RUN
    assert "it has dalel 0.0.1" in ran.said
    assert "the same version of dalel" in ran.said
