"""T106: a run over a record that is known already holds places of results, and not the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_large_record import checked

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long


def test_five_times_the_ballots_need_hardly_more(tmp_path: Path) -> None:
    """First with an empty journal and then with a full one; what is in it is 100 bytes a ballot."""
    options = ("--processes", "1", "--resume")
    few, many = (
        [checked(n, tmp_path, *options, str(tmp_path / f"{n}.j")) for _ in "12"]
        for n in (2_000, 10_000)
    )
    for of_few, of_many in zip(few, many, strict=True):
        assert of_many.bytes - of_few.bytes < 8_000 * 500
