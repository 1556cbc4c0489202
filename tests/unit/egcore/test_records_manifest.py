"""The manifest: its shape and the rules M-01 to M-13, every fault at once with its place (0.D)."""

# ruff: noqa: E501 -- a table of rules reads best with a row a line

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from egcore.canonical import canonical
from egcore.records import manifest_rules
from egcore.records.faults import place_in_words
from egcore.records.manifest import InvalidManifest, Manifest, manifest_faults, parse_manifest
from tests.record_samples import sample_manifest

if TYPE_CHECKING:
    from collections.abc import Callable

RAW = sample_manifest().to_bytes()
IDENTITY_KEY = "01" + "00" * 31  # a point of the curve that no signature may be checked under


def faults_of(members: object) -> set[tuple[str, str]]:
    with pytest.raises(InvalidManifest) as caught:
        parse_manifest(canonical(members))
    for fault in caught.value.faults:
        assert str(fault) in str(caught.value)
    return {(fault.rule, fault.place) for fault in caught.value.faults}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    members: dict[str, Any] = json.loads(RAW)
    change(members)
    return members


def test_a_manifest_without_fault_is_read_back() -> None:
    manifest = parse_manifest(RAW)
    assert manifest == sample_manifest()
    assert manifest.to_bytes() == RAW
    assert manifest_faults(manifest) == []


def second_contest(members: dict[str, Any]) -> None:
    """Another contest for the same voters, in the style after the first."""
    contest = json.loads(json.dumps(members["contests"][0]))
    contest["id"] = "second"
    contest["label"] = {"kk": "2", "ru": "2", "en": "2"}
    members["contests"].append(contest)
    members["styles"][0]["contests"].append("second")


def log_board(members: dict[str, Any], **board: object) -> None:
    members["board"] = {
        "log": "tlog",
        "origin": "board.example",
        "key": "log-key",
        "witnesses": ["w1", "w2"],
        "quorum": 2,
        **board,
    }


def edit(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Set the member at a path such as `contests.0.options.1.id`."""

    def change(members: Any) -> None:
        *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
        for part in way:
            members = members[part]
        members[last] = value

    return change


def combine(*changes: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], None]:
    def change(members: dict[str, Any]) -> None:
        for single in changes:
            single(members)

    return change


RULES: list[tuple[str, Callable[[dict[str, Any]], object], set[tuple[str, str]]]] = [
    ("area id", edit("areas.1.id", "kz-10"), {("M-01", "area 2, id"), ("M-08", "precinct 2, area 1"), ("M-08", "precinct 2, areas")}),
    ("precinct id", edit("precincts.2.id", "p-10-0001"), {("M-01", "precinct 3, id")}),
    ("contest id", combine(second_contest, edit("contests.1.id", "president"), edit("styles.0.contests", ["president"])), {("M-01", "contest 2, id")}),
    ("style id", lambda m: m["styles"].append(m["styles"][0]), {("M-01", "style 2, id")}),
    ("option id", edit("contests.0.options.1.id", "tokayev"), {("M-01", "contest 1, option 2, id")}),
    ("option label", edit("contests.0.options.2.label.ru", "Против всех"), {("M-02", "contest 1, option 7, label, ru")}),
    ("option label but for a blank", edit("contests.0.options.2.label.ru", "Против\u00a0всех"), {("M-02", "contest 1, option 7, label, ru")}),
    ("contest label", combine(second_contest, lambda m: m["contests"][1].update(label=m["contests"][0]["label"])), {("M-02", f"contest 2, label, {x}") for x in ("kk", "ru", "en")}),
    ("k above n", edit("guardians.k", 8), {("M-03", "guardians")}),
    ("half of n", edit("guardians", {"n": 8, "k": 4}), {("M-03", "guardians")}),
    ("option limit", edit("contests.0.option_limit", 2), {("M-04", "contest 1")}),
    ("contest limit", edit("contests.0.contest_limit", 9), {("M-04", "contest 1")}),
    ("no blank", lambda m: m["contests"][0]["options"].pop(), {("M-05", "contest 1")}),
    ("two blank", edit("contests.0.options.0.role", "blank"), {("M-05", "contest 1")}),
    ("two against all", edit("contests.0.options.0.role", "against_all"), {("M-05", "contest 1")}),
    ("no candidate", lambda m: m["contests"][0].update(options=m["contests"][0]["options"][6:]), {("M-05", "contest 1")}),
    ("empty style", edit("styles.0.contests", []), {("M-06", "style 1, contests"), ("M-06", "contest 1")}),
    ("unknown contest", edit("styles.0.contests", ["president", "x"]), {("M-06", "style 1, contest 2")}),
    ("contest twice", edit("styles.0.contests", ["president", "president"]), {("M-06", "style 1, contest 2")}),
    ("order of contests", combine(second_contest, edit("styles.0.contests", ["second", "president"])), {("M-06", "style 1, contests")}),
    ("contest in no style", combine(second_contest, edit("styles.0.contests", ["president"])), {("M-06", "contest 2")}),
    ("no style", edit("precincts.1.styles", []), {("M-07", "precinct 2, styles")}),
    ("unknown style", edit("precincts.1.styles", ["all", "x"]), {("M-07", "precinct 2, style 2")}),
    ("style twice", edit("precincts.1.styles", ["all", "all"]), {("M-07", "precinct 2, style 2")}),
    ("style unused", lambda m: m["styles"].append({"id": "s2", "contests": ["president"]}), {("M-07", "style 2")}),
    ("unknown area", edit("precincts.0.areas", ["kz-10", "x"]), {("M-08", "precinct 1, area 2")}),
    ("two areas of a kind", edit("precincts.0.areas", ["kz-10", "kz-11"]), {("M-08", "precinct 1, area 2")}),
    ("no area of the contest", edit("precincts.0.areas", []), {("M-08", "precinct 1, areas")}),
    ("another kind of area", edit("contests.0.area_kind", "district"), {("M-08", f"precinct {i}, areas") for i in (1, 2, 3)}),
    ("closed before open", edit("precincts.1.closes", "2022-11-20T07:00+05:00"), {("M-09", "precinct 2")}),
    ("offset counts", edit("precincts.1.closes", "2022-11-20T20:00+19:00"), {("M-09", "precinct 2")}),
    ("floor", edit("floor", 9), {("M-10", "floor")}),
    ("need", edit("registrars.need", 3), {("M-11", "registrars")}),
    ("key twice", lambda m: m["registrars"].update(keys=m["registrars"]["keys"][:1] * 2), {("M-11", "registrars, key 2")}),
    ("key refused", lambda m: m["registrars"]["keys"].append(IDENTITY_KEY), {("M-11", "registrars, key 3")}),
    ("no key", edit("registrars.keys", []), {("M-11", "registrars")}),
    ("quorum", lambda m: log_board(m, quorum=3), {("M-12", "board")}),
    ("witness twice", lambda m: log_board(m, witnesses=["w1", "w1"]), {("M-12", "board, witness 2")}),
    ("witness is the log", lambda m: log_board(m, witnesses=["w1", "log-key"]), {("M-12", "board, witness 2")}),
    ("nothing at all", lambda m: m.update(areas=[], precincts=[], contests=[], styles=[]), {("M-13", name) for name in ("areas", "precincts", "contests", "styles")}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "due"), [r[1:] for r in RULES], ids=[r[0] for r in RULES])
def test_each_rule_names_its_place(
    change: Callable[[dict[str, Any]], object], due: set[tuple[str, str]]
) -> None:
    members = changed(change)
    assert faults_of(members) == due
    manifest = Manifest.model_validate_json(canonical(members))
    assert {(f.rule, f.place) for f in manifest_faults(manifest)} == due


def test_every_rule_has_a_case() -> None:
    ids = {rule for _, _, due in RULES for rule, _ in due}
    assert ids == {f"M-{i:02}" for i in range(1, 14)}


KEPT: dict[str, Callable[[dict[str, Any]], object]] = {
    "rehearsal below the floor": combine(edit("floor", 1), lambda m: m.update(rehearsal=True)),
    "one guardian": edit("guardians", {"n": 1, "k": 1}),
    "all guardians": edit("guardians", {"n": 7, "k": 7}),
    "two contests": second_contest,
    "a log": log_board,
    "a log without witnesses": lambda m: log_board(m, witnesses=[], quorum=0),
    "overnight": edit("precincts.1.closes", "2022-11-21T06:59+05:00"),
    "the largest limit": edit("contests.0.contest_limit", 8),
    "an area of another kind": combine(
        lambda m: m["areas"].append({"id": "d1", "kind": "district", "label": m["title"]}),
        edit("precincts.0.areas", ["kz-10", "d1"]),
    ),
}


@pytest.mark.parametrize("change", KEPT.values(), ids=KEPT)
def test_what_the_rules_allow_is_read(change: Callable[[dict[str, Any]], object]) -> None:
    raw = canonical(changed(change))
    assert parse_manifest(raw).to_bytes() == raw


SHAPES: list[tuple[str, object, str]] = [
    ("format", "dalel/manifest/2", "format"),
    ("election", "Кандай", "election"),
    ("election", "a" * 65, "election"),
    ("date", "2022-11-31", "date"),
    ("date", "20221120", "date"),
    ("date", "2022-11-20 ", "date"),
    ("rehearsal", 1, "rehearsal"),
    ("guardians.n", 101, "guardians, n"),
    ("guardians.k", 0, "guardians, k"),
    ("floor", 0, "floor"),
    ("contests.0.option_limit", 0, "contest 1, option_limit"),
    ("contests.0.contest_limit", 0, "contest 1, contest_limit"),
    ("contests.0.contest_limit", 1001, "contest 1, contest_limit"),
    ("contests.0.data_blocks", 101, "contest 1, data_blocks"),
    ("contests.0.options.1.role", "spoiled", "contest 1, option 2, role"),
    ("contests.0.options.1.id", "A", "contest 1, option 2, id"),
    ("contests.0.rule.kind", "plurality", "contest 1, rule, kind"),
    ("contests.0.rule.percent_base", "registered", "contest 1, rule, percent_base"),
    ("areas.0.label", "text", "area 1, label"),
    ("precincts.0.opens", "2022-11-20T07:00", "precinct 1, opens"),
    ("precincts.0.opens", "2022-11-20T24:00+05:00", "precinct 1, opens"),
    ("precincts.0.opens", "2022-11-20T07:00+05:60", "precinct 1, opens"),
    ("precincts.0.opens", "2022-11-20T07:00Z", "precinct 1, opens"),
    ("precincts.0.opens", "0000-11-20T07:00+05:00", "precinct 1, opens"),
    ("precincts.0.id", "p_1", "precinct 1, id"),
    ("undecided", "challenged", "undecided"),
    ("chaining", "none", "chaining"),
    ("device_string", "dalel/1 <device>", "device_string"),
    ("registrars.need", 0, "registrars, need"),
    ("registrars.keys.1", "AB" * 32, "registrars, key 2"),
    ("board", {"log": "other"}, "board"),
    ("board", {"log": "none", "quorum": 0}, "board, none, quorum"),
    ("board", [], "board"),
]


@pytest.mark.parametrize(("path", "value", "place"), SHAPES)
def test_each_fault_of_shape_names_its_place(path: str, value: object, place: str) -> None:
    members = changed(edit(path, value))
    assert {place_ for rule, place_ in faults_of(members) if rule == "0.C"} == {place}


@pytest.mark.parametrize("name", json.loads(RAW))
def test_each_member_is_needed(name: str) -> None:
    assert ("0.C", name) in faults_of(changed(lambda members: members.pop(name)))


def test_every_fault_at_once() -> None:
    """Bad input of every kind in one file: shape and rules are reported together."""

    def change(members: dict[str, Any]) -> None:
        del members["title"]["kk"]
        members["surprise"] = 1
        members["contests"][0]["colour"] = "red"
        members["contests"][0]["contest_limit"] = 0
        members["contests"][0]["options"][1]["id"] = "tokayev"
        members["guardians"] = {"n": 8, "k": 4}
        members["floor"] = 5
        members["precincts"][1]["id"] = "p-10-0001"

    assert faults_of(changed(change)) == {
        ("0.C", "title, kk"),
        ("0.C", "surprise"),
        ("0.C", "contest 1, colour"),
        ("0.C", "contest 1, contest_limit"),
        ("M-01", "contest 1, option 2, id"),
        ("M-01", "precinct 2, id"),
        ("M-03", "guardians"),
        ("M-10", "floor"),
    }


@pytest.mark.parametrize(
    "raw",
    [b"", b"null\n", b"\xff", RAW[:-1], RAW.replace(b":", b": ", 1), RAW + b"\n", b"[1.5]\n"],
    ids=["empty", "null", "no text", "no newline", "a blank", "two newlines", "float"],
)
def test_faults_of_form(raw: bytes) -> None:
    with pytest.raises(InvalidManifest) as caught:
        parse_manifest(raw)
    assert caught.value.faults[0].rule == "0.B"


def test_form_and_rules_are_reported_together() -> None:
    members = changed(edit("floor", 5))
    with pytest.raises(InvalidManifest) as caught:
        parse_manifest(json.dumps(members).encode())
    assert [fault.rule for fault in caught.value.faults] == ["0.B", "M-10"]


@pytest.mark.parametrize("value", [[], 1, "Text!", {}, [{}]])
def test_rules_pass_over_what_has_another_shape(value: object) -> None:
    for name in json.loads(RAW):
        assert faults_of(changed(edit(name, value)))


def test_places_are_in_words() -> None:
    assert place_in_words(("contests", 0, "options", 2, "label", "kk")) == (
        "contest 1, option 3, label, kk"
    )
    assert place_in_words((3, "boxes", 1)) == "entry 4, box 2"
    assert place_in_words(("a\n<b>",)) == r"'a\n<b>'"
    assert place_in_words(()) == ""


def test_what_groups_are_made_of_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three precincts, each in one area, with one contest."""
    monkeypatch.setattr(manifest_rules, "MAX_VISITS", 3)
    assert parse_manifest(RAW).precincts
    monkeypatch.setattr(manifest_rules, "MAX_VISITS", 2)
    assert faults_of(json.loads(RAW)) == {("0.C", "precincts")}
