"""Records in folders, made once: no test of the board changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.board.records import presidential_record, tied_record, write_record

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def record() -> dict[str, bytes]:
    """The whole record of the presidential election."""
    return presidential_record()


@pytest.fixture(scope="session")
def folder(record: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of that record."""
    return write_record(tmp_path_factory.mktemp("presidential") / "record", record)


@pytest.fixture(scope="session")
def tied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a record with a run-off and a lot."""
    return write_record(tmp_path_factory.mktemp("tied") / "record", tied_record())
