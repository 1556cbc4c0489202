"""The units of a record in a folder, and what they amount to in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.verifier.whole_record import GROUP
from verifier.context import FINAL
from verifier.processes import run_here
from verifier.reader.files import RecordFolder, list_files
from verifier.reader.form import Form
from verifier.reader.layout import Layout, is_folder_of_a_record
from verifier.reader.record import read_context
from verifier.reader.record_files import RecordFiles
from verifier.reader.unit_plan import UnitPlan
from verifier.unit_run import UnitRunner

if TYPE_CHECKING:
    from pathlib import Path

    from verifier.context import Context
    from verifier.unit_result import UnitResult
    from verifier.units import Unit


def nothing(_ballots: int) -> None:
    pass


def prepared(
    folder: Path, stage: str = FINAL, *, receipts: bool = False
) -> tuple[Context, UnitPlan, UnitRunner]:
    """What a run over the record has before it looks at ballots."""
    listing = list_files(folder, is_folder_of_a_record)
    form, files = Form(), RecordFolder(folder)
    context = read_context(RecordFiles(files, listing, form), listing, form, GROUP, stage)
    runner = UnitRunner(files, context, receipts=receipts)
    plan = UnitPlan(context, Layout(context, listing), listing, files, runner.rules.shapes)
    return context, plan, runner


def results_of(
    folder: Path, stage: str = FINAL, *, receipts: bool = False
) -> list[tuple[Unit, UnitResult]]:
    _, plan, runner = prepared(folder, stage, receipts=receipts)
    return list(run_here(plan, runner, nothing))
