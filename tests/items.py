"""The table of specs/22-items.md: read by tests/test_items.py, kept in order by this program.

Usage: python -m tests.items --chapter
Writes the column *attacks* anew from the museum, and a row for each item of specs/16 in its order.
All else in a row is written by hand; a new row has `?` there, which the test refuses.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.attacks.museum.catalogue import CASES, WITHOUT_CASE
from tests.specification import SPECS, item_headings

if TYPE_CHECKING:
    from collections.abc import Iterable

CHAPTER = SPECS / "22-items.md"
MARK = "<!-- items -->\n"
NONE = "none: "  # before the reason why there is none
NAMES = ("item", "equations", "function", "vector", "record", "attacks")


@dataclass(frozen=True)
class Row:
    """One item. function: `module:name`, or several. The cells are as they stand in the chapter."""

    item: str
    equations: str
    function: str
    vector: str
    record: str
    attacks: str

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that the row names; none for an item that is not demanded."""
        return () if self.function.startswith(NONE) else tuple(self.function.split())

    @property
    def line(self) -> str:
        """The row as it stands in the chapter."""
        cells = (getattr(self, name) for name in NAMES)
        return f"| {' | '.join(cells)} |"


def rows_in(text: str) -> list[Row]:
    """The rows of the table behind the mark, in order."""
    table = text.partition(MARK)[2].splitlines()
    lines = [line for line in table if line.startswith("|")][2:]
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


def attacks_on(item: str) -> str:
    """Every case of the museum that the item stops, in the museum's order; else the reason."""
    cases = [case.id for case in CASES if item in case.expected]
    return " ".join(cases) or NONE + WITHOUT_CASE.get(item, "?")


def completed(rows: Iterable[Row]) -> list[Row]:
    """The rows of all items in the order of specs/16, each with its attacks."""
    known = {row.item: row for row in rows}
    empty = Row("", "?", "?", "?", "?", "?")
    return [
        replace(known.get(item, empty), item=item, attacks=attacks_on(item))
        for item in item_headings()
    ]


def table(rows: Iterable[Row]) -> str:
    """The table as the chapter holds it."""
    head = f"\n| {' | '.join(NAMES)} |\n|{'---|' * len(NAMES)}\n"
    return head + "".join(f"{row.line}\n" for row in rows)


def write_chapter() -> None:
    """The table of the chapter anew; what stands before the mark stays."""
    text = CHAPTER.read_text("utf-8")
    before, mark, _ = text.partition(MARK)
    CHAPTER.write_text(f"{before}{mark}{table(completed(rows_in(text)))}", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.items", description=__doc__)
    parser.add_argument("--chapter", action="store_true", required=True)
    parser.parse_args()
    write_chapter()
    return 0


if __name__ == "__main__":
    sys.exit(main())
