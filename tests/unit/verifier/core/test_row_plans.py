"""Chains, tables, trees and memberships in rows are what Python's `pow` says, step by step."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.unit.verifier.core.back_ends import GROUPS, STANDARD, TINY, TOY, outsiders, shape
from tests.unit.verifier.core.strict_rows import StrictRows
from verifier.core.row_chains import RowChains
from verifier.core.row_digits import octets_of
from verifier.core.row_members import Equation, signed_places
from verifier.core.row_tables import RowTables
from verifier.core.row_trees import multiply_lists
from verifier.core.windows import cost_of_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.verifier.core.strict_rows import StrictArena
    from verifier.algebra import Group
    from verifier.core.row_digits import Indices

each_group = pytest.mark.parametrize(
    "group",
    [
        pytest.param(group, marks=pytest.mark.standard if group is STANDARD else ())
        for group in GROUPS
    ],
    ids=lambda group: group.name,
)


def numbers(arena: StrictArena, rows: Indices) -> list[int]:
    return [int.from_bytes(raw.tobytes(), "big") for raw in arena.store(rows)]


def loaded(engine: StrictRows, values: Sequence[int], room: int) -> tuple[StrictArena, Indices]:
    arena, rows = engine.arena(1 + len(values) + room), np.arange(1, len(values) + 1)
    arena.load(rows, octets_of(values, engine.width))
    return arena, rows


@each_group
def test_powers_of_many_bases(group: Group) -> None:
    """Every number of exponents of a base, in any order, with the edges of a chain among them."""
    rng, p, q, k = random.Random(7), group.p, group.q, group.q.bit_length()
    bases = [1, group.g, p - 1, 2, *(rng.randrange(1, p) for _ in range(7))]
    edges = (0, 1, 3, 16, q - 1, q % 2**k, 2**k - 1)
    pairs = [(rng.randrange(len(bases)), rng.getrandbits(k)) for _ in range(40)]
    pairs += [(rng.randrange(len(bases)), exponent) for exponent in edges]
    rng.shuffle(pairs)
    of, exponents = zip(*pairs, strict=True)
    kept = (k, 0, k // 2)
    chains, engine = RowChains(k, kept), StrictRows(p)
    needed = chains.rows_for(len(bases), len(pairs))
    arena, rows = loaded(engine, bases, needed)
    raw = octets_of(exponents, group.lq)
    for _ in range(2):  # the second time with what the first one left in the rows
        raised = chains.raise_bases(arena, rows, np.array(of), raw, len(bases) + 1)
        expected = [pow(bases[base], exponent, p) for base, exponent in pairs]
        assert numbers(arena, raised.powers) == expected
        for place, squares in zip(kept, raised.squares, strict=True):
            assert numbers(arena, squares) == [pow(base, 1 << place, p) for base in bases]
        assert numbers(arena, rows) == bases


@pytest.mark.parametrize(("kept", "squarings"), [((), 0), ((3,), 3)])
def test_small_exponents_need_no_squarings(kept: tuple[int, ...], squarings: int) -> None:
    engine, chains = StrictRows(TOY.p), RowChains(64, kept)
    arena, rows = loaded(engine, [5], chains.rows_for(1, 3))
    raised = chains.raise_bases(arena, rows, np.array([0, 0, 0]), octets_of((0, 1, 9), 8), 2)
    assert numbers(arena, raised.powers) == [1, 5, 5**9]
    assert engine.products == squarings + 3 * 15  # of joining buckets


def test_what_a_chain_costs() -> None:
    """specs/24: 256 squarings a base, 58 products an exponent of 256 bits."""
    rng, number = random.Random(3), 200
    engine, chains = StrictRows(TOY.p), RowChains(256, ())
    bases = [rng.randrange(1, TOY.p) for _ in range(number)]
    arena, rows = loaded(engine, bases, chains.rows_for(number, 2 * number))
    raw = octets_of([rng.getrandbits(256) | 1 << 255 for _ in range(2 * number)], 32)
    chains.raise_bases(arena, rows, np.repeat(np.arange(number), 2), raw, number + 1)
    assert 57.5 < (engine.products - 255 * number) / (2 * number) < 58.8


def test_an_exponent_of_more_bits_is_refused() -> None:
    chains = RowChains(TINY.q.bit_length(), ())
    arena, rows = loaded(StrictRows(TINY.p), [3], chains.rows_for(1, 1))
    with pytest.raises(ValueError, match="an exponent has more than 7 bits"):
        chains.raise_bases(arena, rows, np.array([0]), octets_of([128], 1), 2)


@pytest.mark.parametrize("number", [*range(1, 300), 1023, 2**64 - 1])
def test_signed_places(number: int) -> None:
    plus, minus = signed_places(number)
    assert sum(1 << place for place in plus) - sum(1 << place for place in minus) == number
    places = sorted(plus + minus)
    assert all(later - earlier > 1 for earlier, later in pairwise(places))


def test_three_products_a_membership_of_the_standard_group() -> None:
    equation = Equation(shape(STANDARD))
    assert sorted(equation.places) == [0, 2, 6, 8, 256]  # x^(2^256) x^64 x^4 = x^256 x


@each_group
def test_memberships(group: Group) -> None:
    """0 satisfies the equation: whoever asks has looked at the range before."""
    p, q, k = group.p, group.q, group.q.bit_length()
    equation = Equation(shape(group))
    chains = RowChains(k, equation.places)
    outside = [x for x in outsiders(group).values() if 1 <= x < p]
    values = [1, group.g, pow(group.g, 77, p), *outside, *(p - x for x in outside if x != p - 1), 0]
    arena, rows = loaded(StrictRows(p), values, 200 * len(values))
    nothing = np.zeros(0, np.int64)
    raised = chains.raise_bases(arena, rows, nothing, octets_of((), group.lq), len(values) + 1)
    free = len(values) + 1 + chains.rows_for(len(values), 0)
    found = equation.holds(arena, raised.squares, free).tolist()
    assert found[:-1] == [pow(x, q, p) == 1 for x in values[:-1]]
    assert found[-1]


def test_memberships_of_every_residue_of_a_tiny_group() -> None:
    p, q, equation = TINY.p, TINY.q, Equation(shape(TINY))
    values = list(range(1, p))
    chains = RowChains(7, equation.places)
    arena, rows = loaded(StrictRows(p), values, 10 * p)
    raised = chains.raise_bases(arena, rows, np.zeros(0, np.int64), octets_of((), 1), p)
    found = equation.holds(arena, raised.squares, p + chains.rows_for(p - 1, 0)).tolist()
    assert [x for x, is_one in zip(values, found, strict=True) if is_one] == [
        x for x in values if pow(x, q, p) == 1
    ]


@pytest.mark.parametrize("window", [1, 3, 4, 8, 12])
@pytest.mark.parametrize("group", GROUPS[:-1], ids=lambda group: group.name)
def test_tables(group: Group, window: int) -> None:
    rng, p, k = random.Random(window), group.p, group.q.bit_length()
    bases, engine = (group.g, p - 1, 3), StrictRows(p)
    tables = RowTables(engine, bases, k, window, 60)
    exponents = [0, 1, 2**k - 1, group.q, *(rng.getrandbits(k) for _ in range(56))]
    which = np.array([rng.randrange(3) for _ in exponents])
    factors = [rng.randrange(p) for _ in exponents]
    rows = np.arange(tables.free, tables.free + 60)
    tables.arena.load(rows, octets_of(factors, group.lp))
    before = engine.products
    tables.multiply(rows, which, octets_of(exponents, group.lq))
    assert numbers(engine.arenas[0], rows) == [
        factor * pow(bases[base], exponent, p) % p
        for factor, base, exponent in zip(factors, which.tolist(), exponents, strict=True)
    ]
    assert engine.products - before == 60 * -(-k // window)


def test_what_tables_cost() -> None:
    """No more than a table of direct loops, and the last place has no entries beyond its bits."""
    engine = StrictRows(TOY.p)
    RowTables(engine, (3, 5), 256, 8, 1)
    assert engine.products == 2 * (cost_of_table(8) - 1)  # the base is there
    engine = StrictRows(TOY.p)
    RowTables(engine, (3,), 256, 12, 1)
    last = 4  # bits of 256 that are left for the last place of 12
    assert engine.products == cost_of_table(12) - (1 << 12) + (1 << last) - 1


@pytest.mark.parametrize(
    "counts", [[], [0], [1], [2], [0, 3, 0], [1, 7, 2, 0, 16, 5], [33], [1, 1, 1]]
)
def test_trees(counts: list[int]) -> None:
    rng, p = random.Random(1), TOY.p
    lists = [[rng.randrange(p) for _ in range(count)] for count in counts]
    factors = [factor for some in lists for factor in some]
    engine = StrictRows(p)
    arena, rows = loaded(engine, factors, len(factors))
    products = multiply_lists(arena, rows, np.array(counts, np.int64), len(factors) + 1)
    expected = []
    for some in lists:
        product = 1
        for factor in some:
            product = product * factor % p
        expected.append(product)
    assert numbers(arena, products) == expected
    assert numbers(arena, rows) == factors
    assert engine.products == sum(count - 1 for count in counts if count)
