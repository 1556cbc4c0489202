"""M-01 to M-13: one fault breaks one rule, and all faults are found at once (0.D)."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import pytest

from verifier.manifest_rules import check_manifest_rules
from verifier.reader.manifest import parse_manifest
from verifier.reader.shape import ShapeFault

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]

# RFC 8032, section 7.1: the public keys of its first three test vectors.
KEYS: Final = (
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
)


def label(text: str) -> Json:
    return {"kk": f"{text} (kk)", "ru": f"{text} (ru)", "en": text}


def option(id_: str, role: str) -> Json:
    return {"id": id_, "label": label(id_), "role": role}


def contest(id_: str, area_kind: str) -> Json:
    return {
        "id": id_,
        "label": label(id_),
        "area_kind": area_kind,
        "option_limit": 1,
        "contest_limit": 1,
        "data_blocks": 0,
        "options": [
            option("first", "candidate"),
            option("second", "candidate"),
            option("against", "against_all"),
            option("blank", "blank"),
        ],
        "rule": {"kind": "majority", "threshold_base": "cast", "percent_base": "valid"},
    }


def precinct(id_: str, areas: list[str], styles: list[str]) -> Json:
    return {
        "id": id_,
        "areas": areas,
        "label": label(id_),
        "opens": "2022-11-20T07:00+06:00",
        "closes": "2022-11-20T20:00+06:00",
        "styles": styles,
    }


MANIFEST: Final[Json] = {
    "format": "dalel/manifest/1",
    "election": "test-2022",
    "title": label("Test"),
    "date": "2022-11-20",
    "rehearsal": False,
    "guardians": {"n": 3, "k": 2},
    "areas": [
        {"id": "nation", "kind": "nation", "label": label("Nation")},
        {"id": "north", "kind": "region", "label": label("North")},
        {"id": "south", "kind": "region", "label": label("South")},
    ],
    "precincts": [
        precinct("p-1", ["nation", "north"], ["short"]),
        precinct("p-2", ["nation", "south"], ["short", "long"]),
    ],
    "contests": [contest("president", "nation"), contest("council", "region")],
    "styles": [
        {"id": "short", "contests": ["president"]},
        {"id": "long", "contests": ["president", "council"]},
    ],
    "floor": 10,
    "undecided": "cast",
    "chaining": "simple",
    "device_string": "dalel/1 <precinct> <device>",
    "registrars": {"need": 2, "keys": list(KEYS)},
    "board": {"log": "none"},
}

TLOG: Final[Json] = {
    "log": "tlog",
    "origin": "example.org/test",
    "key": "key-0",
    "witnesses": ["key-1", "key-2"],
    "quorum": 2,
}


def broken_rules(manifest: Json) -> list[str]:
    return sorted({fault.rule for fault in check_manifest_rules(parse_manifest(manifest))})


def changed(change: Callable[[Json], object]) -> Json:
    manifest = copy.deepcopy(MANIFEST)
    change(manifest)
    return manifest


def replace_at(path: tuple[str | int, ...], value: object) -> Callable[[Json], object]:
    def change(manifest: Json) -> None:
        place: Any = manifest
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


def append_at(path: tuple[str | int, ...], value: object) -> Callable[[Json], object]:
    def change(manifest: Json) -> None:
        place: Any = manifest
        for step in path:
            place = place[step]
        place.append(value)

    return change


def test_a_good_manifest_breaks_no_rule() -> None:
    assert broken_rules(MANIFEST) == []
    assert broken_rules(changed(replace_at(("board",), TLOG))) == []


_AREA = {"id": "south", "kind": "region", "label": label("Another")}
_OPTIONS = ("contests", 0, "options")
_CONTEST = ("contests", 0)


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("M-01", append_at(("areas",), _AREA)),
        ("M-01", append_at(("precincts",), precinct("p-1", ["nation", "south"], ["short"]))),
        ("M-01", append_at(("styles",), {"id": "short", "contests": ["president"]})),
        ("M-01", append_at(_OPTIONS, {**option("other", "candidate"), "id": "first"})),
        ("M-02", replace_at((*_OPTIONS, 1, "label", "ru"), "first (ru)")),
        ("M-02", replace_at((*_OPTIONS, 1, "label", "ru"), "first\u00a0(ru)")),
        ("M-02", replace_at(("contests", 1, "label", "kk"), "president (kk)")),
        ("M-03", replace_at(("guardians",), {"n": 4, "k": 2})),
        ("M-03", replace_at(("guardians",), {"n": 2, "k": 3})),
        ("M-04", replace_at((*_CONTEST, "option_limit"), 2)),
        ("M-04", replace_at((*_CONTEST, "contest_limit"), 5)),
        ("M-05", replace_at((*_OPTIONS, 3, "role"), "candidate")),
        ("M-05", replace_at((*_OPTIONS, 1, "role"), "blank")),
        ("M-05", replace_at((*_OPTIONS, 1, "role"), "against_all")),
        ("M-05", replace_at(_OPTIONS, [option("blank", "blank")])),
        ("M-06", replace_at(("styles", 1, "contests"), ["council", "president"])),
        ("M-06", replace_at(("styles", 1, "contests"), ["president", "president", "council"])),
        ("M-06", append_at(("styles", 1, "contests"), "senate")),
        ("M-06", append_at(("contests",), contest("senate", "region"))),
        ("M-07", append_at(("styles",), {"id": "unused", "contests": ["president"]})),
        ("M-07", append_at(("precincts",), precinct("p-3", ["nation"], []))),
        ("M-07", append_at(("precincts", 0, "styles"), "short")),
        ("M-07", append_at(("precincts", 0, "styles"), "unknown")),
        ("M-08", replace_at(("precincts", 0, "areas"), ["north"])),
        ("M-08", replace_at(("precincts", 1, "areas"), ["nation", "north", "south"])),
        ("M-08", append_at(("precincts", 0, "areas"), "west")),
        ("M-09", replace_at(("precincts", 0, "closes"), "2022-11-20T07:00+06:00")),
        ("M-09", replace_at(("precincts", 0, "closes"), "2022-11-20T08:00+12:00")),
        ("M-10", replace_at(("floor",), 9)),
        ("M-11", replace_at(("registrars", "need"), 4)),
        ("M-11", replace_at(("registrars", "keys", 1), KEYS[0])),
        ("M-11", replace_at(("registrars", "keys", 1), "01" + "00" * 31)),
        ("M-11", replace_at(("registrars", "keys", 1), "ff" * 32)),
        ("M-12", replace_at(("board",), {**TLOG, "quorum": 3})),
        ("M-12", replace_at(("board",), {**TLOG, "witnesses": ["key-1", "key-1"]})),
        ("M-12", replace_at(("board",), {**TLOG, "witnesses": ["key-0", "key-1"]})),
    ],
)
def test_one_fault_breaks_one_rule(rule: str, change: Callable[[Json], object]) -> None:
    assert broken_rules(changed(change)) == [rule]


def test_a_repeated_contest_id_is_m_01() -> None:
    manifest = changed(replace_at(("contests", 1, "id"), "president"))
    manifest["styles"][1]["contests"] = ["president"]
    assert broken_rules(manifest) == ["M-01"]


@pytest.mark.parametrize("name", ["areas", "precincts", "contests", "styles"])
def test_nothing_of_a_kind_is_m_13(name: str) -> None:
    assert "M-13" in broken_rules(changed(replace_at((name,), [])))


def test_a_rehearsal_may_have_a_low_floor() -> None:
    manifest = changed(replace_at(("floor",), 1))
    manifest["rehearsal"] = True
    assert broken_rules(manifest) == []


def test_all_faults_at_once_each_with_its_place() -> None:
    manifest = changed(replace_at(("floor",), 1))
    manifest["guardians"] = {"n": 4, "k": 2}
    manifest["registrars"]["need"] = 9
    for place in (0, 1):
        manifest["precincts"][place]["closes"] = "2022-11-20T06:00+06:00"
    manifest["contests"][1]["options"][0]["role"] = "blank"
    faults = [(f.rule, f.place) for f in check_manifest_rules(parse_manifest(manifest))]
    assert faults == [
        ("M-03", "guardians"),
        ("M-05", "contest council"),
        ("M-09", "precinct p-1"),
        ("M-09", "precinct p-2"),
        ("M-10", "floor"),
        ("M-11", "registrars"),
    ]


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("", replace_at(("extra",), 1)),
        ("format", replace_at(("format",), "dalel/manifest/2")),
        ("chaining", replace_at(("chaining",), "none")),
        ("device_string", replace_at(("device_string",), "dalel/1 <device>")),
        ("election", replace_at(("election",), "Test 2022")),
        ("date", replace_at(("date",), "2022-02-29")),
        ("date", replace_at(("date",), "0000-01-01")),
        ("title.kk", replace_at(("title", "kk"), "")),
        ("title", replace_at(("title",), {"kk": "a", "ru": "b"})),
        ("guardians.n", replace_at(("guardians", "n"), 101)),
        ("guardians.k", replace_at(("guardians", "k"), 0)),
        ("precincts[0].opens", replace_at(("precincts", 0, "opens"), "2022-11-20T24:01+06:00")),
        ("precincts[0].opens", replace_at(("precincts", 0, "opens"), "2022-11-20T07:00+06:60")),
        ("precincts[0].opens", replace_at(("precincts", 0, "opens"), "2022-11-20T07:00Z")),
        ("contests[0].option_limit", replace_at((*_CONTEST, "option_limit"), 0)),
        ("contests[0].contest_limit", replace_at((*_CONTEST, "contest_limit"), 0)),
        ("contests[0].contest_limit", replace_at((*_CONTEST, "contest_limit"), 1_001)),
        ("contests[0].data_blocks", replace_at((*_CONTEST, "data_blocks"), 101)),
        ("contests[0].rule.kind", replace_at((*_CONTEST, "rule", "kind"), "proportional")),
        ("contests[0].options[0].role", replace_at((*_OPTIONS, 0, "role"), "write_in")),
        ("floor", replace_at(("floor",), 0)),
        ("undecided", replace_at(("undecided",), "challenged")),
        ("registrars.keys[0]", replace_at(("registrars", "keys", 0), KEYS[0].upper())),
        ("board", replace_at(("board",), {"log": "none", "quorum": 1})),
        ("board", replace_at(("board",), {"log": "tlog"})),
        ("board.log", replace_at(("board",), {**TLOG, "log": "other"})),
    ],
)
def test_a_wrong_shape_is_named_with_its_path(place: str, change: Callable[[Json], object]) -> None:
    with pytest.raises(ShapeFault) as refused:
        parse_manifest(changed(change))
    assert refused.value.place == place


def test_the_earliest_and_latest_times_can_be_compared() -> None:
    manifest = changed(replace_at(("precincts", 0, "opens"), "0001-01-01T00:00+23:59"))
    manifest["precincts"][0]["closes"] = "9999-12-31T23:59-23:59"
    assert broken_rules(manifest) == []


def crowded(precincts: int, areas: int, contests: int) -> Json:
    """A manifest with so many precincts, each in all areas, and all contests in one style."""
    names = [f"a-{place}" for place in range(areas)]
    ids = [f"c-{place}" for place in range(contests)]

    def change(manifest: Json) -> None:
        kind = {"kind": "region", "label": label("Area")}
        manifest["areas"] = [{"id": name, **kind} for name in names]
        manifest["contests"] = [contest(id_, "region") for id_ in ids]
        manifest["styles"] = [{"id": "all", "contests": ids}]
        manifest["precincts"] = [precinct(f"p-{p}", names, ["all"]) for p in range(precincts)]

    return changed(change)


@pytest.mark.parametrize("numbers", [(2_001, 1, 500), (21, 100, 500), (3, 1_000, 500)])
def test_groups_are_bounded_before_they_are_made(numbers: tuple[int, int, int]) -> None:
    """16 MiB of manifest could ask for fifty million groups, or for more areas to look through."""
    with pytest.raises(ShapeFault) as caught:
        parse_manifest(crowded(*numbers))
    assert caught.value.expected == "at most 1000000 triples of precinct, area and contest"


@pytest.mark.parametrize("numbers", [(2_000, 1, 500), (20, 100, 500), (2, 1_000, 500)])
def test_as_many_groups_as_the_bound_are_read(numbers: tuple[int, int, int]) -> None:
    precincts, _, _ = numbers
    assert len(parse_manifest(crowded(*numbers)).precincts) == precincts
