from __future__ import annotations

import copy
import pickle

import pytest

from egcore.randomness import random_bytes32, random_scalar
from egcore.secret import Secret
from tests.toy_groups import TINY

VALUE = 8646911284551352320


def test_a_secret_shows_nothing_until_revealed() -> None:
    secret = Secret(VALUE)
    assert secret.reveal() == VALUE
    for text in (repr(secret), str(secret), f"{secret}", f"{[secret]}", f"{secret!r:>20}"):
        assert str(VALUE) not in text


def test_a_secret_is_not_copied_pickled_compared_or_hashed() -> None:
    secret = Secret(VALUE)
    for refused in (pickle.dumps, copy.copy, copy.deepcopy, hash, lambda s: s == s):  # noqa: PLR0124
        with pytest.raises(TypeError, match="secret"):
            refused(secret)
    assert not hasattr(secret, "__dict__")


def test_random_scalars_reach_every_element_of_a_tiny_group() -> None:
    drawn = {random_scalar(TINY) for _ in range(20 * TINY.q)}
    assert drawn == set(range(TINY.q))  # misses one by chance once in 2^21 runs


def test_random_bytes_differ() -> None:
    drawn = {random_bytes32() for _ in range(100)}
    assert len(drawn) == 100
    assert {len(value) for value in drawn} == {32}
