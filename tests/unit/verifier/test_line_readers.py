"""Every noun of a record out of its bytes: any bytes give the noun or a finding, never an error."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.verifier.test_manifest_rules import MANIFEST
from verifier.algebra import Group
from verifier.json_strict import canonical
from verifier.reader.ballots import BallotShapes, check_structure, parse_receipt_line
from verifier.reader.devices import (
    parse_ballot_file_signature,
    parse_device_file,
    parse_registry_line,
    parse_seal,
)
from verifier.reader.form import Form
from verifier.reader.keys import parse_guardians, parse_parameters, parse_transcript_line
from verifier.reader.manifest import parse_manifest
from verifier.reader.results import parse_results
from verifier.reader.shape import GroupShapes, ShapeFault
from verifier.reader.tally import (
    parse_decrypted_line,
    parse_plan_file,
    parse_plan_line,
    parse_statement,
)
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.model import Ballot

Json = dict[str, Any]

SHAPES = GroupShapes(Group("small", 0xFF93DF533BFF, 0xFFF1, 0x63417ADFC7BA))  # lp 6, lq 2
AT = Location(file="some.ndjson", line=7)

_H, _P, _Q, _S, _F = "0a" * 32, "0a" * 6, "0a" * 2, "0b" * 64, "0c" * 36
_PROOF: Final[Json] = {"c": _Q, "v": [_Q, _Q]}
_PAIRS = [{"c": _Q, "v": _Q}, {"c": _Q, "v": _Q}]
_PUBLIC: Final[Json] = {
    "commitments": [_P],
    "data_commitments": [_P],
    "kappa": _P,
    "proof": _PROOF,
    "data_proof": _PROOF,
}
_CIPHERTEXT: Final[Json] = {"c0": _P, "c1": _H, "c": _Q, "v": _Q}


def _with_data() -> tuple[Json, BallotShapes]:
    """A manifest whose second contest has two blocks of contest data."""
    value = copy.deepcopy(MANIFEST)
    value["contests"][1]["data_blocks"] = 2
    return value, BallotShapes(SHAPES, parse_manifest(value).contests)


WITH_DATA, BALLOTS = _with_data()


def _ballot_contest(index: int, **more: object) -> Json:
    selection = {"alpha": _P, "beta": _P, "proof": _PAIRS}
    options = [selection] * 4
    return {"contest": index, "options": options, "limit_proof": _PAIRS, "chi": _H, **more}


BALLOT: Final[Json] = {
    "position": 3,
    "style": "long",
    "id_b": _H,
    "h_i": _H,
    "contests": [
        _ballot_contest(1),
        _ballot_contest(2, data={**_CIPHERTEXT, "c1": _H * 2}),
    ],
    "nonce": _CIPHERTEXT,
    "b_c": _F,
    "h_c": _H,
    "status": "cast",
    "decided": "voter",
}
OPENING: Final[Json] = {
    "position": 3,
    "contests": [
        {"contest": 1, "selections": [0, 1, 0, 0], "nonces": [_Q] * 4},
        {
            "contest": 2,
            "selections": [0, 1, 0, 0],
            "nonces": [_Q] * 4,
            "data_nonce": _Q,
            "data": _H * 2,
        },
    ],
}
_SIGS = [{"registrar": 1, "sig": _S}, {"registrar": 3, "sig": _S}]
_GSIGS = [{"guardian": 1, "sig": _S}, {"guardian": 2, "sig": _S}]
_LINE = {"number": 1, "previous": _H, "h_e": _H, "sigs": _SIGS}
_LOSS: Final[Json] = {
    "h_e": _H,
    "device": "b-2",
    "issued": 300,
    "files": 1,
    "count": 256,
    "h_last": _H,
    "sig_files": [_H],
    "reason": "burnt",
    "sigs": _SIGS,
}
_VOTES = [1, 0, 0, 2]
_CEREMONY = {"ceremony": _H}
_SIGNED = {"guardian": 1, "sig": _S}

VALID: Final[dict[str, Json]] = {
    "manifest": WITH_DATA,
    "parameters": {
        "version": "2.1.0",
        "parameter_set": {"name": "small", "p": _P, "q": _Q, "g": _P},
        "n": 3,
        "k": 2,
        "h_p": _H,
        "h_b": _H,
        "h_e": _H,
        "h_g": _H,
    },
    "guardians": {"guardians": [{"guardian": 1, **_PUBLIC}], "vote_key": _P, "data_key": _P},
    "enrol": {"kind": "enrol", **_SIGNED, "key": _H, "name": "Айгүл"},
    "roster": {
        "kind": "roster",
        **_SIGNED,
        **_CEREMONY,
        "n": 3,
        "k": 2,
        "parameter_set": "small",
        "keys": [_H],
        "nonce": _H,
    },
    "commit": {"kind": "commit", **_SIGNED, **_CEREMONY, "digest": _H},
    "reveal": {"kind": "reveal", **_SIGNED, **_CEREMONY, "public": _PUBLIC, "opening": _H},
    "share": {"kind": "share", **_SIGNED, **_CEREMONY, "to": 2, "digest": _H},
    "check": {"kind": "check", **_SIGNED, **_CEREMONY, "view": _H},
    "confirm": {
        "kind": "confirm",
        **_SIGNED,
        **_CEREMONY,
        "transcript": _H,
        "h_p": _H,
        "vote_key": _P,
        "data_key": _P,
    },
    "sign_off": {
        "kind": "sign_off",
        **_SIGNED,
        "transcript": _H,
        "h_b": _H,
        "h_g": _H,
        "h_e": _H,
    },
    "box": {"kind": "box", **_LINE, "id": "b-1", "precinct": "p-1", "key": _H},
    "withdrawn": {"kind": "withdrawn", **_LINE, "id": "b-1"},
    "end": {"kind": "end", **_LINE},
    "device": {
        "h_e": _H,
        "device": "b-1",
        "precinct": "p-1",
        "start": {"h_di": _H, "b_c0": _F, "h_0": _H},
        "closing": {
            "count": 1,
            "issued": 2,
            "cast": 1,
            "challenged": 0,
            "void": 0,
            "undecided": 0,
            "outstanding": 1,
            "to_open": [1, 5],
            "staff": ["A", "B"],
            "field": _F,
            "hash": _H,
        },
        "files": [{"ballots": _H, "sig": _H, "receipts": _H}],
        "sig": _S,
    },
    "lost device": {
        "h_e": _H,
        "device": "b-2",
        "precinct": "p-1",
        "start": {"h_di": _H, "b_c0": _F, "h_0": _H},
    },
    "sig": {
        "h_e": _H,
        "device": "b-1",
        "file": 0,
        "first": 1,
        "count": 256,
        "ballots": _H,
        "receipts": _H,
        "h_last": _H,
        "sig": _S,
    },
    "seal": {
        "h_e": _H,
        "registry": _H,
        "boxes": [
            {"device": "b-1", "count": 1, "hash": _H, "digest": _H},
            {"device": "b-2", "loss": _LOSS, "digest": _H},
        ],
        "registrar_sigs": _SIGS,
        "guardian_sigs": _GSIGS,
    },
    "ballot": BALLOT,
    "receipt": {"position": 1, "submit": _S, "status": _S},
    "opening": OPENING,
    "plan line": {
        "contest": "president",
        "group": "p-1",
        "precincts": ["p-1", "p-2"],
        "ballots": 4,
        "options": [{"option": "first", "a": _P, "b": _P}],
    },
    "decrypted line": {
        "contest": "president",
        "group": "p-1",
        "options": [
            {"option": "first", "count": 4, "power": _P, "c": _Q, "v": _Q},
            {"option": "second", "count": 0},
        ],
    },
    "plan file": {
        "h_e": _H,
        "plan": _H,
        "seal": _H,
        "run": 1,
        "guardians": [1, 2],
        "signatures": _GSIGS,
    },
    "statement": {
        "h_e": _H,
        "plan": _H,
        "guardian": 1,
        "messages": [{"guardian": 1, "commit": _H, "reveal": _H, "respond": _H}],
        "sig": _S,
    },
    "results": {
        "h_e": _H,
        "rehearsal": True,
        "contests": [
            {
                "contest": name,
                "ballots": 3,
                "votes": _VOTES,
                "groups": [{"group": "p-1", "ballots": 3, "votes": _VOTES}],
                "areas": [{"areas": ["nation"], "ballots": 3, "votes": _VOTES}],
                "outcome": outcome,
            }
            for name, outcome in (
                ("one", {"kind": "elected", "option": "first"}),
                ("two", {"kind": "runoff", "options": ["first", "second"]}),
                ("three", {"kind": "none"}),
            )
        ],
        "lots": [
            {
                "h_e": _H,
                "contest": "one",
                "options": ["first", "second"],
                "order": ["second", "first"],
                "body": "the commission",
                "sigs": _SIGS,
            }
        ],
    },
}


def _transcript(value: Json) -> object:
    return parse_transcript_line(value, AT, SHAPES, canonical(value))


def _registry(value: Json) -> object:
    return parse_registry_line(value, AT, canonical(value))


def _device(value: Json) -> object:
    return parse_device_file(value, AT, canonical(value))


PARSERS: Final[dict[str, Callable[[Json], object]]] = {
    "manifest": parse_manifest,
    "parameters": lambda value: parse_parameters(value, AT, SHAPES),
    "guardians": lambda value: parse_guardians(value, AT, SHAPES),
    **dict.fromkeys(
        ("enrol", "roster", "commit", "reveal", "share", "check", "confirm", "sign_off"),
        _transcript,
    ),
    **dict.fromkeys(("box", "withdrawn", "end"), _registry),
    "device": _device,
    "lost device": _device,
    "sig": lambda value: parse_ballot_file_signature(value, AT, canonical(value)),
    "seal": lambda value: parse_seal(value, AT, canonical(value)),
    "ballot": lambda value: BALLOTS.ballot(value, AT, "b-1", 3),
    "receipt": lambda value: parse_receipt_line(value, AT),
    "opening": lambda value: BALLOTS.opening(value, AT, "b-1"),
    "plan line": lambda value: parse_plan_line(value, AT, SHAPES),
    "decrypted line": lambda value: parse_decrypted_line(value, AT, SHAPES),
    "plan file": lambda value: parse_plan_file(value, AT, canonical(value)),
    "statement": lambda value: parse_statement(value, AT, 1),
    "results": lambda value: parse_results(value, AT),
}


def items_of(name: str, raw: bytes) -> tuple[list[str], object]:
    """The items that reading these bytes as this noun fails, and the noun."""
    form = Form()
    noun = form.read(raw, AT, PARSERS[name])
    findings = form.tally.conclude(0).findings
    assert (noun is None) == bool(findings)
    assert (form.faulty == {"some.ndjson"}) == bool(findings)
    assert all(f.where == "some.ndjson, line 7" for f in findings)
    assert all((f.expected + f.found).isascii() for f in findings)
    return [f.item for f in findings], noun


@pytest.mark.parametrize("name", VALID)
def test_a_good_noun_is_read(name: str) -> None:
    items, noun = items_of(name, canonical(VALID[name]))
    assert items == []
    assert noun is not None


def test_every_parser_has_a_good_noun() -> None:
    assert VALID.keys() == PARSERS.keys()


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all values inside a value."""
    found: list[tuple[str | int, ...]] = []
    steps: Any = value.items() if isinstance(value, dict) else ()
    steps = enumerate(value) if isinstance(value, list) else steps
    for step, inner in steps:
        found += [(*path, step), *places(inner, (*path, step))]
    return found


def holder(value: Json, path: tuple[str | int, ...]) -> Any:
    """The object or array that holds the value of this path."""
    place: Any = value
    for step in path[:-1]:
        place = place[step]
    return place


# Members that the format lets be missing; without one of them the object is another good one.
_MAY_BE_ABSENT = {("ballot", "data")}


@pytest.mark.parametrize("name", VALID)
def test_each_member_is_needed_and_no_other_may_be_there(name: str) -> None:
    for path in places(VALID[name]):
        inside = holder(VALID[name], path)
        if not isinstance(inside, dict):
            continue
        value = copy.deepcopy(VALID[name])
        del holder(value, path)[path[-1]]
        if (name, path[-1]) not in _MAY_BE_ABSENT:
            assert items_of(name, canonical(value))[0] == ["0.C"], f"without {path}"
        value = copy.deepcopy(VALID[name])
        holder(value, path)["unknown"] = 1
        assert items_of(name, canonical(value))[0] == ["0.C"], f"beside {path}"


_WRONG: Final[tuple[object, ...]] = (
    *({}, [[]], 2**31, -1, 1.5, None),
    *("\u202e", "A" * 201, "\x1b[31m"),
)


_ANY_STRING = {("parameters", "version")}  # 1.A says which


@pytest.mark.parametrize("name", VALID)
def test_no_member_may_be_of_another_type(name: str) -> None:
    for path in places(VALID[name]):
        for wrong in _WRONG:
            value = copy.deepcopy(VALID[name])
            holder(value, path)[path[-1]] = wrong
            raw = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            items, _ = items_of(name, raw.encode() + b"\n")
            if isinstance(wrong, str) and (name, path[-1]) in _ANY_STRING:
                continue
            assert items in (["0.B"], ["0.C"]), f"{wrong!r} at {path}"


@given(st.sampled_from(sorted(VALID)), st.data())
def test_changed_bytes_give_the_noun_or_one_finding(name: str, data: st.DataObject) -> None:
    raw = canonical(VALID[name])
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 40)))
    changed = raw[:start] + data.draw(st.binary(max_size=8)) + raw[end:]
    items, noun = items_of(name, changed)
    if noun is None:
        assert items in (["0.B"], ["0.C"])
    else:
        assert items == []


@given(st.sampled_from(sorted(VALID)), st.binary(max_size=80))
def test_any_bytes_give_a_finding(name: str, raw: bytes) -> None:
    assert items_of(name, raw)[0] == ["0.B"]


_anything = st.recursive(
    st.booleans() | st.integers(0, 2**53 - 1) | st.text(st.characters(codec="utf-8"), max_size=70),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_"), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(VALID)), st.data())
def test_any_value_in_any_place_gives_the_noun_or_one_finding(
    name: str, data: st.DataObject
) -> None:
    value = copy.deepcopy(VALID[name])
    path = data.draw(st.sampled_from(places(value)))
    holder(value, path)[path[-1]] = data.draw(_anything)
    assert items_of(name, canonical(value))[0] in ([], ["0.C"])


def test_a_line_that_was_too_long_is_a_finding() -> None:
    form = Form()
    assert form.read(None, AT, PARSERS["ballot"]) is None
    assert form.tally.conclude(1).failed_items == {"0.B"}


@pytest.mark.parametrize(
    ("name", "path", "wrong"),
    [
        ("seal", ("registrar_sigs",), [*_SIGS, _SIGS[0]]),
        ("seal", ("guardian_sigs",), [_GSIGS[0], _GSIGS[0]]),
        ("seal", ("boxes", 0, "count"), 10_000_001),
        ("seal", ("boxes", 0, "loss"), _LOSS),
        ("plan file", ("signatures",), [_GSIGS[1], _GSIGS[0]]),
        ("device", ("closing", "to_open"), [5, 1]),
        ("device", ("closing", "staff"), ["A"]),
        ("device", ("closing", "staff"), ["A", "B", "C"]),
        ("box", ("id",), "b_1"),
        ("box", ("kind",), "end"),
        ("end", ("kind",), "box"),
        ("enrol", ("kind",), "enroll"),
        ("decrypted line", ("options", 1, "count"), 1),
        ("ballot", ("status",), "spoiled"),
        ("ballot", ("decided",), "staff"),
        ("ballot", ("contests", 1, "data", "c1"), _H),
        ("ballot", ("contests", 1, "data", "c1"), _H * 3),
        ("opening", ("contests", 1, "data"), _H),
        ("opening", ("contests", 0, "data"), _H),
        ("opening", ("contests", 0, "selections", 0), 2**31),
        ("results", ("contests", 1, "outcome", "options"), ["first"]),
        ("results", ("contests", 0, "outcome", "kind"), "none"),
    ],
)
def test_what_the_format_says_of_one_member(
    name: str, path: tuple[str | int, ...], wrong: object
) -> None:
    value = copy.deepcopy(VALID[name])
    holder(value, path)[path[-1]] = wrong
    assert items_of(name, canonical(value))[0] == ["0.C"]


def test_an_opening_may_name_contests_that_the_manifest_lacks() -> None:
    """14.A judges them; the reader only demands whole blocks of data."""
    value = copy.deepcopy(OPENING)
    value["contests"][1]["contest"] = 9
    assert items_of("opening", canonical(value))[0] == []
    del value["contests"][1]["data"], value["contests"][1]["data_nonce"]
    assert items_of("opening", canonical(value))[0] == []
    value["contests"][1] |= {"data": "00" * 33, "data_nonce": _Q}
    assert items_of("opening", canonical(value))[0] == ["0.C"]


def structure_fault(value: Json, styles: frozenset[str] = frozenset({"short", "long"})) -> str:
    """Where 0.E finds a fault in a ballot of the right shape; empty if it finds none."""
    ballot: Ballot = BALLOTS.ballot(value, AT, "b-1", 3)
    of_style = {"short": (1,), "long": (1, 2)}.get(ballot.style, ())
    try:
        check_structure(ballot, styles, of_style, parse_manifest(WITH_DATA).contests)
    except ShapeFault as fault:
        return fault.place
    return ""


@pytest.mark.parametrize(
    ("place", "path", "value"),
    [
        ("style", ("style",), "other"),
        ("contests", ("style",), "short"),
        ("contests", ("contests",), []),
        ("contests", ("contests",), BALLOT["contests"][:1]),
        ("contests", ("contests",), BALLOT["contests"][::-1]),
        ("contests", ("contests",), [*BALLOT["contests"], BALLOT["contests"][1]]),
        ("contests", ("contests", 0), BALLOT["contests"][1]),
        ("contests", ("contests", 1, "contest"), 3),
        ("contests[0].options", ("contests", 0, "options"), BALLOT["contests"][0]["options"][1:]),
        ("contests[1].options", ("contests", 1, "options"), BALLOT["contests"][0]["options"] * 2),
        ("contests[0].data", ("contests", 0, "data"), _CIPHERTEXT),
        ("contests[1].data", ("contests", 1), _ballot_contest(2)),
    ],
)
def test_a_ballot_is_built_as_the_manifest_says(
    place: str, path: tuple[str | int, ...], value: object
) -> None:
    ballot = copy.deepcopy(BALLOT)
    assert structure_fault(ballot) == ""
    holder(ballot, path)[path[-1]] = value
    assert structure_fault(ballot) == place


def test_a_style_of_another_precinct_is_refused() -> None:
    assert structure_fault(copy.deepcopy(BALLOT), frozenset({"short"})) == "style"
