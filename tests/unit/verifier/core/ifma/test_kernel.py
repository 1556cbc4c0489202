"""The kernel against gmpy2: at the limits of its limbs, with numbers that are not reduced."""

from __future__ import annotations

import os
import random
import threading
from typing import Final

import gmpy2
import numpy as np
import pytest

from tests.unit.verifier.core.ifma.engines import (
    Plan,
    column,
    kernel_rows,
    loaded,
    numbers,
    raw,
)
from verifier.core.ifma.form import MASK, RADIX, WIDTH, R
from verifier.core.ifma.self_test import first_difference, numbers_in_form
from verifier.core.reference_rows import ReferenceRows
from verifier.parameters import STANDARD

P: Final = STANDARD.p
Q: Final = STANDARD.q
INVERSE: Final = int(gmpy2.invert(R, P))
ROUNDS: Final = 250
PRODUCTS: Final = 4_096  # of a round


def in_form(x: int, y: int) -> int:
    """What the kernel makes of two numbers in the form, as it is in the row."""
    engine = kernel_rows()
    arena = engine.arena(4)
    arena.write_form(1, x)
    arena.write_form(2, y)
    arena.run(column(3), column(1), column(2), column(0, 1))
    return arena.read_form(3)


def test_all_limbs_ones() -> None:
    """(R - 1) (R - p) makes all limbs of a factor, of the quotient and of the result ones."""
    assert -(R - 1) * (R - P) * pow(P, -1, R) % R == R - 1  # the quotient
    assert in_form(R - 1, R - P) == R - 1
    assert in_form(R - P, R - 1) == R - 1


def test_a_quotient_of_ones_and_little_else() -> None:
    assert in_form(1, P) == P
    assert in_form(P, P) == P
    assert in_form(0, P) == 0


def test_a_square_of_ones() -> None:
    x = (1 << (RADIX * 80)) - 1
    assert in_form(x, x) % P == x * x * INVERSE % P


def test_products_of_unreduced_rows_stay_below_twice_p() -> None:
    """Rows of 0, p and 2 p - 1 are as good as their residues; results are at most p."""
    engine, inside = kernel_rows(), [0, 1, P - 1, P, P + 1, 2 * P - 2, 2 * P - 1]
    arena = engine.arena(1 + len(inside) + len(inside) ** 2)
    for row, x in enumerate(inside, 1):
        arena.write_form(row, x)
    pairs = [(i, j) for i in range(len(inside)) for j in range(len(inside))]
    first = 1 + len(inside)
    at = np.arange(first, first + len(pairs))
    left, right = (np.array(x) + 1 for x in zip(*pairs, strict=True))
    arena.run(at, left, right, column(0, len(pairs)))
    for row, (i, j) in zip(at.tolist(), pairs, strict=True):
        assert arena.read_form(row) <= P
        assert arena.read_form(row) % P == inside[i] * inside[j] * INVERSE % P
    assert numbers(arena, range(1, first)) == [x * INVERSE % P for x in inside]


def test_0_and_multiples_of_p_are_stored_as_0() -> None:
    """So they are never taken for numbers of G, whose range begins with 1."""
    arena = kernel_rows().arena(8)
    arena.write_form(1, 0)
    arena.write_form(2, P)
    arena.write_form(3, 2 * P)
    arena.load(column(4), raw([P], WIDTH))
    arena.load(column(5), raw([0], WIDTH))
    assert numbers(arena, [1, 2, 3, 4, 5]) == [0] * 5
    arena.run(column(6, 7), column(2, 3), column(0, 3), column(0, 2))
    assert numbers(arena, [6, 7]) == [0, 0]


def test_membership_by_squarings() -> None:
    """x^(2^256) = x^189 for numbers of G, for 0 and p, and for no others of the range."""
    rng = random.Random(8)
    member = pow(STANDARD.g, rng.getrandbits(255), P)
    given = [member, P - member, pow(3, Q, P) * member % P, 1, P - 1, 0, P]
    arena = loaded(kernel_rows().arena(1 + len(given)), given, WIDTH)
    at, count = np.arange(1, len(given) + 1), 256
    rows = np.tile(at, count)
    arena.run(rows, rows, rows, np.arange(0, len(rows) + 1, len(at)))
    squared = numbers(arena, at.tolist())
    assert squared == [pow(x, 1 << count, P) for x in given]
    holds = [x == pow(y, 189, P) for x, y in zip(squared, given, strict=True)]
    assert holds == [True, False, False, True, False, True, True]


def test_rows_keep_to_themselves() -> None:
    """A group of fewer than eight products writes no other row."""
    rng = random.Random(4)
    given = [rng.randrange(P) for _ in range(20)]
    for count in range(1, 18):
        arena = loaded(kernel_rows().arena(21), given, WIDTH)
        at = np.arange(1, count + 1)
        arena.run(at, at, np.full(count, 20), column(0, count))
        expected = [x * given[19] % P for x in given[:count]] + given[count:]
        assert numbers(arena, range(1, 21)) == expected


def test_two_threads_at_once() -> None:
    """Arenas of two threads, with plans of their own, while both are in the kernel."""
    engine, rows = kernel_rows(), 50
    results: dict[int, list[int]] = {}
    barrier = threading.Barrier(2)

    def work(seed: int) -> None:
        rng = random.Random(seed)
        given = [rng.randrange(P) for _ in range(rows - 1)]
        arena, plan = loaded(engine.arena(rows), given, WIDTH), Plan(rng, rows, 40, 45)
        barrier.wait()
        for _ in range(40):
            plan.run(arena)
        results[seed] = numbers(arena, range(rows))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed in (1, 2):
        rng = random.Random(seed)
        given = [rng.randrange(P) for _ in range(rows - 1)]
        arena, plan = loaded(ReferenceRows(P).arena(rows), given, WIDTH), Plan(rng, rows, 40, 45)
        for _ in range(40):
            plan.run(arena)
        assert results[seed] == numbers(arena, range(rows))


def test_the_numbers_of_the_self_test_hold_what_they_should() -> None:
    held = numbers_in_form(P)
    assert {0, 1, P - 1, P, 2 * P - 1, R - 1, R - P} <= set(held)
    assert len(held) == len(set(held)) == 31
    assert all(0 <= x < R for x in held)
    assert any(x & MASK == MASK and x >> RADIX & MASK == 0 for x in held)
    assert first_difference(kernel_rows()) is None


@pytest.mark.long
def test_a_million_products() -> None:
    """1,024,000 products and squares of random numbers and of edges, each against gmpy2."""
    engine, rng = kernel_rows(), random.Random(os.urandom(16))
    arena = engine.arena(1 + 2 * PRODUCTS)
    edges = [x % P for x in numbers_in_form(P)]
    at = np.arange(1, PRODUCTS + 1)
    for number in range(ROUNDS):
        given = [rng.randrange(P) for _ in range(PRODUCTS - len(edges))] + edges
        rng.shuffle(given)
        loaded(arena, given, WIDTH)
        other = np.array(rng.sample(range(1, PRODUCTS + 1), PRODUCTS)) if number % 2 else at
        arena.run(at + PRODUCTS, at, other, column(0, PRODUCTS))
        found = arena.store(at + PRODUCTS).tobytes()
        held = [gmpy2.mpz(x) for x in given]
        expected = (held[i] * held[j - 1] % P for i, j in enumerate(other.tolist()))
        assert found == b"".join(int(x).to_bytes(WIDTH, "big") for x in expected)
