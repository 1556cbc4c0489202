"""The hints that are due for a ballot line, by Python's own `pow` from what is published."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from egcore.group import Group


def due_hints(group: Group, key: int, lines: Iterable[bytes]) -> bytes:
    """The hint file of ballot lines. key: K."""
    return b"".join(due_entry(group, key, json.loads(line)) for line in lines)


def due_entry(group: Group, key: int, ballot: dict[str, Any]) -> bytes:
    """The entry of one ballot."""
    found = due_commitments(group, key, ballot)
    return len(found).to_bytes(4, "big") + b"".join(x.to_bytes(group.lp, "big") for x in found)


def due_commitments(group: Group, key: int, ballot: dict[str, Any]) -> list[int]:
    """The commitments of one ballot, in the order of specs/25."""
    p, q = group.p, group.q
    found: list[int] = []

    def schnorr(entry: dict[str, str]) -> None:
        c0, c, v = (int(entry[name], 16) for name in ("c0", "c", "v"))
        found.append(pow(group.g, v, p) * pow(c0, c, p) % p)

    def proven(alpha: int, beta: int, proof: list[dict[str, str]]) -> None:
        for j, entry in enumerate(proof):
            c, v = int(entry["c"], 16), int(entry["v"], 16)
            found.append(pow(group.g, v, p) * pow(alpha, c, p) % p)
            found.append(pow(key, (v - j * c) % q, p) * pow(beta, c, p) % p)

    for contest in ballot["contests"]:
        A = B = 1
        for option in contest["options"]:
            alpha, beta = int(option["alpha"], 16), int(option["beta"], 16)
            proven(alpha, beta, option["proof"])
            A, B = A * alpha % p, B * beta % p
        proven(A, B, contest["limit_proof"])
        if "data" in contest:
            schnorr(contest["data"])
    schnorr(ballot["nonce"])
    return found
