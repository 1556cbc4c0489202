"""Cases of EQ-X10: the proof of an opening share, computed with plain powers."""

from __future__ import annotations

import json

from vector_hashes import VECTORS, Case, derived, labelled_hash, text_of


def opening_share_cases() -> list[Case]:
    """EQ-X10, in both groups: a good proof, and each thing that it names changed."""
    groups = {entry["name"]: entry for entry in json.loads((VECTORS / "params.json").read_text())}
    return [
        case
        for name in ("toy-q64-p256", "standard-4096")
        for case in opening_cases_in(name, groups[name])
    ]


def opening_cases_in(name: str, group: Case) -> list[Case]:
    """Return the cases of one group; the proof is computed here with plain powers."""
    p, q, g = (int(group[letter], 16) for letter in "pqg")
    lp, lq = (p.bit_length() + 7) // 8, (q.bit_length() + 7) // 8
    secret, xi, u = (
        int.from_bytes(derived(f"{part} in {name}"), "big") % q for part in ("share", "xi", "u")
    )
    c0 = pow(g, xi, p)
    statement: Case = {
        "h_e": derived("h_e").hex(),
        "device": "box-01",
        "position": 7,
        "id_b": derived("id_b").hex(),
        "guardian": 3,
        "c0": f"{c0:0{2 * lp}x}",
        "key": f"{pow(g, secret, p):0{2 * lp}x}",
        "m": f"{pow(c0, secret, p):0{2 * lp}x}",
    }
    hashed = {
        **statement,
        "a": f"{pow(g, u, p):0{2 * lp}x}",
        "b": f"{pow(c0, u, p):0{2 * lp}x}",
    }
    c = int(labelled_hash("open-share", text_of(hashed)), 16) % q
    v = (u - c * secret) % q
    proof = {"c": f"{c:0{2 * lq}x}", "v": f"{v:0{2 * lq}x}"}
    good = {
        "id": f"{name}-good",
        "comment": "share and u are given, so a prover can be held against c and v",
        "flags": [],
        "parameters": name,
        "share": f"{secret:0{2 * lq}x}",
        "u": f"{u:0{2 * lq}x}",
        "statement": statement,
        "proof": proof,
        "expect": "accepted",
    }
    changes: dict[str, Case] = {
        "h_e": {"h_e": derived("another h_e").hex()},
        "device": {"device": "box-02"},
        "position": {"position": 8},
        "id_b": {"id_b": derived("another id_b").hex()},
        "guardian": {"guardian": 2},
        "m": {"m": f"{pow(c0, secret + 1, p):0{2 * lp}x}"},
        "m-negative": {"m": f"{p - pow(c0, secret, p):0{2 * lp}x}"},
        "m-zero": {"m": "0" * 2 * lp},
        "key": {"key": f"{pow(g, secret + 1, p):0{2 * lp}x}"},
    }
    refused = {"parameters": name, "flags": ["changed"], "expect": "refused"}
    cases = [good]
    for changed, values in changes.items():
        cases.append({"id": f"{name}-{changed}", "comment": "the proof is for another statement",
                      "statement": {**statement, **values}, "proof": proof, **refused})  # fmt: skip
    for scalar, value in (("c", c), ("v", v)):
        wide = f"{(value + 1) % q:0{2 * lq}x}"
        changed_proof = {**proof, scalar: wide}
        cases.append({"id": f"{name}-{scalar}-changed", "comment": "one more",
                      "statement": statement, "proof": changed_proof, **refused})  # fmt: skip
    return cases
