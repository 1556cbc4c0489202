"""Records that the peer makes on the spot, each once in a run of the tests."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import pytest

from tests.peer import peer
from tests.peer.record import PeerRecord

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Draws votes of the smallest election so that both options of council have some, and that the
# spoiled ballot has one; mutants move them.
SEED_OF_SMALL = 4
NOT_THERE = "the peer, PyPI's electionguard 1.4.0, is not installed: `make peers` says why"


@pytest.fixture(scope="session")
def peer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that all processes of this run of the tests share; skip without the peer."""
    if not peer.is_there():
        pytest.skip(NOT_THERE)
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "peer"


@pytest.fixture(scope="session")
def held(peer_folder: Path) -> Callable[[str], Path]:
    """Give a function from the name of a shape to an election of it: `record`, `expected.json`."""

    def hold(shape: str) -> Path:
        def make(folder: Path) -> None:
            seed = SEED_OF_SMALL if shape == "small" else secrets.randbelow(2**32)
            peer.run("make_record", shape, folder, str(seed))

        return peer.made_once(peer_folder / shape, make)

    return hold


@pytest.fixture(scope="session")
def small(held: Callable[[str], Path]) -> PeerRecord:
    """Give the record of the smallest election, to be copied and changed."""
    return PeerRecord.read(held("small") / "record")
