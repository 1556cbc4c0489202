"""Proofs made before their value is known are those that are made after, and serve once."""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING

import pytest

from egcore.elgamal import encrypt
from egcore.hashing import limit_challenge, range_challenge
from egcore.proofs.prepared_range import PreparedRange, prepared_bytes
from egcore.proofs.range_proof import prove_limit, prove_selection, verify_limit, verify_selection
from egcore.single_use import AlreadySpent
from tests.toy_groups import TOY
from tests.unit.egcore.election import H_I, NONCE, K, selection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EVERY = [(value, limit) for limit in (1, 2, 4) for value in range(limit + 1)]


class Tape:
    """Takes the place of `secrets`: two of one seed give the same draws."""

    def __init__(self, seed: int) -> None:
        self._source = random.Random(seed)

    def randbelow(self, bound: int) -> int:
        return self._source.randrange(bound)


def prepared(limit: int = 1, challenge: Callable[..., int] | None = None) -> PreparedRange:
    made = PreparedRange(TOY, limit)
    for _ in made.fill(
        K, NONCE, selection(0), challenge or partial(range_challenge, TOY, H_I, 2, 3)
    ):
        pass
    return made


@pytest.mark.parametrize(("value", "limit"), EVERY)
def test_every_value_within_the_limit_is_proven(value: int, limit: int) -> None:
    ciphertext, proof = prepared(limit).take(value)
    assert ciphertext == selection(value)
    verify_selection(TOY, K, H_I, 2, 3, ciphertext, proof, limit)


@pytest.mark.parametrize(("value", "limit"), EVERY)
def test_a_contest_is_proven(value: int, limit: int) -> None:
    made = prepared(limit, partial(limit_challenge, TOY, H_I, 2))
    ciphertext, proof = made.take(value)
    verify_limit(TOY, K, H_I, 2, ciphertext, proof, limit)


@pytest.mark.parametrize(("value", "limit"), EVERY)
def test_with_the_same_randomness_the_proof_is_the_same(
    monkeypatch: pytest.MonkeyPatch, value: int, limit: int
) -> None:
    monkeypatch.setattr("egcore.randomness.secrets", Tape(value))
    ahead = prepared(limit).take(value)
    monkeypatch.setattr("egcore.randomness.secrets", Tape(value))
    total_ahead = prepared(limit, partial(limit_challenge, TOY, H_I, 2)).take(value)
    ciphertext = encrypt(TOY, K, value, NONCE)
    monkeypatch.setattr("egcore.randomness.secrets", Tape(value))
    proof = prove_selection(TOY, K, H_I, 2, 3, ciphertext, NONCE, value, limit)
    assert ahead == (ciphertext, proof)
    monkeypatch.setattr("egcore.randomness.secrets", Tape(value))
    total = prove_limit(TOY, K, H_I, 2, ciphertext, NONCE, value, limit)
    assert total_ahead == (ciphertext, total)


def test_randomness_is_fresh() -> None:
    scalars = [x for _ in range(20) for entry in prepared().take(0)[1] for x in entry]
    assert len(set(scalars)) == len(scalars)


def test_it_serves_once_and_is_overwritten() -> None:
    made = prepared(3)
    assert any(made._rows)
    made.take(2)
    assert not any(made._rows)
    assert len(made._rows) == prepared_bytes(TOY, 3)
    for value in (2, 1):
        with pytest.raises(AlreadySpent, match="a prepared proof was used before"):
            made.take(value)


@pytest.mark.parametrize("value", [-1, 2])
def test_a_value_out_of_range_spends_it_and_is_not_named(value: int) -> None:
    made = prepared()
    with pytest.raises(ValueError, match="outside the range") as caught:
        made.take(value)
    assert str(value) not in str(caught.value)
    assert not any(made._rows)
    with pytest.raises(AlreadySpent):
        made.take(0)


def test_it_is_not_taken_before_it_is_filled() -> None:
    made = PreparedRange(TOY, 1)
    steps = made.fill(K, NONCE, selection(0), partial(range_challenge, TOY, H_I, 2, 3))
    for _ in steps:
        with pytest.raises(RuntimeError, match="before it is filled"):
            made.take(0)
    made.take(0)


def test_a_limit_is_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        next(PreparedRange(TOY, 0).fill(K, NONCE, selection(0), lambda *_: 0))


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_a_step_is_three_powers_or_one_hash(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    work: list[str] = []

    def power(self: object, e: int) -> int:
        work.append("power")
        return pow(self.base, e, TOY.p)  # type: ignore[attr-defined]

    def challenge(alpha: int, beta: int, commitments: Iterable[tuple[int, int]]) -> int:
        work.append("hash")
        return range_challenge(TOY, H_I, 2, 3, alpha, beta, commitments)

    zero = selection(0)
    TOY.power_g(1)
    monkeypatch.setattr("egcore.fixed_base.FixedBase.power", power)
    parts = []
    for _ in PreparedRange(TOY, limit).fill(K, NONCE, zero, challenge):
        parts.append(tuple(work))
        work.clear()
    parts.append(tuple(work))
    three, two, one = ("power",) * 3, ("power",) * 2, ("hash",)
    assert parts == [(), *[three] * limit, two, *[one] * (limit + 1)]
