"""The texts of findings are those that were read and approved; see `approved_texts`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.approved_texts import (
    VECTOR_FILES,
    approved,
    of_attack,
    texts,
)
from tests.vectors.check_vectors import findings_of
from tests.vectors.verifier_mini import VECTORS

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

APPROVED = {file: approved(file) for file in VECTOR_FILES}
CASES = {
    file: {
        case["id"]: case
        for case in json.loads((VECTORS / f"{file}.json").read_text("utf-8"))["cases"]
        if case["expect"]
    }
    for file in VECTOR_FILES
}
FAULTS = [(file, case) for file, cases in CASES.items() for case in cases.values()]


@pytest.mark.parametrize(
    ("file", "case"), FAULTS, ids=[f"{file[:3]}-{case['id']}" for file, case in FAULTS]
)
def test_a_vector_is_answered_in_the_approved_words(file: str, case: dict[str, Any]) -> None:
    assert texts(findings_of(file, case)) == APPROVED[file][case["id"]]


@pytest.mark.parametrize("file", VECTOR_FILES)
def test_every_vector_with_a_fault_has_approved_words(file: str) -> None:
    assert list(APPROVED[file]) == list(CASES[file])


@pytest.mark.parametrize("id_", approved("museum"))
def test_an_attack_is_answered_in_the_approved_words(id_: str, tmp_path: Path) -> None:
    assert of_attack(id_, tmp_path) == approved("museum")[id_]
