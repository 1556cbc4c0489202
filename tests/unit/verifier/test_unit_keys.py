"""The content key of a unit changes with everything that its result depends on."""

from __future__ import annotations

import shutil
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.verifier.two_files import FIRST, OPENINGS, two_files
from tests.unit.verifier.units_of import prepared, results_of
from tests.unit.verifier.whole_record import GROUP, write_folder
from verifier.cannot_run import CannotRun
from verifier.context import FINAL, SEALED
from verifier.program import Program, this_program
from verifier.reader.files import Stretch
from verifier.reader.opening_slices import OpeningSlice
from verifier.reader.zip_folder import open_record
from verifier.units import Unit
from verifier.whole.unit_keys import Terms, digests_on_disk

if TYPE_CHECKING:
    from pathlib import Path

SLICE = OpeningSlice("openings/b.ndjson", Stretch(10, 1, 2), 3, is_uncertain=False)
UNIT = Unit(
    device="b",
    precinct="p",
    key=bytes(32),
    first=1,
    upto=2,
    path="ballots/b/000001.ndjson",
    files=frozenset({"ballots/b/000001.ndjson", "openings/b.ndjson"}),
    sealed=300,
    missing=0,
    to_open=(257,),
    openings=SLICE,
    hints=None,
)
DIGESTS = {path: bytes(32) for path in (*UNIT.files, "ballots/b/000001.sig")}
TERMS = Terms(
    program=Program("1", bytes(32)),
    group=GROUP,
    stage=FINAL,
    receipts=False,
    rules={"manifest.json": bytes(32)},
    record=bytes(32),
)
KEY = TERMS.key(UNIT, DIGESTS)

OTHER_UNITS: dict[str, list[Any]] = {
    "device": ["c"],
    "precinct": ["q"],
    "key": [b"\1" * 32],
    "first": [0],
    "upto": [3],
    "path": ["ballots/b/000002.ndjson", None],
    "files": [UNIT.files | {"ballots/b/000001.sig"}, frozenset({"openings/b.ndjson"})],
    "sealed": [301, None],
    "missing": [1],
    "to_open": [(), (258,), (257, 258)],
    "openings": [
        None,
        replace(SLICE, lines=Stretch(11, 1, 2)),
        replace(SLICE, lines=Stretch(10, 0, 2)),
        replace(SLICE, lines=Stretch(10, 1, 3)),
        replace(SLICE, lines=Stretch(10, 1, None)),
        replace(SLICE, last=4),
        replace(SLICE, is_uncertain=True),
    ],
}
OTHER_TERMS: dict[str, list[Any]] = {
    "program": [Program("2", bytes(32)), Program("1", b"\1" * 32)],
    "group": [replace(GROUP, g=GROUP.g + 1), replace(GROUP, name="x")],
    "stage": [SEALED],
    "receipts": [True],
    "rules": [{"manifest.json": b"\1" * 32}, {}, {"guardians.json": bytes(32)}],
}


@pytest.mark.parametrize("name", [field.name for field in fields(Unit) if field.name != "hints"])
def test_the_key_depends_on_every_member_of_the_unit(name: str) -> None:
    keys = {TERMS.key(replace(UNIT, **{name: other}), DIGESTS) for other in OTHER_UNITS[name]}
    assert len(keys | {KEY, None}) == len(OTHER_UNITS[name]) + 2


def test_the_key_does_not_depend_on_hints() -> None:
    """No result does (specs/25), so a hint that comes later makes nothing unknown."""
    assert TERMS.key(replace(UNIT, hints="hints/b/000001.bin"), DIGESTS) == KEY


@pytest.mark.parametrize("name", [field.name for field in fields(Terms) if field.name != "record"])
def test_the_key_depends_on_every_term(name: str) -> None:
    others = [replace(TERMS, **{name: other}) for other in OTHER_TERMS[name]]
    keys = {terms.key(UNIT, DIGESTS) for terms in others}
    assert len(keys | {KEY, None}) == len(others) + 2


def test_the_key_does_not_depend_on_the_seal() -> None:
    """So what was found in one record is known in another that holds the same bytes."""
    assert replace(TERMS, record=None).key(UNIT, DIGESTS) == KEY


@pytest.mark.parametrize("path", sorted(UNIT.files))
def test_the_key_depends_on_every_file(path: str) -> None:
    assert TERMS.key(UNIT, {**DIGESTS, path: b"\1" * 32}) not in {KEY, None}
    rest = {name: digest for name, digest in DIGESTS.items() if name != path}
    assert TERMS.key(UNIT, rest) is None


def test_what_lies_on_disk_is_what_was_looked_at(tmp_path: Path) -> None:
    """Also for openings, of which each unit has a stretch, and in a zip."""
    folder = write_folder(two_files(), tmp_path / "record")
    archive = shutil.make_archive(str(tmp_path / "zipped"), "zip", folder)
    for place in (folder, tmp_path / archive):
        opened = open_record(place)
        for unit, result in results_of(folder):
            assert digests_on_disk(opened, unit) == result.digests
            assert result.digests.keys() == unit.files
            assert len(unit.files) >= 3


def test_a_stretch_of_openings_is_a_matter_of_its_unit_alone(tmp_path: Path) -> None:
    """A byte in the last opening changes the key of the second file, and not of the first."""
    record = two_files()
    keys = []
    for number, raw in enumerate((record[OPENINGS], record[OPENINGS][:-2] + b"?\n")):
        folder = write_folder({**record, OPENINGS: raw}, tmp_path / str(number))
        _, plan, _ = prepared(folder)
        opened = open_record(folder)
        keys.append([TERMS.key(unit, digests_on_disk(opened, unit)) for unit in plan])
    assert [one == other for one, other in zip(*keys, strict=True)] == [True, False, True]


def test_a_file_that_cannot_be_read_leaves_its_unit_without_a_key(tmp_path: Path) -> None:
    folder = write_folder(two_files(), tmp_path)
    (_, plan, _), opened = prepared(folder), open_record(folder)
    unit = next(iter(plan))
    (folder / FIRST).unlink()
    (folder / FIRST).mkdir()
    assert FIRST not in digests_on_disk(opened, unit)
    assert TERMS.key(unit, digests_on_disk(opened, unit)) is None


# Which program


def test_a_changed_source_is_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = this_program()
    this_program.cache_clear()
    for number, files in enumerate(({"a.py": b"1"}, {"a.py": b"2"}, {"b.py": b"1"})):
        write_folder({f"{number}/{path}": raw for path, raw in files.items()}, tmp_path)
    write_folder({"3/a.py": b"1", "3/__pycache__/a.pyc": b"x", "3/notes.md": b"y"}, tmp_path)
    digests = []
    for number in range(4):
        monkeypatch.setattr("verifier.program.files", lambda _, at=number: tmp_path / str(at))
        digests.append(this_program().source)
        this_program.cache_clear()
    assert len({*digests, here.source}) == 4
    assert digests[0] == digests[3]
    (tmp_path / "none").mkdir()
    monkeypatch.setattr("verifier.program.files", lambda _: tmp_path / "none")
    with pytest.raises(CannotRun, match="source of this program cannot be read"):
        this_program()
    monkeypatch.undo()
    assert this_program() == here
