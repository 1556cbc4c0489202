"""A half-made, damaged or hostile record: a page in words or a plain answer, never a traceback.

The visitor raises whatever no handler of the board took, so a request that returns has not failed.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from egcore.errors import ElectionError
from tests.unit.board.records import LANGUAGES, SECTIONS, visit, write_record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.board.records import Visitor

JSON_SIDE = ("/api/election", "/api/results", "/api/reports", "/api/ballots?code=2345", "/healthz")
UNREADABLE = {
    "kk": "Тақта өз жазбасын оқи алмайды.",
    "ru": "Доска не может прочитать свою запись.",
    "en": "The board cannot read its record.",
}
REHEARSAL = {"kk": "Сынақ сайлау.", "ru": "Репетиция.", "en": "Rehearsal."}
FILES = (
    "manifest.json",
    "parameters.json",
    "registry.ndjson",
    "seal.json",
    "devices/box-p-10-0001-1.json",
    "ballots/box-p-10-0001-1/000000.ndjson",
    "openings/box-p-10-0001-1.ndjson",
    "tally/plan.ndjson",
    "tally/plan.json",
    "tally/decrypted.ndjson",
    "results.json",
)


def everything(visitor: Visitor, code: str = "2345") -> set[int]:
    """Ask for every page in one language and for the JSON side; the status codes seen."""
    pages = [*SECTIONS, f"ballots?code={code}", "results/president"]
    paths = [f"/kk/{page}" for page in pages]
    seen = set()
    for path in (*paths, *JSON_SIDE, "/files.txt"):
        answer = visitor.get(path)
        assert "Traceback" not in answer.text
        assert "/tmp/" not in answer.text, path  # noqa: S108 - no path of a machine in an answer
        seen.add(answer.status_code)
    return seen


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"\xff\xfe" + b"[" * 100_000])
@pytest.mark.parametrize("path", FILES)
def test_a_damaged_file_is_no_traceback(
    path: str, damage: bytes, record: dict[str, bytes], tmp_path: Path
) -> None:
    folder = write_record(tmp_path / "record", record)
    visitor = visit(folder)
    write_record(folder, {path: damage})
    assert everything(visitor) <= {200, 404, 503}


def test_a_board_whose_record_is_damaged_says_so_in_words(
    record: dict[str, bytes], tmp_path: Path
) -> None:
    folder = write_record(tmp_path / "record", record)
    visitor = visit(folder)
    write_record(folder, {"seal.json": b"{}\n"})
    for language in LANGUAGES:
        answer = visitor.get(f"/{language}/")
        assert answer.status_code == 503
        assert UNREADABLE[language] in answer.text
        assert "seal.json" in answer.text
        assert REHEARSAL[language] in answer.text
    assert visitor.get("/healthz").status_code == 503
    write_record(folder, {"seal.json": record["seal.json"]})
    assert visitor.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", FILES)
def test_a_missing_file_is_no_traceback(
    path: str, record: dict[str, bytes], tmp_path: Path
) -> None:
    folder = write_record(tmp_path / "record", record)
    visitor = visit(folder)
    (folder / path).unlink()
    assert everything(visitor) <= {200, 404, 503}


@pytest.mark.parametrize("path", FILES)
def test_a_link_or_a_folder_in_place_of_a_file_is_no_traceback(
    path: str, record: dict[str, bytes], tmp_path: Path
) -> None:
    folder = write_record(tmp_path / "record", record)
    visitor = visit(folder)
    (folder / path).rename(tmp_path / "elsewhere")
    (folder / path).symlink_to(tmp_path / "elsewhere")
    assert everything(visitor) <= {200, 404, 503}
    (folder / path).unlink()
    (folder / path).mkdir()
    assert everything(visitor) <= {200, 404, 503}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"contest":"president"', b'"contest":"other"'),
        (b'"option":"tokayev"', b'"option":"nobody"'),
        (b'"areas":["kz-10"]', b'"areas":["kz-99"]'),
        (b'"group":"p-10-0001"', b'"group":"p-10-9999"'),
        (b'"kind":"elected","option":"tokayev"', b'"kind":"elected","option":"blank"'),
        (b'"lots":[]', b'"lots":[{}]'),
    ],
)
def test_results_of_another_manifest_are_not_shown(
    old: bytes, new: bytes, record: dict[str, bytes], tmp_path: Path
) -> None:
    raw = record["results.json"].replace(old, new)
    assert raw != record["results.json"]
    folder = write_record(tmp_path / "record", record)
    visitor = visit(folder)
    write_record(folder, {"results.json": raw})
    answer = visitor.get("/en/results")
    assert answer.status_code == 503
    assert "results.json" in answer.text


def test_a_seal_that_demands_more_files_than_there_are_is_named(
    record: dict[str, bytes], tmp_path: Path
) -> None:
    raw = record["seal.json"].replace(b'"count":30', b'"count":10000000')
    assert raw != record["seal.json"]
    folder = write_record(tmp_path / "record", record)
    visitor = visit(folder)
    write_record(folder, {"seal.json": raw})
    answer = visitor.get("/en/")
    assert answer.status_code == 503
    assert "39063 ballot files" in answer.text


def test_a_ballot_file_that_the_seal_does_not_name_is_not_looked_up(
    record: dict[str, bytes], tmp_path: Path
) -> None:
    extra = record["ballots/box-p-10-0001-1/000000.ndjson"]
    more = {"ballots/stray/000000.ndjson": extra, "ballots/box-p-10-0001-1/000001.ndjson": extra}
    visitor = visit(write_record(tmp_path / "record", {**record, **more}))
    counts = visitor.get("/api/election").json()["ballots"]
    assert sum(counts.values()) == 90


@pytest.mark.parametrize("seed", range(12))
def test_a_changed_byte_is_no_traceback(
    seed: int, record: dict[str, bytes], tmp_path: Path
) -> None:
    chance = random.Random(seed)
    path = chance.choice(sorted(record))
    raw = bytearray(record[path])
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    folder = write_record(tmp_path / "record", {**record, path: bytes(raw)})
    try:
        visitor = visit(folder)
    except ElectionError:
        return  # refused at the start, with the file named
    assert everything(visitor) <= {200, 404, 503}


def test_a_ballot_that_changed_behind_the_index_is_not_shown(
    record: dict[str, bytes], tmp_path: Path
) -> None:
    folder = write_record(tmp_path / "record", record)
    visitor = visit(folder)
    path = "ballots/box-p-10-0001-1/000000.ndjson"
    lines = record[path].splitlines(keepends=True)
    code = lines[0].split(b'"h_c":"')[1][:64].decode()
    assert visitor.get(f"/en/ballots?code={code}").status_code == 200
    (folder / path).write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))
    answer = visitor.get(f"/en/ballots?code={code}")
    assert answer.status_code == 503
    assert "has changed since its codes were read" in answer.text
