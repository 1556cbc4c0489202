"""Many values are tested at once: nothing outside passes, nothing inside is refused."""

from __future__ import annotations

import secrets

import pytest

from tests.unit.verifier.core.back_ends import STANDARD, TOY, back_end, outsiders, shape
from verifier import modular
from verifier.core.batch import all_members
from verifier.core.plain_back_end import PlainBackEnd

P, Q, G = TOY.p, TOY.q, TOY.g
SHAPE = shape(TOY)
HONEST = tuple(pow(G, e, P) for e in range(40))
OF_PRIME_ORDER = pow(3, 2 * Q, P)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5, 17, 40])
def test_members_pass(number: int) -> None:
    assert all_members(SHAPE, HONEST[:number])


@pytest.mark.parametrize("place", [0, 3, 39])
@pytest.mark.parametrize("what", outsiders(TOY))
def test_one_value_outside_is_enough(what: str, place: int) -> None:
    values = list(HONEST)
    values[place] = outsiders(TOY)[what]
    assert not all_members(SHAPE, tuple(values))


def test_factors_that_cancel_are_seen() -> None:
    """Their plain product is in G: only exponents that nobody knew before tell them apart."""
    inverse = pow(OF_PRIME_ORDER, -1, P)
    for left, right in ((OF_PRIME_ORDER, inverse), (P - 1, P - 1)):
        values = (HONEST[5] * left % P, HONEST[6] * right % P, *HONEST)
        assert pow(modular.product(values, P), Q, P) == 1
        assert not all_members(SHAPE, values)


def test_exponents_that_are_known_make_it_worthless(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the random numbers are for: with equal ones the pair of above passes."""
    inverse = pow(OF_PRIME_ORDER, -1, P)
    values = (HONEST[5] * OF_PRIME_ORDER % P, HONEST[6] * inverse % P, *HONEST)
    monkeypatch.setattr("verifier.core.batch.secrets.randbits", lambda _: 1)
    assert all_members(SHAPE, values)


def test_each_value_has_its_own_128_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def drawn(bits: int) -> int:
        asked.append(bits)
        return secrets.SystemRandom().getrandbits(bits)

    monkeypatch.setattr("verifier.core.batch.secrets.randbits", drawn)
    assert all_members(SHAPE, HONEST)
    assert asked == [128] * len(HONEST)


def test_a_batch_that_fails_is_looked_at_one_by_one() -> None:
    values = [x for pair in zip(HONEST, outsiders(TOY).values(), strict=False) for x in pair]
    expected = PlainBackEnd(P, Q).members(values)
    assert sum(expected) == len(values) // 2
    for name in ("gmpy2", "planned"):
        assert back_end(name, TOY).members(values) == expected


def test_one_power_serves_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members cost one exponentiation by q together, not one each."""
    powers = []

    def counted(base: int, exponent: int, modulus: int) -> int:
        powers.append(exponent)
        return pow(base, exponent, modulus)

    monkeypatch.setattr(modular, "powmod", counted)
    assert back_end("gmpy2", TOY).members(HONEST) == [True] * len(HONEST)
    assert powers == [Q]


@pytest.mark.standard
def test_the_standard_group() -> None:
    values = [STANDARD.power(STANDARD.g, e) for e in range(5, 13)]
    own = back_end("gmpy2", STANDARD)
    assert own.members(values) == [True] * 8
    for what, x in outsiders(STANDARD).items():
        assert own.members([*values, x]) == [True] * 8 + [False], what
