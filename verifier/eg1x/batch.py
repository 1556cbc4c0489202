"""All equations of some ballots in one product of powers (specs/23, Algebra).

For each equation a random number of 128 bits: the product of the equations raised to them holds if
each of them does, and else with a chance below 2^-120, provided that everything is in G. A and B
are made to be by exponents that are random multiples of q besides; the commitments are then what
their equations say they are. A factor of order 2 is seen by the Jacobi symbol.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from verifier import modular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verifier.eg1x.election import Election
    from verifier.eg1x.model import Ballot, BallotContest, Selection
    from verifier.eg1x.record import Description

_RANDOM_BITS: Final = 128


def holds(
    election: Election, contests: Mapping[str, Description], ballots: Iterable[Ballot]
) -> bool:
    """Whether the batched items of 1x.V4 and 1x.V5 hold for all these ballots.

    They are 1x.4.A, 1x.4.B, 1x.4.E to 1x.4.H, 1x.5.B to 1x.5.D, 1x.5.F and 1x.5.G.

    contests: of the manifest, for the limits. False says nothing but that one of these is not so,
    or that a contest is not known.
    Cost: for a selection six Jacobi symbols and a share of one product of powers, 1,280 bits of
    exponents; a contest adds two symbols and 256 bits.
    """
    batch = _Batch(election)
    for ballot in ballots:
        for contest in ballot.contests:
            known = contests.get(contest.id)
            if known is None or not batch.takes(contest, known.elected):
                return False
    return batch.holds()


class _Batch:
    """The exponents of g and K so far, and all other factors."""

    def __init__(self, election: Election) -> None:
        self._election = election
        self._group = election.group
        self._of_g = 0
        self._of_key = 0
        self._factors: list[tuple[int, int]] = []

    def takes(self, contest: BallotContest, elected: int) -> bool:
        """Add the equations of a contest; whether all numbers are in range and sums are sums."""
        group, proof = self._group, contest.proof
        elements = [proof.a, proof.b, *_elements(contest.selections)]
        scalars = [proof.c, proof.v, *_scalars(contest.selections)]
        if not all(map(group.is_scalar, scalars)) or not all(map(self._is_square, elements)):
            return False
        pads = group.product(selection.ciphertext.pad for selection in contest.selections)
        data = group.product(selection.ciphertext.data for selection in contest.selections)
        if (pads, data) != (contest.sums.pad, contest.sums.data):
            return False
        pad_random, data_random = _random(), _random()
        self._of_g += pad_random * proof.v + data_random * proof.c * elected
        self._of_key += data_random * proof.v
        self._factors += (proof.a, pad_random), (proof.b, data_random)
        for selection in contest.selections:
            self._take(selection, pad_random * proof.c, data_random * proof.c)
        return True

    def _take(self, selection: Selection, of_pad: int, of_data: int) -> None:
        """Add the equations of a selection.

        of_pad, of_data: exponents of A and B from the equations of the contest's sums.
        """
        q, proof = self._group.q, selection.proof
        e, f, g, h = _random(), _random(), _random(), _random()
        self._of_g += e * proof.v0 + g * proof.v1 + h * proof.c1
        self._of_key += f * proof.v0 + h * proof.v1
        of_pad = (of_pad + e * proof.c0 + g * proof.c1) % q + q * _random()
        of_data = (of_data + f * proof.c0 + h * proof.c1) % q + q * _random()
        self._factors += (
            (proof.a0, e),
            (proof.b0, f),
            (proof.a1, g),
            (proof.b1, h),
            (selection.ciphertext.pad, of_pad),
            (selection.ciphertext.data, of_data),
        )

    def _is_square(self, x: int) -> bool:
        return 1 <= x < self._group.p and modular.is_square(x, self._group.p)

    def holds(self) -> bool:
        """Whether the product of all equations holds."""
        group = self._group
        left = group.multiply(
            group.power(group.g, self._of_g % group.q),
            group.power(self._election.key, self._of_key % group.q),
        )
        return left == modular.product_of_powers(self._factors, group.p)


def _elements(selections: Iterable[Selection]) -> Iterator[int]:
    for selection in selections:
        proof, ciphertext = selection.proof, selection.ciphertext
        yield from (ciphertext.pad, ciphertext.data, proof.a0, proof.b0, proof.a1, proof.b1)


def _scalars(selections: Iterable[Selection]) -> Iterator[int]:
    for selection in selections:
        proof = selection.proof
        yield from (proof.c0, proof.c1, proof.c, proof.v0, proof.v1)


def _random() -> int:
    """Drawn after the ballots are fixed: who made them cannot know it."""
    return secrets.randbits(_RANDOM_BITS)
