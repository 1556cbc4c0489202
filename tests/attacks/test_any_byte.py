"""Any single changed byte of any file of the record, wherever it is, ends in a rejection."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.attacks.elections import accepted_record
from tests.attacks.judge import judge
from tests.toy_groups import TOY
from verifier.report import Verdict

if TYPE_CHECKING:
    from pathlib import Path

PLACES_A_FILE = 5
FILES = sorted(accepted_record()[1])


@pytest.mark.parametrize("path", FILES)
def test_a_changed_byte_is_rejected(path: str, tmp_path: Path) -> None:
    """First, last and some places between, each with one bit flipped or another digit put in."""
    _, record = accepted_record()
    raw = record[path]
    choices = random.Random(path)
    places = {0, len(raw) - 1, *choices.sample(range(len(raw)), PLACES_A_FILE - 2)}
    for number, place in enumerate(sorted(places)):
        changed = bytearray(raw)
        changed[place] ^= 1 << choices.randrange(7)
        report = judge({**record, path: bytes(changed)}, TOY, tmp_path / str(number))
        assert report.verdict is Verdict.REJECTED, (path, place)


@pytest.mark.parametrize("path", FILES)
def test_a_changed_digit_is_rejected(path: str, tmp_path: Path) -> None:
    """The bytes stay canonical: one hex digit becomes another, so meaning must catch it."""
    _, record = accepted_record()
    raw = record[path]
    choices = random.Random(f"digit {path}")
    digits = [place for place, byte in enumerate(raw) if byte in b"0123456789"]
    for number, place in enumerate(choices.sample(digits, min(PLACES_A_FILE, len(digits)))):
        changed = bytearray(raw)
        changed[place] = ord("0") + (changed[place] - ord("0") + 1) % 10
        report = judge({**record, path: bytes(changed)}, TOY, tmp_path / str(number))
        assert report.verdict is Verdict.REJECTED, (path, place)


@pytest.mark.parametrize("path", FILES)
def test_a_missing_or_cut_file_is_rejected(path: str, tmp_path: Path) -> None:
    _, record = accepted_record()
    without = {name: raw for name, raw in record.items() if name != path}
    assert judge(without, TOY, tmp_path / "without").verdict is Verdict.REJECTED
    cut = {**record, path: record[path][:-1]}
    assert judge(cut, TOY, tmp_path / "cut").verdict is Verdict.REJECTED
    empty = {**record, path: b""}
    assert judge(empty, TOY, tmp_path / "empty").verdict is Verdict.REJECTED


def test_a_file_that_no_chapter_names_is_rejected(tmp_path: Path) -> None:
    _, record = accepted_record()
    extra = {**record, "tally/notes.txt": b"nothing\n"}
    assert judge(extra, TOY, tmp_path).failed_items == {"0.A"}
