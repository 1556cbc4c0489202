"""Reports do not depend on batches of compact proofs, whatever is wrong with a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore.parameters import STANDARD
from tests.attacks.judge import write_folder
from tests.attacks.museum.base import honest_record
from tests.attacks.museum.catalogue import BY_ID, CASES
from tests.attacks.museum.scene import build
from tests.toy_groups import TOY
from tests.unit.verifier.core.back_ends import shape
from tests.unit.verifier.core.strict_rows import StrictRows
from verifier.algebra import Group
from verifier.core.ifma.choose import ifma_rows
from verifier.core.reference_rows import ReferenceRows
from verifier.proofs.compact import CompactBatches
from verifier.report import Verdict
from verifier.run import verify_record
from verifier.unit_run import UnitRunner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from egcore.group import Group as ProducersGroup
    from tests.attacks.museum.case import Files, Link
    from verifier.core.rows import RowEngine
    from verifier.election import Election
    from verifier.proofs.statements import BallotStatements
    from verifier.report import Report

# The attacks on what batches look at, at least among others.
ON_PROOFS = [
    case.id
    for case in CASES
    if {item.partition(".")[0] for item in case.expected} & {"3", "5", "6", "7"}
]


class Counted(CompactBatches):
    """Notes what it said."""

    def __init__(self, group: Group, engine: RowEngine) -> None:
        super().__init__(engine, shape(group))
        self.said: list[bool] = []

    def holding(
        self, election: Election, ballots: Sequence[BallotStatements], hints: Sequence[bytes]
    ) -> list[bool]:
        answers = super().holding(election, ballots, hints)
        self.said += answers
        return answers


def report(
    folder: Path,
    group: Group,
    batches: CompactBatches | None,
    monkeypatch: pytest.MonkeyPatch,
) -> Report:
    """The report of a run in which every unit is looked at with these batches."""
    original = UnitRunner.__init__

    def with_batches(self: UnitRunner, *arguments: Any, **named: Any) -> None:
        original(self, *arguments, **{**named, "batches": batches})

    with monkeypatch.context() as context:
        context.setattr(UnitRunner, "__init__", with_batches)
        return verify_record(folder, group=group)


def same_reports(
    record: Files | dict[str, bytes | Link],
    group: ProducersGroup,
    folder: Path,
    engine: RowEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[Report, list[bool]]:
    """The report with batches, which is the one without; and what the batches said."""
    written = write_folder(record, folder)
    same = Group(group.name, group.p, group.q, group.g)
    batches = Counted(same, engine)
    found = report(written, same, batches, monkeypatch)
    assert found.to_json_bytes() == report(written, same, None, monkeypatch).to_json_bytes()
    return found, batches.said


def test_an_honest_record_is_accepted_by_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, said = same_reports(honest_record(TOY), TOY, tmp_path, StrictRows(TOY.p), monkeypatch)
    assert found.verdict is Verdict.ACCEPTED
    assert said
    assert all(said)


@pytest.mark.parametrize("id_", ON_PROOFS)
def test_attacks_on_proofs(id_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same_reports(build(BY_ID[id_], TOY), TOY, tmp_path, ReferenceRows(TOY.p), monkeypatch)


@pytest.mark.long
@pytest.mark.parametrize("id_", [id_ for id_ in BY_ID if id_ not in ON_PROOFS])
def test_every_other_attack_of_the_museum(
    id_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same_reports(build(BY_ID[id_], TOY), TOY, tmp_path, ReferenceRows(TOY.p), monkeypatch)


@pytest.mark.long
@pytest.mark.standard
def test_a_record_of_the_standard_group_by_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = ifma_rows()
    if choice.engine is None:
        pytest.skip(choice.reason)
    found, said = same_reports(
        honest_record(STANDARD), STANDARD, tmp_path, choice.engine, monkeypatch
    )
    assert found.verdict is Verdict.ACCEPTED
    assert all(said)
