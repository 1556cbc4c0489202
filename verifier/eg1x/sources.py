"""What each verification of 1.x builds on: a pass without its sources becomes "not checked"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# Contests, selections, limits and styles; n and k.
_MANIFEST: Final = ("1x.0.E", "1x.1.F")
_GUARDIANS: Final = ("1x.1.E", "1x.2.A")
# Which ballots are cast and which are spoiled.
_STATES: Final = ("1x.20.A",)
# Who took part.
_PARTICIPANTS: Final = (*_GUARDIANS, "1x.10.A")

SOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "1x.V2": ("1x.1.E",),
    "1x.V3": _GUARDIANS,
    "1x.V5": _MANIFEST,
    "1x.V7": (*_MANIFEST, *_STATES),
    "1x.V8": (*_MANIFEST, *_STATES, *_PARTICIPANTS),
    "1x.V9": (*_MANIFEST, *_STATES, *_PARTICIPANTS),
    "1x.V10": (*_MANIFEST, *_STATES, *_GUARDIANS),
    "1x.V11": (*_MANIFEST, *_STATES),
    "1x.V12": (*_MANIFEST, *_STATES),
    "1x.V20": _MANIFEST,
}

# A folder without ballots is one of an election without ballots if the sums say so too.
_SUMS: Final = ("1x.7.B", "1x.7.C")
_OVER_BALLOTS: Final = ("1x.V4", "1x.V5", "1x.V6", "1x.V12", "1x.V20", "1x.V21")


def sources_of(ballot_files: int) -> Mapping[str, tuple[str, ...]]:
    """The sources of every verification of a record with so many ballot files."""
    if ballot_files:
        return SOURCES
    return {**SOURCES, **{id_: (*SOURCES.get(id_, ()), *_SUMS) for id_ in _OVER_BALLOTS}}
