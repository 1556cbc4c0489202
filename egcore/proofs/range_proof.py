"""Range proofs: an option holds 0..R votes, a contest 0..L (EQ-59, EQ-62).

Entry j of a proof argues "the value is j". Exactly one argument is real, the others are
simulated with challenges of their own; all challenges add up to the hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.errors import InvalidProof
from egcore.hashing import limit_challenge, range_challenge
from egcore.proofs import Proof
from egcore.randomness import random_scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from egcore.elgamal import Ciphertext
    from egcore.fixed_base import FixedBase
    from egcore.group import Group
    from egcore.hashing import IdentifierHash
    from egcore.hints import Noted

    Commitments = list[tuple[int, int]]
    Challenge = Callable[[Commitments], int]


__all__ = [
    "Proof",
    "proof_randomness",
    "prove_limit",
    "prove_selection",
    "respond",
    "verify_limit",
    "verify_selection",
]


@dataclass(frozen=True)
class _Items:
    """The verification items that a kind of proof can fail, and the place."""

    membership: str
    challenges: str
    responses: str
    equation: str
    entries: str
    where: str


def prove_selection(
    group: Group,
    key: FixedBase,
    h_i: IdentifierHash,
    ic: int,
    io: int,
    ciphertext: Ciphertext,
    nonce: int,
    value: int,
    limit: int,
    noted: Noted | None = None,
) -> tuple[Proof, ...]:
    """Return the R + 1 entries that prove a selection to hold 0..R votes.

    key: K. nonce, value: those of the ciphertext. limit: R of the option, from the manifest.
    noted: gets a_0, b_0, ..., a_R, b_R.
    Raises ValueError unless 0 <= value <= limit: an overvote is encrypted as zeros instead.
    Cost: 2 R + 2 powers of fixed bases. Source: EQ-59.
    """

    def challenge(commitments: Commitments) -> int:
        return range_challenge(
            group, h_i, ic, io, ciphertext.alpha, ciphertext.beta, commitments
        )  # EQ-59

    return _prove(group, key, nonce, value, *proof_randomness(group, limit), challenge, noted)


def prove_limit(
    group: Group,
    key: FixedBase,
    h_i: IdentifierHash,
    ic: int,
    ciphertext: Ciphertext,
    nonce: int,
    value: int,
    limit: int,
    noted: Noted | None = None,
) -> tuple[Proof, ...]:
    """Return the L + 1 entries that prove a contest to hold 0..L votes.

    ciphertext: the product over the contest's options; nonce, value: the sums, nonce mod q.
    limit: L of the contest, from the manifest. Raises ValueError unless 0 <= value <= limit.
    noted: gets a_0, b_0, ..., a_L, b_L.
    Cost: 2 L + 2 powers of fixed bases. Source: EQ-62.
    """

    def challenge(commitments: Commitments) -> int:
        return limit_challenge(
            group, h_i, ic, ciphertext.alpha, ciphertext.beta, commitments
        )  # EQ-62

    return _prove(group, key, nonce, value, *proof_randomness(group, limit), challenge, noted)


def verify_selection(
    group: Group,
    key: FixedBase,
    h_i: IdentifierHash,
    ic: int,
    io: int,
    ciphertext: Ciphertext,
    proof: Sequence[Proof],
    limit: int,
) -> None:
    """Raise InvalidProof unless the selection is in G and proven to hold 0..R votes.

    ciphertext, proof: untrusted. limit: R, from the manifest and never from the ballot.
    Cost: 2 memberships and 2 R + 2 powers of alpha and beta, as many of fixed bases.
    Source: EQ-59, items 6.A, 6.B, 6.C, 6.D, 6.P.
    """

    def challenge(commitments: Commitments) -> int:
        return range_challenge(
            group, h_i, ic, io, ciphertext.alpha, ciphertext.beta, commitments
        )  # EQ-59

    items = _Items("6.A", "6.B", "6.C", "6.D", "6.P", f"contest {ic}, option {io}")
    _verify(group, key, ciphertext, proof, limit, challenge, items)


def verify_limit(
    group: Group,
    key: FixedBase,
    h_i: IdentifierHash,
    ic: int,
    ciphertext: Ciphertext,
    proof: Sequence[Proof],
    limit: int,
) -> None:
    """Raise InvalidProof unless the contest is proven to hold 0..L votes.

    ciphertext: the product over the contest's options. proof: untrusted. limit: L, from the
    manifest. Cost: as `verify_selection`, with L. Source: EQ-62, items 7.A, 7.B, 7.C, 7.D, 7.P.
    """

    def challenge(commitments: Commitments) -> int:
        return limit_challenge(
            group, h_i, ic, ciphertext.alpha, ciphertext.beta, commitments
        )  # EQ-62

    items = _Items("7.A", "7.B", "7.C", "7.D", "7.P", f"contest {ic}")
    _verify(group, key, ciphertext, proof, limit, challenge, items)


def proof_randomness(group: Group, limit: int) -> tuple[list[int], list[int]]:
    """Return fresh u_j for j = 0..limit, and the limit challenges of the simulated entries.

    limit: R or L, at least 1, else ValueError.
    """
    if limit < 1:
        raise ValueError(f"a limit is at least 1, found {limit}")
    return (
        [random_scalar(group) for _ in range(limit + 1)],
        [random_scalar(group) for _ in range(limit)],
    )


def respond(
    group: Group, nonce: int, value: int, u: Sequence[int], simulated: Sequence[int], c: int
) -> tuple[Proof, ...]:
    """Return the entries of a proof whose commitments were hashed into the challenge c.

    nonce: xi of the ciphertext. value: the true one, an index of u. u, simulated: behind the
    commitments: u_j of every entry, and c_j of every entry but that of the value, in order. They
    serve this one challenge: two of them give the nonce away.
    Source: EQ-59, EQ-62; specs/04.
    """
    true = (c - sum(simulated)) % group.q
    challenges = [*simulated[:value], true, *simulated[value:]]
    return tuple(
        Proof(c_j, (u_j - c_j * nonce) % group.q) for c_j, u_j in zip(challenges, u, strict=True)
    )


def _prove(
    group: Group,
    key: FixedBase,
    nonce: int,
    value: int,
    u: Sequence[int],
    simulated: Sequence[int],
    challenge: Challenge,
    noted: Noted | None = None,
) -> tuple[Proof, ...]:
    """Prove with the given u_j and c_j, in the form of `respond`."""
    if not 0 <= value < len(u):
        raise ValueError("the value is outside the range to be proven")  # the value is secret
    challenges = [*simulated[:value], 0, *simulated[value:]]
    commitments = [
        (group.power_g(u_j), key.power((u_j + (value - j) * c_j) % group.q))  # b_l is K^u_l
        for j, (u_j, c_j) in enumerate(zip(u, challenges, strict=True))
    ]
    if noted is not None:
        for pair in commitments:
            noted.add(*pair)
    return respond(group, nonce, value, u, simulated, challenge(commitments))


def _verify(
    group: Group,
    key: FixedBase,
    ciphertext: Ciphertext,
    proof: Sequence[Proof],
    limit: int,
    challenge: Challenge,
    items: _Items,
) -> None:
    if len(proof) != limit + 1:
        detail = f"expected {limit + 1} proof entries, found {len(proof)}"
        raise InvalidProof(items.entries, items.where, detail)
    alpha, beta = ciphertext
    if not (group.is_element(alpha) and group.is_element(beta)):
        raise InvalidProof(items.membership, items.where, "alpha or beta is not in the group")
    if not all(group.is_scalar(entry.c) for entry in proof):
        raise InvalidProof(items.challenges, items.where, "a challenge is not below q")
    if not all(group.is_scalar(entry.v) for entry in proof):
        raise InvalidProof(items.responses, items.where, "a response is not below q")
    commitments = []
    for j, (c, v) in enumerate(proof):
        a = group.multiply(group.power_g(v), group.power(alpha, c))
        b = group.multiply(key.power((v - j * c) % group.q), group.power(beta, c))
        commitments.append((a, b))
    if sum(entry.c for entry in proof) % group.q != challenge(commitments):
        detail = "the challenges do not add up to the recomputed challenge"
        raise InvalidProof(items.equation, items.where, detail)
