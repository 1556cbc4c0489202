"""One-fault vectors of V6 and V7: selections, encrypted nonce, contest data, limits."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from check_ballots import BallotMaker
from check_case import BIG, SMALL, add_q, case, flip, outsiders
from check_scene import COUNCIL, Scene, i4, toy
from vector_hashes import Case, derived

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEAD = b"\x24" + i4(1) + i4(2)  # of option 2 in contest 1
PLACE = (1, 2)


class Selections:
    """Option 2 of contest 1 on one ballot, to be changed in one place."""

    def __init__(self, group: str, name: str = "selection") -> None:
        self.scene = Scene(toy(group))
        self.group = self.scene.group
        self.h_i = self.scene.h_i(derived(f"id_B {name}"))
        self.xi = self.group.scalar(f"{name} xi")

    def good(self, value: int, limit: int) -> Case:
        """An honest selection."""
        return self.scene.selection(self.h_i, PLACE, (value, self.xi), limit)

    def case(
        self,
        name: str,
        expect: Sequence[str],
        comment: str,
        selection: Case,
        **changes: object,
    ) -> Case:
        """Give the case with this selection. changes: other inputs than usual, R among them."""
        content = {
            "vote_key": self.group.P(self.scene.K),
            "h_i": self.h_i.hex(),
            "contest": PLACE[0],
            "option": PLACE[1],
            "limit": 1,
            "selection": selection,
            **changes,
        }
        return case(self.scene, "selection", name, expect, comment, content)


def selection_cases() -> list[Case]:
    """V6."""
    return [
        *_honest(),
        *_outside(),
        *_too_wide(),
        *_wrong_proofs(),
        *_wrong_counts(),
        *_ciphertexts("nonce", ("6.Q", "6.R")),
        *_ciphertexts("data", ("6.S", "6.T")),
    ]


def _honest() -> Iterator[Case]:
    big, small = Selections(BIG), Selections(SMALL)
    for value, limit in ((0, 1), (1, 1), (0, 3), (3, 3)):
        selection = big.good(value, limit)
        yield big.case(f"good-{value}-of-{limit}", [], "an honest vote", selection, limit=limit)
    yield small.case("tiny-good", [], "an honest vote in the tiny group", small.good(1, 1))


def _outside() -> Iterator[Case]:
    scene = Selections(BIG)
    good = scene.good(1, 1)
    for member in ("alpha", "beta"):
        for name, value in outsiders(scene.scene, good[member]):
            comment = f"{member} is not in G"
            yield scene.case(f"{member}-{name}", ["6.A"], comment, {**good, member: value})
    both = {**good, "alpha": scene.group.P(0), "beta": scene.group.P(0)}
    yield scene.case("both-zero", ["6.A", "6.A"], "alpha and beta are 0", both)
    comment = "alpha = 0 with a proof that meets every equation, for 1,000 votes"
    yield scene.case("forged-1000", ["6.A"], comment, _forged(scene, 1000))


def _forged(scene: Selections, votes: int) -> Case:
    """Alpha = 0: all a_j are 0 whatever v_j is, so the v_j are free to meet the b_j."""
    group, beta = scene.group, scene.group.pow(scene.scene.K, votes)
    r = [group.scalar(f"forged r {j}") for j in (0, 1)]
    listed = group.elements(*(x for j in (0, 1) for x in (0, group.pow(scene.scene.K, r[j]))))
    total = group.Hq(scene.h_i, HEAD, group.elements(0, beta), listed)
    c = [0, group.scalar("forged c 1")]
    c[0] = (total - c[1]) % group.q
    v = [(r[j] + j * c[j] - votes * c[j]) % group.q for j in (0, 1)]
    proof = [{"c": group.Q(c[j]), "v": group.Q(v[j])} for j in (0, 1)]
    return {"alpha": group.P(0), "beta": group.P(beta), "proof": proof}


def _too_wide() -> Iterator[Case]:
    scene = Selections(SMALL)
    good = scene.good(1, 1)
    for j in (0, 1):
        for member, item in (("c", "6.B"), ("v", "6.C")):
            wide = deepcopy(good)
            wide["proof"][j][member] = add_q(scene.scene, wide["proof"][j][member])
            comment = f"q added to {member}_{j}: every equation still holds"
            yield scene.case(f"{member}{j}-plus-q", [item], comment, wide)


def _wrong_proofs() -> Iterator[Case]:
    scene = Selections(BIG)
    good, proven = scene.good(1, 1), ["6.D"]
    for j in (0, 1):
        for member in ("c", "v"):
            changed = deepcopy(good)
            changed["proof"][j][member] = flip(changed["proof"][j][member])
            yield scene.case(f"{member}{j}-changed", proven, f"another {member}_{j}", changed)
    reverse = {**good, "proof": good["proof"][::-1]}
    yield scene.case("entries-swapped", proven, "the entries in the other order", reverse)
    yield scene.case("other-option", proven, "moved to option 3", good, option=3)
    yield scene.case("other-contest", proven, "moved to contest 2", good, contest=2)
    h_i = scene.scene.h_i(derived("id_B copy")).hex()
    yield scene.case("other-ballot", proven, "copied to a ballot with another id_B", good, h_i=h_i)
    for value, name in ((2, "two"), (-1, "minus-one")):
        cheat = scene.good(value, 1)
        yield scene.case(f"vote-{name}", proven, f"a vote of {value} with R = 1", cheat)
    shifted = scene.group.P(int(good["beta"], 16) * scene.scene.K % scene.group.p)
    yield scene.case("beta-times-k", proven, "one vote more, proof kept", {**good, "beta": shifted})
    yield scene.case("weak-challenge", proven, "the challenge covers a_j, b_j alone", _weak(scene))
    yield scene.case("alpha-one", ["6.U"], "a vote encrypted with the nonce 0", _open(scene))
    other = scene.group.P(scene.group.pow(scene.scene.K, 2))
    yield scene.case("other-key", proven, "made for another key", good, vote_key=other)


def _open(scene: Selections) -> Case:
    return scene.scene.selection(scene.h_i, PLACE, (1, 0), 1)


def _weak(scene: Selections) -> Case:
    """A proof whose challenge leaves out the ciphertext and its place."""
    group = scene.group
    u, c1 = [group.scalar(f"weak u {j}") for j in (0, 1)], group.scalar("weak c 1")
    pairs = (
        (group.pow(group.g, u[0]), group.pow(scene.scene.K, u[0])),
        (group.pow(group.g, u[1]), group.pow(scene.scene.K, u[1] - c1)),
    )
    listed = group.elements(*(x for pair in pairs for x in pair))
    c = [(group.Hq(scene.h_i, b"\x24", listed) - c1) % group.q, c1]
    v = [(u[j] - c[j] * scene.xi) % group.q for j in (0, 1)]
    alpha, beta = scene.scene.encrypt(0, scene.xi)
    proof = [{"c": group.Q(c[j]), "v": group.Q(v[j])} for j in (0, 1)]
    return {"alpha": group.P(alpha), "beta": group.P(beta), "proof": proof}


def _wrong_counts() -> Iterator[Case]:
    scene = Selections(BIG)
    good, two = scene.good(1, 1), scene.good(2, 2)
    yield scene.case("range-2", ["6.P"], "a valid proof for 0 to 2 where R = 1", two)
    yield scene.case("range-1", ["6.P"], "a valid proof for 0 to 1 where R = 2", good, limit=2)
    yield scene.case("no-entries", ["6.P"], "no proof at all", {**good, "proof": []})
    one = {**good, "proof": good["proof"][:1]}
    yield scene.case("one-entry", ["6.P"], "an entry is missing", one)


class Ciphertexts:
    """The encrypted nonce, or the contest data: they differ in the head of the challenge."""

    def __init__(self, group: str, function: str) -> None:
        self.scene, self.function = Scene(toy(group)), function
        self.h_i = self.scene.h_i(derived(f"id_B {function}"))
        self.head = b"\x23" if function == "nonce" else b"\x27" + i4(1)
        xi = self.scene.group.scalar(f"{function} xi")
        self.good = self.scene.signed_ciphertext(self.h_i, self.head, xi, derived("C1"))

    def case(self, name: str, expect: Sequence[str], comment: str, **changes: object) -> Case:
        """Give the case with other inputs than usual."""
        content: Case = {"h_i": self.h_i.hex(), "ciphertext": self.good}
        if self.function == "data":
            content["contest"] = 1
        for member, value in changes.items():
            if member in self.good:
                content["ciphertext"] = {**content["ciphertext"], member: value}
            else:
                content[member] = value
        return case(self.scene, self.function, name, expect, comment, content)


def _ciphertexts(function: str, items: tuple[str, str]) -> Iterator[Case]:
    membership, proof = items
    tiny, scene = Ciphertexts(SMALL, function), Ciphertexts(BIG, function)
    yield tiny.case("tiny-good", [], "honest, in the tiny group")
    for member in ("c", "v"):
        wide = add_q(tiny.scene, tiny.good[member])
        yield tiny.case(f"{member}-plus-q", [proof], f"q added to {member}", **{member: wide})
    yield scene.case("good", [], "honest")
    for label, value in outsiders(scene.scene, scene.good["c0"]):
        yield scene.case(f"c0-{label}", [membership], "C0 is not in G", c0=value)
    minus = _minus(scene.scene, scene.h_i, scene.head)
    yield scene.case("c0-minus", [membership], "C0 = -g^x, c even: the equation holds", **minus)
    one = scene.scene.signed_ciphertext(scene.h_i, scene.head, 0, derived("C1"))
    yield scene.case("c0-one", ["6.V"], "C0 = 1: encrypted with the nonce 0", **one)
    for member in ("c", "v", "c1"):
        changed = {member: flip(scene.good[member])}
        yield scene.case(f"{member}-changed", [proof], f"another {member}", **changed)
    other = scene.scene.h_i(derived("id_B copy")).hex()
    yield scene.case("other-ballot", [proof], "copied to another ballot", h_i=other)
    if function == "data":
        yield scene.case("other-contest", [proof], "moved to contest 2", contest=2)


def _minus(scene: Scene, h_i: bytes, head: bytes) -> Case:
    """C0 = -g^xi with an even challenge, for which the sign of C0 does not show."""
    group, xi, c1 = scene.group, scene.group.scalar("minus xi"), derived("C1")
    c0 = group.p - group.pow(group.g, xi)
    for attempt in range(64):
        u = group.scalar(f"minus u {attempt}")
        c = group.Hq(h_i, head, group.elements(group.pow(group.g, u), c0), c1)
        if c % 2 == 0:
            v = (u - c * xi) % group.q
            return {"c0": group.P(c0), "c": group.Q(c), "v": group.Q(v)}
    raise RuntimeError("64 odd challenges in a row")


class Limits:
    """Contest 1 of one ballot with its limit proof, to be changed in one place."""

    def __init__(self, group: str, votes: tuple[int, ...] = (1, 0, 1)) -> None:
        self.scene = Scene(toy(group))
        self.group = self.scene.group
        self.maker = BallotMaker(self.scene, "limit", {1: votes, 2: (0, 0)})
        self.contest = self.maker.contest(COUNCIL)

    def proof(self, bound: int) -> list[Case]:
        """A limit proof for another bound."""
        votes = self.maker.votes[1]
        xi = sum(self.maker.nonce(1, io) for io in (1, 2, 3)) % self.group.q
        total = (sum(votes), xi)
        pair = self.scene.encrypt(*total)
        head = b"\x24" + i4(1)
        return self.scene.prove_range(pair, total, bound, head, self.maker.h_i, "limit")

    def case(self, name: str, expect: Sequence[str], comment: str, **changes: object) -> Case:
        """Give the case with other inputs than usual."""
        content = {
            "vote_key": self.group.P(self.scene.K),
            "h_i": self.maker.h_i.hex(),
            "contest": 1,
            "limit": COUNCIL.L,
            "selections": [[x["alpha"], x["beta"]] for x in self.contest["options"]],
            "proof": self.contest["limit_proof"],
            **changes,
        }
        return case(self.scene, "limit", name, expect, comment, content)


def limit_cases() -> list[Case]:
    """V7."""
    return [*_limit_members(), *_limit_scalars(), *_limit_proofs()]


def _limit_members() -> Iterator[Case]:
    for votes in ((0, 0, 0), (1, 0, 0), (1, 0, 1)):
        scene = Limits(BIG, votes)
        yield scene.case(f"good-{sum(votes)}", [], f"{sum(votes)} votes of 2")
    scene = Limits(BIG)
    usual = [[x["alpha"], x["beta"]] for x in scene.contest["options"]]
    for side, member in enumerate(("alpha", "beta")):
        for name, value in outsiders(scene.scene, usual[1][side]):
            selections = deepcopy(usual)
            selections[1][side] = value
            comment = f"{member} of option 2 is not in G"
            yield scene.case(f"{member}-{name}", ["7.A"], comment, selections=selections)


def _limit_scalars() -> Iterator[Case]:
    scene = Limits(SMALL)
    yield scene.case("tiny-good", [], "honest, in the tiny group")
    for j in (0, 1, 2):
        for member, item in (("c", "7.B"), ("v", "7.C")):
            proof = deepcopy(scene.contest["limit_proof"])
            proof[j][member] = add_q(scene.scene, proof[j][member])
            comment = f"q added to {member}_{j}: every equation still holds"
            yield scene.case(f"{member}{j}-plus-q", [item], comment, proof=proof)


def _limit_proofs() -> Iterator[Case]:
    scene, over = Limits(BIG), Limits(BIG, (1, 1, 1))
    yield over.case("overvote", ["7.D"], "three votes, each proven, where L = 2")
    for j in (0, 1, 2):
        for member in ("c", "v"):
            proof = deepcopy(scene.contest["limit_proof"])
            proof[j][member] = flip(proof[j][member])
            yield scene.case(f"{member}{j}-changed", ["7.D"], f"another {member}_{j}", proof=proof)
    yield scene.case("other-contest", ["7.D"], "copied to contest 2", contest=2)
    h_i = scene.scene.h_i(derived("id_B copy")).hex()
    yield scene.case("other-ballot", ["7.D"], "copied to another ballot", h_i=h_i)
    fewer = [[x["alpha"], x["beta"]] for x in scene.contest["options"]][:2]
    yield scene.case("option-left-out", ["7.D"], "the sum without option 3", selections=fewer)
    yield over.case("range-3", ["7.P"], "a valid proof for 0 to 3 where L = 2", proof=over.proof(3))
    two = scene.proof(2)
    yield scene.case("range-2", ["7.P"], "a valid proof for 0 to 2, L = 3", limit=3, proof=two)
    yield scene.case("no-entries", ["7.P"], "no proof at all", proof=[])
