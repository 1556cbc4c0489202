"""The algebra that range proofs and limit proofs share (specs/04 and 05)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.core.back_end import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.algebra import Group
    from verifier.core.back_end import Powers
    from verifier.model import ProofPair
    from verifier.report import Finding, Location

_MOST_SHOWN: Final = 12  # a line has room for thousands of entries, a finding has not


def raise_to_challenges(
    group: Group, ciphertext: tuple[int, int], proof: Sequence[ProofPair], *, test: bool
) -> tuple[Powers, Powers]:
    """alpha^c_j and beta^c_j for each entry j of the proof; with `test` whether they are in G.

    ciphertext: alpha and beta, any integers from 0. proof: any scalars, also q and more: exponents
    are used as they are. Cost of each of the two in products: 256, 58 an entry, 6 for the test.
    """
    challenges = tuple(entry.c for entry in proof)
    alpha, beta = group.powers_of_each([Request(x, challenges, test) for x in ciphertext])
    return alpha, beta


def recompute_commitments(
    group: Group, K: int, raised: tuple[Powers, Powers], proof: Sequence[ProofPair]
) -> list[tuple[int, int]]:
    """a_j = g^v_j alpha^c_j and b_j = K^(v_j - j c_j) beta^c_j, for each entry j of the proof.

    raised: `raise_to_challenges` of the same proof. proof: any scalars, also q and more.
    Cost: 44 products an entry, and more until a process has seen some 560 ballots.
    """
    alpha, beta = raised
    responses = [entry.v for entry in proof]
    a = group.fixed_powers(group.g, responses, alpha.values)
    shifted = [(entry.v - j * entry.c) % group.q for j, entry in enumerate(proof)]
    b = group.fixed_powers(K, shifted, beta.values)
    return list(zip(a, b, strict=True))


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
                found=f"{letter}_j is q or more for j = {_listed(places)}",
                meaning=meaning,
            )


def _listed(places: Sequence[int]) -> str:
    """Numbers as a finding may print them: the first dozen."""
    shown = ", ".join(map(str, places[:_MOST_SHOWN]))
    return shown + (f" and {len(places) - _MOST_SHOWN} more" if len(places) > _MOST_SHOWN else "")


def sum_of_challenges(group: Group, proof: Sequence[ProofPair]) -> int:
    """The sum of the c_j mod q."""
    return sum(entry.c for entry in proof) % group.q
