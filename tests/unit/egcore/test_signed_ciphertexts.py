"""Encrypted shares, ballot nonces and contest data: each an ElGamal key stream with a proof."""

from __future__ import annotations

import pytest

from egcore import ballot_nonce, contest_data, share_encryption
from egcore.ballot_nonce import (
    NonceCiphertext,
    encrypt_ballot_nonce,
    recover_ballot_nonce,
    verify_ballot_nonce,
)
from egcore.contest_data import (
    ContestData,
    decrypt_contest_data,
    encrypt_contest_data,
    pad_contest_data,
    read_contest_data,
    verify_contest_data,
)
from egcore.encoding import b, xor
from egcore.errors import InconsistentShare, InvalidProof, MalformedRecord
from egcore.fixed_base import FixedBase
from egcore.hashing import data_nonce, identifier_hash, share_key, share_pad
from egcore.hashing.ceremony import share_proof_challenge
from egcore.parameters import STANDARD
from egcore.randomness import random_bytes32, random_scalar
from egcore.share_encryption import (
    ShareCiphertext,
    decrypt_shares,
    encrypt_shares,
    verify_share_ciphertext,
)
from tests.toy_groups import TOY
from tests.unit.egcore.election import DATA_SECRET, H_E, H_I, H_P, K_HAT

ZETA = 424242424242
KAPPA = TOY.power_g(ZETA)
XI_B = bytes(range(100, 132))
D = pad_contest_data("Әлихан, 7", 2)


def share() -> ShareCiphertext:
    return encrypt_shares(TOY, H_P, 1, 2, KAPPA, 17, 23)


class TestShares:
    def test_round_trip(self) -> None:
        assert decrypt_shares(TOY, H_P, 1, 2, ZETA, KAPPA, share()) == (17, 23)
        assert share() != share()

    def failed(self, ciphertext: ShareCiphertext, i: int = 1, l: int = 2) -> str:
        with pytest.raises(InvalidProof) as caught:
            decrypt_shares(TOY, H_P, i, l, ZETA, KAPPA, ciphertext)
        assert caught.value.item == "EQ-22"
        assert caught.value.where == f"share from guardian {i} to guardian {l}"
        return caught.value.detail

    def test_membership_comes_first(self) -> None:
        """C0 = -g^x passes the proof half of the time, so it must not get so far."""
        good = share()
        for bad in (0, TOY.p, TOY.p - 1, TOY.p - good.c0):
            assert "C0 is not in the group" in self.failed(good._replace(c0=bad))

    def test_proof(self) -> None:
        good = share()
        flipped = bytes([good.c1[0] ^ 1]) + good.c1[1:]
        for changed in (
            good._replace(c1=flipped),
            good._replace(c=(good.c + 1) % TOY.q),
            good._replace(v=(good.v + 1) % TOY.q),
            good._replace(c0=TOY.multiply(good.c0, TOY.g)),
        ):
            assert "recomputed" in self.failed(changed)
        assert "recomputed" in self.failed(good, i=3)
        assert "recomputed" in self.failed(good, l=3)

    def test_shape(self) -> None:
        good = share()
        assert "expected 64 bytes, found 63" in self.failed(good._replace(c1=good.c1[1:]))
        assert "below q" in self.failed(good._replace(c=good.c + TOY.q))
        assert "below q" in self.failed(good._replace(v=good.v + TOY.q))

    def test_plaintext_above_q_is_the_senders_fault(self) -> None:
        for plain in ((TOY.q, 1), (1, 2**256 - 1)):
            bad = self.ciphertext_of(*plain)
            verify_share_ciphertext(TOY, H_P, 1, 2, bad)
            with pytest.raises(InconsistentShare) as caught:
                decrypt_shares(TOY, H_P, 1, 2, ZETA, KAPPA, bad)
            assert caught.value.party == 1

    def ciphertext_of(self, p_l: int, p_hat_l: int) -> ShareCiphertext:
        """What a sender makes who does not keep to Z_q."""
        xi, u = 5, 6
        c0 = TOY.power_g(xi)
        pad = share_pad(share_key(TOY, H_P, 1, 2, KAPPA, c0, TOY.power(KAPPA, xi)), 1, 2)
        c1 = xor(b(p_l, 32) + b(p_hat_l, 32), pad)
        c = share_proof_challenge(TOY, H_P, 1, 2, TOY.power_g(u), c0, c1)
        return ShareCiphertext(c0, c1, c, (u - c * xi) % TOY.q)

    def test_wrong_arguments(self) -> None:
        with pytest.raises(ValueError, match="none to itself"):
            encrypt_shares(TOY, H_P, 2, 2, KAPPA, 1, 1)
        with pytest.raises(ValueError, match="below q"):
            encrypt_shares(TOY, H_P, 1, 2, KAPPA, TOY.q, 1)

    def test_another_receiver_reads_noise(self) -> None:
        """The proof holds for anyone; the plaintext is for the holder of zeta."""
        good = share_encryption._encrypt_shares(TOY, H_P, 1, 2, KAPPA, 17, 23, 5, 6)
        with pytest.raises(InconsistentShare):
            decrypt_shares(TOY, H_P, 1, 2, ZETA + 1, KAPPA, good)


class TestBallotNonce:
    def test_round_trip_through_the_secret_key(self) -> None:
        made = encrypt_ballot_nonce(TOY, K_HAT, H_I, XI_B)
        verify_ballot_nonce(TOY, H_I, made)
        assert made.c1 != XI_B
        beta = TOY.power(made.c0, DATA_SECRET)
        assert recover_ballot_nonce(TOY, H_I, made, beta) == XI_B
        assert recover_ballot_nonce(TOY, H_I, made, TOY.multiply(beta, TOY.g)) != XI_B

    def failed(self, ciphertext: NonceCiphertext) -> str:
        with pytest.raises(InvalidProof) as caught:
            verify_ballot_nonce(TOY, H_I, ciphertext)
        return caught.value.item

    def test_items(self) -> None:
        """6.Q, 6.R."""
        good = encrypt_ballot_nonce(TOY, K_HAT, H_I, XI_B)
        for bad in (0, TOY.p, TOY.p - good.c0):
            assert self.failed(good._replace(c0=bad)) == "6.Q"
        for changed in (
            good._replace(c=good.c + TOY.q),
            good._replace(v=good.v + TOY.q),
            good._replace(c=(good.c + 1) % TOY.q),
            good._replace(v=(good.v + 1) % TOY.q),
            good._replace(c1=good.c1[::-1]),
            good._replace(c1=good.c1[1:]),
            good._replace(c0=TOY.multiply(good.c0, TOY.g)),
        ):
            assert self.failed(changed) == "6.R"

    def test_it_belongs_to_its_ballot(self) -> None:
        made = encrypt_ballot_nonce(TOY, K_HAT, identifier_hash(H_E, bytes(32)), XI_B)
        assert self.failed(made) == "6.R"

    def test_a_nonce_has_32_bytes(self) -> None:
        with pytest.raises(ValueError, match="bytes"):
            encrypt_ballot_nonce(TOY, K_HAT, H_I, XI_B[1:])


class TestContestData:
    def test_round_trip_through_key_and_nonce(self) -> None:
        made = encrypt_contest_data(TOY, K_HAT, H_I, 3, XI_B, D)
        verify_contest_data(TOY, H_I, 3, 2, made)
        by_key = TOY.power(made.c0, DATA_SECRET)
        by_nonce = K_HAT.power(data_nonce(TOY, H_I, 3, XI_B))
        assert by_key == by_nonce
        assert decrypt_contest_data(TOY, H_I, 3, made, by_key) == D

    def failed(self, ciphertext: ContestData, ic: int = 3, blocks: int = 2) -> str:
        with pytest.raises(InvalidProof) as caught:
            verify_contest_data(TOY, H_I, ic, blocks, ciphertext)
        return caught.value.item

    def test_items(self) -> None:
        """6.S, 6.T."""
        good = encrypt_contest_data(TOY, K_HAT, H_I, 3, XI_B, D)
        for bad in (0, TOY.p, TOY.p - good.c0):
            assert self.failed(good._replace(c0=bad)) == "6.S"
        for changed in (
            good._replace(c=good.c + TOY.q),
            good._replace(v=good.v + TOY.q),
            good._replace(c=(good.c + 1) % TOY.q),
            good._replace(v=(good.v + 1) % TOY.q),
            good._replace(c1=good.c1[::-1]),
            good._replace(c1=good.c1[:32]),
        ):
            assert self.failed(changed) == "6.T"
        assert self.failed(good, ic=2) == "6.T"
        assert self.failed(good, blocks=1) == "6.T"

    def test_equal_texts_look_different(self) -> None:
        one, two = (encrypt_contest_data(TOY, K_HAT, H_I, ic, XI_B, D) for ic in (1, 2))
        assert one.c1 != two.c1


class TestPadding:
    @pytest.mark.parametrize(("text", "blocks"), [("", 1), ("a" * 28, 1), ("ң" * 30, 2)])
    def test_round_trip(self, text: str, blocks: int) -> None:
        data = pad_contest_data(text, blocks)
        assert len(data) == 32 * blocks
        assert read_contest_data(data) == text

    def test_layout(self) -> None:
        assert pad_contest_data("ң", 1) == b"\0\0\0\x02\xd2\xa3" + bytes(26)

    @pytest.mark.parametrize(
        ("text", "kept"),
        [("a" * 29, "a" * 28), ("a" * 27 + "ң", "a" * 27), ("a" * 25 + "🗳", "a" * 25)],
    )
    def test_a_long_text_is_cut_at_its_last_whole_character(self, text: str, kept: str) -> None:
        assert read_contest_data(pad_contest_data(text, 1)) == kept

    def test_no_block_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="at least one block"):
            pad_contest_data("", 0)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "whole blocks"),
            (bytes(31), "whole blocks"),
            (b"\0\0\0\x1d" + bytes(28), "text of 29 bytes"),
            (b"\xff" * 32, "text of 4294967295 bytes"),
            (b"\0\0\0\x01ab" + bytes(26), "padding"),
            (b"\0\0\0\x01\xff" + bytes(27), "UTF-8"),
        ],
    )
    def test_other_bytes_are_refused(self, data: bytes, reason: str) -> None:
        with pytest.raises(MalformedRecord, match=reason):
            read_contest_data(data)


@pytest.mark.standard
def test_all_three_in_the_standard_group() -> None:
    secret = random_scalar(STANDARD)
    key = FixedBase(STANDARD, STANDARD.power_g(secret))
    nonce = random_bytes32()
    made = encrypt_ballot_nonce(STANDARD, key, H_I, nonce)
    verify_ballot_nonce(STANDARD, H_I, made)
    assert (
        ballot_nonce.recover_ballot_nonce(STANDARD, H_I, made, STANDARD.power(made.c0, secret))
        == nonce
    )
    data = encrypt_contest_data(STANDARD, key, H_I, 1, nonce, D)
    verify_contest_data(STANDARD, H_I, 1, 2, data)
    beta = STANDARD.power(data.c0, secret)
    assert contest_data.decrypt_contest_data(STANDARD, H_I, 1, data, beta) == D
    sent = encrypt_shares(STANDARD, H_P, 1, 2, key.base, 17, STANDARD.q - 1)
    shares = decrypt_shares(STANDARD, H_P, 1, 2, secret, key.base, sent)
    assert shares == (17, STANDARD.q - 1)
