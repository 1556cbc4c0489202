"""The report is the same, byte for byte, however many processes look at the ballots."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.attacks.judge import write_folder as write_attack
from tests.attacks.museum.catalogue import BY_ID
from tests.attacks.museum.scene import build
from tests.toy_groups import TOY
from tests.unit.verifier.two_files import (
    FIRST,
    FULL,
    OPENINGS,
    OTHER_FILE,
    SECOND,
    two_files,
)
from tests.unit.verifier.whole_record import BOX, GROUP, Record, honest, lines_of, write_folder
from tests.unit.verifier.worker_processes import killing, workers_of
from verifier.cannot_run import CannotRun
from verifier.context import FINAL
from verifier.processes import (
    BALLOTS_FOR_A_PROCESS,
    IN_FLIGHT,
    Workers,
    all_cores,
    run_here,
    worthwhile,
)
from verifier.reader.files import RecordFolder, list_files
from verifier.reader.form import Form
from verifier.reader.layout import Layout, is_folder_of_a_record
from verifier.reader.record import read_context
from verifier.reader.record_files import RecordFiles
from verifier.reader.unit_plan import UnitPlan
from verifier.report import Verdict
from verifier.run import verify_record
from verifier.unit_run import UnitRunner
from verifier.worker import Briefing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from verifier.units import Unit


def nothing(_ballots: int) -> None:
    pass


def joined(record: Record, path: str, lines: list[bytes]) -> Record:
    return {**record, path: b"".join(lines)}


def with_bytes(path: str, number: int, raw: bytes) -> Callable[[Record], Record]:
    """Bytes in the place of a line, counted from 0."""

    def change(record: Record) -> Record:
        lines = lines_of(record, path)
        lines[number] = raw
        return joined(record, path, lines)

    return change


def without(*paths: str) -> Callable[[Record], Record]:
    return lambda record: {path: raw for path, raw in record.items() if path not in paths}


def cut_short(record: Record) -> Record:
    return joined(record, FIRST, lines_of(record, FIRST)[:-3])


def one_too_many(record: Record) -> Record:
    return joined(record, FIRST, [*lines_of(record, FIRST), lines_of(record, SECOND)[0]])


def one_moved(record: Record) -> Record:
    """The first ballot of the second file stands at the end of the first one."""
    head, *tail = lines_of(record, SECOND)
    moved = joined(record, FIRST, [*lines_of(record, FIRST)[1:], head])
    return joined(moved, SECOND, tail)


def the_same_everywhere(record: Record) -> Record:
    """One ballot in both files of a box and in another box."""
    copy = lines_of(record, FIRST)[0]
    for path in (SECOND, OTHER_FILE):
        record = with_bytes(path, 1, copy)(record)
    return record


def unreadable_beyond_the_limit(record: Record) -> Record:
    """More findings of one item than are listed, over two files."""
    return {
        **record,
        FIRST: record[FIRST] + b"{}\n" * 700,
        SECOND: record[SECOND] + b"{}\n" * 900,
    }


def openings_twice(record: Record) -> Record:
    return joined(record, OPENINGS, [line for line in lines_of(record, OPENINGS) for _ in "12"])


def openings_backwards(record: Record) -> Record:
    return joined(record, OPENINGS, lines_of(record, OPENINGS)[::-1])


def an_opening_of_nobody(record: Record) -> Record:
    last = lines_of(record, OPENINGS)[-1]
    beyond = last.replace(b'"position":260', b'"position":99999')
    assert beyond != last
    return {**record, OPENINGS: record[OPENINGS] + beyond}


def everything_wrong(record: Record) -> Record:
    record = with_bytes(FIRST, 0, b"\xff\n")(record)
    record = with_bytes(FIRST, FULL - 1, b"{}\n")(record)
    record = with_bytes(SECOND, 0, b"")(record)
    record = with_bytes(OPENINGS, 2, b"null\n")(record)
    return without("devices/" + BOX + ".json", "results.json")(record)


HOSTILE = [
    with_bytes(FIRST, FULL - 1, b"{}\n"),
    with_bytes(SECOND, 0, b"\xff\xfe\n"),
    cut_short,
    one_too_many,
    one_moved,
    the_same_everywhere,
    unreadable_beyond_the_limit,
    without(FIRST),
    without(SECOND, OPENINGS),
    without("manifest.json"),
    without("seal.json", SECOND.replace(".ndjson", ".sig")),
    with_bytes(OPENINGS, 1, b"{\n"),
    with_bytes(OPENINGS, 3, b"{\n"),
    openings_twice,
    openings_backwards,
    an_opening_of_nobody,
    everything_wrong,
]


def test_an_accepted_record(tmp_path: Path) -> None:
    folder = write_folder(two_files(), tmp_path)
    alone = verify_record(folder, group=GROUP)
    alone.require_accepted()
    for processes in (2, 3):
        report = verify_record(folder, group=GROUP, processes=processes)
        assert report.to_json_bytes() == alone.to_json_bytes()


@pytest.mark.parametrize("change", HOSTILE)
def test_a_hostile_record(change: Callable[[Record], Record], tmp_path: Path) -> None:
    folder = write_folder(change(two_files()), tmp_path)
    alone = verify_record(folder, group=GROUP)
    assert alone.verdict is Verdict.REJECTED
    assert alone.failed_items != {"internal"}
    report = verify_record(folder, group=GROUP, processes=2)
    assert report.to_json_bytes() == alone.to_json_bytes()


@pytest.mark.parametrize("id_", list(BY_ID)[::16])
def test_an_attack_of_the_museum(id_: str, tmp_path: Path) -> None:
    folder = write_attack(build(BY_ID[id_], TOY), tmp_path)
    alone = verify_record(folder, group=GROUP)
    report = verify_record(folder, group=GROUP, processes=2)
    assert report.to_json_bytes() == alone.to_json_bytes()


# The pool


def plan_of(folder: Path) -> tuple[UnitPlan, UnitRunner, Briefing]:
    listing = list_files(folder, is_folder_of_a_record)
    form, files = Form(), RecordFolder(folder)
    context = read_context(RecordFiles(files, listing, form), listing, form, GROUP, FINAL)
    runner = UnitRunner(files, context)
    plan = UnitPlan(context, Layout(context, listing), listing, files, runner.rules.shapes)
    return plan, runner, Briefing.of(folder, context)


def test_units_in_flight_are_bounded(tmp_path: Path) -> None:
    """A plan of any length is read no further ahead of the sum than the bound."""
    plan, runner, briefing = plan_of(write_folder(two_files(), tmp_path))
    planned = summed = most = 0

    def many() -> Iterator[Unit]:
        nonlocal planned, most
        for unit in [*plan][1:] * 12:
            planned += 1
            most = max(most, planned - summed)
            yield unit

    with Workers(2, briefing, runner) as workers:
        for _ in workers.run(many(), nothing):
            summed += 1
    assert planned == summed == 24
    assert most <= 2 * IN_FLIGHT + 1  # the one that was just asked for
    assert workers_of(os.getpid()) == set()


def test_results_are_those_of_one_process_and_small(tmp_path: Path) -> None:
    plan, runner, briefing = plan_of(write_folder(two_files(), tmp_path))
    units = list(plan)
    seen: list[int] = []
    with Workers(2, briefing, runner) as workers:
        results = list(workers.run(units, seen.append))
    assert results == list(run_here(units, runner, nothing))
    assert [unit for unit, _ in results] == units
    assert sum(seen) == sum(result.ballots for _, result in results) == FULL + 6


def test_what_a_worker_cannot_do_is_done_here(tmp_path: Path) -> None:
    """A worker that finds another manifest than the run did answers nothing."""
    plan, runner, briefing = plan_of(write_folder(two_files(), tmp_path))
    other = replace(briefing, digests={**briefing.digests, "manifest.json": bytes(32)})
    units = list(plan)
    with Workers(2, other, runner) as workers:
        assert list(workers.run(units, nothing)) == list(run_here(units, runner, nothing))


def test_a_killed_worker_changes_nothing(tmp_path: Path) -> None:
    folder = write_folder(two_files(), tmp_path)
    with killing(1) as killed:
        report = verify_record(folder, group=GROUP, processes=2)
    assert len(killed) == 1
    assert report.to_json_bytes() == verify_record(folder, group=GROUP).to_json_bytes()


def test_workers_that_die_again_end_the_run_and_name_the_file(tmp_path: Path) -> None:
    folder = write_folder(two_files(), tmp_path)
    with killing(1_000), pytest.raises(CannotRun, match=r"ballots/box-p-.*\.ndjson.*signal 9"):
        verify_record(folder, group=GROUP, processes=2)
    assert workers_of(os.getpid()) == set()


# How many


@pytest.mark.parametrize("processes", [0, -1])
def test_fewer_than_one_process_is_the_callers_mistake(processes: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one process"):
        verify_record(tmp_path, group=GROUP, processes=processes)


@pytest.mark.parametrize(
    ("files", "ballots", "least"),
    [
        (0, 0, 1),
        (1, 256, 1),
        (500, BALLOTS_FOR_A_PROCESS, 1),
        (500, 2 * BALLOTS_FOR_A_PROCESS, 2),
        (2, 10_000, 2),
        (500, None, 500),
    ],
)
def test_a_small_record_is_worth_fewer_processes(
    files: int, ballots: int | None, least: int
) -> None:
    assert worthwhile(files, ballots) == min(least, all_cores())


def test_a_small_record_starts_no_process_by_itself(tmp_path: Path) -> None:
    folder = write_folder(honest(), tmp_path)
    with killing(1) as killed:
        report = verify_record(folder, group=GROUP, processes=None)
    report.require_accepted()
    assert killed == []
