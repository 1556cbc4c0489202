"""Specification, code and tests agree: what one defines, the others cite, and nothing else.

A citation proves attention and not correctness; vectors prove correctness. The verifier is held
apart from what it judges: an equation counts as implemented when both sides cite it.
"""

from __future__ import annotations

import ast
import re

import pytest

from tests.specification import (
    PRODUCERS,
    REPOSITORY,
    VERIFIER,
    cited,
    cited_in_text,
    defined,
    hash_rows,
)

# Items that are defined and not demanded, each with its reason. Nothing else may stand here.
NOT_DEMANDED = {
    "8.D": "no chaining does not occur: the manifest's only mode is simple",
}
ITEM = re.compile(r"(?:1x\.)?\d+\.[A-Z]")
DEFINED = set(defined())
ITEMS = {name for name in DEFINED if ITEM.fullmatch(name)} - set(NOT_DEMANDED)
EQUATIONS = {name for name in DEFINED if name.startswith("EQ-")}
HASH_EQUATIONS = {row.id for row in hash_rows()}
ATTACKS = {name for name in DEFINED if name.startswith("A-")}
MANIFEST_RULES = {name for name in DEFINED if name.startswith("M-")}

IN_PRODUCERS = cited(*PRODUCERS)
IN_VERIFIER = cited(*VERIFIER)
IN_TESTS = (
    cited("tests", pattern="*/**/*.py")
    | cited("tests", pattern="*/**/*.json")
    | cited("specs/vectors", pattern="*.json")
)
IN_ATTACK_TESTS = cited("tests/attacks")


def ordered(names: set[str]) -> list[str]:
    """Sort identifiers by their numbers, for messages that people read."""
    return sorted(names, key=lambda name: [int(part) for part in re.findall(r"\d+", name)])


@pytest.mark.parametrize(
    ("where", "found"),
    [("producing packages", IN_PRODUCERS), ("verifier", IN_VERIFIER), ("tests", IN_TESTS)],
    ids=["producers", "verifier", "tests"],
)
def test_nothing_is_cited_that_is_not_defined(where: str, found: set[str]) -> None:
    assert ordered(found - DEFINED) == [], f"cited in {where} and never defined"


def test_every_equation_is_implemented_on_both_sides() -> None:
    assert ordered(EQUATIONS - IN_PRODUCERS) == [], "not in the producing packages"
    assert ordered(EQUATIONS - IN_VERIFIER) == [], "not in the verifier"


def test_every_hash_of_the_tables_is_an_equation() -> None:
    assert HASH_EQUATIONS <= EQUATIONS


def test_every_equation_is_tested() -> None:
    assert ordered(EQUATIONS - IN_TESTS) == []


def test_every_item_is_implemented_by_the_verifier() -> None:
    assert ordered(ITEMS - IN_VERIFIER) == []


def test_every_item_is_tested() -> None:
    assert ordered(ITEMS - IN_TESTS) == []


def test_every_manifest_rule_is_implemented_on_both_sides_and_tested() -> None:
    assert ordered(MANIFEST_RULES - IN_PRODUCERS) == [], "not in the producing packages"
    assert ordered(MANIFEST_RULES - IN_VERIFIER) == [], "not in the verifier"
    assert ordered(MANIFEST_RULES - IN_TESTS) == [], "not tested"


def test_every_attack_has_a_test() -> None:
    assert ordered(ATTACKS - IN_ATTACK_TESTS) == []


def test_only_items_that_are_defined_are_exempt() -> None:
    assert set(NOT_DEMANDED) <= DEFINED
    assert all(ITEM.fullmatch(name) for name in NOT_DEMANDED)


@pytest.mark.parametrize(("folder", "family"), [("checks", ""), ("eg1x/checks", "1x.")])
def test_a_verification_cites_only_its_own_items_in_its_own_file(folder: str, family: str) -> None:
    """A finding's item is a string constant; `v06_*.py` may not report `7.A` by a slip."""
    strays: list[str] = []
    paths = sorted((REPOSITORY / "verifier" / folder).glob("v[0-9][0-9]_*.py"))
    for path in paths:
        own = f"{family}{int(path.name[1:3])}"
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                foreign = ITEM.fullmatch(node.value) and node.value.rpartition(".")[0] != own
                if foreign:
                    strays.append(f"{path.name}:{node.lineno}: {node.value}")
    assert paths
    assert strays == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("item 6.D.", {"6.D"}),
        ("(9.P), 10.P; EQ-59, EQ-X10", {"9.P", "10.P", "EQ-59", "EQ-X10"}),
        ("v2.1.0 and §3.3.7, 1.B-1.D, x.6.D", set()),
        ("(1x.6.D), 6.D and 1x.V6", {"1x.6.D", "6.D"}),
        ("A-03 or ADR-0001, SHA-256, RSA-12", {"A-03", "ADR-0001"}),
    ],
)
def test_what_counts_as_a_citation(text: str, expected: set[str]) -> None:
    assert cited_in_text(text) == expected
