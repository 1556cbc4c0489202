"""One-fault vectors of V9 to V12: sums, decryption, contents of the tally, contest data."""

# ruff: noqa: N806 -- the letters of the equations
from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from check_ballots import BallotMaker, Votes, product
from check_case import BIG, SMALL, add_q, case, flip, outsiders
from check_cases_wide import wide_data_cases, wide_decryption_cases
from check_scene import Scene, i4, toy, xor
from vector_hashes import Case, derived

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CAST: tuple[Votes, ...] = ({1: (1, 0, 1), 2: (2, 1)}, {1: (0, 0, 1), 2: (0, 2)})
COUNTS = (1, 0, 2)  # of contest 1


def ballots(scene: Scene) -> list[Case]:
    """Two cast ballots, a challenged one and a void one."""
    made = [BallotMaker(scene, f"cast {i}", v).ballot(bytes(32), i) for i, v in enumerate(CAST, 1)]
    made.append(BallotMaker(scene, "challenged").ballot(bytes(32), 3, "challenged"))
    made.append(BallotMaker(scene, "void").ballot(bytes(32), 4, "void"))
    return made


def aggregation_cases() -> list[Case]:
    """V9."""
    scene = Scene(toy(BIG))
    return [*_products(scene), *_memberships(scene)]


def _products(scene: Scene) -> Iterator[Case]:
    group, lines = scene.group, ballots(scene)
    cast = [line for line in lines if line["status"] == "cast"]
    A, B = product(scene, cast, 1, 1)
    one = scene.encrypt(1, group.scalar("one more"))
    fewer, twice = product(scene, cast[:1], 1, 1), product(scene, [*cast, cast[0]], 1, 1)
    opened = product(scene, [line for line in lines if line["status"] != "void"], 1, 1)
    void = product(scene, [line for line in lines if line["status"] != "challenged"], 1, 1)
    both = ["9.A", "9.B"]
    shown = [
        {
            "status": line["status"],
            "options": [[x["alpha"], x["beta"]] for x in line["contests"][0]["options"]],
        }
        for line in lines
    ]
    for name, expect, comment, a, b in (
        ("good", [], "nothing is wrong", A, B),
        ("a", ["9.A"], "A times g", A * group.g % group.p, B),
        ("b", ["9.B"], "B times K: one vote more", A, B * scene.K % group.p),
        ("one-more", both, "an encryption of 1 multiplied in", A * one[0] % group.p,
         B * one[1] % group.p),
        ("left-out", both, "a ballot left out", *fewer),
        ("twice", both, "a ballot counted twice", *twice),
        ("challenged", both, "the challenged ballot counted", *opened),
        ("void", both, "the void ballot counted", *void),
        ("nothing", both, "no ballot counted", 1, 1),
    ):  # fmt: skip
        content = {"ballots": shown, "option": 1, "a": group.P(a), "b": group.P(b)}
        yield case(scene, "product", name, expect, comment, content)


def _memberships(scene: Scene) -> Iterator[Case]:
    group = scene.group
    usual = {"a": group.P(group.g), "b": group.P(scene.K)}
    yield case(scene, "membership", "good", [], "nothing is wrong", usual)
    yield case(scene, "membership", "empty", [], "an empty group", dict.fromkeys("ab", group.P(1)))
    for member in ("a", "b"):
        for name, value in outsiders(scene, usual[member]):
            changed, comment = {**usual, member: value}, f"{member} is not in G"
            yield case(scene, "membership", f"{member}-{name}", ["9.P"], comment, changed)


class Decryptions:
    """Option 3 of contest 1, which two ballots chose, to be changed in one place."""

    def __init__(self, group: str) -> None:
        self.scene = Scene(toy(group))
        self.group = self.scene.group
        cast = [line for line in ballots(self.scene) if line["status"] == "cast"]
        self.pair = product(self.scene, cast, 1, 3)
        self.good = self.scene.decryption((1, 3), self.pair, COUNTS[2], "good")

    def case(self, name: str, expect: Sequence[str], comment: str, **changes: object) -> Case:
        """Give the case with other inputs than usual."""
        content: Case = {
            "h_e": self.scene.h_e.hex(),
            "vote_key": self.group.P(self.scene.K),
            "contest": 1,
            "option": 3,
            "a": self.group.P(self.pair[0]),
            "b": self.group.P(self.pair[1]),
            "decrypted": self.good,
        }
        for member, value in changes.items():
            if member in self.good:
                content["decrypted"] = {**content["decrypted"], member: value}
            else:
                content[member] = value
        return case(self.scene, "decryption", name, expect, comment, content)


def decryption_cases() -> list[Case]:
    """V10."""
    decrypted = [*_decrypted(), *_decrypted_scalars(), *_decrypted_outside()]
    return [*decrypted, *wide_decryption_cases(), *_bounds()]


def _decrypted() -> Iterator[Case]:
    scene = Decryptions(BIG)
    group, good = scene.group, scene.good
    yield scene.case("good", [], "nothing is wrong")
    yield scene.case("count", ["10.C"], "t changed by 1, T kept", count=COUNTS[2] + 1)
    T = group.P(group.pow(scene.scene.K, COUNTS[2] + 1))
    yield scene.case("count-and-power", ["10.B"], "t and T changed", count=COUNTS[2] + 1, power=T)
    for member in ("c", "v"):
        yield scene.case(member, ["10.B"], f"another {member}", **{member: flip(good[member])})
    yield scene.case("other-option", ["10.B"], "moved to option 2", option=2)
    yield scene.case("other-contest", ["10.B"], "moved to contest 2", contest=2)
    yield scene.case("other-election", ["10.B"], "another H_E", h_e=derived("H_E").hex())
    more = scene.scene.encrypt(0, group.scalar("another sum"))
    A, B = (x * y % group.p for x, y in zip(scene.pair, more, strict=True))
    comment = "the proof is right, for another sum with the same count"
    yield scene.case("other-sum", ["10.B"], comment, a=group.P(A), b=group.P(B))
    u = group.scalar("weak u")
    commitment = group.elements(group.pow(group.g, u), group.pow(scene.pair[0], u))
    c = group.Hq(scene.scene.h_e, b"\x31", commitment)
    v = group.Q((u - c * scene.scene.secret) % group.q)
    comment = "the challenge covers a and b alone"
    yield scene.case("weak-challenge", ["10.B"], comment, c=group.Q(c), v=v)


def _decrypted_scalars() -> Iterator[Case]:
    scene = Decryptions(SMALL)
    yield scene.case("tiny-good", [], "nothing is wrong in the tiny group")
    for member, item in (("v", "10.A"), ("c", "10.B")):
        wide = add_q(scene.scene, scene.good[member])
        comment = f"q added to {member}: the powers are the same"
        yield scene.case(f"{member}-plus-q", [item], comment, **{member: wide})


def _decrypted_outside() -> Iterator[Case]:
    scene = Decryptions(BIG)
    group = scene.group
    for name, value in outsiders(scene.scene, scene.good["power"]):
        yield scene.case(f"power-{name}", ["10.C", "10.P"], "T is not in G", power=value)
    for name, value in outsiders(scene.scene, group.P(scene.pair[1])):
        yield scene.case(f"b-{name}", ["10.P"], "B and so M is not in G", b=value)


def _bounds() -> Iterator[Case]:
    scene = Scene(toy(BIG))
    for name, expect, t, limit, cast in (
        ("good", [], 6, 2, 3),
        ("one-more", ["10.Q"], 7, 2, 3),
        ("no-ballots", ["10.Q"], 1, 2, 0),
    ):
        content = {"count": t, "limit": limit, "ballots": cast}
        yield case(scene, "bound", name, expect, "at most R times the ballots", content)


def content_cases() -> list[Case]:
    """V11."""
    scene = Scene(toy(BIG))
    return [*_labels(scene), *_rows(scene), *_forms(scene)]


def _labels(scene: Scene) -> Iterator[Case]:
    manifest = {"council": ["ada", "bea", "cyd"], "points": ["north", "south"]}
    for name, expect, comment, contest, options in (
        ("good", [], "nothing is wrong", "council", ["ada", "bea", "cyd"]),
        ("contest", ["11.A"], "a contest that the manifest lacks", "mayor", ["ada"]),
        ("option", ["11.B"], "an option more", "council", ["ada", "bea", "cyd", "dan"]),
        ("foreign", ["11.B"], "of another contest", "council", ["ada", "bea", "cyd", "north"]),
        ("missing", ["11.C"], "an option is missing", "council", ["ada", "cyd"]),
        ("repeated", ["11.C"], "an option twice", "council", ["ada", "bea", "cyd", "cyd"]),
        ("order", ["11.C"], "options in another order", "council", ["bea", "ada", "cyd"]),
        ("replaced", ["11.B", "11.C"], "one name changed", "council", ["ada", "bob", "cyd"]),
    ):  # fmt: skip
        content = {"manifest": manifest, "contest": contest, "options": options}
        yield case(scene, "line", name, expect, comment, content)


def _rows(scene: Scene) -> Iterator[Case]:
    for name, expect, decrypted in (
        ("good", [], ["council", "points", "council"]),
        ("missing", ["11.D"], ["council"]),
        ("empty", ["11.D", "11.D"], []),
    ):
        content = {"on_ballots": ["points", "council"], "decrypted": decrypted}
        yield case(scene, "contests", name, expect, "two contests on cast ballots", content)
    rows = [["council", "p-1"], ["council", "p-3"], ["points", "p-1"]]
    for name, expect, lines in (
        ("good", [], rows),
        ("missing", ["11.P"], rows[:2]),
        ("extra", ["11.P"], [*rows, ["points", "p-3"]]),
        ("order", ["11.P"], [rows[1], rows[0], rows[2]]),
        ("renamed", ["11.P"], [rows[0], ["council", "p-2"], rows[2]]),
    ):
        pairs: Case = {"groups": rows, "lines": lines}
        yield case(scene, "rows", name, expect, "three groups", pairs)


def _forms(scene: Scene) -> Iterator[Case]:
    zero = scene.group.Q(0)
    proven = {"option": "ada", "count": 2, "power": scene.group.P(1), "c": zero, "v": zero}
    plain = {"option": "ada", "count": 0}
    for name, expect, comment, cast, options in (
        ("good", [], "a group with ballots", 2, [proven]),
        ("empty-good", [], "a group without", 0, [plain]),
        ("no-proof", ["11.P"], "no proof though there are ballots", 2, [plain]),
        ("proof-of-nothing", ["11.P"], "a proof for no ballot", 0, [{**proven, "count": 0}]),
        ("votes-of-nobody", ["11.P"], "votes for no ballot", 0, [{**plain, "count": 3}]),
    ):
        content = {"ballots": cast, "options": options}
        yield case(scene, "form", name, expect, comment, content)


def data_cases() -> list[Case]:
    """V12."""
    return [*_data(BIG), *_data(SMALL), *wide_data_cases()]


def _data(name: str) -> Iterator[Case]:
    scene = Scene(toy(name))
    group, h_i = scene.group, scene.h_i(derived("id_B data"))
    xi, plain = group.scalar("data xi"), derived("plain 1") + derived("plain 2")
    c1 = xor(plain, scene.data_mask(h_i, 1, xi, 2))
    ciphertext = scene.signed_ciphertext(h_i, b"\x27" + i4(1), xi, c1)
    beta, u = group.pow(scene.Kh, xi), group.scalar("data u")
    c0, a = group.pow(group.g, xi), group.pow(group.g, u)
    shown = [bytes.fromhex(ciphertext[member]) for member in ("c0", "c1", "c", "v")]
    c = group.Hq(h_i, b"\x33" + i4(1), *shown, group.elements(a, group.pow(c0, u), beta))
    v = (u - c * scene.data_secret) % group.q
    good = {"beta": group.P(beta), "c": group.Q(c), "v": group.Q(v), "data": plain.hex()}

    def made(label: str, expect: Sequence[str], comment: str, **changes: str) -> Case:
        content = {
            "data_key": group.P(scene.Kh),
            "h_i": h_i.hex(),
            "contest": 1,
            "ciphertext": ciphertext,
            "decrypted": {**deepcopy(good), **changes},
        }
        return case(scene, "data", label, expect, comment, content)

    if name == SMALL:
        yield made("tiny-good", [], "nothing is wrong in the tiny group")
        yield made("v-plus-q", ["12.A"], "q added to v", v=add_q(scene, good["v"]))
        yield made("c-plus-q", ["12.B"], "q added to c", c=add_q(scene, good["c"]))
        return
    yield made("good", [], "nothing is wrong")
    for member in ("c", "v"):
        yield made(member, ["12.B"], f"another {member}", **{member: flip(good[member])})
    yield made("data", ["12.C"], "another D", data=flip(good["data"]))
    other = group.P(beta * group.g % group.p)
    yield made("beta", ["12.B", "12.C"], "another beta", beta=other)
