"""Shortcuts are taken for one shape of group and for no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.core.back_ends import GROUPS, REDUCED, STANDARD, TINY, TOY
from verifier.core import shape as shapes
from verifier.core.arithmetic import back_end_for
from verifier.core.shape import shape_of

if TYPE_CHECKING:
    from verifier.algebra import Group

COMPOSITE_COFACTOR = (2 * 127 * 9 + 1, 127)
FAR_FROM_A_POWER = (2 * 2053 * 23 + 1, 2053)  # 2^12 - 2043


@pytest.mark.parametrize("group", [*GROUPS, REDUCED], ids=lambda group: group.name)
def test_the_groups_of_the_vectors_have_it(group: Group) -> None:
    found = shape_of(group.p, group.q)
    assert found is not None
    assert 2**found.bits - found.excess == group.q
    assert 2 * group.q * found.cofactor + 1 == group.p
    assert back_end_for(group.p, group.q).name == "gmpy2"


def test_the_excess_of_the_standard_set_is_189() -> None:
    found = shape_of(STANDARD.p, STANDARD.q)
    assert found is not None
    assert (found.bits, found.excess, found.cofactor.bit_length()) == (256, 189, 3840)
    assert found.admits_batches


def test_a_batch_needs_a_cofactor_beyond_its_random_exponents() -> None:
    tiny, toy = shape_of(TINY.p, TINY.q), shape_of(TOY.p, TOY.q)
    assert tiny is not None
    assert toy is not None
    assert not tiny.admits_batches
    assert toy.admits_batches
    assert not shapes.Shape(7, 3, 2, 1, 2**128 - 1).admits_batches
    assert shapes.Shape(7, 3, 2, 1, 2**128).admits_batches


@pytest.mark.parametrize(
    ("p", "q"),
    [
        COMPOSITE_COFACTOR,
        FAR_FROM_A_POWER,
        (TOY.p, TOY.q + 2),  # q does not divide p - 1
        (TOY.p + 2, TOY.q),
        (2 * 127 * 113, 127),  # p is even
        (2 * 127 * 5 + 1, 127),  # 1271 = 31 * 41
        (2 * 3 * 3 + 1, 3),  # q^2 divides p - 1
        (2 * 15 * 7 + 1, 15),  # q is composite
    ],
)
def test_other_groups_take_the_slow_path(p: int, q: int) -> None:
    assert shape_of(p, q) is None
    assert back_end_for(p, q).name == "plain"


@pytest.mark.parametrize(("p", "q"), [COMPOSITE_COFACTOR, FAR_FROM_A_POWER])
def test_the_slow_path_knows_its_elements(p: int, q: int) -> None:
    own = back_end_for(p, q)
    values = range(-1, p + 2)
    expected = [1 <= x < p and pow(x, q, p) == 1 for x in values]
    assert sum(expected) == q
    assert own.members(values) == expected
