"""What a verification builds on: the items that tell it what it has to look at.

Where one of them has failed, a pass says nothing, and becomes "not checked".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from verifier.guard import INTERNAL
from verifier.report import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verifier.report import VerificationResult

# n, k, contests, styles, limits, precincts and registrars.
_MANIFEST: Final = ("0.D",)
# Which boxes there are, and how many ballots each has.
_BOXES: Final = (*_MANIFEST, "20.A", "20.B", "20.C", "20.K", "20.L", "20.M", "20.N")
# Which of the ballots are cast and which are challenged.
_STATUSES: Final = (*_BOXES, "20.E", "20.F", "20.H", "20.J")

SOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "V1": _MANIFEST,
    "V2": _MANIFEST,
    "V3": (*_MANIFEST, "2.P"),
    "V4": (*_MANIFEST, "2.P"),
    "V5": _BOXES,
    "V6": _BOXES,
    "V7": _BOXES,
    "V8": _BOXES,
    "V9": _STATUSES,
    "V10": _STATUSES,
    "V11": _STATUSES,
    "V13": _STATUSES,
    "V14": _STATUSES,
    "V20": _MANIFEST,
    "V21": _STATUSES,
    "V22": _STATUSES,
    "V24": _MANIFEST,
}


def without_unfounded_passes(
    results: Iterable[VerificationResult],
) -> list[VerificationResult]:
    """The results in the same order, a pass without its sources turned into "not checked"."""
    listed = list(results)
    by_id = {result.id: result for result in listed}
    return [_founded(result, by_id) for result in listed]


def _founded(
    result: VerificationResult, by_id: Mapping[str, VerificationResult]
) -> VerificationResult:
    if result.status is not Status.PASS:
        return result
    missing = [item for item in SOURCES.get(result.id, ()) if not _holds(item, by_id)]
    if not missing:
        return result
    note = f"what it has to look at follows from {', '.join(missing)}, which did not hold"
    return replace(result, status=Status.NOT_CHECKED, note=note)


def _holds(item: str, by_id: Mapping[str, VerificationResult]) -> bool:
    """Whether an item has no finding and its verification was not left unchecked."""
    source = by_id.get("V" + item.partition(".")[0])
    if source is None or source.status is Status.NOT_CHECKED:
        return False
    return source.failed_items.isdisjoint({item, INTERNAL})
