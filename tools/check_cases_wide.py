"""Responses plus q in the standard group, where only 189 of 2^256 scalars leave room for it.

Each case has a secret or a ciphertext with which the prover is free to choose its response.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from check_case import add_q, case
from check_scene import QUORUM, Scene, i4, toy, xor
from vector_hashes import Case, derived

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD = "standard-4096"
ROOM = 5  # a scalar that leaves room for q


def wide_key_cases() -> Iterator[Case]:
    """V2: with a_11 = 0 the response v_1 is u_1, whatever the challenge."""
    scene = Scene(toy(STANDARD))
    good = scene.guardian(1, None, a1=0, u1=ROOM)
    proof = good["proof"]
    wide = [proof["v"][0], add_q(scene, proof["v"][1]), proof["v"][2]]
    for name, expect, comment, guardian in (
        ("standard-good", [], "nothing is wrong: a coefficient may be 0", good),
        ("standard-plus-q", ["2.B"], "q added", {**good, "proof": {**proof, "v": wide}}),
    ):
        content = {"n": 1, "k": QUORUM, "h_p": scene.h_p.hex(), "guardians": [guardian]}
        yield case(scene, "guardians", name, expect, comment, content)


def wide_decryption_cases() -> Iterator[Case]:
    """V10: with A = 1 nothing in the challenge depends on K, which is chosen after it.

    A record cannot do this: H_E covers K.
    """
    scene = Scene(toy(STANDARD))
    group, h_e, u = scene.group, derived("H_E of nobody"), scene.group.scalar("wide u")
    values = group.elements(1, 1, group.pow(group.g, u), 1, 1)
    c = group.Hq(h_e, b"\x31", i4(1), i4(1), values)
    key = group.pow(group.g, (u - ROOM) * pow(c, -1, group.q) % group.q)
    for name, expect, comment, v in (
        ("standard-good", [], "nothing is wrong", ROOM),
        ("standard-plus-q", ["10.A"], "q added to v: the powers are the same", ROOM + group.q),
    ):
        content = {
            "h_e": h_e.hex(),
            "vote_key": group.P(key),
            "contest": 1,
            "option": 1,
            "a": group.P(1),
            "b": group.P(1),
            "decrypted": {"count": 0, "power": group.P(1), "c": group.Q(c), "v": group.Q(v)},
        }
        yield case(scene, "decryption", name, expect, comment, content)


def wide_data_cases() -> Iterator[Case]:
    """V12: with C0 = 1 nothing in the challenge depends on Kh, which is chosen after it."""
    scene = Scene(toy(STANDARD))
    group, h_i, u = scene.group, derived("H_I of nobody"), scene.group.scalar("wide data u")
    plain = derived("plain 1") + derived("plain 2")
    c1 = xor(plain, scene.data_mask(h_i, 1, 0, 2))
    ciphertext = scene.signed_ciphertext(h_i, b"\x27" + i4(1), 0, c1)
    shown = [bytes.fromhex(ciphertext[member]) for member in ("c0", "c1", "c", "v")]
    values = group.elements(group.pow(group.g, u), 1, 1)
    c = group.Hq(h_i, b"\x33" + i4(1), *shown, values)
    key = group.pow(group.g, (u - ROOM) * pow(c, -1, group.q) % group.q)
    for name, expect, comment, v in (
        ("standard-good", [], "nothing is wrong", ROOM),
        ("standard-plus-q", ["12.A"], "q added to v: the powers are the same", ROOM + group.q),
    ):
        decrypted = {"beta": group.P(1), "c": group.Q(c), "v": group.Q(v), "data": plain.hex()}
        content = {
            "data_key": group.P(key),
            "h_i": h_i.hex(),
            "contest": 1,
            "ciphertext": ciphertext,
            "decrypted": decrypted,
        }
        yield case(scene, "data", name, expect, comment, content)
