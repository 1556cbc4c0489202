"""The scenario file: real figures of a past election, read strictly.

A scenario is ordinary JSON (floats, nulls, blanks), not a file of the record.
"""

# ruff: noqa: TC001, TC003 -- pydantic evaluates annotations at run time

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Final, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from egcore.errors import ElectionError
from egcore.records.faults import Fault, shape_faults
from egcore.records.fields import N0, Id, N, Text
from egcore.records.json_view import JsonView, repeated
from egcore.records.limits import MAX_CONTEST_LIMIT
from egcore.records.manifest import Day, ElectionId, Label
from egcore.records.manifest_rules import LANGUAGES

BLANK: Final = "blank"  # id of the option that every contest gets beside those of the scenario
MAX_SCENARIO: Final = 2**20  # bytes
_HALF_STEP: Final = 0.00501  # percentages are printed with two decimals

RegionCode = Annotated[str, StringConstraints(pattern=r"^KZ-[0-9]{2}$")]
Percent = Annotated[float, Field(ge=0, le=100)]


class InvalidScenario(ElectionError):  # noqa: N818 - named as its siblings in egcore.errors
    """A scenario with faults; `faults` are all of them, each with its place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(tuple(faults))
        self.faults = tuple(faults)

    def __str__(self) -> str:
        lines = "".join(f"\n  {fault}" for fault in self.faults)
        return f"scenario with {len(self.faults)} faults:{lines}"


class _Part(BaseModel):
    """Closed, strict and immutable, as the records are."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
    )


class ScenarioOption(_Part):
    """A candidate, or the option against all, with the votes it had."""

    id: Id
    name: Label
    votes: N0
    percent: Percent
    nominated_by_en: Text | None = None
    against_all: Literal[True] | None = None


class PollingStations(_Part):
    """Numbers of polling stations and of voters abroad."""

    total: N0
    home: N0
    abroad: N0
    abroad_countries: N0
    registered_abroad: N0
    voted_abroad: N0


class Derived(_Part):
    """Figures computed from the announced ones."""

    votes_for_options: N0
    received_minus_votes: N0
    note: str


class MajorityRule(_Part):
    """Majority with run-off; other rules have no place in a manifest yet."""

    type: Literal["majority"]
    threshold: Literal["more than 50 percent of those voting"]
    runoff: Literal["two leaders; larger number wins"]


class Region(_Part):
    """Region or city of republican rank, with its turnout at two times of the day."""

    code: RegionCode
    name: Label
    turnout_percent_18_05: Percent | None
    turnout_percent_22_00: Percent | None


class Scenario(_Part):
    """A past election with one contest, decided by majority with run-off."""

    id: ElectionId
    date: Day
    kind: Id
    seats: Literal[1]
    max_selections: Annotated[int, Field(ge=1, le=MAX_CONTEST_LIMIT)]
    title: Label
    registered: N
    ballots_received: N
    turnout_percent: Percent
    polling_stations: PollingStations
    absentee_certificate_voters: N0
    options: Annotated[tuple[ScenarioOption, ...], Field(max_length=999)]
    derived: Derived
    rule: MajorityRule
    regions: Annotated[tuple[Region, ...], Field(max_length=100)]
    regional_votes_by_candidate: None
    discrepancies: tuple[str, ...]
    sources: dict[str, str]


def parse_scenario(raw: bytes) -> Scenario:
    """Scenario in a file, with every member known and its figures consistent.

    raw: untrusted. Raises InvalidScenario, and nothing else, with every fault at once.
    """
    members = _read_json(raw)
    view = JsonView((), members if isinstance(members, dict) else {})
    _require_majority(view)
    try:
        scenario = Scenario.model_validate_json(raw)
    except ValidationError as exc:
        found = [Fault("scenario", fault.place, fault.detail) for fault in shape_faults(exc)]
        raise InvalidScenario([*found, *_rule_faults(view)]) from exc
    faults = [*_rule_faults(view), *_figure_faults(scenario)]
    if faults:
        raise InvalidScenario(faults)
    return scenario


def _require_majority(view: JsonView) -> None:
    """Refuse a scenario of another kind of election in plain words, and without a list of faults.

    Nothing else in such a file can be judged: all its members are those of its own kind.
    """
    others = [name for name in ("party_list", "single_mandate") if name in view.members]
    kind = view.view("rule").text("type")
    if (kind is None or kind == "majority") and not others:
        return
    missing = [name for name in ("rule", "options", "max_selections") if name not in view.members]
    has = f"; this one has {' and '.join(others)}" if others else ""
    lacks = f" and lacks {', '.join(missing)}" if missing else ""
    raise InvalidScenario(
        [Fault("scenario", "rule", f"only a majority rule with run-off is supported{has}{lacks}")]
    )


def _rule_faults(view: JsonView) -> Iterator[Fault]:
    """Faults across members; what has the wrong shape is passed over here."""
    options, regions = view.views("options"), view.views("regions")
    for entries, name in ((options, "id"), (regions, "code")):
        for entry, text, _ in repeated((e, e.text(name)) for e in entries):
            yield entry.fault("scenario", f"{name} {text[:40]!r} is used twice", name)
    for language in LANGUAGES:
        labels = ((option, option.view("name").text(language)) for option in options)
        for option, _, _ in repeated(labels):
            yield option.fault("scenario", "the same text as an earlier option", "name", language)
    for option in options:
        if option.text("id") == BLANK:
            yield option.fault("scenario", "blank is the id of the option that is added", "id")
    against = [option.members.get("against_all") is True for option in options]
    if sum(against) > 1:
        yield view.fault("scenario", f"{sum(against)} options are against all", "options")
    if all(against) and "options" in view.members:
        yield view.fault("scenario", "there is no candidate", "options")
    if view.members.get("regions") == []:
        yield view.fault("scenario", "there is none", "regions")


def _figure_faults(scenario: Scenario) -> Iterator[Fault]:
    """Faults of sums and percentages: real announcements have slips."""
    votes = sum(option.votes for option in scenario.options)
    rest = scenario.ballots_received - votes
    yield from _equal("derived, votes_for_options", scenario.derived.votes_for_options, votes)
    yield from _equal("derived, received_minus_votes", scenario.derived.received_minus_votes, rest)
    if rest < 0:
        yield Fault("scenario", "ballots_received", f"{-rest} fewer than the votes for options")
    if scenario.ballots_received > scenario.registered:
        yield Fault("scenario", "ballots_received", "more than registered")
    stations = scenario.polling_stations
    yield from _equal("polling_stations, total", stations.total, stations.home + stations.abroad)
    turnout = 100 * scenario.ballots_received / scenario.registered
    yield from _near("turnout_percent", scenario.turnout_percent, turnout)
    for place, option in enumerate(scenario.options, start=1):
        share = 100 * option.votes / votes if votes else 0.0
        yield from _near(f"option {place}, percent", option.percent, share)


def _equal(place: str, found: int, due: int) -> Iterator[Fault]:
    if found != due:
        yield Fault("scenario", place, f"expected {due}, found {found}")


def _near(place: str, found: float, due: float) -> Iterator[Fault]:
    if abs(found - due) > _HALF_STEP:
        yield Fault("scenario", place, f"expected {due:.2f}, found {found}")


def _read_json(raw: bytes) -> object:
    if len(raw) > MAX_SCENARIO:
        raise _unreadable(f"expected at most {MAX_SCENARIO} bytes, found {len(raw)}")
    try:
        return json.loads(
            raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse_constant
        )
    except UnicodeDecodeError as exc:
        raise _unreadable(f"not UTF-8 at byte {exc.start}") from exc
    except RecursionError as exc:
        raise _unreadable("nested too deeply") from exc
    except ValueError as exc:  # not JSON, a key twice, or a number too long for int()
        raise _unreadable(f"not JSON: {exc}") from exc


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"key {ascii(twice)[:40]} stands twice in one object")
    return members


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number of JSON")


def _unreadable(reason: str) -> InvalidScenario:
    return InvalidScenario([Fault("scenario", "", reason)])
