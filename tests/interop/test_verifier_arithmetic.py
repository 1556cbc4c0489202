"""The verifier computes with gmpy2, as the producers do; here Python's own integers judge it."""

from __future__ import annotations

import math
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.modular import inverse, power, product
from verifier.parameters import STANDARD

P: Final = STANDARD.p
Q: Final = STANDARD.q
RESIDUES = st.integers(0, P - 1)
EDGES = [0, 1, 2, P - 2, P - 1]


@settings(max_examples=20)
@given(RESIDUES, st.integers(0, Q - 1))
def test_power(base: int, exponent: int) -> None:
    assert power(base, exponent, P) == pow(base, exponent, P)


@pytest.mark.parametrize("base", EDGES)
@pytest.mark.parametrize("exponent", [0, 1, 2, Q - 1, Q])
def test_power_at_the_edges(base: int, exponent: int) -> None:
    assert power(base, exponent, P) == pow(base, exponent, P)


@given(st.lists(RESIDUES, max_size=8))
def test_product(factors: list[int]) -> None:
    assert product(factors, P) == math.prod(factors) % P


@given(st.integers(1, P - 1))
def test_inverse(x: int) -> None:
    assert inverse(x, P) == pow(x, -1, P)


def test_zero_has_no_inverse() -> None:
    with pytest.raises(ZeroDivisionError):
        inverse(0, P)
