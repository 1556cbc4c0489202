from __future__ import annotations

import pytest

from egcore.elgamal import Ciphertext, combine, encrypt
from tests.toy_groups import TOY
from tests.unit.egcore.election import NONCE, SECRET, K


def decrypted(ciphertext: Ciphertext) -> int:
    return TOY.divide(ciphertext.beta, TOY.power(ciphertext.alpha, SECRET))


def test_message_base_is_the_public_key() -> None:
    """(g^xi, K^(xi + s)): the base is K and not g."""
    ciphertext = encrypt(TOY, K, 3, NONCE)
    assert ciphertext.alpha == pow(TOY.g, NONCE, TOY.p)
    assert ciphertext.beta == pow(K.base, NONCE + 3, TOY.p)
    assert decrypted(ciphertext) == K.power(3)


def test_nonce_and_value_may_add_up_beyond_q() -> None:
    assert decrypted(encrypt(TOY, K, 5, TOY.q - 2)) == K.power(5)


def test_nothing_combined_is_an_encryption_of_zero() -> None:
    assert combine(TOY, []) == Ciphertext(1, 1)
    assert decrypted(combine(TOY, [])) == K.power(0)


def test_combining_reads_a_stream_once() -> None:
    stream = (encrypt(TOY, K, value, NONCE + value) for value in (1, 0, 2))
    assert decrypted(combine(TOY, stream)) == K.power(3)


def test_values_out_of_range_are_refused_and_not_named() -> None:
    for value, nonce in ((-1, 1), (TOY.q, 1), (1, -1), (1, TOY.q)):
        with pytest.raises(ValueError, match=r"0\.\.q-1") as caught:
            encrypt(TOY, K, value, nonce)
        assert str(TOY.q) not in str(caught.value)
