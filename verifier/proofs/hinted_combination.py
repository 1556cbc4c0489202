"""One random combination of all equations of a batch, with all memberships in it (specs/25)."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import urandom
from typing import TYPE_CHECKING, Final

from verifier import modular
from verifier.core.bit_products import Terms, combined
from verifier.core.shape import RANDOM_BITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.core.bit_products import Held
    from verifier.election import Election
    from verifier.model import ProofPair
    from verifier.proofs.hinted_entries import Entry
    from verifier.proofs.statements import KeyStatement

_BYTES: Final = RANDOM_BITS // 8


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry and where its elements are held: commitments first, its ciphertexts after them."""

    entry: Entry
    first: int

    @property
    def commitments(self) -> range:
        """Places of its commitments, in the order of the hint."""
        return range(self.first, self.first + self.entry.commitments)

    @property
    def ciphertexts(self) -> range:
        """Places of its ciphertexts, in the order of `ciphertexts_of`."""
        start = self.first + self.entry.commitments
        return range(start, start + self.entry.ciphertexts)


def all_hold(election: Election, held: Held, entries: Sequence[Placed]) -> bool:
    """Whether every equation of these ballots holds and every alpha, beta and C0 is in G.

    entries: of ballots whose hashes have been looked at, with all elements in 1..p - 1; at least
    one. The election's K is in G, and its group admits batches.
    The coefficients are drawn in this call, by the operating system, after all numbers are fixed.
    True for ballots that hold always; else with a chance of at most 2^-128 (specs/25, Soundness;
    q and r' have more than 128 bits). False says nothing of which does not hold.
    Cost: specs/25, Costs.
    """
    group = election.group
    equations = _Equations(group.q)
    count = sum(placed.entry.commitments + placed.entry.ciphertexts for placed in entries)
    coefficients = _Coefficients(urandom(_BYTES * count))
    for placed in entries:
        equations.take(placed, coefficients)
    products = held.bit_products(equations.terms())
    if not all(modular.is_square(x, group.p) for x in products[:RANDOM_BITS]):
        return False
    of_g = group.fixed_powers(group.g, [equations.of_g % group.q], [1])
    (demanded,) = group.fixed_powers(election.vote_key, [equations.of_key % group.q], of_g)
    return combined(products, group.p) == demanded


class _Coefficients:
    """Random numbers of 128 bits, one after the other."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def take(self, number: int) -> tuple[bytes, list[int]]:
        """The next so many, as bytes and as numbers."""
        start, self._at = self._at, self._at + _BYTES * number
        raw = self._raw[start : self._at]
        parts = (raw[at : at + _BYTES] for at in range(0, len(raw), _BYTES))
        return raw, [int.from_bytes(part, "little") for part in parts]


@dataclass
class _Equations:
    """The exponents of every element, and those of g and K, as entries are taken."""

    q: int
    of_g: int = 0
    of_key: int = 0
    _short: list[bytes] = field(default_factory=list)
    _long: list[bytes] = field(default_factory=list)
    _short_places: list[int] = field(default_factory=list)
    _long_places: list[int] = field(default_factory=list)

    def terms(self) -> list[Terms]:
        """All that was taken: commitments, and ciphertexts with their longer exponents."""
        bits = self.q.bit_length() + RANDOM_BITS
        return [
            Terms(self._short_places, b"".join(self._short), RANDOM_BITS),
            Terms(self._long_places, b"".join(self._long), bits),
        ]

    def take(self, placed: Placed, coefficients: _Coefficients) -> None:
        """Add the equations of one ballot, each to the power of a coefficient of its own."""
        raw, weights = coefficients.take(placed.entry.commitments)
        _, masks = coefficients.take(placed.entry.ciphertexts)
        self._short.append(raw)
        self._short_places += placed.commitments
        self._long_places += placed.ciphertexts
        exponents = self._exponents(placed.entry, weights)
        q, width = self.q, (self.q.bit_length() + RANDOM_BITS + 7) // 8
        self._long += [
            (-exponent % q + q * mask).to_bytes(width, "little")
            for exponent, mask in zip(exponents, masks, strict=True)
        ]

    def _exponents(self, entry: Entry, weights: list[int]) -> list[int]:
        """Of each ciphertext the sum of weight times challenge over the equations that have it."""
        exponents, at = list[int](), 0
        for contest in entry.ballot.contests:
            limit_at = at + 2 * sum(len(option.entries) for option in contest.options)
            of_alphas, of_betas = self._pairs(contest.limit, weights, limit_at)
            for option in contest.options:
                of_alpha, of_beta = self._pairs(option.entries, weights, at)
                exponents += of_alpha + of_alphas, of_beta + of_betas
                at += 2 * len(option.entries)
            at = limit_at + 2 * len(contest.limit)
            if contest.data is not None:
                exponents.append(self._of_key_proof(contest.data, weights[at]))
                at += 1
        exponents.append(self._of_key_proof(entry.ballot.nonce, weights[at]))
        return exponents

    def _pairs(self, entries: Sequence[ProofPair], weights: list[int], at: int) -> tuple[int, int]:
        """What alpha and beta get of a_j = g^v_j alpha^c_j and b_j = K^(v_j - j c_j) beta^c_j."""
        of_alpha = of_beta = 0
        for j, entry in enumerate(entries):
            c, v = entry.c, entry.v
            weight_a, weight_b = weights[at + 2 * j], weights[at + 2 * j + 1]
            of_alpha += weight_a * c
            of_beta += weight_b * c
            self.of_g += weight_a * v
            self.of_key += weight_b * (v - j * c)
        return of_alpha, of_beta

    def _of_key_proof(self, proof: KeyStatement, weight: int) -> int:
        """What C0 gets of a = g^v C0^c."""
        self.of_g += weight * proof.v
        return weight * proof.c
