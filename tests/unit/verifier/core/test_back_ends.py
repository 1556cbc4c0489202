"""Each back end answers every request as Python's own `pow` does."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.core.back_ends import (
    GROUPS,
    NAMES,
    STANDARD,
    TINY,
    TOY,
    back_end,
    outsiders,
)
from verifier.core.back_end import Request

if TYPE_CHECKING:
    from verifier.algebra import Group

each_back_end = pytest.mark.parametrize("name", NAMES)
each_group = pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
each_small_group = pytest.mark.parametrize("group", GROUPS[:-1], ids=lambda group: group.name)


def is_element(group: Group, x: int) -> bool:
    return 1 <= x < group.p and pow(x, group.q, group.p) == 1


def exponents_of(group: Group) -> tuple[int, ...]:
    """The edges of a chain, and beyond: an exponent is used as it is."""
    k, q = group.q.bit_length(), group.q
    return (0, 1, 2, 3, 8, 15, 16, 189, q - 1, q, q + 1, 2**k - 1, 2**k, 2**k + 1, 5 * q + 7)


@each_back_end
@each_small_group
def test_powers_are_those_of_pow(name: str, group: Group) -> None:
    own, p = back_end(name, group), group.p
    rng = random.Random(24)
    bases = [1, 2, group.g, pow(group.g, 12345, p), *outsiders(group).values()]
    bits = group.q.bit_length()
    requests = [
        Request(base, tuple(rng.getrandbits(bits) for _ in range(number)), test)
        for base in bases
        for number in (0, 1, 2, 3)
        for test in (True, False)
    ]
    requests += [Request(base, exponents_of(group)) for base in bases]
    for request, answer in zip(requests, own.powers(requests), strict=True):
        assert answer.values == tuple(pow(request.base, e, p) for e in request.exponents)
        expected = is_element(group, request.base) if request.test else None
        assert answer.is_element is expected
        assert {type(x) for x in answer.values} <= {int}


@each_back_end
@each_small_group
@pytest.mark.parametrize("exponents", [(), (1,), (5, 9)])
def test_what_is_outside_is_never_an_element(
    name: str, group: Group, exponents: tuple[int, ...]
) -> None:
    own = back_end(name, group)
    for what, x in outsiders(group).items():
        assert own.powers([Request(x, exponents)])[0].is_element is False, what
        assert own.members([x]) == [False], what
        assert own.members([group.g, 1, x, group.g, 1]) == [True, True, False, True, True], what


@each_back_end
def test_every_residue_of_a_tiny_group(name: str) -> None:
    own, p = back_end(name, TINY), TINY.p
    members = {pow(TINY.g, e, p) for e in range(TINY.q)}
    values = range(2 * p + 2)
    answers = own.powers([Request(x, (77, 127)) for x in values])
    assert {x for x, answer in zip(values, answers, strict=True) if answer.is_element} == members
    assert [a.values for a in answers] == [(pow(x, 77, p), pow(x, 127, p)) for x in values]
    assert {x for x, known in zip(values, own.members(values), strict=True) if known} == members


@each_back_end
def test_every_exponent_of_a_tiny_group(name: str) -> None:
    """All pairs of exponents up to 2^7 and one more, so every digit and every gap."""
    own, p, base = back_end(name, TINY), TINY.p, 3
    for first in range(130):
        request = Request(base, (first, *range(130)))
        assert own.powers([request])[0].values == tuple(pow(base, e, p) for e in request.exponents)


@pytest.mark.standard
@each_back_end
def test_the_standard_group(name: str) -> None:
    """The membership of each outsider from its chain, and powers at the edges of the chain."""
    own, p, rng = back_end(name, STANDARD), STANDARD.p, random.Random(24)
    bases = [1, STANDARD.g, *outsiders(STANDARD).values()]
    answers = own.powers([Request(base, (rng.getrandbits(256), 3)) for base in bases])
    assert [answer.is_element for answer in answers] == [True, True] + [False] * (len(bases) - 2)
    assert [answer.values[1] for answer in answers] == [base**3 % p for base in bases]
    request = Request(pow(STANDARD.g, 12345, p), exponents_of(STANDARD))
    answer = own.powers([request])[0]
    assert answer.is_element
    assert answer.values == tuple(pow(request.base, e, p) for e in request.exponents)


@each_back_end
@each_group
def test_fixed_powers_are_those_of_pow(name: str, group: Group) -> None:
    p, q = group.p, group.q
    exponents = (0, 1, 255, 256, q - 1, q, q + 1, 2**255, 2**256 - 1, 2**256, 2**300 + 1)
    factors = (1, 0, p, p + 5, *range(2, 9))
    bases = [0, 1, group.g, p - 1, p, p + 1] if group is not STANDARD else [group.g]
    for sure in (0, 255):
        own = back_end(name, group, sure)
        for base in bases:
            expected = [f * pow(base, e, p) % p for e, f in zip(exponents, factors, strict=True)]
            assert own.fixed_powers(base, exponents, factors) == expected


@each_back_end
def test_products(name: str) -> None:
    own, p = back_end(name, TOY), TOY.p
    lists = [[], [7], [p], [3, 4], [p - 1] * 5, list(range(1, 40)), [p + 2, 2 * p + 3]]
    expected = []
    for factors in lists:
        product = 1
        for factor in factors:
            product = product * factor % p
        expected.append(product)
    assert own.products(lists) == expected


@each_back_end
def test_no_request_no_answer(name: str) -> None:
    own = back_end(name, TOY)
    assert [own.powers([]), own.fixed_powers(TOY.g, [], []), own.products([])] == [[], [], []]
    assert own.members([]) == []
