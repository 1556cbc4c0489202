"""The group of the verifier, and the standard parameters that it holds."""

from __future__ import annotations

import gmpy2
import pytest

from tests.vectors.verifier_mini import group_named
from verifier import modular
from verifier.algebra import Group
from verifier.core.plain_back_end import PlainBackEnd
from verifier.parameters import STANDARD, VERSION

TOY = group_named("toy-q64-p256")
TINY = group_named("toy-q7-p16")
DELTA = 287975203778583638958138611533602521491887169409704874643524560756486080635197037903


def test_the_standard_set_is_the_published_one() -> None:
    assert group_named("standard-4096") == STANDARD
    assert VERSION == "2.1.0"
    assert (STANDARD.lp, STANDARD.lq) == (512, 32)


def test_the_standard_set_is_sound() -> None:
    p, q, g = STANDARD.p, STANDARD.q, STANDARD.g
    r = (p - 1) // q
    assert q == 2**256 - 189
    assert gmpy2.is_prime(p)
    assert gmpy2.is_prime(q)
    assert (p - 1) % q == 0
    assert (p - 1) % (q * q) != 0
    assert gmpy2.is_prime(r // 2)
    assert g == pow(2, r, p)
    assert STANDARD.is_element(g)


def test_p_comes_from_the_logarithm_of_2() -> None:
    """Ln 2 = sum of 1 / (k 2^k), with 64 bits more than are needed."""
    extra = 64
    scaled = sum((1 << (3584 + extra - k)) // k for k in range(1, 3584 + extra + 1))
    middle = (scaled >> extra) + DELTA
    assert 2**4096 - 2**3840 + 2**256 * middle + 2**256 - 1 == STANDARD.p


def test_membership_of_every_residue_of_a_tiny_group() -> None:
    """Exactly the q powers of g are in G; 0, p and more are not."""
    members = {x for x in range(2 * TINY.p) if TINY.is_element(x)}
    assert members == {pow(TINY.g, e, TINY.p) for e in range(TINY.q)}
    assert len(members) == TINY.q


@pytest.mark.parametrize("x", [-1, 0, TOY.p - 1, TOY.p, TOY.p + 1, TOY.p + TOY.g, 2**256 - 1])
def test_values_outside_are_not_members(x: int) -> None:
    assert not TOY.is_element(x)


def test_remembered_answers_are_those_of_their_group() -> None:
    assert TOY.is_element(TOY.g)
    assert TINY.is_element(TINY.g)
    assert not TINY.is_element(TOY.g)
    TOY.foresee([TINY.g, TOY.g])
    assert TINY.is_element(TINY.g)
    assert not TOY.is_element(TINY.g)


def test_the_back_end_is_no_part_of_what_a_group_is() -> None:
    plain = Group(TOY.name, TOY.p, TOY.q, TOY.g, PlainBackEnd(TOY.p, TOY.q))
    assert plain == TOY
    assert hash(plain) == hash(TOY)
    assert repr(plain) == repr(TOY)
    assert plain.arithmetic.back_end.name == "plain"
    assert TOY.arithmetic.back_end.name == "gmpy2"


@pytest.mark.parametrize(
    ("x", "expected"), [(-1, False), (0, True), (TOY.q - 1, True), (TOY.q, False)]
)
def test_scalars(x: int, *, expected: bool) -> None:
    assert TOY.is_scalar(x) is expected


def test_arithmetic_is_that_of_python() -> None:
    p, x, y = TOY.p, TOY.power(TOY.g, 12345), TOY.power(TOY.g, 54321)
    assert x == pow(TOY.g, 12345, p)
    assert type(x) is int
    assert TOY.power(0, 0) == 1
    assert TOY.power(x, TOY.q + 5) == pow(x, 5, p)
    assert TOY.multiply(x, y) == x * y % p
    assert TOY.product([x, y, x]) == x * y * x % p
    assert TOY.product([]) == 1
    assert TOY.multiply(TOY.divide(x, y), y) == x


@pytest.mark.parametrize("x", [0, TOY.p, 2 * TOY.p])
def test_division_by_nothing(x: int) -> None:
    with pytest.raises(ZeroDivisionError):
        TOY.divide(TOY.g, x)


def test_the_seam_takes_and_gives_plain_integers() -> None:
    assert modular.power(3, 4, 7) == 4
    assert modular.product([2, 3, 4], 7) == 3
    assert modular.inverse(3, 7) == 5
    assert modular.multiply(6, 5, 7) == 2
    numbers = modular.power(3, 4, 7), modular.product([2], 7), modular.multiply(2, 9, 7)
    assert {type(x) for x in numbers} == {int}


@pytest.mark.parametrize("group", [TINY, TOY, STANDARD], ids=lambda group: group.name)
def test_a_power_by_the_table_is_the_power(group: Group) -> None:
    p, q = group.p, group.q
    exponents = (0, 1, 255, 256, q - 1, q, q + 1, 2**255, 2**256 - 1, 2**256, 2**300 + 1)
    for base in (0, 1, 2, group.g, p - 1, p, p + 1, 2 * p + 3):
        for exponent in exponents:
            assert group.fixed_power(base, exponent) == pow(base, exponent, p)
