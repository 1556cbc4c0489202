"""Reads the specification: what its headings define, and the rows of its hash tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parent.parent
SPECS = REPOSITORY / "specs"
PRODUCERS = ("egcore", "keyceremony", "terminal_bridge", "tally")
VERIFIER = ("verifier",)

_HEADING = re.compile(r"^### (EQ-X?\d+|(?:1x\.)?\d+\.[A-Z]|A-\d{2}) ", re.MULTILINE)
_MANIFEST_RULE = re.compile(r"^\| (M-\d{2}) \|", re.MULTILINE)
_DECISION = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
_CITATION = re.compile(
    r"\bEQ-X?\d+\b"  # an equation
    # an item, of 2.1 or of 1.x; a full stop may follow
    r"|(?<![\w.§-])(?:1x\.)?\d{1,2}\.[A-Z](?![\w-]|\.\w)"
    r"|(?<![\w-])[AM]-\d{2}(?![\w-])"  # an attack, a rule for manifests
    r"|\bADR-\d{4}\b"
)


class HashRow(NamedTuple):
    """One row of a hash table: where it stands, and its cells without code marks."""

    chapter: str
    id: str
    tag: str
    key: str
    fields: str
    total: str


def chapters() -> list[Path]:
    """Every chapter of the specification, in order."""
    return sorted(SPECS.glob("[0-9][0-9]-*.md"))


def defined() -> list[str]:
    """Every identifier that the specification defines, once for each definition."""
    found: list[str] = []
    for path in chapters():
        text = path.read_text("utf-8")
        found += _HEADING.findall(text) + _MANIFEST_RULE.findall(text)
    decisions = (path.name for path in sorted((SPECS / "decisions").glob("*.md")))
    return found + [f"ADR-{match[1]}" for name in decisions if (match := _DECISION.match(name))]


def item_headings() -> list[str]:
    """Every item that specs/16-verifications.md defines, in its order."""
    headings = _HEADING.findall((SPECS / "16-verifications.md").read_text("utf-8"))
    return [name for name in headings if name[0].isdigit()]


def cited_in_text(text: str) -> set[str]:
    """Every identifier that a text cites."""
    return set(_CITATION.findall(text))


def cited(*folders: str, pattern: str = "**/*.py") -> set[str]:
    """Every identifier cited in files under these folders of the repository."""
    paths = (path for folder in folders for path in (REPOSITORY / folder).glob(pattern))
    return {found for path in paths for found in cited_in_text(path.read_text("utf-8"))}


def hash_rows() -> list[HashRow]:
    """Every row of every hash table (the tables whose first columns are ID, tag and key)."""
    return [row for path in chapters() for row in _rows_of(path)]


def _rows_of(path: Path) -> list[HashRow]:
    rows: list[HashRow] = []
    inside = False
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if cells[:3] == ["ID", "tag", "key"]:
            inside = True
        elif inside and not cells[0].startswith("-"):
            rows.append(HashRow(path.name, cells[0], cells[1], cells[2], cells[3], cells[4]))
    return rows
