"""`manifest.json`: shape only, its rules are in `verifier/manifest_rules.py`."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from verifier.model_manifest import (
    Area,
    Board,
    Contest,
    Label,
    Manifest,
    Option,
    Precinct,
    Registrars,
    Rule,
    Style,
)
from verifier.reader.shape import (
    ShapeFault,
    array_of,
    between,
    boolean,
    closed,
    device_id,
    digest,
    identifier,
    matching,
    member,
    natural,
    one_of,
    positive,
    refuse,
    string,
    text,
)

MAX_GUARDIANS: Final = 100
_MAX_CONTESTS: Final = 500
_MAX_OPTIONS: Final = 1_000
_MAX_STYLES: Final = 500
_MAX_PRECINCTS: Final = 100_000
_MAX_OPTION_LIMIT: Final = 100
_MAX_CONTEST_LIMIT: Final = 1_000
_MAX_DATA_BLOCKS: Final = 100
_MAX_AREAS: Final = 10_000
_MAX_REGISTRARS: Final = 1_000
_MAX_WITNESSES: Final = 100
# Each can be a group, and memory grows with them; all of Kazakhstan has some 150,000.
_MAX_VISITS: Final = 1_000_000

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# The offset is spelled out: datetime also takes 60 minutes in it.
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]"
)
_ELECTION = re.compile(r"[a-z0-9-]{1,64}")
_election = matching(_ELECTION, "1 to 64 of a-z, 0-9 and -")
_guardians = between(1, MAX_GUARDIANS)


def parse_manifest(value: object) -> Manifest:
    """The manifest. Raises ShapeFault."""
    m = closed(
        value,
        *("format", "election", "title", "date", "rehearsal", "guardians", "areas", "precincts"),
        *("contests", "styles", "floor", "undecided", "chaining", "device_string", "registrars"),
        "board",
    )
    member(m, "format", one_of("dalel/manifest/1"))
    member(m, "chaining", one_of("simple"))
    member(m, "device_string", one_of("dalel/1 <precinct> <device>"))
    n, k = member(m, "guardians", _numbers_of_guardians)
    manifest = Manifest(
        election=member(m, "election", _election),
        title=member(m, "title", _label),
        date=member(m, "date", _date),
        rehearsal=member(m, "rehearsal", boolean),
        n=n,
        k=k,
        areas=member(m, "areas", array_of(_area, most=_MAX_AREAS)),
        precincts=member(m, "precincts", array_of(_precinct, most=_MAX_PRECINCTS)),
        contests=member(m, "contests", array_of(_contest, most=_MAX_CONTESTS)),
        styles=member(m, "styles", array_of(_style, most=_MAX_STYLES)),
        floor=member(m, "floor", positive),
        undecided=member(m, "undecided", one_of("cast", "void")),
        registrars=member(m, "registrars", _registrars),
        board=member(m, "board", _board),
    )
    _refuse_too_many_visits(manifest)
    return manifest


def _refuse_too_many_visits(manifest: Manifest) -> None:
    """Bound what groups are made of: a precinct, in one of its areas, for a contest of a style."""
    contests = {style.id: frozenset(style.contests) for style in manifest.styles}
    visits = 0
    for precinct in manifest.precincts:
        listed = (contests.get(style, frozenset()) for style in set(precinct.styles))
        carried = frozenset[str]().union(*listed)
        visits += len(carried) * max(1, len(set(precinct.areas)))
        if visits > _MAX_VISITS:
            expected = f"at most {_MAX_VISITS} triples of precinct, area and contest"
            raise ShapeFault(expected, "more").inside("precincts")


def _numbers_of_guardians(value: object) -> tuple[int, int]:
    m = closed(value, "n", "k")
    return member(m, "n", _guardians), member(m, "k", _guardians)


def _label(value: object) -> Label:
    m = closed(value, "kk", "ru", "en")
    return Label(member(m, "kk", text), member(m, "ru", text), member(m, "en", text))


def _date(value: object) -> str:
    found = string(value)
    if _DATE.fullmatch(found) is None:
        refuse("a date as YYYY-MM-DD", value)
    try:
        date.fromisoformat(found)
    except ValueError:
        refuse("a date that exists", value)
    return found


def _time(value: object) -> str:
    found = string(value)
    if _TIME.fullmatch(found) is None:
        refuse("a time as YYYY-MM-DDTHH:MM+HH:MM, offset at most 23:59", value)
    try:
        datetime.fromisoformat(found)
    except ValueError:
        refuse("a time that exists", value)
    return found


def _area(value: object) -> Area:
    m = closed(value, "id", "kind", "label")
    return Area(
        member(m, "id", identifier), member(m, "kind", identifier), member(m, "label", _label)
    )


def _precinct(value: object) -> Precinct:
    m = closed(value, "id", "areas", "label", "opens", "closes", "styles")
    return Precinct(
        id=member(m, "id", device_id),
        areas=member(m, "areas", array_of(identifier)),
        label=member(m, "label", _label),
        opens=member(m, "opens", _time),
        closes=member(m, "closes", _time),
        styles=member(m, "styles", array_of(identifier)),
    )


def _option(value: object) -> Option:
    m = closed(value, "id", "label", "role")
    return Option(
        id=member(m, "id", identifier),
        label=member(m, "label", _label),
        role=member(m, "role", one_of("candidate", "against_all", "blank")),
    )


def _rule(value: object) -> Rule:
    m = closed(value, "kind", "threshold_base", "percent_base")
    base = one_of("cast", "valid")
    return Rule(
        kind=member(m, "kind", one_of("majority")),
        threshold_base=member(m, "threshold_base", base),
        percent_base=member(m, "percent_base", base),
    )


def _contest(value: object) -> Contest:
    m = closed(
        value,
        *("id", "label", "area_kind", "option_limit", "contest_limit", "data_blocks"),
        *("options", "rule"),
    )
    return Contest(
        id=member(m, "id", identifier),
        label=member(m, "label", _label),
        area_kind=member(m, "area_kind", identifier),
        option_limit=member(m, "option_limit", between(1, _MAX_OPTION_LIMIT)),
        contest_limit=member(m, "contest_limit", between(1, _MAX_CONTEST_LIMIT)),
        data_blocks=member(m, "data_blocks", between(0, _MAX_DATA_BLOCKS)),
        options=member(m, "options", array_of(_option, most=_MAX_OPTIONS)),
        rule=member(m, "rule", _rule),
    )


def _style(value: object) -> Style:
    m = closed(value, "id", "contests")
    return Style(member(m, "id", identifier), member(m, "contests", array_of(identifier)))


def _registrars(value: object) -> Registrars:
    m = closed(value, "need", "keys")
    keys = array_of(digest, most=_MAX_REGISTRARS)
    return Registrars(member(m, "need", positive), member(m, "keys", keys))


def _board(value: object) -> Board:
    if isinstance(value, dict) and value.get("log") == "none":
        closed(value, "log")
        return Board("none")
    m = closed(value, "log", "origin", "key", "witnesses", "quorum")
    return Board(
        log=member(m, "log", one_of("none", "tlog")),
        origin=member(m, "origin", text),
        key=member(m, "key", text),
        witnesses=member(m, "witnesses", array_of(text, most=_MAX_WITNESSES)),
        quorum=member(m, "quorum", natural),
    )
