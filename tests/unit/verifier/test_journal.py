"""A journal holds whole entries, of one run at a time, and nobody else's file is touched."""

from __future__ import annotations

import os
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.verifier.two_files import two_files
from tests.unit.verifier.units_of import results_of
from tests.unit.verifier.whole_record import GROUP, write_folder
from verifier.cannot_run import CannotRun
from verifier.context import FINAL, SEALED
from verifier.program import Program
from verifier.report import Tally
from verifier.unit_result import Reported
from verifier.whole import sync_pace
from verifier.whole.entries import entry_line, header_line
from verifier.whole.journal import JOURNAL, KNOWN, Journal, bound_to
from verifier.whole.part_file import Part
from verifier.whole.sync_pace import SyncPace
from verifier.whole.unit_codec import MOST_BYTES, encode_result
from verifier.whole.unit_keys import Terms

if TYPE_CHECKING:
    from pathlib import Path

    from verifier.unit_result import UnitResult

TERMS = Terms(Program("1", bytes(32)), GROUP, FINAL, receipts=False, rules={}, record=bytes(32))
HEADER = bound_to(JOURNAL, TERMS)
ONE, TWO = b"\1" * 32, b"\2" * 32


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[UnitResult]:
    folder = write_folder(two_files(), tmp_path_factory.mktemp("record"))
    return [result for _, result in results_of(folder)][1:]


def written(path: Path, results: list[UnitResult]) -> bytes:
    with Journal(path, HEADER, "journal") as journal:
        journal.add(ONE, results[0])
        journal.add(TWO, results[1])
        assert journal.find(TWO) == results[1]
    return path.read_bytes()


def test_what_is_added_is_found_by_the_next_run(tmp_path: Path, results: list[UnitResult]) -> None:
    written(tmp_path / "j", results)
    with Journal(tmp_path / "j", HEADER, "journal") as journal:
        assert [journal.find(key) for key in (ONE, TWO, bytes(32))] == [*results, None]
        assert len(journal) == 2


def test_a_run_that_was_stopped_at_any_byte_leaves_whole_entries(
    tmp_path: Path, results: list[UnitResult]
) -> None:
    whole = written(tmp_path / "whole", results)
    ends = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")]
    head, first, _ = ends
    cuts = {0, 1, head - 1, head, head + 1, head + 64, head + 131, first - 1, first, first + 1}
    for cut in sorted(cuts | set(range(head, len(whole), 997))):
        path = tmp_path / f"cut-{cut}"
        path.write_bytes(whole[:cut])
        with Journal(path, HEADER, "journal") as journal:
            assert len(journal) == max(0, sum(end <= cut for end in ends) - 1), cut
            journal.add(TWO, results[1])
        with Journal(path, HEADER, "journal") as journal:
            assert journal.find(TWO) == results[1]
            assert (journal.find(ONE) == results[0]) is (cut >= first), cut


@pytest.mark.parametrize("at", [0, 63, 64, 65, 128, 129, 130, 200, -2])
def test_an_entry_with_another_checksum_is_not_there(
    at: int, tmp_path: Path, results: list[UnitResult]
) -> None:
    """One changed byte anywhere in a line: that entry is lost, and the next one is not."""
    path = tmp_path / "j"
    head, first, second = written(path, results).splitlines(keepends=True)
    changed = bytearray(first)
    changed[at] ^= 1
    path.write_bytes(head + bytes(changed) + second)
    with Journal(path, HEADER, "journal") as journal:
        assert journal.find(ONE) is None
        assert journal.find(TWO) == results[1]


def test_an_entry_of_no_result_is_not_there(tmp_path: Path, results: list[UnitResult]) -> None:
    """Whoever writes checksums can write anything; it is still no result."""
    path = tmp_path / "j"
    raw = encode_result(results[0])
    path.write_bytes(
        header_line(HEADER)
        + entry_line(ONE, raw.replace(b"V5", b"V99"))
        + entry_line(TWO, raw)
        + b"\0" * 4096  # what a power cut may leave
        + b"\n"
        + b"x" * 3 * MOST_BYTES
        + b"\n"
        + entry_line(bytes(32), raw)
    )
    with Journal(path, HEADER, "journal") as journal:
        found = [journal.find(key) for key in (ONE, TWO, bytes(32))]
    assert found == [None, results[0], results[0]]


def test_a_result_that_is_too_long_is_not_kept(tmp_path: Path, results: list[UnitResult]) -> None:
    tally = Tally("V6", "x" * MOST_BYTES)
    long = replace(results[0], parts={**results[0].parts, "V6": Reported(tally, None)})
    with Journal(tmp_path / "j", HEADER, "journal") as journal:
        journal.add(ONE, long)
        assert len(journal) == 0


OTHERS = {
    "program's version": replace(TERMS, program=Program("2", bytes(32))),
    "program's source": replace(TERMS, program=Program("1", b"\1" * 32)),
    "record": replace(TERMS, record=b"\1" * 32),
    "record without a seal": replace(TERMS, record=None),
    "stage": replace(TERMS, stage=SEALED),
    "group": replace(TERMS, group=replace(GROUP, name="other")),
    "receipts": replace(TERMS, receipts=True),
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_journal_of_another_run_is_refused_and_left_alone(
    other: str, tmp_path: Path, results: list[UnitResult]
) -> None:
    path = tmp_path / "j"
    before = written(path, results)
    header = bound_to(JOURNAL, OTHERS[other])
    with pytest.raises(CannotRun) as refused:
        Journal(path, header, "journal")
    (name,) = [name for name in HEADER if header[name] != HEADER[name]]
    assert str(HEADER[name]) in str(refused.value)
    assert str(header[name]) in str(refused.value)
    assert str(path) in str(refused.value)
    assert refused.value.hint
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [b"notes", b"notes\n", b"{}\n", header_line({"label": KNOWN}), b"\0" * 5000, b'{"label":[]}\n'],
)
def test_a_file_that_is_no_journal_is_refused_and_left_alone(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "notes"
    path.write_bytes(content)
    with pytest.raises(CannotRun, match="is not a journal of dalel-verify"):
        Journal(path, HEADER, "journal")
    assert path.read_bytes() == content


@given(st.data())
def test_any_bytes_at_all_are_a_journal_or_refused(
    results: list[UnitResult], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Never another exception, and what is found is what was kept."""
    folder = tmp_path_factory.mktemp("any")
    raw = bytearray(written(folder / "whole", results))
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(raw)))
        end = at + data.draw(st.integers(0, 200))
        raw[at:end] = data.draw(st.binary(max_size=20) | st.sampled_from([b"\n", b" ", b"\n\n"]))
    (folder / "any").write_bytes(data.draw(st.just(bytes(raw)) | st.binary(max_size=200)))
    for what in (lambda path: Journal(path, HEADER, "journal"), lambda path: Part(path, TERMS)):
        try:
            opened = what(folder / "any")
        except CannotRun:
            continue
        assert isinstance(opened, Journal)  # it is no part, whatever was changed
        with opened:
            for key, result in zip((ONE, TWO), results, strict=True):
                assert opened.find(key) is None or opened.find(key) == result


def test_two_runs_cannot_have_one_journal(tmp_path: Path, results: list[UnitResult]) -> None:
    path = tmp_path / "j"
    with Journal(path, HEADER, "journal") as journal:
        with pytest.raises(CannotRun, match=r"journal .*j is in use by another run"):
            Journal(path, HEADER, "journal")
        journal.add(ONE, results[0])
    with Journal(path, HEADER, "journal") as journal:
        assert journal.find(ONE) == results[0]


def test_what_cannot_be_a_journal_is_an_error_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, reason in (
        (tmp_path, "cannot be opened"),
        (tmp_path / "no" / "j", "cannot be opened"),
        (tmp_path / "pipe", "is not a plain file"),
    ):
        with pytest.raises(CannotRun, match=reason):
            Journal(path, HEADER, "journal")


def test_a_disk_that_is_full_ends_the_run_and_loses_nothing(
    tmp_path: Path, results: list[UnitResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, write = tmp_path / "j", os.write

    def half(descriptor: int, raw: memoryview) -> int:
        if len(raw) > 100:
            return write(descriptor, raw[: len(raw) // 2])
        raise OSError(28, "No space left on device")

    with Journal(path, HEADER, "journal") as journal:
        journal.add(ONE, results[0])
        monkeypatch.setattr(os, "write", half)
        with pytest.raises(CannotRun, match=r"cannot be written.*No space left"):
            journal.add(TWO, results[1])
    monkeypatch.undo()
    with Journal(path, HEADER, "journal") as journal:
        assert [journal.find(key) for key in (ONE, TWO)] == [results[0], None]


# How often it is forced to the disk


def test_forcing_costs_at_most_a_fiftieth_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now, forced = 0.0, []

    def slow(_descriptor: int) -> None:
        nonlocal now
        forced.append(now)
        now += 0.1

    monkeypatch.setattr(sync_pace, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(sync_pace, "os", SimpleNamespace(fsync=slow))
    pace = SyncPace(3)
    for _ in range(1_000):
        pace.written()
        now += 0.05
    assert len(forced) == pytest.approx(10, abs=2)
    assert len(forced) * 0.1 <= now / 50 + 0.1


def test_a_quick_disk_is_forced_twice_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now, forced = 0.0, 0

    def quick(_descriptor: int) -> None:
        nonlocal forced
        forced += 1

    monkeypatch.setattr(sync_pace, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(sync_pace, "os", SimpleNamespace(fsync=quick))
    pace = SyncPace(3)
    for _ in range(100):
        pace.written()
        now += 0.125
    assert forced == 25
