"""The table of specs/22-items.md is true: of the specification, the code, the vectors, the museum.

Each row is held against something that does not know the table. A function of a row is taken out,
and its item is no longer found: so it is this function that finds it.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.attacks.judge import judge
from tests.attacks.museum.catalogue import BY_ID, CASES
from tests.attacks.museum.index import by_number
from tests.attacks.museum.scene import build
from tests.items import CHAPTER, NONE, Row, completed, rows_in, table
from tests.specification import REPOSITORY, SPECS, defined, item_headings
from tests.toy_groups import TOY
from tests.vectors.check_vectors import findings_of
from tests.vectors.verifier_mini import VECTORS
from verifier.explanations import explanations
from verifier.report import Location
from verifier.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ITEM = re.compile(r"\d+\.[A-Z]")
EQUATION = re.compile(r"EQ-X?\d+")
NOT_DEMANDED = {"8.D"}
OTHER_FORMATS = {"eg1x"}  # packages of the verifier that judge records without these items
ROWS = rows_in(CHAPTER.read_text("utf-8"))
BY_ITEM = {row.item: row for row in ROWS}
PROVEN = [row for row in ROWS if row.item not in NOT_DEMANDED]


def is_test(cell: str) -> bool:
    return "::" in cell


def of_rows(rows: list[Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=[row.item for row in rows])


# Items


def test_every_item_of_the_specification_has_one_row_in_its_order() -> None:
    assert [row.item for row in ROWS] == item_headings()


def test_the_items_are_those_that_are_explained() -> None:
    explained = [item.id for about in explanations().values() for item in about.items]
    assert sorted(explained) == sorted(BY_ITEM)


def test_the_items_are_those_that_the_code_can_report() -> None:
    """A finding's item is a string constant of its own somewhere in the verifier."""
    found = set()
    for path in (REPOSITORY / "verifier").glob("**/*.py"):
        if OTHER_FORMATS.isdisjoint(path.parts):
            found |= {
                node.value
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
                if ITEM.fullmatch(node.value)
            }
    assert by_number(found) == by_number(set(BY_ITEM) - NOT_DEMANDED)


def test_every_verification_with_items_is_in_the_table_of_the_code() -> None:
    run = {entry.id for entry in TABLE}
    assert {f"V{item.split('.')[0]}" for item in BY_ITEM} <= run
    without = run - {f"V{item.split('.')[0]}" for item in BY_ITEM}
    assert by_number(without) == ["V15", "V16", "V17", "V18", "V19", "V23"]


def test_only_what_is_not_demanded_has_no_function() -> None:
    assert {row.item for row in ROWS if not row.functions} == NOT_DEMANDED


# Equations


def section(item: str) -> str:
    """What specs/16 says under the heading of an item."""
    text = (SPECS / "16-verifications.md").read_text("utf-8")
    return re.split(r"^#", text.partition(f"\n### {item} ")[2], flags=re.MULTILINE)[0]


@of_rows(ROWS)
def test_equations_are_defined_and_those_of_the_specification(row: Row) -> None:
    found = set() if row.equations == "-" else set(row.equations.split())
    assert found <= {name for name in defined() if EQUATION.fullmatch(name)}
    if row.item not in NOT_DEMANDED:
        assert set(EQUATION.findall(section(row.item))) <= found


def test_equations_are_those_that_are_explained() -> None:
    explained = {
        item.id: " ".join(item.equations) or "-"
        for about in explanations().values()
        for item in about.items
    }
    assert {row.item: row.equations for row in ROWS} == explained


# Functions


def resolved(name: str) -> tuple[Any, str, Callable[..., object]]:
    """The module or class that has the function, its name there, and the function."""
    module, _, qualified = name.partition(":")
    *classes, last = qualified.split(".")
    owner: Any = importlib.import_module(f"verifier.{module}")
    for step in classes:
        owner = getattr(owner, step)
    return owner, last, inspect.getattr_static(owner, last)


@of_rows(PROVEN)
def test_each_function_is_there_and_names_its_item(row: Row) -> None:
    for name in row.functions:
        owner, _, function = resolved(name)
        assert inspect.isfunction(function), name
        where = owner if inspect.ismodule(owner) else sys.modules[owner.__module__]
        assert function.__module__ == where.__name__, f"{name} is defined elsewhere"
        assert row.item in inspect.getsource(function), f"{name} does not name {row.item}"


def silent(function: Callable[..., object]) -> Callable[..., object]:
    """A function that takes the same arguments and finds nothing."""
    yields = str(inspect.signature(function).return_annotation).startswith(("Iterator", "list"))
    return lambda *_, **__: iter(()) if yields else None


@contextmanager
def without(functions: tuple[str, ...]) -> Iterator[None]:
    """The verifier with these functions taken out, wherever they were imported to."""
    with pytest.MonkeyPatch.context() as patch:
        for name in functions:
            owner, last, function = resolved(name)
            nothing = silent(function)
            patch.setattr(owner, last, nothing)
            for module in list(sys.modules.values()):
                is_ours = module.__name__.startswith("verifier.")
                if is_ours and getattr(module, last, None) is function:
                    patch.setattr(module, last, nothing)
        yield


# Vectors


@cache
def cases_of(file: str) -> dict[str, dict[str, Any]]:
    content = json.loads((VECTORS / f"{file}.json").read_text("utf-8"))
    return {case["id"]: case for case in content["cases"]}


def items_in_vector(cell: str) -> list[str]:
    file, _, id_ = cell.partition("/")
    return [finding.item for finding in findings_of(file, cases_of(file)[id_])]


WITH_VECTOR = [row for row in PROVEN if not row.vector.startswith(NONE)]
WITH_RECORD = [row for row in PROVEN if not row.record.startswith(NONE)]


def test_every_item_has_a_vector_or_a_record_and_a_reason_for_what_it_lacks() -> None:
    for row in PROVEN:
        assert row in WITH_VECTOR or row in WITH_RECORD, row.item
    for row in ROWS:
        for cell in (row.vector, row.record, row.attacks):
            assert cell != NONE, row.item
            assert "?" not in cell, row.item


def test_every_item_of_the_paper_has_a_vector() -> None:
    lacking = {row.item for row in PROVEN if row not in WITH_VECTOR}
    assert {int(item.split(".")[0]) for item in lacking} == {0, 20, 21, 22, 24}


@of_rows(WITH_VECTOR)
def test_the_vector_fails_its_item_once_and_nothing_else(row: Row) -> None:
    assert items_in_vector(row.vector) == [row.item]


@of_rows(WITH_VECTOR)
def test_without_its_function_the_vector_does_not_fail(row: Row) -> None:
    with without(row.functions):
        assert row.item not in items_in_vector(row.vector)


# Records


@cache
def named_test(cell: str) -> tuple[Callable[..., None], ast.FunctionDef]:
    """A test of the repository by its name, and its text."""
    path, _, name = cell.partition("::")
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    text = ast.parse((REPOSITORY / path).read_text("utf-8"))
    (node,) = [n for n in text.body if isinstance(n, ast.FunctionDef) and n.name == name]
    return getattr(module, name), node


def asserted_sets(node: ast.FunctionDef) -> list[set[object]]:
    """The sets that a test says something is equal to."""
    return [
        {entry.value for entry in right.elts if isinstance(entry, ast.Constant)}
        for statement in ast.walk(node)
        if isinstance(statement, ast.Assert) and isinstance(statement.test, ast.Compare)
        for operator, right in zip(statement.test.ops, statement.test.comparators, strict=True)
        if isinstance(operator, ast.Eq) and isinstance(right, ast.Set)
    ]


@of_rows(WITH_RECORD)
def test_the_record_fails_its_item_alone(row: Row) -> None:
    """Of a case or a test: that it says so. The museum and the test themselves show that it is."""
    if is_test(row.record):
        assert {row.item} in asserted_sets(named_test(row.record)[1])
    else:
        assert BY_ID[row.record].expected == {row.item}


@of_rows([row for row in WITH_RECORD if row not in WITH_VECTOR])
def test_without_its_function_the_record_does_not_fail(
    row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_test(row.record):
        record = build(BY_ID[row.record], TOY)
        with without(row.functions):
            assert row.item not in judge(record, TOY, tmp_path).failed_items
        return
    test = named_test(row.record)[0]
    arguments = {"tmp_path": tmp_path, "monkeypatch": monkeypatch}
    wanted = {name: arguments[name] for name in inspect.signature(test).parameters}
    with without(row.functions), pytest.raises(AssertionError):
        test(**wanted)


# Attacks


def test_every_case_of_the_museum_stands_with_its_items_and_no_other() -> None:
    listed = {
        row.item: set() if row.attacks.startswith(NONE) else set(row.attacks.split())
        for row in ROWS
    }
    for case in CASES:
        found = {item for item, ids in listed.items() if case.id in ids}
        assert found == case.expected, case.id
    assert set().union(*listed.values()) <= set(BY_ID)


def test_the_chapter_is_as_its_program_leaves_it() -> None:
    """`python -m tests.items --chapter` keeps order and attacks; all else is written by hand."""
    assert completed(ROWS) == ROWS
    assert CHAPTER.read_text("utf-8").endswith(table(ROWS))


# The test itself


def test_a_function_that_is_taken_out_is_back_afterwards() -> None:
    name = "checks.v06_selection_encryptions:check_selection"
    before = resolved(name)[2]
    with without((name,)):
        assert resolved(name)[2] is not before
    assert resolved(name)[2] is before


def test_a_function_is_taken_out_where_it_was_imported_to() -> None:
    module = importlib.import_module("verifier.checks.v08_confirmation_codes")
    before = module.check_link
    assert len(list(before(b"1", b"2", Location()))) == 1
    with without(("checks.v08_chain:check_link",)):
        assert list(module.check_link(b"1", b"2", Location())) == []
    assert module.check_link is before
