from __future__ import annotations

import pytest

from egcore.discrete_log import DiscreteLog
from egcore.errors import CountNotFound
from egcore.parameters import STANDARD
from tests.toy_groups import TINY, TOY

K = TOY.power_g(987654321)


def power(t: int) -> int:
    return TOY.power(K, t)


def test_every_count_up_to_each_bound() -> None:
    for bound in range(31):
        logarithm = DiscreteLog(TOY, K)
        for t in range(bound + 1):
            assert logarithm.find(power(t), bound, "here") == t
        with pytest.raises(CountNotFound):
            logarithm.find(power(bound + 1), bound, "here")


def test_bound_zero_finds_zero_only() -> None:
    logarithm = DiscreteLog(TOY, K)
    assert logarithm.find(1, 0, "here") == 0
    with pytest.raises(CountNotFound):
        logarithm.find(K, 0, "here")


def test_the_error_names_the_place_and_the_bound() -> None:
    where = "contest president, group p-7, option a"
    with pytest.raises(CountNotFound, match=where) as caught:
        DiscreteLog(TOY, K).find(power(61), 60, where)
    assert (caught.value.where, caught.value.bound) == (where, 60)


def test_one_table_serves_small_and_large_bounds_in_any_order() -> None:
    logarithm = DiscreteLog(TOY, K)
    for bound, t in ((10, 7), (100_000, 99_999), (3, 3), (100_000, 0), (7, 0), (250_000, 249_999)):
        assert logarithm.find(power(t), bound, "here") == t
    for bound in (3, 10, 299):  # below the size of the table by now
        with pytest.raises(CountNotFound):
            logarithm.find(power(bound + 1), bound, "here")


def test_values_outside_the_group_are_not_found() -> None:
    logarithm = DiscreteLog(TOY, K)
    for bad in (0, TOY.p, TOY.p + 1, -1, TOY.p - 1, TOY.p - power(5)):
        with pytest.raises(CountNotFound):
            logarithm.find(bad, 100, "here")


def test_negative_bound_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        DiscreteLog(TOY, K).find(1, -1, "here")


def test_a_bound_above_the_order_of_a_tiny_group() -> None:
    logarithm = DiscreteLog(TINY, TINY.g)
    for t in range(TINY.q):
        assert logarithm.find(TINY.power_g(t), 10**6, "here") == t
    with pytest.raises(CountNotFound):
        logarithm.find(TINY.p - 1, 10**6, "here")


@pytest.mark.standard
def test_thousands_of_votes_take_dozens_of_products() -> None:
    """A count of 9,000 needs 95 baby steps and at most 95 giant steps."""
    base = STANDARD.power_g(3)
    logarithm = DiscreteLog(STANDARD, base)
    for t in (8999, 9000, 0, 4321):
        assert logarithm.find(STANDARD.power(base, t), 9000, "here") == t
    assert len(logarithm._steps) == 95
