"""`results.json` as a verifier holds it: shape only (specs/17-results.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.model import IndexedSignature
    from verifier.report import Location


@dataclass(frozen=True, slots=True)
class Outcome:
    """kind: elected (one option), runoff (two) or none (no option)."""

    kind: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupResult:
    """Votes of one group, in option order."""

    group: str
    ballots: int
    votes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AreaResult:
    """Votes of areas that are reported together."""

    areas: tuple[str, ...]
    ballots: int
    votes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ContestResult:
    """One entry of `contests` in the results."""

    at: Location
    contest: str
    ballots: int
    votes: tuple[int, ...]
    groups: tuple[GroupResult, ...]
    areas: tuple[AreaResult, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Lot:
    """A drawn lot; `content` is the object that the registrars signed, with its `sigs`."""

    at: Location
    h_e: bytes
    contest: str
    options: tuple[str, ...]
    order: tuple[str, ...]
    body: str
    sigs: tuple[IndexedSignature, ...]
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Results:
    """`results.json`."""

    at: Location
    h_e: bytes
    rehearsal: bool
    contests: tuple[ContestResult, ...]
    lots: tuple[Lot, ...]
