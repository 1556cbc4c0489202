"""One-fault vectors of V8: codes, chain, positions."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from check_ballots import BallotMaker, chain, closing
from check_case import BIG, case, flip
from check_scene import Scene, toy
from vector_hashes import Case, derived

if TYPE_CHECKING:
    from collections.abc import Iterator

S_DEVICE = "dalel/1 precinct-7 box-1"


def code_cases() -> list[Case]:
    """V8."""
    scene = Scene(toy(BIG))
    h_di, b_c0, h_0 = chain(scene, S_DEVICE)
    ballot = BallotMaker(scene, "code").ballot(h_0)
    start = {"h_di": h_di.hex(), "b_c0": b_c0.hex(), "h_0": h_0.hex()}
    return [
        *_codes(scene, ballot),
        *_starts(scene, start),
        *_links(scene, h_0.hex(), ballot),
        *_closings(scene, bytes.fromhex(ballot["h_c"])),
        *_places(scene),
        *_repeated(scene),
    ]


def _codes(scene: Scene, ballot: Case) -> Iterator[Case]:
    content = {"h_i": ballot["h_i"], "ballot": ballot}
    yield case(scene, "codes", "good", [], "nothing is wrong", content)
    changed = deepcopy(content)
    changed["ballot"]["contests"][0]["chi"] = flip(ballot["contests"][0]["chi"])
    yield case(scene, "codes", "chi", ["8.A"], "another chi", changed)
    changed = deepcopy(content)
    changed["ballot"]["h_c"] = flip(ballot["h_c"])
    yield case(scene, "codes", "h_c", ["8.B"], "another H_C", changed)
    changed = deepcopy(content)
    changed["ballot"]["b_c"] = flip(ballot["b_c"])
    yield case(scene, "codes", "b_c", ["8.B"], "another B_C than the one in H_C", changed)
    for name, path in (
        ("alpha", ("options", 0, "alpha")),
        ("data-c1", ("data", "c1")),
        ("data-proof", ("data", "v")),
    ):
        changed = deepcopy(content)
        place = changed["ballot"]["contests"][0]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = flip(place[path[-1]])
        yield case(scene, "codes", name, ["8.A", "8.B"], f"another {name}, hashes kept", changed)
    changed = deepcopy(content)
    options = changed["ballot"]["contests"][0]["options"]
    options[0], options[1] = options[1], options[0]
    yield case(scene, "codes", "options", ["8.A", "8.B"], "two options swapped", changed)


def _starts(scene: Scene, start: Case) -> Iterator[Case]:
    content = {"h_e": scene.h_e.hex(), "s_device": S_DEVICE, "start": start}
    yield case(scene, "start", "good", [], "nothing is wrong", content)
    for member, item in (("h_di", "8.C"), ("b_c0", "8.F"), ("h_0", "8.F")):
        changed = {**content, "start": {**start, member: flip(start[member])}}
        yield case(scene, "start", member, [item], f"another {member}", changed)
    moved = {**content, "s_device": "dalel/1 precinct-8 box-1"}
    expect = ["8.C", "8.F", "8.F"]
    yield case(scene, "start", "moved", expect, "the start of another precinct", moved)
    mode = {**content, "start": {**start, "b_c0": "00000000" + start["h_di"]}}
    yield case(scene, "start", "no-chaining", ["8.F"], "the mode without chaining", mode)


def _links(scene: Scene, h_0: str, ballot: Case) -> Iterator[Case]:
    content = {"previous": h_0, "b_c": ballot["b_c"]}
    yield case(scene, "link", "good", [], "nothing is wrong", content)
    other = {**content, "previous": ballot["h_c"]}
    yield case(scene, "link", "left-out", ["8.E"], "the ballot before was left out", other)
    mode = {**content, "b_c": "00000000" + h_0}
    yield case(scene, "link", "no-chaining", ["8.E"], "the mode without chaining", mode)


def _closings(scene: Scene, last: bytes) -> Iterator[Case]:
    _, b_c0, h_0 = chain(scene, S_DEVICE)
    for name, h_last in (("good", last), ("empty-good", h_0)):
        field, hash_ = closing(scene, h_last, b_c0)
        content = {
            "h_e": scene.h_e.hex(),
            "s_device": S_DEVICE,
            "last": h_last.hex(),
            "field": field.hex(),
            "hash": hash_.hex(),
        }
        yield case(scene, "closing", name, [], "nothing is wrong", content)
        if name == "good":
            for member in ("field", "hash"):
                changed = {**content, member: flip(content[member])}
                yield case(scene, "closing", member, ["8.G"], f"another {member}", changed)
            dropped = {**content, "last": h_0.hex()}
            expect = ["8.G", "8.G"]
            yield case(scene, "closing", "dropped", expect, "the last ballot dropped", dropped)


def _places(scene: Scene) -> Iterator[Case]:
    for name, expect, position, ordinal in (
        ("good", [], 3, 3),
        ("gap", ["8.P"], 4, 3),
        ("repeated", ["8.P"], 2, 3),
    ):
        content = {"position": position, "ordinal": ordinal}
        yield case(scene, "position", name, expect, "third ballot of a box", content)
    for name, expect, found in (("good", [], 3), ("fewer", ["8.P"], 2), ("more", ["8.P"], 4)):
        content = {"sealed": 3, "found": found}
        yield case(scene, "count", name, expect, "the seal says 3", content)


def _repeated(scene: Scene) -> Iterator[Case]:
    codes = [derived(f"H_C {name}").hex() for name in "abc"]
    for name, expect, listed in (
        ("good", [], codes),
        ("shared", ["8.Q"], [codes[0], codes[1], codes[0]]),
        ("thrice", ["8.Q", "8.Q"], [codes[0]] * 3),
    ):
        places = (("east", 1), ("east", 2), ("west", 1))
        ballots = [
            {"device": device, "ordinal": ordinal, "h_c": h_c}
            for (device, ordinal), h_c in zip(places, listed, strict=True)
        ]
        comment = "codes of two boxes"
        yield case(scene, "uniqueness", name, expect, comment, {"ballots": ballots})
