"""Whatever stands in the place of a file, there is a report, it rejects, and nothing breaks."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.verifier.whole_record import (
    BALLOTS,
    BOX,
    GROUP,
    OPENINGS,
    findings_of,
    honest,
    lines_of,
    verify,
    write_folder,
)
from verifier.guard import INTERNAL
from verifier.json_strict import MAX_FILE_BYTES, MAX_LINE_BYTES, canonical
from verifier.report import Verdict
from verifier.run import verify_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.report import Report

FILES = sorted(honest())
LINES = [path for path in FILES if path.endswith(".ndjson")]

PIECES = st.sampled_from(
    [b"{", b"}", b"[", b"]", b'"', b":", b",", b"null", b"1", b"-1", b"1e9", b"\\u0000", b"\n"]
)
BYTES = st.one_of(st.binary(max_size=64), st.lists(PIECES, max_size=40).map(b"".join))
VALUES = st.recursive(
    st.booleans()
    | st.integers(0, 2**53 - 1)
    | st.sampled_from([0, 1, 2**31 - 1, 2**31])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=70)
    | st.sampled_from(["", "0" * 64, "f" * 64, "0" * 128, "f" * 16, "\x1b[2J", "[red]x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=4,
)


def rejected(report: Report) -> None:
    assert report.verdict is Verdict.REJECTED
    assert INTERNAL not in report.failed_items
    for text in json.loads(report.to_json_bytes())["notes"]:
        assert text.isprintable()
    for result in report.verifications:
        for finding in result.findings:
            assert all(text.isprintable() for text in finding.to_json().values()), finding


def judged(record: dict[str, bytes]) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        return verify(record, Path(folder))


@settings(max_examples=25)
@given(path=st.sampled_from(FILES), raw=BYTES)
def test_any_bytes_in_the_place_of_a_file(path: str, raw: bytes) -> None:
    rejected(judged({**honest(), path: raw}))


@settings(max_examples=25)
@given(path=st.sampled_from(LINES), raw=BYTES, data=st.data())
def test_any_bytes_in_the_place_of_a_line(path: str, raw: bytes, data: st.DataObject) -> None:
    record = honest()
    lines = lines_of(record, path)
    lines[data.draw(st.integers(0, len(lines) - 1))] = raw
    rejected(judged({**record, path: b"".join(lines)}))


def places_in(value: object) -> list[tuple[Any, Any]]:
    """Every (container, key) of a JSON value."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        container = waiting.pop()
        keys: Any = container if isinstance(container, dict) else ()
        if isinstance(container, list):
            keys = range(len(container))
        for key in keys:
            found.append((container, key))
            waiting.append(container[key])  # type: ignore[index]
    return found


@settings(max_examples=60)
@given(path=st.sampled_from(FILES), value=VALUES, data=st.data())
def test_any_value_in_the_place_of_a_value(path: str, value: object, data: st.DataObject) -> None:
    """The bytes stay canonical, so every reader and every check gets to see the value."""
    record = honest()
    lines = lines_of(record, path)
    number = data.draw(st.integers(0, len(lines) - 1))
    content = json.loads(lines[number])
    container, key = data.draw(st.sampled_from(places_in(content)))
    if container[key] == value and type(container[key]) is type(value):
        return
    container[key] = value
    lines[number] = canonical(content)
    rejected(judged({**record, path: b"".join(lines)}))


@settings(max_examples=25)
@given(path=st.sampled_from(FILES), data=st.data())
def test_a_value_left_out_or_repeated(path: str, data: st.DataObject) -> None:
    record = honest()
    lines = lines_of(record, path)
    number = data.draw(st.integers(0, len(lines) - 1))
    content = json.loads(lines[number])
    container, key = data.draw(st.sampled_from(places_in(content)))
    if isinstance(container, list) and data.draw(st.booleans()):
        container.insert(key, container[key])
    else:
        del container[key]
    lines[number] = canonical(content)
    rejected(judged({**record, path: b"".join(lines)}))


@settings(max_examples=20)
@given(path=st.sampled_from([p for p in LINES if len(lines_of(honest(), p)) > 1]), data=st.data())
def test_lines_in_another_order_or_repeated(path: str, data: st.DataObject) -> None:
    record = honest()
    lines = lines_of(record, path)
    places = st.integers(0, len(lines) - 1)
    first, second = data.draw(places), data.draw(places)
    if data.draw(st.booleans()):
        lines[first], lines[second] = lines[second], lines[first]
    else:
        lines[first] = lines[second]
    if lines != lines_of(record, path):
        rejected(judged({**record, path: b"".join(lines)}))


@settings(max_examples=20)
@given(st.sets(st.sampled_from(FILES), min_size=1))
def test_any_files_missing(missing: set[str]) -> None:
    rejected(judged({path: raw for path, raw in honest().items() if path not in missing}))


# What is no file


def to_fifo(place: Path) -> None:
    place.unlink()
    os.mkfifo(place)


def to_folder(place: Path) -> None:
    place.unlink()
    place.mkdir()


def to_endless(place: Path) -> None:
    place.unlink()
    place.symlink_to("/dev/zero")


@pytest.mark.parametrize("path", FILES)
def test_a_link_in_the_place_of_a_file(path: str, tmp_path: Path) -> None:
    """The target has the right bytes and lies outside; even so a link is no file of a record."""
    folder, target = write_folder(honest(), tmp_path / "record"), tmp_path / "target"
    (folder / path).rename(target)
    (folder / path).symlink_to(target)
    report = verify_record(folder, group=GROUP)
    rejected(report)
    assert (path, "no such entry", "a symbolic link") in findings_of(report, "0.A")


@pytest.mark.parametrize("change", [to_fifo, to_folder, to_endless])
@pytest.mark.parametrize("path", ["manifest.json", BALLOTS, OPENINGS, "tally/statements/1.json"])
def test_something_else_in_the_place_of_a_file(
    path: str, change: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = write_folder(honest(), tmp_path)
    change(folder / path)
    report = verify_record(folder, group=GROUP)
    rejected(report)
    assert path in [where for where, _, _ in findings_of(report, "0.A")]


@pytest.mark.parametrize("path", ["ballots", "tally/statements", "ceremony"])
def test_a_link_in_the_place_of_a_folder(path: str, tmp_path: Path) -> None:
    folder, target = write_folder(honest(), tmp_path / "record"), tmp_path / "target"
    (folder / path).rename(target)
    (folder / path).symlink_to(target)
    report = verify_record(folder, group=GROUP)
    rejected(report)
    assert (path, "no such entry", "a symbolic link") in findings_of(report, "0.A")


def test_a_record_may_be_reached_over_a_link(tmp_path: Path) -> None:
    folder = write_folder(honest(), tmp_path / "record")
    (tmp_path / "link").symlink_to(folder)
    verify_record(tmp_path / "link", group=GROUP).require_accepted()


@pytest.mark.parametrize(
    "name",
    [
        b"manifest.json~", b"Manifest.json", b"tally/plan.ndjson.gz", b"tally/statements/01.json",
        b"tally/statements/4.json", b"tally/statements/0.json", b"devices/box-9.json",
        b"ballots/box-9/000000.ndjson", b"ballots/box-p-1-1/0.ndjson",
        b"receipts/box-p-1-1/000000.sig", b"hints/box-9/000000.bin", b"log/checkpoint",
        b"openings/box-9.ndjson", b"ceremony/transcript.ndjson\n", b"\xff\x1b[2J",
        "registry.ndjson\u202e".encode(),
    ],
)  # fmt: skip
def test_a_name_that_is_none_of_a_record(name: bytes, tmp_path: Path) -> None:
    folder = write_folder(honest(), tmp_path)
    place = folder / os.fsdecode(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"{}\n")
    report = verify_record(folder, group=GROUP)
    rejected(report)
    (where,) = [where for where, _, _ in findings_of(report, "0.A")]
    assert where.isascii()
    # A statement has a meaning wherever it stands, so 24.L may speak of it too.
    assert report.failed_items - {"0.A"} <= {"0.C", "24.L"}


# One line each


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_breaks_off_or_says_a_thing_twice(path: str, tmp_path: Path) -> None:
    record = honest()
    cut = verify({**record, path: record[path][:-20]}, tmp_path / "cut")
    rejected(cut)
    assert "0.B" in cut.failed_items
    key = min(json.loads(lines_of(record, path)[0]))
    twice = {**record, path: f'{{"{key}":1,'.encode() + record[path].removeprefix(b"{")}
    report = verify(twice, tmp_path / "twice")
    rejected(report)
    assert any(
        found == "a key stands twice in one object" for _, _, found in findings_of(report, "0.B")
    )


@pytest.mark.parametrize(
    ("path", "member"),
    [("parameters.json", "n"), ("registry.ndjson", "number"), (BALLOTS, "position")],
)
@pytest.mark.parametrize("number", [-1, 2**31, 2**53, 10**30])
def test_a_number_that_is_too_wide(path: str, member: str, number: int, tmp_path: Path) -> None:
    record = honest()
    head, name, tail = record[path].partition(f'"{member}":'.encode())
    digits = tail.lstrip(b"0123456789")
    wide = {**record, path: head + name + str(number).encode() + digits}
    report = verify(wide, tmp_path)
    rejected(report)
    assert ("0.C" if number == 2**31 else "0.B") in report.failed_items


@pytest.mark.parametrize("path", [BALLOTS, OPENINGS, "registry.ndjson", "tally/plan.ndjson"])
def test_a_line_beyond_the_limit_is_one_finding(path: str, tmp_path: Path) -> None:
    record = honest()
    long = b'{"a":"' + b"a" * MAX_LINE_BYTES + b'"}\n'
    report = verify({**record, path: record[path] + long}, tmp_path)
    rejected(report)
    ((where, _, found),) = findings_of(report, "0.B")
    number = len(lines_of(record, path)) + 1
    ballot = f", device {BOX}, ballot {number}" if path == BALLOTS else ""
    assert where == f"{path}, line {number}{ballot}"
    assert found == f"a line of more than {MAX_LINE_BYTES} bytes"


def test_a_file_beyond_the_limit_is_one_finding(tmp_path: Path) -> None:
    record = honest()
    record["results.json"] = b" " * (MAX_FILE_BYTES + 1)
    report = verify(record, tmp_path)
    rejected(report)
    ((where, _, found),) = findings_of(report, "0.B")
    assert (where, found) == ("results.json", f"it has more than {MAX_FILE_BYTES} bytes")


def test_no_more_findings_of_an_item_are_kept_than_fit(tmp_path: Path) -> None:
    record = honest()
    record[BALLOTS] += b"{}\n" * 5_000
    report = verify(record, tmp_path)
    rejected(report)
    found = findings_of(report, "0.C")
    assert len(found) == 1_001
    assert found[-1][2] == "4000 more findings of this item"
