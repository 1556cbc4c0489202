"""Both mini-elections, decryption: tally, contest data, and the challenged ballot's nonce."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from egcore.ballot_nonce import NonceCiphertext, recover_ballot_nonce
from egcore.contest_data import ContestData, decrypt_contest_data, read_contest_data
from egcore.discrete_log import DiscreteLog
from egcore.elgamal import Ciphertext, combine
from egcore.encoding import element_hex, scalar_hex
from egcore.hashing import (
    IdentifierHash,
    ballot_nonce_key_seed,
    ballot_nonce_pad,
    data_decryption_commitment,
    data_nonce,
    decryption_commitment,
    identifier_hash,
    selection_nonce,
)
from egcore.lagrange import public_share, weight
from egcore.proofs.decryption_proof import (
    Joint,
    Reveal,
    _reveal,
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
from tests.vectors.mini_election import MiniElection, number

FIRST_DRAW = 166  # after keys, shares and ballots


@pytest.fixture(
    scope="module", params=["toy256", pytest.param("standard", marks=pytest.mark.standard)]
)
def mini(request: pytest.FixtureRequest) -> MiniElection:
    return MiniElection.load(request.param)


def aggregate(mini: MiniElection, ic: int, io: int) -> Ciphertext:
    """Product over the cast ballots; a weight of two counts a ballot twice."""
    selections = []
    for ballot in mini.data["ballots"]:
        if ballot["status"] == "CAST":
            option = ballot["contests"][ic - 1]["options"][io - 1]
            ciphertext = Ciphertext(number(option["alpha"]), number(option["beta"]))
            selections += [ciphertext] * ballot["weight"]
    return combine(mini.group, selections)


def test_tally(mini: MiniElection) -> None:
    logarithm = DiscreteLog(mini.group, mini.vote_key.base)
    draws = count(FIRST_DRAW)
    assert len(mini.data["tally"]) == 5
    for line in mini.data["tally"]:
        assert set(line) == {
            "contest_index", "option_index", "A", "B", "T", "t", "M", "a", "b", "c", "v",
            "guardians",
        }  # fmt: skip
        grp, ic, io = mini.group, line["contest_index"], line["option_index"]
        A, B = aggregate(mini, ic, io)
        assert [element_hex(grp, x) for x in (A, B)] == [line["A"], line["B"]]  # EQ-X12
        secrets = [mini.random(next(draws)) for _ in line["guardians"]]
        reveals = match_reveals(mini, line, A, B, secrets)
        joint = join_reveals(grp, reveals)
        assert [element_hex(grp, x) for x in joint] == [line["a"], line["b"], line["M"]]
        c = challenge_of(grp, mini.h_e, ic, io, A, B, joint)
        assert scalar_hex(grp, c) == line["c"]  # EQ-90
        v = match_responses(mini, line, A, reveals, c)
        assert scalar_hex(grp, v) == line["v"]
        T = grp.divide(B, joint.m)
        assert element_hex(grp, T) == line["T"]
        assert logarithm.find(T, 20, f"contest {ic}, option {io}") == line["t"]
        verify_decryption(grp, mini.vote_key, mini.h_e, ic, io, A, B, T, c, v)


def match_reveals(
    mini: MiniElection, line: dict[str, Any], A: int, B: int, secrets: list[int]
) -> dict[int, Reveal]:
    grp, U = mini.group, mini.data["decryption_set_U"]
    reveals = {}
    for guardian, u in zip(line["guardians"], secrets, strict=True):
        assert set(guardian) == {
            "i", "w", "M_i", "u_i", "a_i", "b_i", "d_i", "c_i", "v_i",
        }  # fmt: skip
        i = guardian["i"]
        assert u == number(guardian["u_i"])
        assert weight(i, U, grp.q) == number(guardian["w"])
        z = number(mini.data["guardians"][i - 1]["z"])
        reveal = _reveal(grp, A, z, u)
        assert verify_reveal(grp, reveal)
        found = [element_hex(grp, x) for x in reveal]
        assert found == [guardian["a_i"], guardian["b_i"], guardian["M_i"]]
        d = decryption_commitment(
            grp, mini.h_e, line["contest_index"], line["option_index"], i, A, B, *reveal, U
        )
        assert d.hex() == guardian["d_i"]  # EQ-88
        reveals[i] = reveal
    return reveals


def match_responses(
    mini: MiniElection, line: dict[str, Any], A: int, reveals: dict[int, Reveal], c: int
) -> int:
    grp, responses = mini.group, []
    for guardian in line["guardians"]:
        i = guardian["i"]
        c_i = guardian_challenge(grp, c, i, reveals)
        assert scalar_hex(grp, c_i) == guardian["c_i"]
        z = number(mini.data["guardians"][i - 1]["z"])
        v_i = respond(grp, number(guardian["u_i"]), z, c_i)
        assert scalar_hex(grp, v_i) == guardian["v_i"]
        Z_i = public_share(grp, mini.commitments, i)
        assert verify_response(grp, Z_i, A, *reveals[i], c_i, v_i)
        assert not verify_response(grp, Z_i, A, *reveals[i], c_i, (v_i + 1) % grp.q)
        responses.append(v_i)
    return join_responses(grp, responses)


def test_contest_data_decryption(mini: MiniElection) -> None:
    expected, grp = mini.data["contest_data_decryption"], mini.group
    assert set(expected) == {"ballot", "contest_index", "beta", "c", "v", "D", "guardians"}
    ic, ballot = expected["contest_index"], mini.data["ballots"][expected["ballot"] - 1]
    h_i = identifier_hash(mini.h_e, bytes.fromhex(ballot["id_B"]))
    data = contest_data_of(ballot["contests"][ic - 1]["contest_data"])
    reveals = match_data_reveals(mini, h_i, ic, data, expected)
    joint = join_reveals(grp, reveals)
    assert element_hex(grp, joint.m) == expected["beta"]
    c = data_challenge_of(grp, h_i, ic, data, Joint(*joint))
    assert scalar_hex(grp, c) == expected["c"]  # EQ-101
    responses = []
    for guardian in expected["guardians"]:
        z_hat = number(mini.data["guardians"][guardian["i"] - 1]["z_hat"])
        c_i = guardian_challenge(grp, c, guardian["i"], reveals)
        responses.append(respond(grp, number(guardian["u_i"]), z_hat, c_i))
    v = join_responses(grp, responses)
    assert scalar_hex(grp, v) == expected["v"]
    verify_data_decryption(grp, mini.data_key, h_i, ic, data, joint.m, c, v)
    D = decrypt_contest_data(grp, h_i, ic, data, joint.m)
    assert D.hex() == expected["D"]
    assert read_contest_data(D) == "overvote: Ada, Bea, Cyd"


def match_data_reveals(
    mini: MiniElection,
    h_i: IdentifierHash,
    ic: int,
    data: ContestData,
    expected: dict[str, Any],
) -> dict[int, Reveal]:
    grp, U = mini.group, mini.data["decryption_set_U"]
    draws = count(FIRST_DRAW + 10)
    reveals = {}
    for guardian in expected["guardians"]:
        assert set(guardian) == {"i", "m_i", "u_i", "d_i"}
        i, u = guardian["i"], number(guardian["u_i"])
        assert u == mini.random(next(draws))
        reveal = _reveal(grp, data.c0, number(mini.data["guardians"][i - 1]["z_hat"]), u)
        assert element_hex(grp, reveal.m) == guardian["m_i"]
        d = data_decryption_commitment(grp, h_i, ic, i, *data, *reveal, U)
        assert d.hex() == guardian["d_i"]  # EQ-99
        reveals[i] = reveal
    return reveals


def test_challenged_ballot(mini: MiniElection) -> None:
    expected, grp = mini.data["challenged_ballot_decryption"], mini.group
    assert set(expected) == {"ballot", "partial", "beta", "h", "k_1", "released"}
    ballot = mini.data["ballots"][expected["ballot"] - 1]
    assert ballot["status"] == "CHALLENGED"
    h_i = identifier_hash(mini.h_e, bytes.fromhex(ballot["id_B"]))
    nonce = nonce_of(ballot["encrypted_nonce"])
    reveals = {}
    for partial in expected["partial"]:
        z_hat = number(mini.data["guardians"][partial["i"] - 1]["z_hat"])
        m = grp.power(nonce.c0, z_hat)
        assert element_hex(grp, m) == partial["m_i"]
        reveals[partial["i"]] = Reveal(1, 1, m)
    beta = join_reveals(grp, reveals).m
    assert element_hex(grp, beta) == expected["beta"]
    h = ballot_nonce_key_seed(grp, h_i, nonce.c0, beta)
    assert h.hex() == expected["h"]
    assert ballot_nonce_pad(h).hex() == expected["k_1"]
    xi_b = recover_ballot_nonce(grp, h_i, nonce, beta)
    assert xi_b.hex() == ballot["xi_B"]
    for contest in expected["released"]:
        match_release(mini, h_i, xi_b, contest, ballot["contests"][contest["contest_index"] - 1])


def match_release(
    mini: MiniElection,
    h_i: IdentifierHash,
    xi_b: bytes,
    released: dict[str, Any],
    contest: dict[str, Any],
) -> None:
    grp, ic = mini.group, released["contest_index"]
    assert released["values"] == [option["value"] for option in contest["options"]]
    nonces = [
        selection_nonce(grp, h_i, ic, io, xi_b) for io in range(1, len(released["nonces"]) + 1)
    ]
    assert [scalar_hex(grp, xi) for xi in nonces] == released["nonces"]
    if contest["contest_data"] is not None:
        data = contest_data_of(contest["contest_data"])
        xi = data_nonce(grp, h_i, ic, xi_b)
        assert scalar_hex(grp, xi) == released["contest_data_nonce"]
        D = decrypt_contest_data(grp, h_i, ic, data, mini.data_key.power(xi))
        assert D.hex() == released["contest_data"]


def contest_data_of(values: dict[str, Any]) -> ContestData:
    return ContestData(*_ciphertext(values))


def nonce_of(values: dict[str, Any]) -> NonceCiphertext:
    return NonceCiphertext(*_ciphertext(values))


def _ciphertext(values: dict[str, Any]) -> tuple[int, bytes, int, int]:
    proof = values["c2"]
    return (
        number(values["c0"]),
        bytes.fromhex(values["c1"]),
        number(proof["challenge"]),
        number(proof["response"]),
    )
