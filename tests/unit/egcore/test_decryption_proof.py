"""Decryption proofs: the combined proof item by item, and the check that names a guardian."""

from __future__ import annotations

import pytest

from egcore.contest_data import ContestData, encrypt_contest_data
from egcore.elgamal import Ciphertext, encrypt
from egcore.errors import InvalidProof
from egcore.hashing import data_decryption_challenge, decryption_challenge
from egcore.lagrange import public_share, weight
from egcore.proofs.decryption_proof import (
    begin,
    challenge_of,
    data_challenge_of,
    guardian_challenge,
    join_responses,
    join_reveals,
    respond,
    verify_data_decryption,
    verify_decryption,
    verify_response,
    verify_reveal,
)
from tests.toy_groups import TOY
from tests.unit.egcore.election import DATA_SECRET, H_E, H_I, K_HAT, NONCE, SECRET, K

U = (1, 3)
COEFFICIENTS = (SECRET, 99)
SHARES = {i: (SECRET + 99 * i) % TOY.q for i in U}
A, B = encrypt(TOY, K, 5, NONCE)
T = K.power(5)


def proven(ciphertext: Ciphertext) -> tuple[int, int]:
    """All guardians of U go through the three moves."""
    nonces, reveals = {}, {}
    for i in U:
        nonces[i], reveals[i] = begin(TOY, ciphertext.alpha, SHARES[i])
        assert verify_reveal(TOY, reveals[i])
    joint = join_reveals(TOY, reveals)
    c = challenge_of(TOY, H_E, 1, 2, *ciphertext, joint)
    responses = {i: respond(TOY, nonces[i], SHARES[i], guardian_challenge(TOY, c, i, U)) for i in U}
    for i in U:
        Z_i = public_share(TOY, [[TOY.power_g(a) for a in COEFFICIENTS]], i)
        c_i = guardian_challenge(TOY, c, i, U)
        assert verify_response(TOY, Z_i, ciphertext.alpha, *reveals[i], c_i, responses[i])
    return c, join_responses(TOY, responses.values())


C, V = proven(Ciphertext(A, B))


def failed_item(
    *, A: int = A, B: int = B, T: int = T, c: int = C, v: int = V, ic: int = 1, io: int = 2
) -> str:
    with pytest.raises(InvalidProof) as caught:
        verify_decryption(TOY, K, H_E, ic, io, A, B, T, c, v)
    assert caught.value.where == f"contest {ic}, option {io}"
    return caught.value.item


def test_honest_decryption() -> None:
    verify_decryption(TOY, K, H_E, 1, 2, A, B, T, C, V)


def test_an_empty_sum_decrypts_to_zero() -> None:
    c, v = proven(Ciphertext(1, 1))
    verify_decryption(TOY, K, H_E, 1, 2, 1, 1, 1, c, v)


def test_scalars() -> None:
    """10.A, 10.B."""
    assert failed_item(v=V + TOY.q) == "10.A"
    assert failed_item(c=C + TOY.q) == "10.B"


def test_challenge() -> None:
    """10.B."""
    assert failed_item(c=(C + 1) % TOY.q) == "10.B"
    assert failed_item(v=(V + 1) % TOY.q) == "10.B"
    assert failed_item(T=K.power(6)) == "10.B"
    assert failed_item(ic=2) == "10.B"
    assert failed_item(io=1) == "10.B"
    assert failed_item(B=TOY.multiply(B, TOY.g)) == "10.B"


def test_membership() -> None:
    """9.P, 10.P."""
    for bad in (0, TOY.p, TOY.p - A):
        assert failed_item(A=bad) == "9.P"
        assert failed_item(B=bad) == "9.P"
        assert failed_item(T=bad) == "10.P"


def test_without_membership_zero_proves_anything() -> None:
    """With A = B = 0 every M and b is 0 too, and any T passes the equations."""
    u = 77
    c = decryption_challenge(TOY, H_E, 1, 2, 0, 0, TOY.power_g(u), 0, 0)
    v = (u - c * SECRET) % TOY.q
    assert failed_item(A=0, B=0, T=K.power(1000), c=c, v=v) == "9.P"


def test_a_wrong_response_is_traced_to_its_guardian() -> None:
    u, reveal = begin(TOY, A, SHARES[1])
    c_i = guardian_challenge(TOY, 1234, 1, U)
    v_i = respond(TOY, u, SHARES[1], c_i)
    Z_1 = TOY.power_g(SHARES[1])
    assert verify_response(TOY, Z_1, A, *reveal, c_i, v_i)
    for bad in ((v_i + 1) % TOY.q, v_i + TOY.q, -1):
        assert not verify_response(TOY, Z_1, A, *reveal, c_i, bad)
    for changed in (
        reveal._replace(m=TOY.multiply(reveal.m, TOY.g)),
        reveal._replace(a=TOY.multiply(reveal.a, TOY.g)),
        reveal._replace(b=TOY.multiply(reveal.b, TOY.g)),
    ):
        assert not verify_response(TOY, Z_1, A, *changed, c_i, v_i)
    assert not verify_response(TOY, TOY.power_g(SHARES[3]), A, *reveal, c_i, v_i)


def test_each_run_has_fresh_nonces() -> None:
    (u, first), (w, second) = begin(TOY, A, SHARES[1]), begin(TOY, A, SHARES[1])
    assert u != w
    assert first.m == second.m
    assert (first.a, first.b) != (second.a, second.b)


@pytest.mark.parametrize("part", ["a", "b", "m"])
def test_reveals_outside_the_group_are_refused(part: str) -> None:
    _, reveal = begin(TOY, A, SHARES[1])
    for bad in (0, TOY.p, TOY.p - getattr(reveal, part)):
        assert not verify_reveal(TOY, reveal._replace(**{part: bad}))


def test_weights_are_those_of_the_guardians_present() -> None:
    for i in U:
        assert guardian_challenge(TOY, 5, i, U) == 5 * weight(i, U, TOY.q) % TOY.q
        assert guardian_challenge(TOY, 5, i, reversed(U)) == guardian_challenge(TOY, 5, i, U)


class TestContestData:
    """The same proof for beta = C0^zh, under K-hat and H_I."""

    data = encrypt_contest_data(TOY, K_HAT, H_I, 1, bytes(32), bytes(64))

    def proven(self) -> tuple[int, int, int]:
        u, reveal = begin(TOY, self.data.c0, DATA_SECRET)
        joint = join_reveals(TOY, {1: reveal})
        c = data_challenge_of(TOY, H_I, 1, self.data, joint)
        return joint.m, c, respond(TOY, u, DATA_SECRET, c)

    def failed(self, data: ContestData, beta: int, c: int, v: int) -> str:
        with pytest.raises(InvalidProof) as caught:
            verify_data_decryption(TOY, K_HAT, H_I, 1, data, beta, c, v)
        return caught.value.item

    def test_items(self) -> None:
        """12.A, 12.B."""
        beta, c, v = self.proven()
        verify_data_decryption(TOY, K_HAT, H_I, 1, self.data, beta, c, v)
        assert self.failed(self.data, beta, c, v + TOY.q) == "12.A"
        assert self.failed(self.data, beta, c + TOY.q, v) == "12.B"
        assert self.failed(self.data, beta, c, (v + 1) % TOY.q) == "12.B"
        assert self.failed(self.data, TOY.p - beta, c, v) == "12.B"
        assert self.failed(self.data, TOY.multiply(beta, TOY.g), c, v) == "12.B"
        other = self.data._replace(c1=bytes(63) + b"\x01")
        assert self.failed(other, beta, c, v) == "12.B"

    def test_challenge_covers_the_proof_of_the_ciphertext(self) -> None:
        first = data_decryption_challenge(TOY, H_I, 1, *self.data, 1, 1, 1)
        changed = self.data._replace(v=(self.data.v + 1) % TOY.q)
        assert data_decryption_challenge(TOY, H_I, 1, *changed, 1, 1, 1) != first
