"""Range proofs: completeness for every value, and each item fails by itself."""

from __future__ import annotations

import pytest

from egcore.elgamal import Ciphertext, combine, encrypt
from egcore.errors import InvalidProof
from egcore.fixed_base import FixedBase
from egcore.hashing import identifier_hash, range_challenge
from egcore.parameters import STANDARD
from egcore.proofs import Proof
from egcore.proofs.range_proof import (
    prove_limit,
    prove_selection,
    verify_limit,
    verify_selection,
)
from egcore.randomness import random_scalar
from tests.toy_groups import TOY
from tests.unit.egcore.election import H_E, H_I, NONCE, K, selection


def good_proof(value: int = 1, limit: int = 1) -> tuple[Proof, ...]:
    return prove_selection(TOY, K, H_I, 2, 3, selection(value), NONCE, value, limit)


def failed_item(ciphertext: Ciphertext, proof: tuple[Proof, ...], limit: int = 1) -> str:
    with pytest.raises(InvalidProof) as caught:
        verify_selection(TOY, K, H_I, 2, 3, ciphertext, proof, limit)
    assert caught.value.where == "contest 2, option 3"
    return caught.value.item


@pytest.mark.parametrize(("value", "limit"), [(v, r) for r in range(1, 5) for v in range(r + 1)])
def test_every_value_within_the_limit_is_proven(value: int, limit: int) -> None:
    proof = good_proof(value, limit)
    assert len(proof) == limit + 1
    verify_selection(TOY, K, H_I, 2, 3, selection(value), proof, limit)


@pytest.mark.standard
def test_in_the_standard_group() -> None:
    key = FixedBase(STANDARD, STANDARD.power_g(random_scalar(STANDARD)))
    nonces = [random_scalar(STANDARD) for _ in range(2)]
    ciphertexts = [
        encrypt(STANDARD, key, value, xi) for value, xi in zip((0, 1), nonces, strict=True)
    ]
    for io, (value, xi) in enumerate(zip((0, 1), nonces, strict=True), start=1):
        proof = prove_selection(STANDARD, key, H_I, 1, io, ciphertexts[io - 1], xi, value, 1)
        verify_selection(STANDARD, key, H_I, 1, io, ciphertexts[io - 1], proof, 1)
    total, nonce = combine(STANDARD, ciphertexts), sum(nonces) % STANDARD.q
    verify_limit(
        STANDARD, key, H_I, 1, total, prove_limit(STANDARD, key, H_I, 1, total, nonce, 1, 1), 1
    )


def test_values_out_of_range_are_not_proven_and_not_named() -> None:
    for value, limit in ((2, 1), (-1, 1)):
        with pytest.raises(ValueError, match="outside the range") as caught:
            good_proof(value % TOY.q, limit)
        assert str(value) not in str(caught.value)
    with pytest.raises(ValueError, match="at least 1"):
        good_proof(0, 0)


def test_a_proof_for_another_value_fails() -> None:
    """The prover lies about the value: the equation cannot come out."""
    proof = prove_selection(TOY, K, H_I, 2, 3, selection(2), NONCE, 1, 1)
    assert failed_item(selection(2), proof) == "6.D"


def test_entries_are_counted() -> None:
    """6.P: one entry more with zeros changes neither the sum nor the other entries."""
    proof = good_proof()
    assert failed_item(selection(1), (*proof, Proof(0, 0))) == "6.P"
    assert failed_item(selection(1), proof[:1]) == "6.P"
    assert failed_item(selection(1), ()) == "6.P"
    assert failed_item(selection(1), proof, limit=2) == "6.P"


@pytest.mark.parametrize("bad", [0, TOY.p, TOY.p - 1, TOY.p - selection(1).alpha])
def test_membership(bad: int) -> None:
    """6.A."""
    alpha, beta = selection(1)
    assert failed_item(Ciphertext(bad, beta), good_proof()) == "6.A"
    assert failed_item(Ciphertext(alpha, bad), good_proof()) == "6.A"


def test_alpha_zero_with_a_forged_proof_for_a_thousand_votes() -> None:
    """With alpha = 0 every a_j is 0, so the b_j can be met after the challenge is known."""
    votes, w = 1000, (11, 22)
    forged = Ciphertext(0, K.power(votes))
    c = range_challenge(TOY, H_I, 2, 3, *forged, [(0, K.power(w_j)) for w_j in w])
    challenges = (7, (c - 7) % TOY.q)
    proof = tuple(
        Proof(c_j, (w_j + (j - votes) * c_j) % TOY.q)
        for j, (c_j, w_j) in enumerate(zip(challenges, w, strict=True))
    )
    # The equations of 6.D hold; membership alone stands in the way.
    recomputed = [
        (
            pow(TOY.g, v, TOY.p) * pow(0, c_j, TOY.p) % TOY.p,
            pow(K.base, (v - j * c_j) % TOY.q, TOY.p) * pow(forged.beta, c_j, TOY.p) % TOY.p,
        )
        for j, (c_j, v) in enumerate(proof)
    ]
    assert range_challenge(TOY, H_I, 2, 3, *forged, recomputed) == sum(challenges) % TOY.q
    assert failed_item(forged, proof) == "6.A"


def test_challenges_and_responses_are_scalars() -> None:
    """6.B and 6.C: adding q leaves every power and the sum as they are."""
    first, second = good_proof()
    more = Proof(first.c + TOY.q, first.v)
    assert failed_item(selection(1), (more, second)) == "6.B"
    more = Proof(first.c, first.v + TOY.q)
    assert failed_item(selection(1), (more, second)) == "6.C"
    assert failed_item(selection(1), (Proof(-1, first.v), second)) == "6.B"


@pytest.mark.parametrize("entry", [0, 1])
@pytest.mark.parametrize("field", ["c", "v"])
def test_each_scalar_of_the_proof_counts(entry: int, field: str) -> None:
    """6.D."""
    proof = list(good_proof())
    changed = (getattr(proof[entry], field) + 1) % TOY.q
    proof[entry] = proof[entry]._replace(**{field: changed})
    assert failed_item(selection(1), tuple(proof)) == "6.D"


def test_a_proof_belongs_to_its_ballot_contest_option_and_ciphertext() -> None:
    """6.D: the challenge names all of them."""
    proof, other = good_proof(), identifier_hash(H_E, bytes(32))
    for h_i, ic, io, ciphertext in (
        (other, 2, 3, selection(1)),
        (H_I, 1, 3, selection(1)),
        (H_I, 2, 4, selection(1)),
        (H_I, 2, 3, encrypt(TOY, K, 1, NONCE + 1)),
        (H_I, 2, 3, selection(0)),
    ):
        with pytest.raises(InvalidProof) as caught:
            verify_selection(TOY, K, h_i, ic, io, ciphertext, proof, 1)
        assert caught.value.item == "6.D"


def test_a_simulated_proof_without_the_hash_fails() -> None:
    """All entries simulated: the equations hold for any challenges, only the sum does not."""
    ciphertext, entries = selection(5), [Proof(11, 12), Proof(13, 14)]
    assert failed_item(ciphertext, tuple(entries)) == "6.D"
    commitments = [
        (
            TOY.multiply(TOY.power_g(v), TOY.power(ciphertext.alpha, c)),
            TOY.multiply(K.power((v - j * c) % TOY.q), TOY.power(ciphertext.beta, c)),
        )
        for j, (c, v) in enumerate(entries)
    ]
    assert range_challenge(TOY, H_I, 2, 3, *ciphertext, commitments) != 11 + 13


def test_fresh_randomness_each_time() -> None:
    assert set(good_proof()).isdisjoint(good_proof())


class TestLimit:
    """EQ-62: the same proof over the sum, without an option index."""

    votes = (1, 0, 2)
    nonces = (5, 6, 7)

    def total(self) -> Ciphertext:
        pairs = zip(self.votes, self.nonces, strict=True)
        return combine(TOY, [encrypt(TOY, K, value, xi) for value, xi in pairs])

    def proof(self, limit: int = 3) -> tuple[Proof, ...]:
        return prove_limit(TOY, K, H_I, 1, self.total(), sum(self.nonces), sum(self.votes), limit)

    def failed(self, total: Ciphertext, proof: tuple[Proof, ...], limit: int = 3) -> str:
        with pytest.raises(InvalidProof) as caught:
            verify_limit(TOY, K, H_I, 1, total, proof, limit)
        assert caught.value.where == "contest 1"
        return caught.value.item

    def test_sums_within_the_limit_are_proven(self) -> None:
        for limit in (3, 4, 9):
            verify_limit(TOY, K, H_I, 1, self.total(), self.proof(limit), limit)

    def test_sums_above_the_limit_are_not(self) -> None:
        with pytest.raises(ValueError, match="outside the range"):
            self.proof(2)

    def test_each_item(self) -> None:
        """7.A, 7.B, 7.C, 7.D, 7.P."""
        total, proof = self.total(), self.proof()
        first, *rest = proof
        assert self.failed(Ciphertext(TOY.p - total.alpha, total.beta), proof) == "7.A"
        assert self.failed(total, (Proof(first.c + TOY.q, first.v), *rest)) == "7.B"
        assert self.failed(total, (Proof(first.c, first.v + TOY.q), *rest)) == "7.C"
        assert self.failed(total, (Proof(first.c, (first.v + 1) % TOY.q), *rest)) == "7.D"
        assert self.failed(total, (*proof, Proof(0, 0))) == "7.P"

    def test_a_limit_proof_is_no_range_proof(self) -> None:
        """The option index in EQ-59 keeps the two apart."""
        with pytest.raises(InvalidProof, match="add up"):
            verify_selection(TOY, K, H_I, 1, 1, self.total(), self.proof(), 3)
