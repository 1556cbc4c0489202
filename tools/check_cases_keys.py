"""One-fault vectors of V1 to V5: parameters, keys, hashes, identifiers."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from check_case import BIG, SMALL, add_q, case, flip, outsiders
from check_cases_wide import wide_key_cases
from check_scene import MANIFEST, QUORUM, H, N, Scene, i4, toy
from vector_hashes import Case, derived

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def parameter_cases() -> list[Case]:
    """V1, once in the standard group."""
    scene = Scene(toy("standard-4096"))
    group = scene.group
    recorded = {
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
    }
    good: Case = {"manifest": MANIFEST, "n": N, "k": QUORUM, "recorded": recorded}
    made = [case(scene, "parameters", "good", [], "nothing is wrong", good)]

    def fault(label: str, expect: Sequence[str], comment: str, **changes: object) -> None:
        content = deepcopy(good)
        for member, value in changes.items():
            inside = content["recorded"]
            if member in inside["parameter_set"]:
                inside = inside["parameter_set"]
            if member == "manifest":
                inside = content
            inside[member] = value
        made.append(case(scene, "parameters", label, expect, comment, content))

    fault("version", ["1.A"], "another version", version="2.0.0")
    fault("p", ["1.B"], "another modulus", p=group.P(group.p - 2))
    fault("q", ["1.C"], "another order", q=group.Q(group.q - 2))
    fault("g", ["1.D"], "g squared generates the same group", g=group.P(group.pow(group.g, 2)))
    fault("g-one", ["1.D"], "g = 1", g=group.P(1))
    other = H(derived("another H_P"), b"\x01", i4(len(MANIFEST)), MANIFEST.encode())
    fault(
        "h_p",
        ["1.E"],
        "another H_P, and H_B made from it",
        h_p=derived("another H_P").hex(),
        h_b=other.hex(),
    )
    fault("h_b", ["1.F"], "another H_B", h_b=flip(scene.h_b.hex()))
    fault("manifest", ["1.F"], "one byte more in the manifest", manifest=MANIFEST + "\n")
    fault("name", ["1.P"], "another name for the same numbers", name="reduced-3072")
    fault("n", ["1.P"], "n is not that of the manifest", n=N + 1)
    fault("k", ["1.P"], "k is not that of the manifest", k=QUORUM + 1)
    return made


class KeyRecord:
    """The keys of a scene, to be changed in one place."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.content: Case = {
            "n": N,
            "k": QUORUM,
            "h_p": scene.h_p.hex(),
            "guardians": [scene.guardian(i) for i in (1, 2, 3)],
        }

    def fault(self, name: str, expect: Sequence[str], comment: str, **changes: object) -> Case:
        """Give the case in which guardian 2 has these members instead."""
        content = deepcopy(self.content)
        content["guardians"][1].update(deepcopy(changes))
        return case(self.scene, "guardians", name, expect, comment, content)

    def guardians(
        self, name: str, expect: Sequence[str], comment: str, guardians: Sequence[Case]
    ) -> Case:
        """Give the case with other guardians."""
        content = {**self.content, "guardians": list(guardians)}
        return case(self.scene, "guardians", name, expect, comment, content)


def guardian_cases() -> list[Case]:
    """V2."""
    small = [*_membership(), *_responses(), *_challenges(), *_counts(), *_special_keys()]
    return [*small, *wide_key_cases()]


def _membership() -> Iterator[Case]:
    record = KeyRecord(Scene(toy(BIG)))
    one, two, three = record.content["guardians"]
    yield record.guardians("good", [], "nothing is wrong", [one, two, three])
    for member in ("commitments", "data_commitments"):
        for name, value in outsiders(record.scene, two[member][1]):
            keys = [two[member][0], value]
            label = f"{member.replace('_', '-')}-{name}"
            yield record.fault(label, ["2.A"], "a commitment is not in G", **{member: keys})
    for name, value in outsiders(record.scene, two["kappa"]):
        yield record.fault(f"kappa-{name}", ["2.A"], "kappa is not in G", kappa=value)


def _responses() -> Iterator[Case]:
    record = KeyRecord(Scene(toy(SMALL)))
    two = record.content["guardians"][1]
    yield record.fault("tiny-good", [], "nothing is wrong in the tiny group")
    for member in ("proof", "data_proof"):
        for j in (0, 1, 2):
            proof = deepcopy(two[member])
            proof["v"][j] = add_q(record.scene, proof["v"][j])
            label = f"{member.replace('_', '-')}-v{j}-plus-q"
            yield record.fault(label, ["2.B"], "q added to a response", **{member: proof})
        proof = {**two[member], "c": add_q(record.scene, two[member]["c"])}
        label = f"{member.replace('_', '-')}-c-plus-q"
        yield record.fault(label, ["2.C"], "q added to a challenge", **{member: proof})


def _challenges() -> Iterator[Case]:
    record = KeyRecord(Scene(toy(BIG)))
    scene, group = record.scene, record.scene.group
    one, two, three = record.content["guardians"]
    proof = {**two["proof"], "c": flip(two["proof"]["c"])}
    yield record.fault("proof-c", ["2.C"], "another challenge", proof=proof)
    proof = {**two["data_proof"], "c": flip(two["data_proof"]["c"])}
    yield record.fault("data-proof-c", ["2.C"], "another challenge", data_proof=proof)
    yield record.fault(
        "proofs-swapped",
        ["2.C", "2.C"],
        "each proof in the place of the other",
        proof=two["data_proof"],
        data_proof=two["proof"],
    )
    key = group.P(int(two["commitments"][0], 16) * group.g % group.p)
    yield record.fault(
        "key-times-g", ["2.C"], "K_i0 multiplied by g", commitments=[key, two["commitments"][1]]
    )
    replayed = scene.guardian(2, h_p=derived("H_P of another election"))
    yield record.guardians(
        "replayed", ["2.C", "2.C"], "proofs of another election", [one, replayed, three]
    )


def _counts() -> Iterator[Case]:
    record = KeyRecord(Scene(toy(BIG)))
    one, two, three = record.content["guardians"]
    extra = record.scene.group.P(record.scene.group.g)
    for member in ("commitments", "data_commitments"):
        label = member.replace("_", "-")
        keys = two[member]
        yield record.fault(
            f"{label}-extra", ["2.P"], "one commitment too many", **{member: [*keys, extra]}
        )
        yield record.fault(f"{label}-missing", ["2.P"], "one is missing", **{member: keys[:1]})
    for member in ("proof", "data_proof"):
        label, v = member.replace("_", "-"), two[member]["v"]
        short, long = {**two[member], "v": v[:2]}, {**two[member], "v": [*v, v[0]]}
        yield record.fault(f"{label}-short", ["2.P"], "a response is missing", **{member: short})
        yield record.fault(f"{label}-long", ["2.P"], "one response too many", **{member: long})
    yield record.fault("index", ["2.P"], "guardian 2 calls itself 5", guardian=5)
    yield record.guardians("two-of-three", ["2.P"], "guardian 3 is missing", [one, two])
    fourth = {**record.scene.guardian(4, None, **_other_secrets(record.scene)), "guardian": 4}
    yield record.guardians("four", ["2.P"], "one guardian too many", [one, two, three, fourth])


def _other_secrets(scene: Scene) -> dict[str, int]:
    return {
        name: scene.group.scalar(f"other {name}") for name in ("a0", "a1", "ah0", "ah1", "zeta")
    }


def _special_keys() -> Iterator[Case]:
    record = KeyRecord(Scene(toy(BIG)))
    scene = record.scene
    one, _, three = record.content["guardians"]
    for member in ("a0", "ah0", "zeta"):
        idle = scene.guardian(2, None, **{member: 0})
        yield record.guardians(
            f"identity-{member}", ["2.Q"], "a key whose secret is 0", [one, idle, three]
        )
    first = {"a0": "a 1 0", "ah0": "ah 1 0", "zeta": "zeta 1 0"}
    for member, source in first.items():
        same = scene.guardian(2, None, **{member: scene.secrets[source]})
        yield record.guardians(
            f"repeated-{member}", ["2.R"], "a key of guardian 1 again", [one, same, three]
        )
    crossed = scene.guardian(2, zeta=scene.secrets["a 1 0"])
    yield record.guardians("repeated-across", ["2.R"], "kappa_2 is K_10", [one, crossed, three])


def joint_key_cases() -> list[Case]:
    """V3."""
    scene = Scene(toy(BIG))
    group = scene.group
    keys = {
        kind: [group.pow(group.g, scene.secrets[f"{kind} {i} 0"]) for i in (1, 2, 3)]
        for kind in ("a", "ah")
    }
    made: list[Case] = []

    def add(name: str, expect: Sequence[str], comment: str, **changes: object) -> None:
        content = {
            "keys": [group.P(x) for x in keys["a"]],
            "data_keys": [group.P(x) for x in keys["ah"]],
            "vote_key": group.P(scene.K),
            "data_key": group.P(scene.Kh),
            **changes,
        }
        made.append(case(scene, "joint-keys", name, expect, comment, content))

    add("good", [], "nothing is wrong")
    shifted = group.P(scene.K * group.g % group.p)
    add("vote-key", ["3.A"], "K times g", vote_key=shifted)
    add("data-key", ["3.B"], "Kh times g", data_key=group.P(scene.Kh * group.g % group.p))
    add("dropped", ["3.A"], "one guardian left out", keys=[group.P(x) for x in keys["a"][:2]])
    last = group.pow(keys["a"][0] * keys["a"][1] % group.p, -1)
    cancelled = [group.P(x) for x in (*keys["a"][:2], last)]
    add("identity", ["3.P"], "the last key cancels the others", keys=cancelled, vote_key=group.P(1))
    same = [group.P(x) for x in keys["a"]]
    add("same", ["3.P"], "Kh is K", data_keys=same, data_key=group.P(scene.K))
    outside = [group.P(group.p - keys["ah"][0]), *(group.P(x) for x in keys["ah"][1:])]
    negated = group.P(group.p - scene.Kh)
    add("outside", ["3.P"], "Kh is not in G", data_keys=outside, data_key=negated)
    return made


def extended_hash_cases() -> list[Case]:
    """V4."""
    scene = Scene(toy(BIG))
    group, guardians = scene.group, [scene.guardian(i) for i in (1, 2, 3)]

    def h_g(order: Sequence[Case]) -> str:
        rows = [bytes.fromhex(x) for guardian in order for x in guardian["commitments"]]
        rows += [bytes.fromhex(x) for guardian in order for x in guardian["data_commitments"]]
        rows += [bytes.fromhex(guardian["kappa"]) for guardian in order]
        return H(scene.h_b, b"\x13", group.elements(scene.K, scene.Kh), *rows).hex()

    good: Case = {
        "h_b": scene.h_b.hex(),
        "vote_key": group.P(scene.K),
        "data_key": group.P(scene.Kh),
        "guardians": guardians,
        "h_e": scene.h_e.hex(),
        "h_g": h_g(guardians),
    }
    swapped = H(scene.h_b, b"\x14", group.elements(scene.Kh, scene.K)).hex()
    replaced = deepcopy(guardians)
    replaced[2]["commitments"][1] = group.P(group.g)
    faults: tuple[tuple[str, list[str], str, Case], ...] = (
        ("good", [], "nothing is wrong", {}),
        ("h_e", ["4.A"], "another H_E", {"h_e": flip(scene.h_e.hex())}),
        ("h_e-swapped", ["4.A"], "Kh hashed before K", {"h_e": swapped}),
        ("h_g", ["4.P"], "another H_G", {"h_g": flip(h_g(guardians))}),
        ("h_g-order", ["4.P"], "guardians in another order", {"h_g": h_g(guardians[::-1])}),
        ("commitment", ["4.P"], "another K_31 than the one compared", {"guardians": replaced}),
    )
    return [
        case(scene, "hashes", name, expect, comment, {**good, **changes})
        for name, expect, comment, changes in faults
    ]


def identifier_cases() -> list[Case]:
    """V5."""
    scene = Scene(toy(BIG))
    ids = [derived(f"id_B {name}") for name in "abc"]
    ballots: list[dict[str, Any]] = [
        {"device": device, "ordinal": ordinal, "id_b": id_b.hex(), "h_i": scene.h_i(id_b).hex()}
        for (device, ordinal), id_b in zip(
            (("east", 1), ("east", 2), ("west", 1)), ids, strict=True
        )
    ]
    good: Case = {"h_e": scene.h_e.hex(), "ballots": ballots}
    made = [case(scene, "ballots", "good", [], "nothing is wrong", good)]

    def fault(name: str, expect: Sequence[str], comment: str, place: int, **changes: str) -> None:
        content = deepcopy(good)
        content["ballots"][place].update(changes)
        made.append(case(scene, "ballots", name, expect, comment, content))

    first = {"id_b": ballots[0]["id_b"], "h_i": ballots[0]["h_i"]}
    fault("same-box", ["5.A"], "two ballots of one box share id_B", 1, **first)
    fault("other-box", ["5.A"], "ballots of two boxes share id_B", 2, **first)
    fault("h_i", ["5.B"], "another H_I", 1, h_i=flip(ballots[1]["h_i"]))
    fault("h_i-of-another", ["5.B"], "H_I of another ballot", 1, h_i=ballots[0]["h_i"])
    fault("plain-sha", ["5.B"], "no key", 1, h_i=hashlib.sha256(b"\x20" + ids[1]).hexdigest())
    return made
