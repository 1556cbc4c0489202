"""Cases of EQ-X1, EQ-X3, EQ-X4, EQ-X5, EQ-X7 and EQ-X17: labelled hashes."""

from __future__ import annotations

import json
from typing import Any

from vector_hashes import VECTORS, Case, derived, labelled_hash, text_of


def labelled_hash_cases() -> list[Case]:
    """EQ-X1. The canonical forms are written out, not computed."""
    rows: list[tuple[str, str, str, Any, str]] = [
        ("empty", "an object without members", "seal", {}, "{}"),
        ("sorted", "keys in order of code points: capitals, underscore, small letters", "seal",
         {"b": 1, "a": 2, "B": 3, "a_b": 4, "ab": 5},
         '{"B":3,"a":2,"a_b":4,"ab":5,"b":1}'),
        ("values", "every kind of value, limits of integers", "plan",
         {"t": True, "f": False, "i": 0, "m": 2**53 - 1, "a": [], "o": {}, "s": ""},
         '{"a":[],"f":false,"i":0,"m":9007199254740991,"o":{},"s":"","t":true}'),
        ("nested", "arrays keep their order, objects inside are sorted too", "device",
         {"z": [{"y": [2, 1], "x": "a"}, []]},
         '{"z":[{"x":"a","y":[2,1]},[]]}'),
        ("texts", "UTF-8 without escapes, beyond the basic plane as well", "lot",
         {"kk": "Қазақстан, Әділ сайлау", "ru": "Выборы", "x": "🗳"},
         '{"kk":"Қазақстан, Әділ сайлау","ru":"Выборы","x":"🗳"}'),
        ("escapes", "the escapes that JSON requires, short or lowercase, and no other", "lot",
         {"a": '"\\/\b\f\n\r\t', "b": "\u0000\u001f\u007f\u2028\u2029"},
         '{"a":"\\"\\\\/\\b\\f\\n\\r\\t","b":"\\u0000\\u001f\u007f\u2028\u2029"}'),
        ("other-purpose", "the members of `sorted` under another label", "ballot-file",
         {"b": 1, "a": 2, "B": 3, "a_b": 4, "ab": 5},
         '{"B":3,"a":2,"a_b":4,"ab":5,"b":1}'),
    ]  # fmt: skip
    return [
        {
            "id": name,
            "comment": comment,
            "flags": [],
            "purpose": purpose,
            "object": content,
            "expect": {
                "canonical": (canonical + "\n").encode().hex(),
                "hash": labelled_hash(purpose, canonical + "\n"),
            },
        }
        for name, comment, purpose, content, canonical in rows
    ]


def digest_case(name: str, comment: str, equation: str, purpose: str, content: Case) -> Case:
    """Return a case that expects the labelled hash of an object."""
    return {
        "id": name,
        "comment": comment,
        "flags": [equation],
        "purpose": purpose,
        "object": content,
        "expect": labelled_hash(purpose, text_of(content)),
    }


def ceremony_digest_cases() -> list[Case]:
    """EQ-X3, EQ-X4, EQ-X5 with keys of the toy mini-election, and EQ-X17."""
    mini = json.loads((VECTORS / "mini_election_toy256.json").read_text("utf-8"))
    identifier = {
        "n": 3,
        "k": 2,
        "parameter_set": mini["parameters"],
        "keys": [derived(f"enrolment key {i}").hex() for i in (1, 2, 3)],
        "nonce": derived("ceremony nonce").hex(),
    }
    again = {**identifier, "nonce": derived("nonce of a restart").hex()}
    cases = [
        digest_case("ceremony", "identifier of a ceremony", "EQ-X3", "ceremony", identifier),
        digest_case("restart", "the same guardians again", "EQ-X3", "ceremony", again),
    ]
    ceremony = labelled_hash("ceremony", text_of(identifier))
    for guardian in mini["guardians"]:
        content = {
            "ceremony": ceremony,
            "guardian": guardian["index"],
            "public": {
                "commitments": guardian["K"],
                "data_commitments": guardian["K_hat"],
                "kappa": guardian["kappa"],
                "proof": guardian["proof_vote"],
                "data_proof": guardian["proof_data"],
            },
            "opening": derived(f"opening {guardian['index']}").hex(),
        }
        comment = "commitment to the public part"
        name = f"commit-{guardian['index']}"
        cases.append(digest_case(name, comment, "EQ-X4", "ceremony-commit", content))
    for share in mini["encrypted_shares"][:2]:
        proof = share["c2"]
        content = {"c0": share["c0"], "c1": share["c1"], "c": proof["challenge"],
                   "v": proof["response"]}  # fmt: skip
        name = f"share-{share['sender']}-{share['receiver']}"
        cases.append(
            digest_case(name, "ciphertext of a share", "EQ-X5", "share-ciphertext", content)
        )
    enrolment = {"guardian": 1, "key": identifier["keys"][0], "name": "Бірінші мүше"}
    comment = "what the holder of an enrolment key reads aloud"
    cases.append(digest_case("fingerprint", comment, "EQ-X17", "fingerprint", enrolment))
    return cases


def ballot_line(ballot: Case, position: int) -> Case:
    """Return a ballot of a mini-election as the line of a ballot file, without its status."""

    def ciphertext(values: Case) -> Case:
        proof = values["c2"]
        return {"c0": values["c0"], "c1": values["c1"], "c": proof["challenge"],
                "v": proof["response"]}  # fmt: skip

    contests = []
    for contest in ballot["contests"]:
        line = {
            "contest": contest["contest_index"],
            "options": [
                {name: option[name] for name in ("alpha", "beta", "proof")}
                for option in contest["options"]
            ],
            "limit_proof": contest["limit_proof"],
            "chi": contest["chi"],
        }
        if contest["contest_data"] is not None:
            line["data"] = ciphertext(contest["contest_data"])
        contests.append(line)
    return {
        "position": position,
        "style": "all",
        "id_b": ballot["id_B"],
        "h_i": ballot["H_I"],
        "contests": contests,
        "nonce": ciphertext(ballot["encrypted_nonce"]),
        "b_c": ballot["B_C"],
        "h_c": ballot["H_C"],
    }


def encrypted_part_cases() -> list[Case]:
    """EQ-X7: the digest covers the line but its status and who decided."""
    mini = json.loads((VECTORS / "mini_election_toy256.json").read_text("utf-8"))
    cases = []
    for position, ballot in enumerate(mini["ballots"], start=1):
        part = ballot_line(ballot, position)
        digest = labelled_hash("encrypted-part", text_of(part))
        for status, decided in (("cast", "voter"), ("void", "closing")):
            cases.append(
                {
                    "id": f"ballot-{position}-{status}",
                    "comment": "ballot of the mini-election; both statuses have one digest",
                    "flags": [],
                    "parameters": mini["parameters"],
                    "line": {**part, "status": status, "decided": decided},
                    "expect": digest,
                }
            )
    return cases
