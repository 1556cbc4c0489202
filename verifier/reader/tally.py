"""The files under `tally/`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from verifier.model import (
    DecryptedLine,
    DecryptedOption,
    PlanFile,
    PlanLine,
    PlanOption,
    Statement,
    StatementMessages,
)
from verifier.reader.devices import guardian_signatures
from verifier.reader.shape import (
    GroupShapes,
    array_of,
    between,
    closed,
    device_id,
    digest,
    identifier,
    member,
    natural,
    positive,
    signature,
)

if TYPE_CHECKING:
    from verifier.report import Location

_SHORT: Final = frozenset({"option", "count"})
_zero = between(0, 0)


def parse_plan_line(value: object, at: Location, shapes: GroupShapes) -> PlanLine:
    """A line of `tally/plan.ndjson`. Raises ShapeFault."""
    m = closed(value, "contest", "group", "precincts", "ballots", "options")

    def option(entry: object) -> PlanOption:
        o = closed(entry, "option", "a", "b")
        return PlanOption(
            option=member(o, "option", identifier),
            a=member(o, "a", shapes.element),
            b=member(o, "b", shapes.element),
        )

    contest, group = member(m, "contest", identifier), member(m, "group", device_id)
    return PlanLine(
        at=at.at(contest=contest, group=group),
        contest=contest,
        group=group,
        precincts=member(m, "precincts", array_of(device_id)),
        ballots=member(m, "ballots", natural),
        options=member(m, "options", array_of(option)),
    )


def parse_decrypted_line(value: object, at: Location, shapes: GroupShapes) -> DecryptedLine:
    """A line of `tally/decrypted.ndjson`. Raises ShapeFault."""
    m = closed(value, "contest", "group", "options")

    def option(entry: object) -> DecryptedOption:
        if isinstance(entry, dict) and entry.keys() == _SHORT:
            o = closed(entry, *_SHORT)
            name = member(o, "option", identifier)
            return DecryptedOption(name, member(o, "count", _zero), None, None, None)
        o = closed(entry, "option", "count", "power", "c", "v")
        return DecryptedOption(
            option=member(o, "option", identifier),
            count=member(o, "count", natural),
            power=member(o, "power", shapes.element),
            c=member(o, "c", shapes.scalar),
            v=member(o, "v", shapes.scalar),
        )

    contest, group = member(m, "contest", identifier), member(m, "group", device_id)
    return DecryptedLine(
        at=at.at(contest=contest, group=group),
        contest=contest,
        group=group,
        options=member(m, "options", array_of(option)),
    )


def parse_plan_file(value: object, at: Location, raw: bytes) -> PlanFile:
    """`tally/plan.json`. Raises ShapeFault; the order of `guardians` is item 24.J."""
    m = closed(value, "h_e", "plan", "seal", "run", "guardians", "signatures")
    return PlanFile(
        at=at,
        h_e=member(m, "h_e", digest),
        plan=member(m, "plan", digest),
        seal=member(m, "seal", digest),
        run=member(m, "run", positive),
        guardians=member(m, "guardians", array_of(positive)),
        signatures=member(m, "signatures", guardian_signatures),
        content=m,
        digest=hashlib.sha256(raw).digest(),
    )


def _messages(value: object) -> StatementMessages:
    m = closed(value, "guardian", "commit", "reveal", "respond")
    return StatementMessages(
        guardian=member(m, "guardian", positive),
        commit=member(m, "commit", digest),
        reveal=member(m, "reveal", digest),
        respond=member(m, "respond", digest),
    )


def parse_statement(value: object, at: Location, number: int) -> Statement:
    """`tally/statements/<number>.json`. Raises ShapeFault."""
    m = closed(value, "h_e", "plan", "guardian", "messages", "sig")
    return Statement(
        at=at.at(guardian=number),
        number=number,
        h_e=member(m, "h_e", digest),
        plan=member(m, "plan", digest),
        guardian=member(m, "guardian", positive),
        messages=member(m, "messages", array_of(_messages)),
        signature=member(m, "sig", signature),
        content=m,
    )
