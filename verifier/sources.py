"""What a verification builds on: the items that tell it what it has to look at.

Where one of them has failed, a pass says nothing, and becomes "not checked".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from verifier.guard import INTERNAL
from verifier.item_names import verification_of
from verifier.report import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verifier.report import VerificationResult

_FORMS: Final = frozenset({"V0", "1x.V0"})
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
    results: Iterable[VerificationResult], sources: Mapping[str, tuple[str, ...]] = SOURCES
) -> list[VerificationResult]:
    """The results in the same order, a pass without its sources turned into "not checked".

    sources: by verification; those of 2.1 unless given.
    """
    listed = list(results)
    by_id = {result.id: result for result in listed}
    return [_founded(result, by_id, sources.get(result.id, ())) for result in listed]


def _founded(
    result: VerificationResult, by_id: Mapping[str, VerificationResult], sources: Iterable[str]
) -> VerificationResult:
    if result.status is not Status.PASS:
        return result
    missing = [item for item in sources if not _holds(item, by_id)]
    if not missing:
        return result
    note = f"what it has to look at follows from {', '.join(missing)}, which did not hold"
    return replace(result, status=Status.NOT_CHECKED, note=note)


def _holds(item: str, by_id: Mapping[str, VerificationResult]) -> bool:
    """Whether an item has no finding and its verification looked at all that it owed.

    A finding of another item must not hide what was left out. V0 may have left out any file: what
    needs one that could not be read does not know what it owes, so here its findings are enough.
    """
    source = by_id.get(verification_of(item))
    if source is None or source.status is Status.NOT_CHECKED:
        return False
    if source.id not in _FORMS and source.checked != source.demanded:
        return False
    return source.failed_items.isdisjoint({item, INTERNAL})
