"""Openings cut by ballot file: every line once, in its place, and what is uncertain stays so."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.verifier.whole_record import GROUP, OPENINGS, honest, lines_of
from verifier.json_strict import MAX_LINE_BYTES, canonical
from verifier.reader.ballots import BallotShapes
from verifier.reader.files import Listing, RecordFolder
from verifier.reader.form import Form
from verifier.reader.opening_slices import OpeningSlices
from verifier.reader.opening_stream import OpeningStream
from verifier.reader.record_files import RecordFiles
from verifier.reader.shape import GroupShapes
from verifier.units import Unit

if TYPE_CHECKING:
    from verifier.reader.opening_slices import OpeningSlice

SHAPES = BallotShapes(GroupShapes(GROUP), ())
DEVICE = "box-1"
PATH = f"openings/{DEVICE}.ndjson"
UNREADABLE = [b"{}\n", b"\xff\n", b'{"a":"' + b"a" * MAX_LINE_BYTES + b'"}\n']
# A position, or None for a line that cannot be read; three files of 256 ballots.
LINES = st.lists(st.one_of(st.none(), st.integers(1, 800)), max_size=12)


def opening(position: int) -> bytes:
    content = json.loads(lines_of(honest(), OPENINGS)[0])
    contests = [{k: v for k, v in c.items() if "data" not in k} for c in content["contests"]]
    return canonical({"position": position, "contests": contests})


def written(folder: Path, positions: list[int | None]) -> RecordFolder:
    place = folder / PATH
    place.parent.mkdir(parents=True)
    lines = (UNREADABLE[n % 2] if p is None else opening(p) for n, p in enumerate(positions))
    place.write_bytes(b"".join(lines))
    return RecordFolder(folder)


def cut(folder: RecordFolder) -> list[OpeningSlice]:
    slices = OpeningSlices(folder, PATH, SHAPES, DEVICE)
    return [slices.upto(256), slices.upto(512), slices.rest()]


def taken(folder: RecordFolder, part: OpeningSlice, ordinals: range) -> list[tuple[int, str]]:
    """What a stream over a slice says of each ballot, and the openings that are nobody's."""
    form = Form()
    files = RecordFiles(folder, Listing(frozenset({PATH}), ()), form)
    unit = Unit(DEVICE, "p-1", bytes(32), 0, 1, openings=part)
    stream, said = OpeningStream(files, form, SHAPES, unit), []
    for ordinal in ordinals:
        said += [(x.position, "nobody's") for x in stream.before(ordinal)]
        found, is_certain = stream.of(ordinal)
        if found is not None or not is_certain:
            said.append((ordinal, "opened" if found is not None else "uncertain"))
    return said + [(x.position, "nobody's") for x in stream.rest()]


@given(LINES)
def test_slices_say_of_every_ballot_what_the_whole_file_says(positions: list[int | None]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = written(Path(name), positions)
        parts = cut(folder)
        whole = OpeningSlices(folder, PATH, SHAPES, DEVICE).rest()
        by_file = [
            said
            for number, part in enumerate(parts)
            for said in taken(folder, part, range(256 * number + 1, 256 * number + 257))
        ]
        assert by_file == taken(folder, whole, range(1, 769))


@given(LINES)
def test_every_line_is_in_one_slice(positions: list[int | None]) -> None:
    with tempfile.TemporaryDirectory() as name:
        parts = cut(written(Path(name), positions))
        line = offset = 0
        raw = (Path(name) / PATH).read_bytes()
        for part in parts:
            assert (part.lines.line, part.lines.offset) == (line, offset)
            count = len(positions) - line if part.lines.count is None else part.lines.count
            lines = raw[offset:].splitlines(keepends=True)[:count]
            line, offset = line + count, offset + sum(map(len, lines))
        assert (line, offset) == (len(positions), len(raw))


def test_a_line_beyond_the_limit_does_not_move_the_next(tmp_path: Path) -> None:
    folder = written(tmp_path, [])
    (tmp_path / PATH).write_bytes(opening(3) + UNREADABLE[2] + opening(300))
    first, second, _ = cut(folder)
    assert (first.lines.count, second.lines.count) == (2, 1)
    assert second.lines.offset == len(opening(3) + UNREADABLE[2])
    assert second.is_uncertain
    assert (300, "opened") in taken(folder, second, range(257, 513))


@pytest.mark.parametrize("change", ["gone", "empty", "a folder"])
def test_a_file_that_cannot_be_read_has_empty_slices(change: str, tmp_path: Path) -> None:
    folder = written(tmp_path, [])
    if change != "empty":
        (tmp_path / PATH).unlink()
    if change == "a folder":
        (tmp_path / PATH).mkdir()
    *firsts, last = cut(folder)
    assert [part.lines.count for part in firsts] == [0, 0]
    assert taken(folder, last, range(513, 769)) == []
