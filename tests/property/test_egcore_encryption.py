"""Laws of encryption and proofs for all values: homomorphism, completeness, round trips."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from egcore.ballot_nonce import encrypt_ballot_nonce, recover_ballot_nonce, verify_ballot_nonce
from egcore.contest_data import (
    decrypt_contest_data,
    encrypt_contest_data,
    pad_contest_data,
    read_contest_data,
    verify_contest_data,
)
from egcore.discrete_log import DiscreteLog
from egcore.elgamal import Ciphertext, combine, encrypt
from egcore.fixed_base import FixedBase
from egcore.hashing import IdentifierHash, ParameterBaseHash
from egcore.parameters import STANDARD
from egcore.proofs.range_proof import (
    prove_limit,
    prove_selection,
    verify_limit,
    verify_selection,
)
from egcore.randomness import random_scalar
from egcore.share_encryption import decrypt_shares, encrypt_shares
from tests.toy_groups import TOY

SECRET = 0xABCDEF0123456789
KEY = FixedBase(TOY, TOY.power_g(SECRET))
LOGARITHM = DiscreteLog(TOY, KEY.base)
H_I = IdentifierHash(bytes(range(32)))
H_P = ParameterBaseHash(bytes(range(32)))

scalars = st.integers(0, TOY.q - 1)
votes = st.integers(0, 50)
nonces32 = st.binary(min_size=32, max_size=32)
indices = st.integers(1, 2**31 - 1)


def decrypted(ciphertext: Ciphertext, bound: int) -> int:
    power = TOY.divide(ciphertext.beta, TOY.power(ciphertext.alpha, SECRET))
    return LOGARITHM.find(power, bound, "a sum")


@given(st.lists(st.tuples(votes, scalars), max_size=20))
def test_products_of_ciphertexts_add_votes(ballots: list[tuple[int, int]]) -> None:
    ciphertexts = [encrypt(TOY, KEY, value, nonce) for value, nonce in ballots]
    total = sum(value for value, _ in ballots)
    assert decrypted(combine(TOY, ciphertexts), 1000) == total
    nonce = sum(nonce for _, nonce in ballots) % TOY.q
    assert combine(TOY, ciphertexts) == encrypt(TOY, KEY, total, nonce)


@given(st.lists(st.tuples(votes, scalars), min_size=1, max_size=12), st.randoms())
def test_order_and_partition_do_not_matter(ballots: list[tuple[int, int]], random: object) -> None:
    ciphertexts = [encrypt(TOY, KEY, value, nonce) for value, nonce in ballots]
    whole = combine(TOY, ciphertexts)
    shuffled = list(ciphertexts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    cut = len(shuffled) // 2
    parts = [combine(TOY, shuffled[:cut]), combine(TOY, shuffled[cut:])]
    assert combine(TOY, parts) == whole


@given(st.integers(1, 5), st.data(), scalars, indices, indices)
def test_every_value_in_range_is_proven(
    limit: int, data: st.DataObject, nonce: int, ic: int, io: int
) -> None:
    value = data.draw(st.integers(0, limit))
    ciphertext = encrypt(TOY, KEY, value, nonce)
    proof = prove_selection(TOY, KEY, H_I, ic, io, ciphertext, nonce, value, limit)
    verify_selection(TOY, KEY, H_I, ic, io, ciphertext, proof, limit)
    proof = prove_limit(TOY, KEY, H_I, ic, ciphertext, nonce, value, limit)
    verify_limit(TOY, KEY, H_I, ic, ciphertext, proof, limit)


@given(nonces32, nonces32)
def test_ballot_nonce_round_trip(xi_b: bytes, seed: bytes) -> None:
    h_i = IdentifierHash(seed)
    made = encrypt_ballot_nonce(TOY, KEY, h_i, xi_b)
    verify_ballot_nonce(TOY, h_i, made)
    assert recover_ballot_nonce(TOY, h_i, made, TOY.power(made.c0, SECRET)) == xi_b


@given(st.text(max_size=80), st.integers(1, 4), nonces32, indices)
def test_contest_data_round_trip(text: str, blocks: int, xi_b: bytes, ic: int) -> None:
    text = text.encode("utf-8", "ignore").decode("utf-8")  # no lone surrogates
    padded = pad_contest_data(text, blocks)
    assert len(padded) == 32 * blocks
    kept = read_contest_data(padded)
    assert text.startswith(kept)
    assert kept == text or len(text[: len(kept) + 1].encode()) > 32 * blocks - 4
    made = encrypt_contest_data(TOY, KEY, H_I, ic, xi_b, padded)
    verify_contest_data(TOY, H_I, ic, blocks, made)
    assert decrypt_contest_data(TOY, H_I, ic, made, TOY.power(made.c0, SECRET)) == padded


@given(scalars, scalars, st.integers(1, 50), st.integers(51, 100))
def test_share_round_trip(p_l: int, p_hat_l: int, i: int, l: int) -> None:
    sent = encrypt_shares(TOY, H_P, i, l, KEY.base, p_l, p_hat_l)
    assert decrypt_shares(TOY, H_P, i, l, SECRET, KEY.base, sent) == (p_l, p_hat_l)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_every_count_within_its_bound_is_found(t: int, spare: int) -> None:
    assert LOGARITHM.find(KEY.power(t), t + spare, "a count") == t


def test_homomorphism_in_the_standard_group() -> None:
    secret = random_scalar(STANDARD)
    key = FixedBase(STANDARD, STANDARD.power_g(secret))
    ciphertexts = [encrypt(STANDARD, key, value, random_scalar(STANDARD)) for value in (1, 0, 3)]
    alpha, beta = combine(STANDARD, ciphertexts)
    power = STANDARD.divide(beta, STANDARD.power(alpha, secret))
    assert DiscreteLog(STANDARD, key.base).find(power, 9, "a sum") == 4
