"""Digits make up their exponent again; a window is as wide as the number of powers deserves."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from verifier.core.fixed_base import Table, Tables
from verifier.core.windows import (
    BUCKETS,
    WINDOWS,
    cost_of_table,
    fixed_digits,
    ones,
    rows_of,
    schedule,
    sliding_digits,
    window_after,
)

if TYPE_CHECKING:
    from gmpy2 import mpz

EXPONENTS = (0, 1, 2, 15, 16, 17, 0b1001_0000_1111, 2**255, 2**256 - 1, 2**256 - 189, 3**161)
P = 2**61 - 1


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_sliding_digits(exponent: int) -> None:
    digits = sliding_digits(exponent)
    assert sum((2 * d + 1) << i for i, d in digits) == exponent
    assert all(0 <= d < BUCKETS for _, d in digits)
    places = [i for i, _ in digits]
    assert all(later - earlier >= 4 for earlier, later in pairwise(places))


@pytest.mark.parametrize("window", range(1, 13))
@pytest.mark.parametrize("exponent", [e for e in EXPONENTS if e < 2**256])
def test_fixed_digits(exponent: int, window: int) -> None:
    digits = fixed_digits(exponent, window)
    assert len(digits) == rows_of(window)
    assert sum(d << (window * i) for i, d in enumerate(digits)) == exponent
    assert max(digits) < 1 << window


def test_ones() -> None:
    assert list(ones(189)) == [0, 2, 3, 4, 5, 7]
    assert list(ones(0)) == []


def test_a_schedule_ascends_and_gives_each_exponent_its_own_slots() -> None:
    steps, rest = schedule((5, 2**20 + 3), (0, 2), 30)
    first, second, places = 0, BUCKETS, 2 * BUCKETS
    assert [(len(squarings), slot) for squarings, slot in steps] == [
        *((0, first + 2), (0, second + 1), (0, places)),
        *((2, places), (18, second)),
    ]
    assert len(rest) == 10


@pytest.mark.parametrize(
    ("powers", "window"),
    [(0, 4), (1, 4), (254, 4), (255, 8), (9_008, 8), (9_009, 12), (10**9, 12)],
)
def test_the_window_after_a_number_of_powers(powers: int, window: int) -> None:
    assert window_after(powers) == window


def test_growing_costs_less_than_twice_the_best_choice() -> None:
    for powers in (*range(1, 400), *range(400, 200_000, 97)):
        best = min(cost_of_table(w) + powers * rows_of(w) for w in WINDOWS)
        spent = 0
        for window, start, end in ((4, 0, 255), (8, 255, 9_009), (12, 9_009, powers)):
            if powers > start:
                spent += cost_of_table(window) + rows_of(window) * (min(end, powers) - start)
        assert spent < 2 * best, powers


def test_a_table_is_built_when_it_is_needed_and_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    original = Table._built

    def counted(self: Table) -> list[list[mpz]]:
        built.append(self.window)
        return original(self)

    monkeypatch.setattr(Table, "_built", counted)
    tables, known = Tables(P), Tables(P, expected=400)
    assert built == []
    for _ in range(300):
        assert tables.of(3, 1).power(77) == pow(3, 77, P)
    assert built == [4, 8]
    assert tables.of(3, 9_000) is tables.of(3, 5)
    assert built == [4, 8, 12]
    tables.of(5, 1)
    known.of(5, 1)
    assert built == [4, 8, 12, 4, 8]


def test_only_the_last_tables_are_kept() -> None:
    tables = Tables(P)
    for base in range(2, 12):
        assert tables.of(base, 3).power(77) == pow(base, 77, P)
    tables.of(8, 1)
    tables.of(12, 1)
    assert sorted(tables._built) == sorted(tables._asked) == [8, 10, 11, 12]
