"""The algebra that range proofs and limit proofs share (specs/04 and 05)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.algebra import Group
    from verifier.model import ProofPair
    from verifier.report import Finding, Location


def recompute_commitments(
    group: Group, K: int, alpha: int, beta: int, proof: Sequence[ProofPair]
) -> list[tuple[int, int]]:
    """a_j = g^v_j alpha^c_j and b_j = K^(v_j - j c_j) beta^c_j, for each entry j of the proof.

    alpha, beta: in G, already checked. proof: any scalars, also q and more.
    Cost: two exponentiations an entry, and 62 products.
    """
    commitments = []
    for j, entry in enumerate(proof):
        a = group.multiply(group.fixed_power(group.g, entry.v), group.power(alpha, entry.c))
        w = (entry.v - j * entry.c) % group.q
        b = group.multiply(group.fixed_power(K, w), group.power(beta, entry.c))
        commitments.append((a, b))
    return commitments


def check_scalars(
    group: Group, proof: Sequence[ProofPair], items: tuple[str, str], meaning: str, at: Location
) -> Iterator[Finding]:
    """Yield a finding for the c_j and one for the v_j that are not below q.

    items: the names of the two items, challenges first.
    """
    challenges = [j for j, entry in enumerate(proof) if not group.is_scalar(entry.c)]
    responses = [j for j, entry in enumerate(proof) if not group.is_scalar(entry.v)]
    for item, letter, places in zip(items, "cv", (challenges, responses), strict=True):
        if places:
            yield at.fails(
                item,
                expected=f"every {letter}_j is below q",
                found=f"{letter}_j is q or more for j = {', '.join(map(str, places))}",
                meaning=meaning,
            )


def sum_of_challenges(group: Group, proof: Sequence[ProofPair]) -> int:
    """The sum of the c_j mod q."""
    return sum(entry.c for entry in proof) % group.q
