"""The verifier's hashes and checks against both mini-elections, every intermediate value."""

from __future__ import annotations

import pytest

from tests.vectors.verifier_mini import Mini, number, numbers
from verifier import hashing
from verifier.checks import (
    v02_guardian_keys,
    v03_joint_keys,
    v04_extended_base_hash,
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_chain,
    v08_confirmation_codes,
    v09_aggregation,
    v10_tally_decryption,
    v12_contest_data_decryption,
    v13_challenged_ballots,
    v14_challenged_contents,
)
from verifier.report import Location
from verifier.uniqueness import FirstSeen

AT = Location()


@pytest.fixture(
    scope="module", params=["toy256", pytest.param("standard", marks=pytest.mark.standard)]
)
def mini(request: pytest.FixtureRequest) -> Mini:
    return Mini.load(request.param)


def test_base_hashes(mini: Mini) -> None:
    """EQ-4, EQ-5, EQ-27, EQ-30."""
    data, group, record = mini.data, mini.group, mini.guardians
    assert hashing.parameter_base_hash(group, data["n"], data["k"]) == mini.h_p
    assert hashing.base_hash(mini.h_p, data["manifest_utf8"].encode()) == mini.h_b
    keys = (mini.election.vote_key, mini.election.data_key)
    assert hashing.extended_base_hash(group, mini.h_b, *keys) == mini.h_e
    assert not list(v04_extended_base_hash.check_extended_base_hash(
        group, mini.h_b, keys, mini.h_e, AT
    ))  # fmt: skip
    assert not list(v04_extended_base_hash.check_guardian_record_hash(
        group, mini.h_b, record, mini.raw("H_G"), AT
    ))  # fmt: skip


def test_guardian_keys(mini: Mini) -> None:
    """EQ-11, EQ-13: from the nonces of the proofs, and by V2."""
    group = mini.group
    for raw, guardian in zip(mini.data["guardians"], mini.guardians.guardians, strict=True):
        i, public = guardian.guardian, guardian.public
        assert [group.power(group.g, x) for x in numbers(raw["coefficients"])] == list(
            public.commitments
        )
        h = [group.power(group.g, u) for u in numbers(raw["u"])]
        hh = [group.power(group.g, u) for u in numbers(raw["u_hat"])]
        kappa = public.kappa
        assert public.proof.c == hashing.vote_key_challenge(
            group, mini.h_p, i, public.commitments, kappa, h
        )
        assert public.data_proof.c == hashing.data_key_challenge(
            group, mini.h_p, i, public.data_commitments, kappa, hh
        )
        assert not list(
            v02_guardian_keys.check_guardian(group, mini.h_p, i, mini.data["k"], guardian)
        )
    assert not list(v02_guardian_keys.check_repetition(mini.guardians.guardians))


def test_joint_keys(mini: Mini) -> None:
    publics = [guardian.public for guardian in mini.guardians.guardians]
    for item, keys, joint in (
        ("3.A", [public.commitments[0] for public in publics], mini.election.vote_key),
        ("3.B", [public.data_commitments[0] for public in publics], mini.election.data_key),
    ):
        assert not list(v03_joint_keys.check_product(mini.group, item, keys, joint, AT))
    keys_found = v03_joint_keys.check_identity(
        mini.group, mini.election.vote_key, mini.election.data_key, AT
    )
    assert not list(keys_found)


def test_encrypted_shares(mini: Mini) -> None:
    """EQ-16 with its key stream, EQ-22."""
    group = mini.group
    kappas = [guardian.public.kappa for guardian in mini.guardians.guardians]
    for raw in mini.data["encrypted_shares"]:
        i, l = raw["sender"], raw["receiver"]
        xi, kappa = number(raw["xi"]), kappas[l - 1]
        alpha, beta = group.power(group.g, xi), group.power(kappa, xi)
        assert alpha == number(raw["c0"])
        k_il = hashing.share_key(group, mini.h_p, i, l, kappa, alpha, beta)
        assert k_il.hex() == raw["k_il"]
        masks = hashing.share_masks(k_il, i, l)
        assert [mask.hex() for mask in masks] == [raw["k_1"], raw["k_2"]]
        plain = [number(raw["P"]).to_bytes(32, "big"), number(raw["P_hat"]).to_bytes(32, "big")]
        c1 = b"".join(hashing.xor(p, mask) for p, mask in zip(plain, masks, strict=True))
        assert c1.hex() == raw["c1"]
        gamma = group.power(group.g, number(raw["u"]))
        c = hashing.share_challenge(group, mini.h_p, i, l, gamma, alpha, c1)
        assert c == number(raw["c2"]["challenge"])


def test_device_and_chain(mini: Mini) -> None:
    """EQ-72, EQ-73, EQ-74, EQ-75, EQ-77, EQ-78."""
    device = mini.data["device"]
    start = v08_chain.ChainStart.of(mini.h_e, device["S_device"].encode())
    assert start.h_di.hex() == device["H_DI"]
    assert start.b_c0.hex() == device["B_C0"]
    assert start.h_0.hex() == device["H_0"]
    previous = start.h_0
    for ballot in mini.ballots:
        assert not list(v08_chain.check_link(previous, ballot.b_c, AT))
        previous = ballot.h_c
    field = hashing.closing_field(mini.h_e, previous, start.b_c0)
    assert field.hex() == device["closing_B_C"]
    assert hashing.closing_hash(mini.h_e, field).hex() == device["closing_hash"]


def test_ballot_identifiers(mini: Mini) -> None:
    """EQ-32."""
    seen = FirstSeen()
    for ballot in mini.ballots:
        assert not list(
            v05_ballot_identifiers.check_identifier_hash(mini.h_e, ballot.id_b, ballot.h_i, AT)
        )
        assert not list(
            v05_ballot_identifiers.check_uniqueness(
                seen, ballot.device, ballot.ordinal, ballot.id_b, AT
            )
        )


def test_ballot_nonces(mini: Mini) -> None:
    """EQ-35 with its key stream, EQ-38."""
    group, Kh = mini.group, mini.election.data_key
    for raw, ballot in zip(mini.data["ballots"], mini.ballots, strict=True):
        secret, h_i = raw["encrypted_nonce"], mini.h_i(ballot.ordinal)
        xi_hat = number(secret["xi_hat"])
        c0, beta = group.power(group.g, xi_hat), group.power(Kh, xi_hat)
        assert c0 == ballot.nonce.c0
        h = hashing.ballot_nonce_key(group, h_i, c0, beta)
        assert h.hex() == secret["h"]
        mask = hashing.ballot_nonce_mask(h)
        assert mask.hex() == secret["k_1"]
        assert hashing.xor(ballot.nonce.c1, mask).hex() == raw["xi_B"]
        a = group.power(group.g, number(secret["u"]))
        c = hashing.ballot_nonce_challenge(group, h_i, a, c0, ballot.nonce.c1)
        assert c == ballot.nonce.c
        assert not list(v06_selection_encryptions.check_nonce(group, h_i, ballot.nonce, AT))


def test_selections_and_limits(mini: Mini) -> None:
    """EQ-33, EQ-59, EQ-62."""
    group, K = mini.group, mini.election.vote_key
    for raw, ballot in zip(mini.data["ballots"], mini.ballots, strict=True):
        h_i, xi_b = mini.h_i(ballot.ordinal), bytes.fromhex(raw["xi_B"])
        for secret, contest in zip(raw["contests"], ballot.contests, strict=True):
            ic = contest.contest
            for option, selection in zip(secret["options"], contest.options, strict=True):
                io = option["option_index"]
                xi = hashing.selection_nonce(group, h_i, ic, io, xi_b)
                assert xi == number(option["xi"])
                assert selection.alpha == group.power(group.g, xi)
                assert selection.beta == group.power(K, xi + option["value"])
                assert not list(
                    v06_selection_encryptions.check_selection(
                        group, K, h_i, (ic, io), selection, secret["R"], AT
                    )
                )
            selections = [(selection.alpha, selection.beta) for selection in contest.options]
            product = [group.product(column) for column in zip(*selections, strict=True)]
            assert product == [number(x) for x in secret["aggregate"]]
            assert not list(
                v07_contest_limits.check_limit(
                    group, K, h_i, ic, selections, contest.limit_proof, secret["L"], AT
                )
            )


def test_contest_data(mini: Mini) -> None:
    """EQ-64, EQ-65, EQ-66, EQ-69."""
    group, seen = mini.group, 0
    for raw, ballot in zip(mini.data["ballots"], mini.ballots, strict=True):
        h_i, xi_b = mini.h_i(ballot.ordinal), bytes.fromhex(raw["xi_B"])
        for secret, contest in zip(raw["contests"], ballot.contests, strict=True):
            if contest.data is None:
                continue
            seen += 1
            ic, values, data = contest.contest, secret["contest_data"], contest.data
            xi = hashing.data_nonce(group, h_i, ic, xi_b)
            assert xi == number(values["xi"])
            beta = group.power(mini.election.data_key, xi)
            h = hashing.data_key(group, h_i, ic, data.c0, beta)
            assert h.hex() == values["h"]
            mask = hashing.data_mask(h, ic, len(data.c1) // 32)
            assert mask.hex() == values["keys"]
            assert hashing.xor(data.c1, mask).hex() == values["D"]
            assert data.c0 == group.power(group.g, xi)
            assert not list(v06_selection_encryptions.check_contest_data(group, h_i, ic, data, AT))
    assert seen == 3


def test_codes(mini: Mini) -> None:
    """EQ-70, EQ-71."""
    for ballot in mini.ballots:
        h_i = mini.h_i(ballot.ordinal)
        assert not list(v08_confirmation_codes.check_codes(mini.group, h_i, ballot))


def test_tally(mini: Mini) -> None:
    """EQ-88, EQ-90, EQ-X12; M is joined from the guardians' parts with their weights."""
    group, guardians = mini.group, mini.data["decryption_set_U"]
    factors, cells = v09_aggregation.Factors(group), v09_aggregation.Cells(group)
    for raw, ballot in zip(mini.data["ballots"], mini.ballots, strict=True):
        if ballot.status == "cast":
            for _ in range(raw["weight"]):  # our records have no weights: added again, as a power
                factors.add(ballot)
    cells.merge("precinct", factors.part())
    for row in mini.data["tally"]:
        ic, io = row["contest_index"], row["option_index"]
        pair = cells.product(ic, ("precinct",), io)[io - 1]
        assert pair == (number(row["A"]), number(row["B"]))
        assert not list(v09_aggregation.check_membership(group, pair, AT))
        a, b, M = (number(row[name]) for name in ("a", "b", "M"))
        for part in row["guardians"]:
            commitment = (number(part["a_i"]), number(part["b_i"]), number(part["M_i"]))
            d = hashing.decryption_commitment(
                group, mini.h_e, ic, io, part["i"], pair, commitment, guardians
            )
            assert d.hex() == part["d_i"]
        parts = row["guardians"]
        assert (
            group.product(group.power(number(part["M_i"]), number(part["w"])) for part in parts)
            == M
        )
        c = hashing.decryption_challenge(group, mini.h_e, ic, io, pair, a, b, M)
        assert c == number(row["c"])
        decrypted = (row["t"], number(row["T"]), c, number(row["v"]))
        assert not list(
            v10_tally_decryption.check_decryption(mini.election, (ic, io), pair, decrypted, AT)
        )


def test_contest_data_decryption(mini: Mini) -> None:
    """EQ-99, EQ-101."""
    group, raw = mini.group, mini.data["contest_data_decryption"]
    ballot, ic = mini.ballots[raw["ballot"] - 1], raw["contest_index"]
    h_i, data = mini.h_i(ballot.ordinal), ballot.contests[ic - 1].data
    assert data is not None
    recorded = (data.c0, data.c1, data.c, data.v)
    guardians = [part["i"] for part in raw["guardians"]]
    for part in raw["guardians"]:
        u = number(part["u_i"])
        commitment = (group.power(group.g, u), group.power(data.c0, u), number(part["m_i"]))
        d = hashing.data_decryption_commitment(
            group, h_i, ic, part["i"], recorded, commitment, guardians
        )
        assert d.hex() == part["d_i"]
    decrypted = (
        number(raw["beta"]),
        number(raw["c"]),
        number(raw["v"]),
        bytes.fromhex(raw["D"]),
    )
    assert not list(
        v12_contest_data_decryption.check_data_decryption(
            group, mini.election.data_key, h_i, ic, data, decrypted, AT
        )
    )


def test_challenged_ballot(mini: Mini) -> None:
    """EQ-35 from the guardians' side, then V13 and V14 on the opening."""
    group, raw = mini.group, mini.data["challenged_ballot_decryption"]
    ballot = mini.ballots[raw["ballot"] - 1]
    h_i, beta = mini.h_i(ballot.ordinal), number(raw["beta"])
    h = hashing.ballot_nonce_key(group, h_i, ballot.nonce.c0, beta)
    assert h.hex() == raw["h"]
    assert hashing.ballot_nonce_mask(h).hex() == raw["k_1"]
    opening = mini.opening
    assert all(map(v13_challenged_ballots.has_shape_of, ballot.contests, opening.contests))
    assert not list(v13_challenged_ballots.check_opening(mini.election, h_i, ballot, opening))
    style = [contest.contest for contest in ballot.contests]
    opened = [contest.contest for contest in opening.contests]
    assert not list(v14_challenged_contents.check_contests(style, opened, AT))
