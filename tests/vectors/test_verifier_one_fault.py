"""Each vector has one fault, and the verifier finds exactly the items that the vector names."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.specification import REPOSITORY, item_headings
from tests.vectors.check_vectors import CHECKS, findings_of
from tests.vectors.verifier_mini import VECTORS
from verifier.algebra import Group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.core.back_end import Powers, Request

FILES = sorted({file for file, _ in CHECKS})
MEMBERS = {"id", "comment", "flags", "parameters", "function", "input", "expect"}
NOT_DEMANDED = {"8.D"}  # the mode without chaining does not occur
# The openings that a record lacks or has too many are found by the pass over the ballots.
ITEMS = {
    name
    for name in item_headings()
    if 1 <= int(name.split(".")[0]) <= 14 and name not in NOT_DEMANDED
}


def load(file: str) -> list[dict[str, Any]]:
    content = json.loads((VECTORS / f"{file}.json").read_text("utf-8"))
    assert set(content) == {"schema", "spec", "source", "cases"}
    assert content["schema"] == f"dalel/vectors/{file}/1"
    cases: list[dict[str, Any]] = content["cases"]
    return cases


CASES = [(file, case) for file in FILES for case in load(file)]


@pytest.mark.parametrize(
    ("file", "case"), CASES, ids=[f"{file[:3]}-{case['id']}" for file, case in CASES]
)
def test_fails_exactly_the_expected_items(file: str, case: dict[str, Any]) -> None:
    found = findings_of(file, case)
    assert sorted(finding.item for finding in found) == case["expect"]
    for finding in found:
        assert finding.expected
        assert finding.found
        assert finding.expected != finding.found
        assert finding.meaning.endswith(".")


def test_every_item_has_a_vector_that_fails_it_alone() -> None:
    alone = {case["expect"][0] for _, case in CASES if len(set(case["expect"])) == 1}
    assert sorted(ITEMS - alone) == []
    assert alone <= ITEMS


def test_every_check_has_a_vector_without_a_fault() -> None:
    good = {(file, case["function"]) for file, case in CASES if not case["expect"]}
    assert good == set(CHECKS)


def test_cases_have_the_members_of_their_check_and_no_others() -> None:
    inputs = defaultdict(set)
    for file, case in CASES:
        assert set(case) == MEMBERS
        inputs[file, case["function"]].add(frozenset(case["input"]))
    assert {key: len(members) for key, members in inputs.items()} == dict.fromkeys(CHECKS, 1)


def test_elements_outside_the_group_are_vectors_of_every_membership_item() -> None:
    """0, p and p - 1 fail 2.A, 6.A, 9.P and 10.P."""
    names = defaultdict(set)
    for _, case in CASES:
        for item in case["expect"]:
            names[item].add(case["id"])
    for item in ("2.A", "6.A", "7.A", "9.P", "10.P", "6.Q", "6.S"):
        for ending in ("-zero", "-p", "-p-minus-1", "-negated"):
            assert any(name.endswith(ending) for name in names[item]), (item, ending)


def case_named(file: str, name: str) -> dict[str, Any]:
    return next(case for case in load(file) if case["id"] == name)


def test_forged_proofs_meet_every_equation_but_membership(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alpha = 0 for 1,000 votes, and C0 = -g^x: with membership not tested nothing else fails."""
    tested = Group.powers_of_each

    def believing(group: Group, requests: Sequence[Request]) -> list[Powers]:
        return [replace(answer, is_element=True) for answer in tested(group, requests)]

    monkeypatch.setattr(Group, "powers_of_each", believing)
    monkeypatch.setattr("verifier.algebra.Group.is_element", lambda *_: True)
    for name in ("selection-forged-1000", "nonce-c0-minus", "data-c0-minus"):
        case = case_named("v06_selection_encryptions", name)
        assert case["expect"]
        assert findings_of("v06_selection_encryptions", case) == []


def test_scalars_of_q_and_more_meet_every_equation(monkeypatch: pytest.MonkeyPatch) -> None:
    """C + q and v + q: with the range not tested nothing else fails."""
    monkeypatch.setattr("verifier.algebra.Group.is_scalar", lambda *_: True)
    wide = [(file, case) for file, case in CASES if case["id"].endswith("-plus-q")]
    assert len(wide) > 20
    for file, case in wide:
        compared = case["expect"][0] in {"2.C", "10.B", "12.B"}  # c itself is compared
        assert bool(findings_of(file, case)) == compared, case["id"]


def test_the_files_are_what_their_generator_makes() -> None:
    program = REPOSITORY / "tools" / "make_check_vectors.py"
    run = subprocess.run(
        [sys.executable, str(program), "--check"], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, "")
