"""`results.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.model_results import (
    AreaResult,
    ContestResult,
    GroupResult,
    Lot,
    Outcome,
    Results,
)
from verifier.reader.devices import registrar_signatures
from verifier.reader.shape import (
    array_of,
    boolean,
    closed,
    device_id,
    digest,
    identifier,
    member,
    natural,
    refuse,
    text,
)

if TYPE_CHECKING:
    from verifier.report import Location

_votes = array_of(natural)


def parse_results(value: object, at: Location) -> Results:
    """`results.json`. Raises ShapeFault."""
    m = closed(value, "h_e", "rehearsal", "contests", "lots")
    return Results(
        at=at,
        h_e=member(m, "h_e", digest),
        rehearsal=member(m, "rehearsal", boolean),
        contests=member(m, "contests", array_of(lambda entry: _contest(entry, at))),
        lots=member(m, "lots", array_of(lambda entry: _lot(entry, at))),
    )


def _contest(value: object, at: Location) -> ContestResult:
    m = closed(value, "contest", "ballots", "votes", "groups", "areas", "outcome")
    contest = member(m, "contest", identifier)
    return ContestResult(
        at=at.at(contest=contest),
        contest=contest,
        ballots=member(m, "ballots", natural),
        votes=member(m, "votes", _votes),
        groups=member(m, "groups", array_of(_group)),
        areas=member(m, "areas", array_of(_areas)),
        outcome=member(m, "outcome", _outcome),
    )


def _group(value: object) -> GroupResult:
    m = closed(value, "group", "ballots", "votes")
    return GroupResult(
        member(m, "group", device_id), member(m, "ballots", natural), member(m, "votes", _votes)
    )


def _areas(value: object) -> AreaResult:
    m = closed(value, "areas", "ballots", "votes")
    return AreaResult(
        areas=member(m, "areas", array_of(identifier)),
        ballots=member(m, "ballots", natural),
        votes=member(m, "votes", _votes),
    )


def _outcome(value: object) -> Outcome:
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind == "elected":
        return Outcome("elected", (member(closed(value, "kind", "option"), "option", identifier),))
    if kind == "runoff":
        options = array_of(identifier, least=2, most=2)
        return Outcome("runoff", member(closed(value, "kind", "options"), "options", options))
    if kind != "none":
        refuse("an outcome of kind elected, runoff or none", value)
    closed(value, "kind")
    return Outcome("none", ())


def _lot(value: object, at: Location) -> Lot:
    m = closed(value, "h_e", "contest", "options", "order", "body", "sigs")
    contest = member(m, "contest", identifier)
    return Lot(
        at=at.at(contest=contest),
        h_e=member(m, "h_e", digest),
        contest=contest,
        options=member(m, "options", array_of(identifier)),
        order=member(m, "order", array_of(identifier)),
        body=member(m, "body", text),
        sigs=member(m, "sigs", registrar_signatures),
        content=m,
    )
