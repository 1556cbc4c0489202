"""Shares and their weights: joining a quorum, and polynomials in the exponent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gmpy2 import invert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.group import Group


def weight(i: int, U: Sequence[int], q: int) -> int:
    """Return w_i = product over l in U, l != i, of l / (l - i) mod q; 1 for U = {i}.

    U: distinct guardian indices from 1 with i among them, below q; else ValueError.
    Source: EG 2.1, section 3.6.2; specs/09-decryption.md.
    """
    if i not in U or len(set(U)) != len(U) or not all(1 <= j < q for j in U):
        raise ValueError(f"expected distinct guardians from 1 with {i} among them, found {U}")
    numerator, denominator = 1, 1
    for l in U:
        if l != i:
            numerator = numerator * l % q
            denominator = denominator * (l - i) % q
    return int(numerator * invert(denominator, q) % q)


def commitment_at(group: Group, commitments: Sequence[int], l: int) -> int:
    """Return g^P(l) = product of K_j^(l^j), from the commitments of one polynomial.

    commitments: K_0..K_(k-1), in G, checked by the caller. l: the guardian's index, from 1,
    else ValueError: P(0) is the secret.
    Cost: k - 1 short powers. Source: EG 2.1, section 3.2.2; specs/02-key-ceremony.md.
    """
    if l < 1:
        raise ValueError(f"guardians count from 1, found {l}")
    result = 1
    for commitment in reversed(commitments):  # Horner's rule in the exponent
        result = group.multiply(group.power(result, l % group.q), commitment)
    return result


def public_share(group: Group, commitments: Sequence[Sequence[int]], i: int) -> int:
    """Return Z_i = g^z_i = product over all j and m of K_jm^(i^m).

    commitments: of all guardians 1..n, k each, in G, checked by the caller. i: from 1.
    Raises ValueError if the guardians differ in the number of commitments.
    Cost: n k products and k - 1 short powers. Source: specs/09-decryption.md.
    """
    columns = [group.product(column) for column in zip(*commitments, strict=True)]
    return commitment_at(group, columns, i)
