"""The specification keeps its own rules: unique identifiers, live links, tables that add up."""

from __future__ import annotations

import ast
import operator
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.specification import (
    REPOSITORY,
    SPECS,
    HashRow,
    chapters,
    cited_in_text,
    defined,
    hash_rows,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

# Sizes to put into the formulas, and what the formulas of the paper's section 5.5 give for them.
SIZES = {
    "lp": 512, "lq": 32, "k": 2, "n": 3, "m": 2, "R": 1, "L": 2, "blk": 3, "u": 2,
    "contests": 2, "file": 700, "text": 20,
}  # fmt: skip
OTHER_SIZES = {
    "lp": 512, "lq": 32, "k": 4, "n": 7, "m": 8, "R": 3, "L": 5, "blk": 1, "u": 5,
    "contests": 5, "file": 1, "text": 1,
}  # fmt: skip
PAPER_LENGTHS = {
    ("EQ-4", 0): 1065, ("EQ-5", 0): 705, ("EQ-11", 0): 3084, ("EQ-13", 0): 3084,
    ("EQ-16", 0): 1545, ("EQ-16", 1): 39, ("EQ-22", 0): 1097, ("EQ-27", 0): 8705,
    ("EQ-30", 0): 1025, ("EQ-32", 0): 33, ("EQ-33", 0): 41, ("EQ-35", 0): 1025,
    ("EQ-35", 1): 36, ("EQ-38", 0): 1057, ("EQ-59", 0): 3081, ("EQ-62", 0): 4101,
    ("EQ-64", 0): 37, ("EQ-65", 0): 1029, ("EQ-66", 0): 38, ("EQ-69", 0): 1125,
    ("EQ-70", 0): 2053, ("EQ-70", 1): 2725, ("EQ-71", 0): 101, ("EQ-72", 0): 25,
    ("EQ-74", 0): 37, ("EQ-77", 0): 37, ("EQ-78", 0): 69, ("EQ-88", 0): 2585,
    ("EQ-90", 0): 2569, ("EQ-99", 0): 2229, ("EQ-101", 0): 2213,
}  # fmt: skip
ROWS = hash_rows()
ORDINALS = [sum(row.id == other.id for other in ROWS[:at]) for at, row in enumerate(ROWS)]
OPERATIONS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
DOCUMENTS = [*SPECS.glob("**/*.md"), *REPOSITORY.glob("*.md")]


def evaluate(expression: str, sizes: Mapping[str, int]) -> int:
    """Compute a width such as `2*(R+1)*lp`."""

    def value(node: ast.expr) -> int:
        match node:
            case ast.Constant(value=int(number)):
                return number
            case ast.Name(id=name):
                return sizes[name]
            case ast.BinOp(left=left, op=op, right=right):
                return OPERATIONS[type(op)](value(left), value(right))
        raise ValueError(f"not a width: {expression}")

    return value(ast.parse(expression, mode="eval").body)


def sum_of_fields(row: HashRow, sizes: Mapping[str, int]) -> int:
    tag = 0 if row.tag == "-" else 1
    widths = (field.rsplit(":", 1)[1] for field in row.fields.split(", "))
    return tag + sum(evaluate(width, sizes) for width in widths)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.chapter[:2]}-{row.id}")
@pytest.mark.parametrize("sizes", [SIZES, OTHER_SIZES], ids=["small", "large"])
def test_the_fields_of_a_hash_add_up_to_its_length(row: HashRow, sizes: dict[str, int]) -> None:
    assert sum_of_fields(row, sizes) == evaluate(row.total, sizes)


@pytest.mark.parametrize(("row", "ordinal"), list(zip(ROWS, ORDINALS, strict=True)))
def test_the_length_is_the_one_that_the_paper_prints(row: HashRow, ordinal: int) -> None:
    assert evaluate(row.total, SIZES) == PAPER_LENGTHS[row.id, ordinal]


def test_every_length_of_the_paper_has_its_row() -> None:
    assert {(row.id, at) for row, at in zip(ROWS, ORDINALS, strict=True)} == set(PAPER_LENGTHS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_text_constant_has_the_width_of_its_letters(row: HashRow) -> None:
    for text, width in re.findall(r'"([^"]*)":(\d+)', row.fields):
        assert len(text) == int(width)


def test_no_two_hashes_can_be_confused() -> None:
    by_tag_and_key = Counter((row.tag, row.key) for row in ROWS if row.tag != "-")
    shared = {pair for pair, number in by_tag_and_key.items() if number > 1}
    # Told apart by text, by length, by the manifest, and (EQ-74, EQ-77) by the field they hash.
    assert shared == {("10", "H_P"), ("24", "H_I"), ("28", "H_I"), ("29", "H_E")}


def test_no_identifier_is_defined_twice() -> None:
    assert [name for name, number in Counter(defined()).items() if number > 1] == []


def test_all_equations_and_items_of_this_release_are_defined() -> None:
    numbers = (
        "4 5 11 13 16 22 27 30 32 33 35 38 59 62 64 65 66 69 70 71 72 73 74 75 77 78 88 90 99 101"
    )
    wanted = {f"EQ-{number}" for number in numbers.split()}
    wanted |= {f"EQ-X{number}" for number in range(1, 18)}
    assert {name for name in defined() if name.startswith("EQ-")} == wanted


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_what_a_document_cites_exists(path: Path) -> None:
    assert cited_in_text(path.read_text("utf-8")) <= set(defined())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_are_alive(path: Path) -> None:
    targets = [link for link in LINK.findall(path.read_text("utf-8")) if ":" not in link]
    assert [link for link in targets if not (path.parent / link.split("#")[0]).exists()] == []


def test_the_index_names_every_chapter() -> None:
    index = (SPECS / "README.md").read_text("utf-8")
    assert [path.name for path in chapters() if f"({path.name})" not in index] == []


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.name)
def test_a_chapter_has_its_number_and_sections(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith(f"# {path.name[:2]} ")
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    if "01" <= path.name[:2] <= "10" and not path.name.startswith("08"):
        expected = ["Purpose", "Inputs", "Definitions", "Equations", "Checks", "Encoding"]
        expected += ["Security notes", "Vectors"]
        if path.name.startswith("10"):
            expected.remove("Encoding")  # it has no hash of its own
        assert sections == expected


@pytest.mark.parametrize("path", sorted((SPECS / "decisions").glob("*.md")), ids=lambda p: p.name)
def test_a_decision_says_what_it_costs(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith(f"# ADR-{path.name[:4]}: ")
    assert "### Negative consequences" in text
    assert len(text.splitlines()) <= 60
