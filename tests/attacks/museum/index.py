"""The index of the museum as a chapter of the specification, and as `index.json`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.attacks.museum.catalogue import CASES, ELSEWHERE, GALLERIES, WITHOUT_CASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.attacks.museum.case import Case

_NAMES = "| id | attack | means | reach if nothing stops it | items | remains |"
_RULE = "|---|---|---|---|---|---|"


def by_number(names: Iterable[str]) -> list[str]:
    """Items and verifications by their numbers."""

    def key(name: str) -> list[tuple[int, str]]:
        parts = re.findall(r"\d+|\D+", name)
        return [(int(part) if part.isdigit() else 0, part) for part in parts]

    return sorted(names, key=key)


def row(case: Case) -> str:
    """One line of the table."""
    items = " ".join(by_number(case.expected))
    unchecked = " ".join(by_number(case.unchecked))
    shown = f"{items}; cannot be checked: {unchecked}" if unchecked else items
    cells = (case.id, case.title, case.means, case.reach, shown, case.remains)
    return f"| {' | '.join(cells)} |"


def tables() -> str:
    """Every case by gallery, and what is elsewhere, as Markdown."""
    return "\n".join(_sections()) + "\n"


def _sections() -> Iterator[str]:
    for gallery in GALLERIES:
        yield f"\n## {gallery.title}\n"
        yield _NAMES
        yield _RULE
        yield from map(row, gallery.cases)
    yield "\n## Items and the cases that they stop\n"
    yield "| item | cases |\n|---|---|"
    stopped = cases_by_item()
    for item in by_number([*stopped, *WITHOUT_CASE]):
        yield f"| {item} | {' '.join(stopped.get(item, ())) or 'none: ' + WITHOUT_CASE[item]} |"
    yield "\n## Not a case here\n"
    yield "| id | attack | why, and where it is |\n|---|---|---|"
    yield from (f"| {entry.id} | {entry.title} | {entry.reason} |" for entry in ELSEWHERE)


def cases_by_item() -> dict[str, list[str]]:
    """The ids of the cases in which an item fails, by item."""
    found: dict[str, list[str]] = {}
    for case in CASES:
        for item in case.expected:
            found.setdefault(item, []).append(case.id)
    return found


def entries() -> list[dict[str, object]]:
    """`index.json`: what somebody with another verifier needs to know of each case."""
    return [
        {
            "id": case.id,
            "title": case.title,
            "means": case.means,
            "expected": by_number(case.expected),
        }
        for case in CASES
    ]
