"""Both mini-elections, keys and device: every value that egcore computes, from the secrets."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from egcore.encoding import element_hex, scalar_hex
from egcore.hashing import (
    chain_start_field,
    chain_start_hash,
    closing_field,
    closing_hash,
    device_hash,
    guardian_record_hash,
    share_key,
    share_pad,
)
from egcore.hashing.keyed import ConfirmationCode
from egcore.lagrange import commitment_at, public_share
from egcore.proofs.schnorr import KeyProof, _prove_keys, verify_keys
from egcore.share_encryption import _encrypt_shares, decrypt_shares
from tests.vectors.mini_election import MiniElection, number, numbers


@pytest.fixture(
    scope="module", params=["toy256", pytest.param("standard", marks=pytest.mark.standard)]
)
def mini(request: pytest.FixtureRequest) -> MiniElection:
    return MiniElection.load(request.param)


def test_file_has_the_sections_that_these_tests_know(mini: MiniElection) -> None:
    assert set(mini.data) == {
        "description", "parameters", "spec_version", "n", "k", "manifest_utf8", "H_P", "H_B",
        "drbg", "seed", "guardians", "encrypted_shares", "K", "K_hat", "H_G", "H_E", "device",
        "ballots", "decryption_set_U", "tally", "contest_data_decryption",
        "challenged_ballot_decryption",
        "pre_encrypted_example",  # out of scope: tags 0x40 to 0x45
    }  # fmt: skip


def test_base_hashes(mini: MiniElection) -> None:
    assert mini.h_p.hex() == mini.data["H_P"]  # EQ-4
    assert mini.h_b.hex() == mini.data["H_B"]  # EQ-5


def test_guardian_keys_and_proofs(mini: MiniElection) -> None:
    grp = mini.group
    draws = count(1)
    for place, guardian in enumerate(mini.data["guardians"]):
        assert set(guardian) == {
            "index", "coefficients", "coefficients_hat", "zeta", "u", "u_hat", "K", "K_hat",
            "kappa", "proof_vote", "proof_data", "z", "z_hat",
        }  # fmt: skip
        for name in ("coefficients", "coefficients_hat", "zeta", "u", "u_hat"):
            values = guardian[name] if name != "zeta" else [guardian[name]]
            assert numbers(values) == [mini.random(next(draws)) for _ in values]
        assert element_hex(grp, mini.kappas[place]) == guardian["kappa"]
        assert [element_hex(grp, x) for x in mini.commitments[place]] == guardian["K"]
        assert [element_hex(grp, x) for x in mini.data_commitments[place]] == guardian["K_hat"]
        match_proof(mini, guardian, "pk_vote", mini.commitments[place])  # EQ-11
        match_proof(mini, guardian, "pk_data", mini.data_commitments[place])  # EQ-13


def match_proof(
    mini: MiniElection, guardian: dict[str, Any], label: str, commitments: list[int]
) -> None:
    secrets, u, expected = {
        "pk_vote": ("coefficients", "u", "proof_vote"),
        "pk_data": ("coefficients_hat", "u_hat", "proof_data"),
    }[label]
    grp, i, kappa = mini.group, guardian["index"], number(guardian["kappa"])
    proof = _prove_keys(
        grp, mini.h_p, label, i, numbers(guardian[secrets]), commitments,
        number(guardian["zeta"]), kappa, numbers(guardian[u]),
    )  # fmt: skip
    known = guardian[expected]
    assert proof == KeyProof(number(known["c"]), tuple(numbers(known["v"])))
    verify_keys(grp, mini.h_p, label, i, commitments, kappa, proof)


def test_encrypted_shares(mini: MiniElection) -> None:
    grp = mini.group
    draws = count(34)
    for share in mini.data["encrypted_shares"]:
        assert set(share) == {
            "sender", "receiver", "P", "P_hat", "xi", "u", "k_il", "k_1", "k_2", "c0", "c1", "c2",
        }  # fmt: skip
        i, l = share["sender"], share["receiver"]
        p, p_hat, xi, u = (number(share[name]) for name in ("P", "P_hat", "xi", "u"))
        assert (xi, u) == (mini.random(next(draws)), mini.random(next(draws)))
        assert grp.power_g(p) == commitment_at(grp, mini.commitments[i - 1], l)
        assert grp.power_g(p_hat) == commitment_at(grp, mini.data_commitments[i - 1], l)
        kappa = mini.kappas[l - 1]
        ciphertext = _encrypt_shares(grp, mini.h_p, i, l, kappa, p, p_hat, xi, u)
        k_il = share_key(grp, mini.h_p, i, l, kappa, ciphertext.c0, grp.power(kappa, xi))
        assert k_il.hex() == share["k_il"]  # EQ-16
        assert share_pad(k_il, i, l).hex() == share["k_1"] + share["k_2"]
        assert element_hex(grp, ciphertext.c0) == share["c0"]
        assert ciphertext.c1.hex() == share["c1"]
        assert scalar_hex(grp, ciphertext.c) == share["c2"]["challenge"]  # EQ-22
        assert scalar_hex(grp, ciphertext.v) == share["c2"]["response"]
        zeta = number(mini.data["guardians"][l - 1]["zeta"])
        assert decrypt_shares(grp, mini.h_p, i, l, zeta, kappa, ciphertext) == (p, p_hat)


def test_shares_of_the_joint_keys(mini: MiniElection) -> None:
    for guardian in mini.data["guardians"]:
        i = guardian["index"]
        z, z_hat = number(guardian["z"]), number(guardian["z_hat"])
        assert mini.group.power_g(z) == public_share(mini.group, mini.commitments, i)
        assert mini.group.power_g(z_hat) == public_share(mini.group, mini.data_commitments, i)


def test_joint_keys_and_hashes(mini: MiniElection) -> None:
    grp, K, K_hat = mini.group, mini.vote_key.base, mini.data_key.base
    assert element_hex(grp, K) == mini.data["K"]
    assert element_hex(grp, K_hat) == mini.data["K_hat"]
    h_g = guardian_record_hash(
        grp, mini.h_b, K, K_hat, mini.commitments, mini.data_commitments, mini.kappas
    )
    assert h_g.hex() == mini.data["H_G"]  # EQ-27
    assert mini.h_e.hex() == mini.data["H_E"]  # EQ-30


def test_device_chain(mini: MiniElection) -> None:
    device = mini.data["device"]
    assert set(device) == {
        "S_device", "H_DI", "B_C0", "H_0", "closing_B_C", "closing_hash",
        "B_C_no_chaining",  # a mode that no manifest of ours can name
    }  # fmt: skip
    h_di = device_hash(mini.h_e, device["S_device"])
    b_c0 = chain_start_field(h_di)
    assert h_di.hex() == device["H_DI"]  # EQ-72
    assert b_c0.hex() == device["B_C0"]  # EQ-73
    assert chain_start_hash(mini.h_e, b_c0).hex() == device["H_0"]  # EQ-74
    h_last = ConfirmationCode(bytes.fromhex(mini.data["ballots"][-1]["H_C"]))
    field = closing_field(mini.h_e, h_last, b_c0)
    assert field.hex() == device["closing_B_C"]  # EQ-78
    assert closing_hash(mini.h_e, field).hex() == device["closing_hash"]  # EQ-77
