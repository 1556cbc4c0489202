"""A cluster that all tests of a module share, and the record that most of them judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cluster.dask_processes import running
from tests.cluster.records import many_units, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cluster.dask_processes import Cluster


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an honest record of two dozen units."""
    return written(many_units(), tmp_path_factory.mktemp("honest"))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler with two workers."""
    with running(tmp_path_factory.mktemp("dask")) as started:
        started.add()
        started.add()
        yield started


@pytest.fixture
def empty_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler without workers, for one test."""
    with running(tmp_path / "dask") as started:
        yield started
