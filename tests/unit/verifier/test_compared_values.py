"""What is compared is the value, and what is shown of it stays short, whatever the record holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.vectors.check_vectors import findings_of
from tests.vectors.verifier_mini import VECTORS
from verifier.algebra import Group
from verifier.model import ProofPair
from verifier.range_proof import check_scalars
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

TINY = Group("tiny", 23, 11, 2)


def parameter_faults() -> Iterator[tuple[dict[str, object], list[str]]]:
    content = json.loads((VECTORS / "v01_parameters.json").read_text("utf-8"))
    for case in content["cases"]:
        yield case, case["expect"]


@pytest.mark.parametrize(
    ("case", "expect"),
    list(parameter_faults()),
    ids=lambda x: x["id"] if isinstance(x, dict) else "",
)
def test_v1_compares_values_and_not_what_it_shows_of_them(
    case: dict[str, object], expect: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finding shows 64 bits of a digest of p; a p that was made to share them must still fail."""
    monkeypatch.setattr("verifier.checks.v01_parameters.brief", lambda _: "a number")
    monkeypatch.setattr("verifier.checks.v01_parameters._shown", lambda _: "2.1.0")
    assert sorted(finding.item for finding in findings_of("v01_parameters", case)) == expect


def test_a_finding_does_not_list_every_entry_of_a_long_proof() -> None:
    proof = [ProofPair(TINY.q, TINY.q)] * 30_000
    found = list(check_scalars(TINY, proof, ("6.B", "6.C"), "meaning", Location()))
    assert [finding.item for finding in found] == ["6.B", "6.C"]
    assert found[0].found == (
        "c_j is q or more for j = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 29988 more"
    )
    assert len(found[1].found) < 100


def test_a_finding_lists_the_entries_of_a_short_proof() -> None:
    proof = [ProofPair(TINY.q, 0), ProofPair(0, 0), ProofPair(TINY.q + 1, TINY.q - 1)]
    (found,) = check_scalars(TINY, proof, ("6.B", "6.C"), "meaning", Location())
    assert found.found == "c_j is q or more for j = 0, 2"
