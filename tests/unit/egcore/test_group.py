from __future__ import annotations

import pickle

import pytest

from egcore.fixed_base import FixedBase
from egcore.group import Group
from egcore.parameters import STANDARD
from egcore.randomness import random_scalar
from tests.toy_groups import TINY, TOY


def test_members_of_a_tiny_group_are_exactly_the_powers_of_g() -> None:
    powers = {pow(TINY.g, e, TINY.p) for e in range(TINY.q)}
    members = {x for x in range(-2, TINY.p + 3) if TINY.is_element(x)}
    assert members == powers
    assert len(members) == TINY.q


@pytest.mark.parametrize("group", [TOY, STANDARD], ids=["toy", "standard"])
def test_membership_refuses_what_powers_alone_would_let_through(group: Group) -> None:
    x = group.power_g(12345)
    assert group.is_element(x)
    assert group.is_element(1)
    for stranger in (0, group.p, group.p - 1, group.p - x, x + group.p, -x, x - group.p):
        assert not group.is_element(stranger)


def test_scalars() -> None:
    assert [TINY.is_scalar(x) for x in (-1, 0, TINY.q - 1, TINY.q)] == [False, True, True, False]


def test_power_refuses_exponents_that_are_not_scalars() -> None:
    for e in (-1, TOY.q):
        with pytest.raises(ValueError, match=r"0\.\.q-1"):
            TOY.power(TOY.g, e)
        with pytest.raises(ValueError, match=r"0\.\.q-1"):
            TOY.power_g(e)


def test_arithmetic_agrees_with_pow() -> None:
    x, y = TOY.power(TOY.g, 77), TOY.power_g(TOY.q - 3)
    assert x == pow(TOY.g, 77, TOY.p)
    assert y == pow(TOY.g, -3, TOY.p)
    assert TOY.multiply(x, y) == x * y % TOY.p
    assert TOY.divide(TOY.multiply(x, y), y) == x
    assert TOY.product([x, y, x]) == x * x * y % TOY.p
    assert TOY.product([]) == 1
    assert all(type(value) is int for value in (x, y, TOY.multiply(x, y), TOY.product([x])))


def test_division_by_zero_is_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        TOY.divide(1, 0)


def test_pickle_carries_constants_and_no_table() -> None:
    TOY.power_g(5)
    raw = pickle.dumps(TOY)
    assert len(raw) < 1000
    assert pickle.loads(raw) == TOY  # noqa: S301 -- our own bytes of the line above


def test_groups_are_equal_by_their_constants() -> None:
    assert Group("a", 23, 11, 4) == Group("a", 23, 11, 4)
    assert Group("a", 23, 11, 4) != Group("a", 23, 11, 3)


@pytest.mark.parametrize("window", range(1, 17))
def test_fixed_base_agrees_with_pow_for_each_window(window: int) -> None:
    base = TINY.power_g(3)
    table = FixedBase(TINY, base, window)
    assert [table.power(e) for e in range(TINY.q)] == [pow(base, e, TINY.p) for e in range(TINY.q)]


@pytest.mark.standard
def test_fixed_base_in_the_standard_group() -> None:
    base = STANDARD.power_g(random_scalar(STANDARD))
    table = FixedBase(STANDARD, base)
    for e in (0, 1, STANDARD.q - 1, random_scalar(STANDARD)):
        assert table.power(e) == pow(base, e, STANDARD.p)


def test_fixed_base_refuses_bad_arguments() -> None:
    for window in (0, 17):
        with pytest.raises(ValueError, match="window"):
            FixedBase(TOY, TOY.g, window)
    table = FixedBase(TOY, TOY.g, 4)
    for e in (-1, TOY.q):
        with pytest.raises(ValueError, match=r"0\.\.q-1"):
            table.power(e)
    assert repr(table) == "FixedBase(toy-q64-p256, window=4)"
