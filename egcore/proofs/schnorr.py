"""Joint Schnorr proofs: a guardian knows a whole polynomial and its communication key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from egcore.errors import InvalidProof
from egcore.hashing import guardian_proof_challenge
from egcore.randomness import random_scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.group import Group
    from egcore.hashing import ParameterBaseHash


class KeyProof(NamedTuple):
    """One challenge, and k + 1 responses: v_0..v_(k-1) for the polynomial, v_k for kappa."""

    c: int
    v: tuple[int, ...]


def prove_keys(
    group: Group,
    h_p: ParameterBaseHash,
    label: str,
    i: int,
    secrets: Sequence[int],
    commitments: Sequence[int],
    zeta: int,
    kappa: int,
) -> KeyProof:
    """Return the proof for one polynomial of guardian i.

    label: "pk_vote" or "pk_data". secrets: a_i0..a_i(k-1) with commitments K_ij = g^a_ij;
    zeta with kappa = g^zeta. Cost: k + 1 powers of g. Source: EQ-11, EQ-13.
    """
    u = [random_scalar(group) for _ in range(len(secrets) + 1)]
    return _prove_keys(group, h_p, label, i, secrets, commitments, zeta, kappa, u)


def _prove_keys(
    group: Group,
    h_p: ParameterBaseHash,
    label: str,
    i: int,
    secrets: Sequence[int],
    commitments: Sequence[int],
    zeta: int,
    kappa: int,
    u: Sequence[int],
) -> KeyProof:
    h = [group.power_g(u_j) for u_j in u]
    c = guardian_proof_challenge(group, h_p, label, i, commitments, kappa, h)
    exponents = [*secrets, zeta]
    v = tuple((u_j - c * x) % group.q for u_j, x in zip(u, exponents, strict=True))
    return KeyProof(c, v)


def verify_keys(
    group: Group,
    h_p: ParameterBaseHash,
    label: str,
    i: int,
    commitments: Sequence[int],
    kappa: int,
    proof: KeyProof,
) -> None:
    """Raise InvalidProof unless guardian i has proven knowledge of polynomial and zeta.

    commitments, kappa, proof: untrusted, but the caller has checked that there are exactly k
    commitments: one more would raise the quorum silently.
    Cost: k + 1 memberships, k + 1 powers, as many of g.
    Source: EQ-11, EQ-13, items 2.A, 2.B, 2.C, 2.P, 2.Q.
    """
    where = f"guardian {i}, {label}"
    if not commitments or len(proof.v) != len(commitments) + 1:
        detail = f"{len(commitments)} commitments and {len(proof.v)} responses do not fit"
        raise InvalidProof("2.P", where, detail)
    bases = [*commitments, kappa]
    if not all(group.is_element(x) for x in bases):
        raise InvalidProof("2.A", where, "a commitment or kappa is not in the group")
    if commitments[0] == 1 or kappa == 1:
        raise InvalidProof("2.Q", where, "a public key is 1, so its secret is 0")
    if not all(group.is_scalar(v) for v in proof.v):
        raise InvalidProof("2.B", where, "a response is not below q")
    if not group.is_scalar(proof.c):
        raise InvalidProof("2.C", where, "the challenge is not below q")
    h = [
        group.multiply(group.power_g(v), group.power(x, proof.c))
        for v, x in zip(proof.v, bases, strict=True)
    ]
    if proof.c != guardian_proof_challenge(group, h_p, label, i, commitments, kappa, h):
        raise InvalidProof("2.C", where, "the challenge is not the recomputed one")
