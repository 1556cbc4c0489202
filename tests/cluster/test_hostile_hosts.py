"""Nothing that a worker or a scheduler sends is unpickled here, and none of it is printed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cluster.dask_processes import ROOT, running
from tests.cluster.records import check

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cluster.dask_processes import Cluster

ACCEPTED, COULD_NOT_RUN = 0, 3
# What Dask's own client would do with each of them.
WITHOUT_CARE = """
import sys, distributed
from verifier.cluster import task
with distributed.Client(sys.argv[1], deserializers=["msgpack"], set_as_default=False) as client:
    future = client.submit(task.look, pure=False)
    try:
        future.result(timeout=60)
    except BaseException:
        pass
"""


@pytest.fixture
def bombs(tmp_path: Path) -> Path:
    """The folder in which a bomb makes a file with the number of the process that opened it."""
    folder = tmp_path / "bombs"
    folder.mkdir()
    return folder


def opened(bombs: Path, cluster: Cluster) -> set[str]:
    """Processes that opened a bomb but those of the cluster: a worker tries its own exceptions."""
    own = {str(process.pid) for process in (*cluster.workers, cluster.scheduler) if process}
    return {path.name for path in bombs.iterdir()} - own


@pytest.mark.parametrize("by", ["result", "type", "exception"])
def test_a_bomb_of_a_worker_does_not_go_off(
    by: str, honest: Path, empty_cluster: Cluster, bombs: Path
) -> None:
    hostile = empty_cluster.add("hostile", BOMB=str(bombs), BY=by)
    ran = check(honest, "--cluster", empty_cluster.address)
    assert ran.code == COULD_NOT_RUN, ran.output
    assert not opened(bombs, empty_cluster)
    assert "Traceback" not in ran.said
    assert hostile in ran.said or "was lost" in ran.said


@pytest.mark.long
@pytest.mark.parametrize("by", ["type", "exception"])
def test_the_same_bomb_goes_off_in_a_client_of_dask(
    by: str, empty_cluster: Cluster, bombs: Path
) -> None:
    """So that the tests above can fail."""
    empty_cluster.add("hostile", BOMB=str(bombs), BY=by)
    subprocess.run(
        (sys.executable, "-c", WITHOUT_CARE, empty_cluster.address),
        cwd=ROOT,
        check=False,
        capture_output=True,
        timeout=120,
    )
    assert opened(bombs, empty_cluster)


@pytest.mark.long
def test_a_bomb_of_a_scheduler_does_not_go_off(honest: Path, tmp_path: Path, bombs: Path) -> None:
    told = {"BOMB": str(bombs), "BY": "message"}
    with running(tmp_path / "dask", preload="hostile", **told) as cluster:
        ran = check(honest, "--cluster", cluster.address)
        assert not opened(bombs, cluster)
    assert (ran.code, ran.output) == (COULD_NOT_RUN, b"")
    assert "cannot be reached (PickleRefused" in ran.said


def test_words_of_a_worker_are_not_printed(
    honest: Path, empty_cluster: Cluster, tmp_path: Path
) -> None:
    """Every unit fails there, so that this process looks at all of them."""
    empty_cluster.add("hostile", BOMB=str(tmp_path / "bomb"), BY="print")
    ran = check(honest, "--cluster", empty_cluster.address, "--trust-workers")
    assert ran.code == ACCEPTED, ran.said
    assert "words" not in ran.said
    assert b"words" not in ran.output
    assert ran.report["verdict"] == "accepted"
