"""`results.json`: sums of group counts, outcomes and drawn lots (specs/11, specs/17)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from egcore.records.fields import N0, Dev, H, Id, Text
from egcore.records.limits import MAX_AREAS, MAX_CONTESTS, MAX_OPTIONS, MAX_PRECINCTS
from egcore.records.record import Record, Signed
from egcore.records.signatures import RegistrarSigs

Votes = Annotated[tuple[N0, ...], Field(max_length=MAX_OPTIONS)]
Options = Annotated[tuple[Id, ...], Field(max_length=MAX_OPTIONS)]


class GroupResult(Record):
    """Counts of one group, votes in option order."""

    group: Dev
    ballots: N0
    votes: Votes


class AreaResult(Record):
    """Sum of the groups of an area, or of areas that share a group (EQ-X13)."""

    areas: Annotated[tuple[Id, ...], Field(max_length=MAX_AREAS)]
    ballots: N0
    votes: Votes


class Elected(Record):
    """One option has won (EQ-X15)."""

    kind: Literal["elected"] = "elected"
    option: Id


class RunOff(Record):
    """Two leaders go on, the larger number of votes first (EQ-X15)."""

    kind: Literal["runoff"] = "runoff"
    options: tuple[Id, Id]


class NoOutcome(Record):
    """Nobody can win or go on (EQ-X15)."""

    kind: Literal["none"] = "none"


Outcome = Annotated[Elected | RunOff | NoOutcome, Field(discriminator="kind")]


class ContestResult(Record):
    """Votes of a contest in option order, its groups, areas and outcome."""

    contest: Id
    ballots: N0
    votes: Votes
    groups: Annotated[tuple[GroupResult, ...], Field(max_length=MAX_PRECINCTS, fail_fast=True)]
    areas: Annotated[tuple[AreaResult, ...], Field(max_length=MAX_AREAS, fail_fast=True)]
    outcome: Outcome


class Lot(Signed):
    """The order in which a body drew the tied options (EQ-X16)."""

    purpose: ClassVar[str] = "lot"
    h_e: H
    contest: Id
    options: Options
    order: Options
    body: Text
    sigs: RegistrarSigs


class Results(Record):
    """All contests in the manifest's order, and a lot wherever the rules demand one."""

    h_e: H
    rehearsal: bool
    contests: Annotated[tuple[ContestResult, ...], Field(max_length=MAX_CONTESTS)]
    lots: Annotated[tuple[Lot, ...], Field(max_length=MAX_CONTESTS)]
