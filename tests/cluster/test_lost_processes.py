"""Workers and schedulers that are killed in the middle of a run."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cluster.dask_processes import ROOT, wait_for
from tests.cluster.records import UNITS, check, command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cluster.dask_processes import Cluster

ACCEPTED, COULD_NOT_RUN = 0, 3


def begun(folder: Path, pid: int | None = None) -> int:
    """How many units have been begun by slow workers, or by one of them."""
    return len(list(folder.glob("*-*" if pid is None else f"{pid}-*")))


def started(record: Path, cluster: Cluster, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(record, "--cluster", cluster.address, "--trust-workers", *options),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def slow(cluster: Cluster, folder: Path) -> None:
    folder.mkdir()
    for _ in range(2):
        cluster.add("slow", SLOW=str(folder))


def test_a_killed_worker_changes_nothing(
    honest: Path, empty_cluster: Cluster, tmp_path: Path
) -> None:
    marks = tmp_path / "marks"
    slow(empty_cluster, marks)
    victim = empty_cluster.workers[0].pid
    with started(honest, empty_cluster) as running:
        wait_for(lambda: "yes" if begun(marks, victim) >= 2 else "", "the second unit")
        empty_cluster.kill_worker(0)
        output, said = running.communicate()
    assert running.returncode == ACCEPTED, said.decode()
    assert output == check_without_notes(honest, output)
    assert begun(marks) < 2 * UNITS


def check_without_notes(honest: Path, output: bytes) -> bytes:
    """The report of a run without a cluster, with the notes about the cluster."""
    notes = output.partition(b'"notes"')[2].partition(b"]")[0]
    plain = check(honest).output
    head, mark, tail = plain.partition(b'"notes"')
    return head + mark + notes + tail[tail.index(b"]") :]


def test_a_killed_scheduler_ends_the_run(
    honest: Path, empty_cluster: Cluster, tmp_path: Path
) -> None:
    marks = tmp_path / "marks"
    slow(empty_cluster, marks)
    with started(honest, empty_cluster) as running:
        wait_for(lambda: "yes" if begun(marks) >= 4 else "", "the fourth unit")
        assert empty_cluster.scheduler is not None
        empty_cluster.scheduler.kill()
        output, said = running.communicate()
    assert (running.returncode, output) == (COULD_NOT_RUN, b"")
    assert b"was lost" in said
    assert b"--resume" in said
    assert b"Traceback" not in said


@pytest.mark.long
def test_with_resume_nothing_is_lost_with_the_scheduler(
    honest: Path, empty_cluster: Cluster, tmp_path: Path, cluster: Cluster
) -> None:
    marks, kept = tmp_path / "marks", tmp_path / "journal"
    slow(empty_cluster, marks)
    with started(honest, empty_cluster, "--resume", str(kept)) as running:
        wait_for(lambda: "yes" if begun(marks) >= 12 else "", "half of the units")
        assert empty_cluster.scheduler is not None
        empty_cluster.scheduler.kill()
        running.communicate()
    assert running.returncode == COULD_NOT_RUN
    ran = check(honest, "--cluster", cluster.address, "--trust-workers", "--resume", str(kept))
    assert ran.code == ACCEPTED, ran.said
    known = int(ran.said.partition(f" of {UNITS} units were answered already")[0].split()[-1])
    assert known >= 8
    assert ran.output == check_without_notes(honest, ran.output)
    for address in (empty_cluster.address, cluster.address):
        assert address.startswith("tcp://")


@pytest.mark.long
def test_a_worker_that_comes_late_is_used(honest: Path, empty_cluster: Cluster) -> None:
    with started(honest, empty_cluster) as running:
        address = empty_cluster.add()
        output, said = running.communicate()
    assert running.returncode == ACCEPTED, said.decode()
    assert address.encode() in output


@pytest.mark.long
def test_nobody_at_the_address(honest: Path) -> None:
    ran = check(honest, "--cluster", "tcp://127.0.0.1:1", "--trust-workers")
    assert (ran.code, ran.output) == (COULD_NOT_RUN, b"")
    assert "the scheduler tcp://127.0.0.1:1 cannot be reached" in ran.said
    assert "Traceback" not in ran.said
