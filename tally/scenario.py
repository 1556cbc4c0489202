"""From a scenario, the real figures of a past election, to the manifest of a new one."""

from __future__ import annotations

from importlib.resources import files
from typing import Final, Literal

from egcore.canonical import encode
from egcore.records.faults import Fault
from egcore.records.limits import MAX_PRECINCTS
from egcore.records.manifest import (
    InvalidManifest,
    Log,
    Manifest,
    NoLog,
    Registrars,
    object_faults,
)
from tally.scenario_model import (
    BLANK,
    InvalidScenario,
    Region,
    Scenario,
    ScenarioOption,
    parse_scenario,
)

AREA_KIND: Final = "region"
STYLE: Final = "all"
OPENS: Final = "07:00+05:00"
CLOSES: Final = "20:00+05:00"
_BLANK_LABEL: Final = {"kk": "Бос бюллетень", "ru": "Пустой бюллетень", "en": "Blank ballot"}
# What the scenario says in words: more than half of those voting, so of the ballots cast; announced
# percentages are of the votes for options.
_RULE: Final = {"kind": "majority", "threshold_base": "cast", "percent_base": "valid"}


def scenario_bytes(name: str) -> bytes:
    """Bytes of a scenario that comes with the package, such as `kz2022_president`.

    Raises FileNotFoundError for a name that it does not have.
    """
    return files("tally").joinpath("scenarios", f"{name}.json").read_bytes()


def vote_shares(scenario: Scenario) -> dict[str, int]:
    """Votes by option id in ballot order, and under `blank` the ballots without a vote.

    The share of blanks stands for all ballots received but not counted for an option: how many
    of them were invalid and how many were not put in the box was not published.
    """
    votes = {option.id: option.votes for option in scenario.options}
    return {**votes, BLANK: scenario.ballots_received - sum(votes.values())}


def manifest_from_scenario(
    scenario: Scenario | bytes,
    *,
    election: str,
    precincts: int,
    n: int,
    k: int,
    floor: int,
    rehearsal: bool,
    registrars: Registrars,
    undecided: Literal["cast", "void"] = "cast",
    data_blocks: int = 0,
    style: str = STYLE,
    board: NoLog | Log | None = None,
) -> Manifest:
    """Manifest with the scenario's contest in `precincts` precincts spread over its regions.

    scenario: parsed, or the untrusted bytes of a file. The first precinct is of the first region,
    the next of the second and so on, then again from the first. Regions without a precinct are
    left out. A blank option is added to those of the scenario; limits are 1 for an option and
    `max_selections` for the contest. Every precinct has one style, named `style`.
    Raises InvalidScenario with every fault of file and settings when the file has any, and
    InvalidManifest with every fault of the settings otherwise.
    """
    settings = {
        "format": "dalel/manifest/1",
        "election": election,
        "rehearsal": rehearsal,
        "guardians": {"n": n, "k": k},
        "floor": floor,
        "undecided": undecided,
        "chaining": "simple",
        "device_string": "dalel/1 <precinct> <device>",
        "registrars": {"need": registrars.need, "keys": [key.hex() for key in registrars.keys]},
        "board": (board or NoLog()).model_dump(mode="json"),
    }
    known = _parsed(scenario, settings)
    excess = precincts > MAX_PRECINCTS
    members = {**settings, **_members(known, 1 if excess else precincts, data_blocks, style)}
    faults = object_faults(members)
    if excess:
        faults.append(Fault("0.C", "precincts", f"has more than {MAX_PRECINCTS} entries"))
    if faults:
        raise InvalidManifest(faults)
    return Manifest.model_validate_json(encode(members))


def _parsed(scenario: Scenario | bytes, settings: dict[str, object]) -> Scenario:
    if isinstance(scenario, Scenario):
        return scenario
    try:
        return parse_scenario(scenario)
    except InvalidScenario as exc:
        # The settings have no members of the scenario: that they lack them is no fault of theirs.
        others = [fault for fault in object_faults(settings) if fault.detail != "is missing"]
        raise InvalidScenario([*exc.faults, *others]) from exc


def _members(scenario: Scenario, precincts: int, data_blocks: int, style: str) -> dict[str, object]:
    regions = scenario.regions[: max(precincts, 0)]
    contest = {
        "id": scenario.kind,
        "label": scenario.title.model_dump(),
        "area_kind": AREA_KIND,
        "option_limit": 1,
        "contest_limit": scenario.max_selections,
        "data_blocks": data_blocks,
        "options": [
            *(_option(option) for option in scenario.options),
            {"id": BLANK, "label": _BLANK_LABEL, "role": "blank"},
        ],
        "rule": _RULE,
    }
    return {
        "title": scenario.title.model_dump(),
        "date": scenario.date,
        "areas": [
            {"id": _area(region), "kind": AREA_KIND, "label": region.name.model_dump()}
            for region in regions
        ],
        "precincts": [_precinct(scenario, number, style) for number in range(precincts)],
        "contests": [contest],
        "styles": [{"id": style, "contests": [scenario.kind]}],
    }


def _area(region: Region) -> str:
    return region.code.lower()


def _option(option: ScenarioOption) -> dict[str, object]:
    role = "against_all" if option.against_all else "candidate"
    return {"id": option.id, "label": option.name.model_dump(), "role": role}


def _precinct(scenario: Scenario, number: int, style: str) -> dict[str, object]:
    """Precinct `number` (from 0) of the election, number `inside` (from 1) of its region."""
    region = scenario.regions[number % len(scenario.regions)]
    inside = number // len(scenario.regions) + 1
    return {
        "id": f"p-{region.code.removeprefix('KZ-')}-{inside:04}",
        "areas": [_area(region)],
        "label": {
            "kk": f"№ {inside} сайлау учаскесі, {region.name.kk}",
            "ru": f"Избирательный участок № {inside}, {region.name.ru}",
            "en": f"Polling station No. {inside}, {region.name.en}",
        },
        "opens": f"{scenario.date}T{OPENS}",
        "closes": f"{scenario.date}T{CLOSES}",
        "styles": [style],
    }


__all__ = [
    "InvalidScenario",
    "Scenario",
    "manifest_from_scenario",
    "parse_scenario",
    "scenario_bytes",
    "vote_shares",
]
