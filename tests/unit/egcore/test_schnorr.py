from __future__ import annotations

import pytest

from egcore.errors import InvalidProof
from egcore.hashing import parameter_base_hash
from egcore.parameters import STANDARD
from egcore.proofs.schnorr import KeyProof, prove_keys, verify_keys
from egcore.randomness import random_scalar
from tests.toy_groups import TOY

H_P = parameter_base_hash(TOY, 3, 2)
SECRETS = (3, 141592653589793)
ZETA = 27182818284590
COMMITMENTS = [TOY.power_g(a) for a in SECRETS]
KAPPA = TOY.power_g(ZETA)
PROOF = prove_keys(TOY, H_P, "pk_vote", 2, SECRETS, COMMITMENTS, ZETA, KAPPA)


def failed_item(
    proof: KeyProof = PROOF,
    *,
    commitments: list[int] = COMMITMENTS,
    kappa: int = KAPPA,
    label: str = "pk_vote",
    i: int = 2,
) -> str:
    with pytest.raises(InvalidProof) as caught:
        verify_keys(TOY, H_P, label, i, commitments, kappa, proof)
    assert f"guardian {i}" in caught.value.where
    return caught.value.item


def test_honest_proof() -> None:
    verify_keys(TOY, H_P, "pk_vote", 2, COMMITMENTS, KAPPA, PROOF)
    again = prove_keys(TOY, H_P, "pk_vote", 2, SECRETS, COMMITMENTS, ZETA, KAPPA)
    assert again.c != PROOF.c


@pytest.mark.standard
def test_in_the_standard_group() -> None:
    h_p = parameter_base_hash(STANDARD, 2, 2)
    secrets, zeta = [random_scalar(STANDARD) for _ in range(2)], random_scalar(STANDARD)
    commitments, kappa = [STANDARD.power_g(a) for a in secrets], STANDARD.power_g(zeta)
    proof = prove_keys(STANDARD, h_p, "pk_data", 1, secrets, commitments, zeta, kappa)
    verify_keys(STANDARD, h_p, "pk_data", 1, commitments, kappa, proof)


def test_membership() -> None:
    """2.A."""
    for bad in (0, TOY.p, TOY.p - 1, TOY.p - KAPPA):
        assert failed_item(kappa=bad) == "2.A"
        assert failed_item(commitments=[COMMITMENTS[0], bad]) == "2.A"


def test_scalars() -> None:
    """2.B, 2.C."""
    wide = (PROOF.v[0], PROOF.v[1] + TOY.q, PROOF.v[2])
    assert failed_item(KeyProof(PROOF.c, wide)) == "2.B"
    assert failed_item(KeyProof(PROOF.c + TOY.q, PROOF.v)) == "2.C"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_response_counts(place: int) -> None:
    """2.C: the last response is that of kappa."""
    v = list(PROOF.v)
    v[place] = (v[place] + 1) % TOY.q
    assert failed_item(KeyProof(PROOF.c, tuple(v))) == "2.C"


def test_statement_is_in_the_challenge() -> None:
    """2.C: guardian, label, commitments and kappa."""
    assert failed_item(i=1) == "2.C"
    assert failed_item(label="pk_data") == "2.C"
    assert failed_item(commitments=COMMITMENTS[::-1]) == "2.C"
    assert failed_item(kappa=TOY.power_g(ZETA + 1)) == "2.C"


def test_counts() -> None:
    """2.P."""
    assert failed_item(KeyProof(PROOF.c, PROOF.v[:-1])) == "2.P"
    assert failed_item(KeyProof(PROOF.c, (*PROOF.v, 0))) == "2.P"
    assert failed_item(commitments=[*COMMITMENTS, 1]) == "2.P"
    assert failed_item(KeyProof(PROOF.c, PROOF.v[2:]), commitments=[]) == "2.P"


def test_keys_are_not_the_identity() -> None:
    """2.Q: a secret of 0 has a valid proof."""
    for secrets, zeta in (((0, 5), ZETA), (SECRETS, 0)):
        commitments, kappa = [TOY.power_g(a) for a in secrets], TOY.power_g(zeta)
        proof = prove_keys(TOY, H_P, "pk_vote", 2, secrets, commitments, zeta, kappa)
        assert failed_item(proof, commitments=commitments, kappa=kappa) == "2.Q"


def test_secrets_and_commitments_are_of_one_number() -> None:
    with pytest.raises(ValueError, match="expected 1 values h_j, found 3"):
        prove_keys(TOY, H_P, "pk_vote", 2, SECRETS, COMMITMENTS[:0], ZETA, KAPPA)
