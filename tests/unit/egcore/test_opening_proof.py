"""EQ-X10 beyond its vectors: the public prover, and membership of m."""

from __future__ import annotations

import pytest

from egcore.errors import InvalidProof
from egcore.proofs import Proof
from egcore.proofs.opening_proof import (
    OpeningStatement,
    prove_opening_share,
    verify_opening_share,
)
from tests.toy_groups import TOY
from tests.unit.egcore.election import DATA_SECRET, H_E

C0 = TOY.power_g(31337)
STATEMENT = OpeningStatement(
    h_e=H_E,
    device="box-7",
    position=12,
    id_b=bytes(32),
    guardian=2,
    c0=C0,
    key=TOY.power_g(DATA_SECRET),
    m=TOY.power(C0, DATA_SECRET),
)


def test_proof_with_fresh_randomness() -> None:
    first, second = (prove_opening_share(TOY, STATEMENT, DATA_SECRET) for _ in range(2))
    verify_opening_share(TOY, STATEMENT, first)
    verify_opening_share(TOY, STATEMENT, second)
    assert first != second


def test_the_error_names_ballot_and_guardian() -> None:
    proof = prove_opening_share(TOY, STATEMENT, DATA_SECRET)
    with pytest.raises(InvalidProof, match="device box-7, position 12, guardian 2"):
        verify_opening_share(TOY, STATEMENT, Proof(proof.c, (proof.v + 1) % TOY.q))


@pytest.mark.parametrize("bad", [0, TOY.p, TOY.p - STATEMENT.m])
def test_m_is_in_the_group(bad: int) -> None:
    proof = prove_opening_share(TOY, STATEMENT, DATA_SECRET)
    with pytest.raises(InvalidProof, match="m is not in the group"):
        verify_opening_share(TOY, STATEMENT._replace(m=bad), proof)


def test_scalars() -> None:
    c, v = prove_opening_share(TOY, STATEMENT, DATA_SECRET)
    for wide in (Proof(c + TOY.q, v), Proof(c, v + TOY.q)):
        with pytest.raises(InvalidProof, match="not below q"):
            verify_opening_share(TOY, STATEMENT, wide)


def test_another_secret_than_that_of_the_key_proves_nothing() -> None:
    other = STATEMENT._replace(m=TOY.power(C0, DATA_SECRET + 1))
    for secret in (DATA_SECRET, DATA_SECRET + 1):
        with pytest.raises(InvalidProof, match="recomputed"):
            verify_opening_share(TOY, other, prove_opening_share(TOY, other, secret))
