"""Runs that stop in the middle, parts of a run, and what they must come to together."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tests.unit.verifier.whole_record import GROUP
from verifier.context import FINAL
from verifier.report import Report, Verdict
from verifier.run import verify_record
from verifier.whole.scope import FileRange, Scope
from verifier.whole.unit_memory import UnitMemory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from verifier.unit_result import UnitResult
    from verifier.units import Unit


class Stopped(BaseException):
    """What ends a run in the middle, as Ctrl-C does."""


@contextmanager
def stopping_after(monkeypatch: pytest.MonkeyPatch, units: int) -> Iterator[None]:
    """End a run when so many ballot files have been remembered, and before the next one is."""
    take, left = UnitMemory.take, [units]

    def until_then(self: UnitMemory, unit: Unit, result: UnitResult) -> None:
        if left[0] == 0:
            raise Stopped
        left[0] -= unit.path is not None
        take(self, unit, result)

    with monkeypatch.context() as patched:
        patched.setattr(UnitMemory, "take", until_then)
        yield


def resumed(folder: Path, journal: Path, processes: int = 1) -> tuple[Report, str]:
    """The report of a run with this journal, and what it says of it."""
    said: list[str] = []
    scope = Scope(resume=journal)
    report = verify_record(folder, group=GROUP, processes=processes, scope=scope, say=said.append)
    (line,) = said
    return report, line


def part(folder: Path, files: str, place: Path, stage: str = FINAL, processes: int = 1) -> Report:
    """The report on ballot files A..B, of which a partial result is written."""
    scope = Scope(files=FileRange.parse(files), part=place)
    return verify_record(folder, group=GROUP, stage=stage, processes=processes, scope=scope)


def merged(folder: Path, *parts: Path, stage: str = FINAL) -> tuple[Report, str]:
    """The report on a record by parts, and what the run says of them."""
    said: list[str] = []
    scope = Scope(parts=parts)
    report = verify_record(folder, group=GROUP, stage=stage, scope=scope, say=said.append)
    (line,) = said
    return report, line


def without_parts(report: Report) -> bytes:
    """The JSON report without the notes that name parts."""
    content = json.loads(report.to_json_bytes())
    content["notes"] = [note for note in content["notes"] if "partial result" not in note]
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def found_by_resumed_runs(
    alone: Report, folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch, processes: int = 1
) -> None:
    """By one after a stop at the second ballot file, if there is one, and by one after that."""
    with stopping_after(monkeypatch, 1), suppress(Stopped):
        resumed(folder, place / "journal")
    for number in (processes, 1):
        report, _ = resumed(folder, place / "journal", number)
        assert report.to_json_bytes() == alone.to_json_bytes()


def found_by_parts(alone: Report, files: int, folder: Path, place: Path) -> None:
    """By the first ballot file apart from the others. files: that the record should have."""
    ranges = ["0..0", *([f"1..{files - 1}"] if files > 1 else [])] if files else []
    places = [place / f"part-{number}" for number in range(len(ranges))]
    for its_files, its_place in zip(ranges, places, strict=True):
        report = part(folder, its_files, its_place)
        assert report.verdict is not Verdict.ACCEPTED
        assert report.failed_items <= alone.failed_items
    if places:
        report, _ = merged(folder, *places)
        assert without_parts(report) == alone.to_json_bytes()
