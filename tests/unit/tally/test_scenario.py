"""Scenarios of real elections, and the manifests made of them."""

# ruff: noqa: E501 -- a table of faults reads best with a row a line

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from egcore.records.manifest import (
    InvalidManifest,
    Log,
    Manifest,
    Registrars,
    manifest_faults,
    parse_manifest,
)
from egcore.signing import SigningKey
from tally.scenario import (
    InvalidScenario,
    manifest_from_scenario,
    parse_scenario,
    scenario_bytes,
    vote_shares,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RAW = scenario_bytes("kz2022_president")
SCENARIO = parse_scenario(RAW)
REGISTRARS = Registrars(
    need=2, keys=tuple(SigningKey.from_bytes(bytes([i]) * 32).public for i in (1, 2, 3))
)


def manifest(scenario: Any = SCENARIO, **settings: Any) -> Manifest:
    arguments = {
        "election": "rehearsal-2022",
        "precincts": 3,
        "n": 7,
        "k": 4,
        "floor": 10,
        "rehearsal": True,
        "registrars": REGISTRARS,
    }
    return manifest_from_scenario(scenario, **{**arguments, **settings})


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    members = json.loads(RAW)
    change(members)
    return json.dumps(members).encode()


def faults_of(raw: bytes) -> set[tuple[str, str]]:
    with pytest.raises(InvalidScenario) as caught:
        parse_scenario(raw)
    assert all(str(fault) in str(caught.value) for fault in caught.value.faults)
    return {(fault.place, fault.detail) for fault in caught.value.faults}


def places_of(raw: bytes) -> set[str]:
    return {place for place, _ in faults_of(raw)}


def test_the_president_scenario_becomes_a_manifest() -> None:
    found = manifest()
    assert manifest_faults(found) == []
    assert parse_manifest(found.to_bytes()) == found
    assert found.election == "rehearsal-2022"
    assert found.date == "2022-11-20"
    assert (found.guardians.n, found.guardians.k) == (7, 4)
    assert (found.floor, found.rehearsal, found.undecided) == (10, True, "cast")
    assert found.registrars == REGISTRARS
    assert found.board.log == "none"
    assert found.title.ru == "Внеочередные выборы Президента Республики Казахстан"


def test_the_contest_has_the_scenarios_options_and_a_blank_one() -> None:
    (contest,) = manifest().contests
    assert contest.id == "president"
    assert contest.area_kind == "region"
    assert (contest.option_limit, contest.contest_limit, contest.data_blocks) == (1, 1, 0)
    assert [(option.id, option.role) for option in contest.options] == [
        ("tokayev", "candidate"),
        ("dairabayev", "candidate"),
        ("abden", "candidate"),
        ("kazhyken", "candidate"),
        ("auesbayev", "candidate"),
        ("tursynbekova", "candidate"),
        ("against_all", "against_all"),
        ("blank", "blank"),
    ]
    assert contest.options[2].label.kk == "Қарақат Әбден"
    blank = contest.options[-1].label
    assert (blank.kk, blank.ru, blank.en) == ("Бос бюллетень", "Пустой бюллетень", "Blank ballot")
    rule = contest.rule
    assert (rule.kind, rule.threshold_base, rule.percent_base) == ("majority", "cast", "valid")


def test_precincts_are_spread_over_the_regions_in_order() -> None:
    found = manifest(precincts=22)
    ids = [precinct.id for precinct in found.precincts]
    assert ids[:3] == ["p-10-0001", "p-11-0001", "p-15-0001"]
    assert ids[19:] == ["p-79-0001", "p-10-0002", "p-11-0002"]
    assert [area.id for area in found.areas][:2] == ["kz-10", "kz-11"]
    assert len(found.areas) == 20
    precinct = found.precincts[20]
    assert precinct.areas == ("kz-10",)
    assert precinct.opens == "2022-11-20T07:00+05:00"
    assert precinct.closes == "2022-11-20T20:00+05:00"
    assert precinct.label.kk == "№ 2 сайлау учаскесі, Абай облысы"
    assert precinct.label.ru == "Избирательный участок № 2, область Абай"
    assert precinct.label.en == "Polling station No. 2, Abai Region"
    assert precinct.styles == ("all",)


def test_only_regions_with_a_precinct_are_areas() -> None:
    assert [area.id for area in manifest(precincts=2).areas] == ["kz-10", "kz-11"]


def test_the_whole_country_fits() -> None:
    found = manifest(precincts=10_400)
    assert len({precinct.id for precinct in found.precincts}) == 10_400
    assert found.precincts[-1].id == "p-79-0520"


def test_settings_reach_the_manifest() -> None:
    board = Log(origin="o", key="k", witnesses=("w",), quorum=1)
    found = manifest(
        undecided="void", data_blocks=2, style="s1", board=board, floor=30, rehearsal=False
    )
    assert found.undecided == "void"
    assert found.contests[0].data_blocks == 2
    assert [style.id for style in found.styles] == ["s1"]
    assert found.board == board
    assert found.rehearsal is False


def test_bytes_and_parsed_scenario_give_the_same_manifest() -> None:
    assert manifest(RAW) == manifest(SCENARIO)


def test_vote_shares_are_the_real_figures() -> None:
    shares = vote_shares(SCENARIO)
    assert shares["tokayev"] == 6_456_393
    assert shares["against_all"] == 460_484
    assert shares["blank"] == 359_568
    assert sum(shares.values()) == SCENARIO.ballots_received == 8_300_046
    assert list(shares) == [option.id for option in manifest().contests[0].options]


def test_a_scenario_without_a_majority_rule_is_refused_in_plain_words() -> None:
    assert faults_of(scenario_bytes("kz2023_mazhilis")) == {
        (
            "rule",
            (
                "only a majority rule with run-off is supported; this one has party_list and "
                "single_mandate and lacks rule, options, max_selections"
            ),
        )
    }


def test_another_kind_of_rule_is_refused_in_plain_words() -> None:
    raw = changed(lambda m: m["rule"].update(type="plurality"))
    assert faults_of(raw) == {("rule", "only a majority rule with run-off is supported")}


def test_an_unknown_scenario_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        scenario_bytes("kz1999")


FAULTS: list[tuple[str, Callable[[dict[str, Any]], object], set[str]]] = [
    ("unknown key", lambda m: m.update(colour="red"), {"colour"}),
    ("unknown key inside", lambda m: m["options"][1].update(party="x"), {"option 2, party"}),
    ("missing key", lambda m: m.pop("derived"), {"derived"}),
    ("missing rule", lambda m: m.pop("rule"), {"rule"}),
    ("missing language", lambda m: m["options"][2]["name"].pop("kk"), {"option 3, name, kk"}),
    ("missing title", lambda m: m["title"].pop("en"), {"title, en"}),
    ("missing region name", lambda m: m["regions"][3]["name"].pop("ru"), {"region 4, name, ru"}),
    ("language too many", lambda m: m["title"].update(de="x"), {"title, de"}),
    ("empty label", lambda m: m["title"].update(en=""), {"title, en"}),
    ("limit 0", lambda m: m.update(max_selections=0), {"max_selections"}),
    ("option id", lambda m: m["options"][1].update(id="tokayev"), {"option 2, id"}),
    ("region code", lambda m: m["regions"][1].update(code="KZ-10"), {"region 2, code"}),
    ("bad code", lambda m: m["regions"][1].update(code="KZ-1"), {"region 2, code"}),
    ("blank", lambda m: m["options"][1].update(id="blank"), {"option 2, id"}),
    (
        "same label",
        lambda m: m["options"][1]["name"].update(ru=m["options"][0]["name"]["ru"]),
        {"option 2, name, ru"},
    ),
    ("two against all", lambda m: m["options"][0].update(against_all=True), {"options"}),
    ("no candidate", lambda m: m.update(options=m["options"][6:]), {"options", "option 1, percent", "derived, votes_for_options", "derived, received_minus_votes"}),
    ("no option", lambda m: m.update(options=[]), {"options", "derived, votes_for_options", "derived, received_minus_votes"}),
    ("no region", lambda m: m.update(regions=[]), {"regions"}),
    ("date", lambda m: m.update(date="2022-02-30"), {"date"}),
    ("two seats", lambda m: m.update(seats=2), {"seats"}),
    ("threshold", lambda m: m["rule"].update(threshold="40 percent"), {"rule, threshold"}),
    ("votes as text", lambda m: m["options"][0].update(votes="1"), {"option 1, votes"}),
    ("percent", lambda m: m["options"][0].update(percent=81.3), {"option 1, percent"}),
    ("sum", lambda m: m["derived"].update(votes_for_options=1), {"derived, votes_for_options"}),
    ("turnout", lambda m: m.update(turnout_percent=69.43), {"turnout_percent"}),
    ("stations", lambda m: m["polling_stations"].update(home=1), {"polling_stations, total"}),
    ("received", lambda m: m.update(ballots_received=7_000_000), {"ballots_received", "derived, received_minus_votes", "turnout_percent"}),
    ("registered", lambda m: m.update(registered=8_000_000), {"ballots_received", "turnout_percent"}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "due"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_each_fault_names_its_place(
    change: Callable[[dict[str, Any]], object], due: set[str]
) -> None:
    assert places_of(changed(change)) == due


FORMS = {
    "empty": (b"", "not JSON"),
    "cut off": (RAW[:-20], "not JSON"),
    "not text": (b"\xff", "not UTF-8 at byte 0"),
    "key twice": (RAW.replace(b"{", b'{"id": "x", ', 1), "key 'id' stands twice"),
    "NaN": (RAW.replace(b"69.44", b"NaN", 1), "NaN is not a number"),
    "too deep": (b"[" * 100_000, "nested too deeply"),
    "too long": (RAW + b" " * 2**20, "expected at most"),
    "a long number": (RAW.replace(b"69.44", b"9" * 5000, 1), "not JSON"),
}


@pytest.mark.parametrize(("raw", "reason"), FORMS.values(), ids=FORMS)
def test_what_is_not_json_is_one_fault(raw: bytes, reason: str) -> None:
    ((place, detail),) = faults_of(raw)
    assert place == ""
    assert reason in detail


@pytest.mark.parametrize("raw", [b"[]", b"1", b"null", b'"text"'])
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    assert faults_of(raw)


def everything_wrong(members: dict[str, Any]) -> None:
    del members["options"][3]["name"]["en"]
    members["options"][1]["id"] = "tokayev"
    members["regions"][5]["code"] = "KZ-10"
    members["max_selections"] = 0
    members["surprise"] = None


def test_faults_of_file_and_settings_come_at_once() -> None:
    with pytest.raises(InvalidScenario) as caught:
        manifest(changed(everything_wrong), n=8, k=4, floor=5, rehearsal=False, election="Ы")
    assert {(fault.rule, fault.place) for fault in caught.value.faults} == {
        ("scenario", "option 4, name, en"),
        ("scenario", "option 2, id"),
        ("scenario", "region 6, code"),
        ("scenario", "max_selections"),
        ("scenario", "surprise"),
        ("0.C", "election"),
        ("M-03", "guardians"),
        ("M-10", "floor"),
    }


SETTINGS: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
    ({"n": 8, "k": 4}, {("M-03", "guardians")}),
    ({"k": 8}, {("M-03", "guardians")}),
    ({"n": 0, "k": 0}, {("0.C", "guardians, n"), ("0.C", "guardians, k")}),
    ({"floor": 9, "rehearsal": False}, {("M-10", "floor")}),
    ({"floor": 0}, {("0.C", "floor")}),
    ({"precincts": 0}, {("M-13", "areas"), ("M-13", "precincts"), ("M-07", "style 1")}),
    ({"precincts": -1}, {("M-13", "areas"), ("M-13", "precincts"), ("M-07", "style 1")}),
    ({"precincts": 10**12}, {("0.C", "precincts")}),
    ({"data_blocks": 101}, {("0.C", "contest 1, data_blocks")}),
    ({"undecided": "gone"}, {("0.C", "undecided")}),
    (
        {"style": "Style"},
        {("0.C", "style 1, id"), *(("0.C", f"precinct {i}, style 1") for i in (1, 2, 3))},
    ),
    ({"registrars": Registrars(need=4, keys=REGISTRARS.keys)}, {("M-11", "registrars")}),
    (
        {"board": Log(origin="o", key="k", witnesses=("w",), quorum=2), "n": 8, "floor": 0},
        {("M-12", "board"), ("M-03", "guardians"), ("0.C", "floor")},
    ),
]


@pytest.mark.parametrize(("settings", "due"), SETTINGS, ids=lambda v: str(sorted(v))[:60])
def test_each_fault_of_the_settings_names_its_place(
    settings: dict[str, Any], due: set[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidManifest) as caught:
        manifest(**settings)
    assert {(fault.rule, fault.place) for fault in caught.value.faults} == due


def test_the_files_are_those_of_the_reference(shared: Path) -> None:
    for name in ("kz2022_president", "kz2023_mazhilis"):
        assert scenario_bytes(name) == (shared / "data" / f"{name}.json").read_bytes()
