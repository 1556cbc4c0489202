"""Secret polynomials of a guardian and what is public of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.lagrange import commitment_at
from egcore.randomness import random_scalar
from egcore.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.group import Group


@dataclass(frozen=True)
class Polynomial:
    """A polynomial of degree k - 1 over Z_q; coefficient 0 is the guardian's own secret key."""

    coefficients: Secret[tuple[int, ...]]

    @classmethod
    def draw(cls, group: Group, quorum: int) -> Polynomial:
        """Draw `quorum` coefficients uniformly in Z_q."""
        return cls(Secret(tuple(random_scalar(group) for _ in range(quorum))))

    def commitments(self, group: Group) -> tuple[int, ...]:
        """Return K_j = g^a_j for j = 0..k-1. Cost: k fixed-base exponentiations."""
        return tuple(group.power_g(a) for a in self.coefficients.reveal())

    def share(self, group: Group, index: int) -> Secret[int]:
        """Return P(index) mod q for guardian `index` (1..n).

        Raises ValueError for index 0, whose value is the secret key itself.
        """
        if index < 1:
            raise ValueError(f"share index must be at least 1, found {index}")
        value = 0
        for coefficient in reversed(self.coefficients.reveal()):
            value = (value * index + coefficient) % group.q
        return Secret(value)


def share_matches(group: Group, commitments: Sequence[int], index: int, share: int) -> bool:
    """Tell whether g^share is the product of K_j^(index^j), the check of a received share.

    commitments: K_0..K_(k-1) of the sender, membership already checked. index: the receiver,
    1..n. Cost: k exponentiations with exponents of a few bits, one fixed-base.
    """
    return group.power_g(share) == commitment_at(group, commitments, index)
