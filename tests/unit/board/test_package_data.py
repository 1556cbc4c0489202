"""What an installed board needs beside its code is in the wheel."""

from __future__ import annotations

from pathlib import Path

import pytest

import tally.board
from tests.specification import REPOSITORY

builders = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed")
BOARD = Path(tally.board.__file__).parent


def test_templates_catalogues_styles_and_fonts_are_in_the_wheel() -> None:
    builder = builders.WheelBuilder(str(REPOSITORY))
    packed = {file.distribution_path for file in builder.recurse_included_files()}
    kinds = (
        "templates/*.html",
        "catalogues/*.po",
        "static/*.css",
        "static/*.svg",
        "static/fonts/*.woff2",
    )
    due = {place.relative_to(REPOSITORY).as_posix() for kind in kinds for place in BOARD.glob(kind)}
    assert {Path(path).suffix for path in due} == {".html", ".po", ".css", ".svg", ".woff2"}
    assert due <= packed
