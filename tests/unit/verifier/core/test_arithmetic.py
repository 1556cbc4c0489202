"""What is remembered changes how often a back end is asked, and never an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.core.back_ends import TOY, outsiders
from verifier.core.arithmetic import MOST_REMEMBERED, Arithmetic
from verifier.core.back_end import Request
from verifier.core.plain_back_end import PlainBackEnd

if TYPE_CHECKING:
    from collections.abc import Sequence

P, Q, G = TOY.p, TOY.q, TOY.g


class Counted(PlainBackEnd):
    """Notes the values that it was asked about."""

    def __init__(self) -> None:
        super().__init__(P, Q)
        self.asked: list[int] = []

    def members(self, values: Sequence[int]) -> list[bool]:
        self.asked += values
        return super().members(values)


@pytest.fixture
def own() -> Counted:
    return Counted()


def test_a_membership_is_asked_once(own: Counted) -> None:
    arithmetic = Arithmetic(own)
    for x in (G, 0, P - 1, G, 0, P - 1):
        assert arithmetic.is_element(x) is (x == G)
    assert own.asked == [G, 0, P - 1]


def test_powers_tell_the_membership_when_it_was_tested(own: Counted) -> None:
    arithmetic = Arithmetic(own)
    arithmetic.powers(G, [3], test=True)
    arithmetic.powers(P - 1, [3], test=True)
    arithmetic.powers(5, [3], test=False)
    assert arithmetic.is_element(G)
    assert not arithmetic.is_element(P - 1)
    assert own.asked == []
    assert arithmetic.is_element(5) is (pow(5, Q, P) == 1)
    assert own.asked == [5]


def test_what_is_foreseen_is_asked_at_once_and_only_once(own: Counted) -> None:
    arithmetic, values = Arithmetic(own), [G, *outsiders(TOY).values(), G]
    arithmetic.foresee(values)
    assert own.asked == values[:-1]
    assert [arithmetic.is_element(x) for x in values] == [x == G for x in values]
    arithmetic.foresee([G, 7])
    assert own.asked == [*values[:-1], 7]


def test_no_more_is_foreseen_than_is_remembered(own: Counted) -> None:
    arithmetic, values = Arithmetic(own), range(MOST_REMEMBERED + 2)
    arithmetic.foresee(values)
    assert own.asked == list(values[:-2])
    assert [arithmetic.is_element(x) for x in values] == [pow(x, Q, P) == 1 for x in values]
    assert own.asked == list(values)  # those two were asked for alone


def test_the_oldest_is_forgotten(own: Counted) -> None:
    arithmetic = Arithmetic(own)
    for x in range(MOST_REMEMBERED):
        arithmetic.is_element(x)
    arithmetic.powers(0, [], test=True)  # heard of again: now 1 is the oldest
    arithmetic.is_element(P)
    own.asked.clear()
    assert not arithmetic.is_element(0)
    assert own.asked == []
    assert arithmetic.is_element(1)
    assert own.asked == [1]


def test_several_bases_at_once(own: Counted) -> None:
    arithmetic = Arithmetic(own)
    answers = arithmetic.powers_of_each([Request(G, (2, 3)), Request(9, (4,), test=False)])
    assert [answer.values for answer in answers] == [(G * G % P, pow(G, 3, P)), (9**4,)]
    assert [answer.is_element for answer in answers] == [True, None]
