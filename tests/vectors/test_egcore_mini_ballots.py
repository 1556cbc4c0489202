"""Both mini-elections, ballots: nonces, ciphertexts, proofs, contest data, codes and chain.

The proofs are compared entry by entry: their randomness is the file's generator, drawn in the
order u_0, ..., u_R, then the c_j of the simulated entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from egcore.ballot_nonce import (
    _encrypt_ballot_nonce,
    recover_ballot_nonce,
    verify_ballot_nonce,
)
from egcore.contest_data import (
    ContestData,
    _encrypt_contest_data,
    decrypt_contest_data,
    verify_contest_data,
)
from egcore.elgamal import Ciphertext, combine, encrypt
from egcore.encoding import element_hex, scalar_hex
from egcore.hashing import (
    ContestHash,
    IdentifierHash,
    ballot_nonce_key_seed,
    ballot_nonce_pad,
    chain_start_field,
    chain_start_hash,
    confirmation_code,
    contest_hash,
    data_key_seed,
    data_nonce,
    data_pad,
    device_hash,
    identifier_hash,
    limit_challenge,
    next_field,
    range_challenge,
    selection_nonce,
)
from egcore.proofs import Proof
from egcore.proofs.range_proof import _prove, verify_limit, verify_selection
from tests.vectors.mini_election import MiniElection, number

FIRST_DRAW = 46  # after keys and shares
Draws = Iterator[int]


@pytest.fixture(
    scope="module", params=["toy256", pytest.param("standard", marks=pytest.mark.standard)]
)
def mini(request: pytest.FixtureRequest) -> MiniElection:
    return MiniElection.load(request.param)


def test_ballots(mini: MiniElection) -> None:
    draws = count(FIRST_DRAW)
    b_c0 = chain_start_field(device_hash(mini.h_e, mini.data["device"]["S_device"]))
    previous = chain_start_hash(mini.h_e, b_c0)
    for ballot in mini.data["ballots"]:
        assert set(ballot) == {
            "status", "weight", "id_B", "H_I", "xi_B", "encrypted_nonce", "contests", "B_C", "H_C",
        }  # fmt: skip
        assert ballot["id_B"] == mini.random_bytes(next(draws)).hex()
        assert ballot["xi_B"] == mini.random_bytes(next(draws)).hex()
        h_i = identifier_hash(mini.h_e, bytes.fromhex(ballot["id_B"]))
        assert h_i.hex() == ballot["H_I"]  # EQ-32
        match_nonce(mini, h_i, ballot, draws)
        chis = [match_contest(mini, h_i, ballot, contest, draws) for contest in ballot["contests"]]
        b_c = next_field(previous)
        assert b_c.hex() == ballot["B_C"]  # EQ-75
        previous = confirmation_code(h_i, chis, b_c)
        assert previous.hex() == ballot["H_C"]  # EQ-71


def match_nonce(
    mini: MiniElection, h_i: IdentifierHash, ballot: dict[str, Any], draws: Draws
) -> None:
    grp, expected = mini.group, ballot["encrypted_nonce"]
    assert set(expected) == {"xi_hat", "u", "h", "k_1", "c0", "c1", "c2"}
    xi_b = bytes.fromhex(ballot["xi_B"])
    xi_hat, u = mini.random(next(draws)), mini.random(next(draws))
    assert (xi_hat, u) == (number(expected["xi_hat"]), number(expected["u"]))
    ciphertext = _encrypt_ballot_nonce(grp, mini.data_key, h_i, xi_b, xi_hat, u)
    beta = mini.data_key.power(xi_hat)
    h = ballot_nonce_key_seed(grp, h_i, ciphertext.c0, beta)
    assert h.hex() == expected["h"]  # EQ-35
    assert ballot_nonce_pad(h).hex() == expected["k_1"]
    assert element_hex(grp, ciphertext.c0) == expected["c0"]
    assert ciphertext.c1.hex() == expected["c1"]
    assert scalar_hex(grp, ciphertext.c) == expected["c2"]["challenge"]  # EQ-38
    assert scalar_hex(grp, ciphertext.v) == expected["c2"]["response"]
    verify_ballot_nonce(grp, h_i, ciphertext)
    assert recover_ballot_nonce(grp, h_i, ciphertext, beta) == xi_b


def match_contest(
    mini: MiniElection,
    h_i: IdentifierHash,
    ballot: dict[str, Any],
    contest: dict[str, Any],
    draws: Draws,
) -> ContestHash:
    grp = mini.group
    assert set(contest) == {
        "contest_index", "L", "R", "options", "aggregate", "limit_proof", "contest_data", "chi",
    }  # fmt: skip
    ic, nonces, ciphertexts = contest["contest_index"], [], []
    for option in contest["options"]:
        xi = selection_nonce(grp, h_i, ic, option["option_index"], bytes.fromhex(ballot["xi_B"]))
        assert scalar_hex(grp, xi) == option["xi"]  # EQ-33
        ciphertexts.append(match_option(mini, h_i, ic, contest["R"], option, draws))
        nonces.append(xi)
    match_limit(mini, h_i, contest, combine(grp, ciphertexts), sum(nonces) % grp.q, draws)
    data = contest["contest_data"]
    encrypted = None
    if data is not None:
        encrypted = match_data(mini, h_i, ic, bytes.fromhex(ballot["xi_B"]), data, draws)
    chi = contest_hash(grp, h_i, ic, ciphertexts, encrypted)
    assert chi.hex() == contest["chi"]  # EQ-70
    return chi


def match_option(
    mini: MiniElection,
    h_i: IdentifierHash,
    ic: int,
    limit: int,
    option: dict[str, Any],
    draws: Draws,
) -> Ciphertext:
    grp, io = mini.group, option["option_index"]
    assert set(option) == {"option_index", "value", "xi", "alpha", "beta", "proof"}
    xi = number(option["xi"])
    ciphertext = encrypt(grp, mini.vote_key, option["value"], xi)
    assert element_hex(grp, ciphertext.alpha) == option["alpha"]
    assert element_hex(grp, ciphertext.beta) == option["beta"]
    proof = _prove(
        grp, mini.vote_key, xi, option["value"],
        *randomness(mini, option["value"], limit, draws),
        lambda commitments: range_challenge(grp, h_i, ic, io, *ciphertext, commitments),  # EQ-59
    )  # fmt: skip
    assert proof == entries(option["proof"])
    verify_selection(grp, mini.vote_key, h_i, ic, io, ciphertext, proof, limit)
    return ciphertext


def match_limit(
    mini: MiniElection,
    h_i: IdentifierHash,
    contest: dict[str, Any],
    total: Ciphertext,
    nonce: int,
    draws: Draws,
) -> None:
    grp, ic, limit = mini.group, contest["contest_index"], contest["L"]
    assert [element_hex(grp, x) for x in total] == contest["aggregate"]
    value = sum(option["value"] for option in contest["options"])
    proof = _prove(
        grp, mini.vote_key, nonce, value, *randomness(mini, value, limit, draws),
        lambda commitments: limit_challenge(grp, h_i, ic, *total, commitments),  # EQ-62
    )  # fmt: skip
    assert proof == entries(contest["limit_proof"])
    verify_limit(grp, mini.vote_key, h_i, ic, total, proof, limit)


def match_data(
    mini: MiniElection,
    h_i: IdentifierHash,
    ic: int,
    xi_b: bytes,
    expected: dict[str, Any],
    draws: Draws,
) -> ContestData:
    grp, D = mini.group, bytes.fromhex(expected["D"])
    assert set(expected) == {"D", "xi", "h", "keys", "c0", "c1", "c2"}
    xi = data_nonce(grp, h_i, ic, xi_b)
    assert scalar_hex(grp, xi) == expected["xi"]  # EQ-64
    encrypted = _encrypt_contest_data(grp, mini.data_key, h_i, ic, xi, D, mini.random(next(draws)))
    beta = mini.data_key.power(xi)
    h = data_key_seed(grp, h_i, ic, encrypted.c0, beta)
    assert h.hex() == expected["h"]  # EQ-65
    assert data_pad(h, ic, len(D) // 32).hex() == expected["keys"]  # EQ-66
    assert element_hex(grp, encrypted.c0) == expected["c0"]
    assert encrypted.c1.hex() == expected["c1"]
    assert scalar_hex(grp, encrypted.c) == expected["c2"]["challenge"]  # EQ-69
    assert scalar_hex(grp, encrypted.v) == expected["c2"]["response"]
    verify_contest_data(grp, h_i, ic, len(D) // 32, encrypted)
    assert decrypt_contest_data(grp, h_i, ic, encrypted, beta) == D
    return encrypted


def randomness(
    mini: MiniElection, value: int, limit: int, draws: Draws
) -> tuple[list[int], list[int]]:
    u = [mini.random(next(draws)) for _ in range(limit + 1)]
    c = [mini.random(next(draws)) for j in range(limit + 1) if j != value]
    return u, c


def entries(proof: list[dict[str, str]]) -> tuple[Proof, ...]:
    return tuple(Proof(number(entry["c"]), number(entry["v"])) for entry in proof)
