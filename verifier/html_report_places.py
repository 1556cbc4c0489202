"""Where findings lie: places read back from their texts, and the ballots that they name."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verifier.report import Finding

PARTS: Final = ("line", "device", "ballot", "code", "guardian", "contest", "group", "option")
_FILE: Final = re.compile(r"[A-Za-z0-9_./-]+")
_PART: Final = re.compile(rf"({'|'.join(PARTS)}) ([A-Za-z0-9_-]+)")
_BALLOT_FILES: Final = ("submitted_ballots/", "spoiled_ballots/")  # of a record of 1.x
# The item of files that have no business in a record: their names are free text.
_FOREIGN_NAMES: Final = "0.A"


@dataclass(frozen=True)
class AffectedBox:
    """A box of which findings name ballots. positions and items: ascending, each once."""

    device: str
    positions: tuple[int, ...]
    items: tuple[str, ...]


def parts_of(finding: Finding) -> list[tuple[str, str]] | None:
    """The place of a finding as (name, value); None if its text is no place of this form."""
    if finding.item == _FOREIGN_NAMES:
        return None
    first, *rest = finding.where.split(", ")
    parts: list[tuple[str, str]] = []
    if _PART.fullmatch(first):
        rest = [first, *rest]
    elif _FILE.fullmatch(first):
        parts.append(("file", first))
    else:
        return None
    for text in rest:
        match = _PART.fullmatch(text)
        if match is None:
            return None
        parts.append((match[1], match[2]))
    return parts


def affected_boxes(findings: Iterable[Finding]) -> tuple[AffectedBox, ...]:
    """The ballots that findings name, box by box."""
    positions: defaultdict[str, set[int]] = defaultdict(set)
    items: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for finding in findings:
        ballot = ballot_of(finding)
        if ballot is not None:
            device, position = ballot
            positions[device].add(position)
            items[device][finding.item] = None
    return tuple(
        AffectedBox(device, tuple(sorted(positions[device])), tuple(items[device]))
        for device in sorted(positions)
    )


def affected_files(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The files of single ballots that findings name, where a format has such; sorted."""
    places = (f.where.split(", ")[0] for f in findings if not f.item.endswith(_FOREIGN_NAMES))
    return tuple(sorted({place for place in places if place.startswith(_BALLOT_FILES)}))


def ballot_of(finding: Finding) -> tuple[str, int] | None:
    """Box and position of the ballot that a finding names; None if it names none."""
    named = dict(parts_of(finding) or ())
    device, ballot = named.get("device"), named.get("ballot", "")
    return (device, int(ballot)) if device and ballot.isdecimal() else None


def ranges(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive numbers, ascending, as (first, last)."""
    first = last = None
    for number in numbers:
        if first is None or last is None:
            first = last = number
        elif number == last + 1:
            last = number
        else:
            yield first, last
            first = last = number
    if first is not None and last is not None:
        yield first, last
