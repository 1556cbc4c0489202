"""What proofs of a 1.x record are checked with: keys, hash and who took part, as recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

from verifier import modular

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.algebra import Group
    from verifier.eg1x.model import Guardian
    from verifier.eg1x.record import Record

MOST_GUARDIANS: Final = 100  # pairs of guardians have recovery keys of k commitments each


@dataclass(frozen=True)
class Election:
    """K and Q' as recorded: 1x.3.A and 1x.3.C judge them."""

    group: Group
    key: int
    q_bar: int

    @classmethod
    def of(cls, record: Record) -> Self | None:
        """None without a context."""
        context = record.context
        return (
            None if context is None else cls(record.group, context.key, context.extended_base_hash)
        )

    @cached_property
    def admits_batches(self) -> bool:
        """Whether every element outside of G has a factor of order 2 or of a large prime order.

        K must be in G as well, since exponents are reduced modulo q. Cost: some 100
        exponentiations, once.
        """
        cofactor, rest = divmod(self.group.p - 1, 2 * self.group.q)
        if rest or cofactor.bit_length() <= self.group.q.bit_length():
            return False
        return modular.is_probable_prime(cofactor) and self.group.is_element(self.key)


@dataclass(frozen=True)
class Keys:
    """The keys behind decryptions. participants: U, sorted by id. k: the quorum."""

    election: Election
    guardians: Mapping[str, Guardian]
    participants: tuple[str, ...]
    k: int
    _recovery: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, record: Record) -> Self | None:
        """None unless all guardians are known, n and k are within bounds, and U is of them."""
        election, context = Election.of(record), record.context
        if election is None or context is None or record.coefficients is None:
            return None
        if not record.all_guardians or not 1 <= context.k <= context.n <= MOST_GUARDIANS:
            return None
        guardians = {guardian.id: guardian for guardian in record.guardians}
        orders = {guardian.order for guardian in guardians.values()}
        if not len(guardians) == len(orders) == len(record.guardians) == context.n:
            return None
        if not record.coefficients.keys() <= guardians.keys():
            return None
        return cls(election, guardians, tuple(sorted(record.coefficients)), context.k)

    @property
    def missing(self) -> tuple[str, ...]:
        """The guardians that are not in U, sorted by id."""
        return tuple(sorted(self.guardians.keys() - set(self.participants)))

    @cached_property
    def weights(self) -> Mapping[str, int]:
        """1x.10.B: w_l of each guardian of U. Orders are distinct modulo q."""
        q = self.election.group.q
        orders = {id_: self.guardians[id_].order for id_ in self.participants}
        return {
            id_: lagrange(x, [y for y in orders.values() if y != x], q) for id_, x in orders.items()
        }

    def recovery_key(self, missing: str, participant: str) -> int:
        """1x.9.B: R_il. Cost: k - 1 exponentiations by x_l, once for each pair.

        Horner's rule gives the product of the powers x_l^j for commitments in G (1x.2.E).
        """
        pair = missing, participant
        if pair not in self._recovery:
            group, x = self.election.group, self.guardians[participant].order
            key = 1
            for commitment in reversed(self.guardians[missing].commitments):
                key = group.multiply(group.power(key, x), commitment)
            self._recovery[pair] = key
        return self._recovery[pair]


def lagrange(x: int, others: list[int], q: int) -> int:
    """The product of y / (y - x) mod q over the others; none is x mod q."""
    above = below = 1
    for y in others:
        above = above * y % q
        below = below * (y - x) % q
    return above * modular.inverse(below, q) % q
