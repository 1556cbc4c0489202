"""A small whole election of the scene: two boxes, five ballots, one opening, a tally.

It is no record (nothing is signed); tests of the verifier build what they need from it.
"""

# ruff: noqa: N806 -- the letters of the equations
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from check_ballots import BallotMaker, Votes, chain, closing, product
from check_case import BIG
from check_scene import COUNCIL, MANIFEST, POINTS, QUORUM, H, N, Scene, toy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vector_hashes import Case

BOXES: dict[str, tuple[str, Sequence[tuple[str, Votes]]]] = {
    "box-1": (
        "p-1",
        (
            ("cast", {1: (1, 0, 1), 2: (2, 1)}),
            ("challenged", {1: (0, 1, 0), 2: (0, 0)}),
            ("cast", {1: (0, 0, 1), 2: (0, 2)}),
        ),
    ),
    "box-2": (
        "p-2",
        (
            ("void", {1: (1, 1, 0), 2: (1, 1)}),
            ("cast", {1: (0, 0, 0), 2: (2, 0)}),
        ),
    ),
}
OPTIONS = {"council": (COUNCIL, ("ada", "bea", "cyd")), "points": (POINTS, ("north", "south"))}
EMPTY = "p-3"


def small_election() -> Case:
    """Return the election, every part in the form that a record has for it."""
    scene = Scene(toy(BIG))
    devices: list[dict[str, Any]] = []
    ballots: list[dict[str, Any]] = []
    openings: list[dict[str, Any]] = []
    for device, (precinct, votes) in BOXES.items():
        h_di, b_c0, last = chain(scene, f"dalel/1 {precinct} {device}")
        start = {"h_di": h_di.hex(), "b_c0": b_c0.hex(), "h_0": last.hex()}
        for ordinal, (status, choice) in enumerate(votes, 1):
            maker = BallotMaker(scene, f"{device} {ordinal}", choice)
            line = maker.ballot(last, ordinal, status)
            last = bytes.fromhex(line["h_c"])
            ballots.append({"device": device, "line": line})
            if status == "challenged":
                openings.append({"device": device, "line": maker.opening(ordinal)})
        field, hash_ = closing(scene, last, b_c0)
        closed = {"count": len(votes), "field": field.hex(), "hash": hash_.hex()}
        devices.append({"device": device, "precinct": precinct, "start": start, "closing": closed})
    cast = [entry["line"] for entry in ballots if entry["line"]["status"] == "cast"]
    plan, decrypted = _tally(scene, cast)
    return {
        "group": scene.group.name,
        "manifest": MANIFEST,
        "parameters": _parameters(scene),
        "guardians": _guardians(scene),
        "devices": devices,
        "ballots": ballots,
        "openings": openings,
        "plan": plan,
        "decrypted": decrypted,
    }


def _parameters(scene: Scene) -> Case:
    group, guardians = scene.group, [scene.guardian(i) for i in (1, 2, 3)]
    rows = [bytes.fromhex(x) for guardian in guardians for x in guardian["commitments"]]
    rows += [bytes.fromhex(x) for guardian in guardians for x in guardian["data_commitments"]]
    rows += [bytes.fromhex(guardian["kappa"]) for guardian in guardians]
    return {
        "version": "2.1.0",
        "parameter_set": {
            "name": group.name,
            "p": group.P(group.p),
            "q": group.Q(group.q),
            "g": group.P(group.g),
        },
        "n": N,
        "k": QUORUM,
        "h_p": scene.h_p.hex(),
        "h_b": scene.h_b.hex(),
        "h_e": scene.h_e.hex(),
        "h_g": H(scene.h_b, b"\x13", group.elements(scene.K, scene.Kh), *rows).hex(),
    }


def _guardians(scene: Scene) -> Case:
    return {
        "guardians": [scene.guardian(i) for i in (1, 2, 3)],
        "vote_key": scene.group.P(scene.K),
        "data_key": scene.group.P(scene.Kh),
    }


def _tally(scene: Scene, cast: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """The group of both boxes, and the empty one, for each contest."""
    group = scene.group
    plan, decrypted = [], []
    for contest, (shape, options) in OPTIONS.items():
        planned, counted = [], []
        for io, option in enumerate(options, 1):
            A, B = product(scene, cast, shape.index, io)
            votes = [
                choice[shape.index][io - 1]
                for _, ballots in BOXES.values()
                for status, choice in ballots
                if status == "cast"
            ]
            proven = scene.decryption((shape.index, io), (A, B), sum(votes), f"{contest} {option}")
            planned.append({"option": option, "a": group.P(A), "b": group.P(B)})
            counted.append({"option": option, **proven})
        head = {"contest": contest, "group": "p-1"}
        plan.append({**head, "precincts": ["p-1", "p-2"], "ballots": len(cast), "options": planned})
        decrypted.append({**head, "options": counted})
        one = group.P(1)
        head = {"contest": contest, "group": EMPTY}
        blank = [{"option": option, "a": one, "b": one} for option in options]
        plan.append({**head, "precincts": [EMPTY], "ballots": 0, "options": blank})
        zeros = [{"option": option, "count": 0} for option in options]
        decrypted.append({**head, "options": zeros})
    return plan, decrypted
