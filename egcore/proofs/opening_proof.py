"""Proof that a guardian's part of opening an encrypted ballot nonce is right (EQ-X10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from egcore.canonical import labelled_hash
from egcore.encoding import element_hex
from egcore.errors import InvalidProof
from egcore.proofs import Proof
from egcore.randomness import random_scalar

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.hashing import ExtendedBaseHash


class OpeningStatement(NamedTuple):
    """What is proven: m = C0^zh_i for the zh_i of key = Zh_i = g^zh_i.

    device, position: of the ballot, position from 1. id_b: 32 bytes. guardian: from 1.
    c0: of its encrypted nonce, in G.
    """

    h_e: ExtendedBaseHash
    device: str
    position: int
    id_b: bytes
    guardian: int
    c0: int
    key: int
    m: int


def prove_opening_share(group: Group, statement: OpeningStatement, share: int) -> Proof:
    """Return a proof that m and key have the same exponent, the guardian's share.

    statement: made by the caller, who has checked C0 in G, the proof EQ-38 and that the sealed
    status of the ballot is challenged. share: zh_i.
    Cost: one power and one of g. Source: EQ-X10.
    """
    return _prove(group, statement, share, random_scalar(group))


def _prove(group: Group, statement: OpeningStatement, share: int, u: int) -> Proof:
    c = _challenge(group, statement, group.power_g(u), group.power(statement.c0, u))
    return Proof(c, (u - c * share) % group.q)


def verify_opening_share(group: Group, statement: OpeningStatement, proof: Proof) -> None:
    """Raise InvalidProof unless m = C0^zh_i.

    statement: c0 in G, checked; key computed by the caller from all guardians' commitments;
    m untrusted. proof: untrusted.
    Cost: one membership, three powers and one of g. Source: EQ-X10.
    """
    where = (
        f"device {statement.device}, position {statement.position}, guardian {statement.guardian}"
    )
    c, v = proof
    if not group.is_element(statement.m):
        raise InvalidProof("EQ-X10", where, "m is not in the group")
    if not (group.is_scalar(c) and group.is_scalar(v)):
        raise InvalidProof("EQ-X10", where, "challenge or response is not below q")
    a = group.multiply(group.power_g(v), group.power(statement.key, c))
    b = group.multiply(group.power(statement.c0, v), group.power(statement.m, c))
    if c != _challenge(group, statement, a, b):
        raise InvalidProof("EQ-X10", where, "the challenge is not the recomputed one")


def _challenge(group: Group, statement: OpeningStatement, a: int, b: int) -> int:
    digest = labelled_hash(
        "open-share",
        {
            "h_e": statement.h_e.hex(),
            "device": statement.device,
            "position": statement.position,
            "id_b": statement.id_b.hex(),
            "guardian": statement.guardian,
            "c0": element_hex(group, statement.c0),
            "key": element_hex(group, statement.key),
            "m": element_hex(group, statement.m),
            "a": element_hex(group, a),
            "b": element_hex(group, b),
        },
    )
    return int.from_bytes(digest, "big") % group.q
