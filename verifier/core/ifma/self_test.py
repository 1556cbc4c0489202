"""Whether a compiled kernel computes what gmpy2 does: asked before any of its answers is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from gmpy2 import invert, mpz, powmod

from verifier.core.ifma.form import LIMBS, RADIX, WIDTH, R

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verifier.core.ifma.engine import IfmaArena, IfmaRows

_CHAIN: Final = 16  # squarings, one after the other
_OTHERS: Final = 11  # numbers without a pattern: powers of 3


def first_difference(engine: IfmaRows) -> str | None:
    """What the kernel computes wrongly, in words; None if nothing was found.

    All products of two of 31 numbers, their squares, their way in and out, and a chain. Among the
    numbers are 0, 1, p - 1, p, 2 p - 1 and limbs that are all ones. Cost: 0.1 s.
    """
    tests: tuple[Callable[[IfmaRows], str | None], ...] = (_form, _numbers, _chain)
    return next((found for test in tests if (found := test(engine)) is not None), None)


def numbers_in_form(p: int) -> list[int]:
    """Numbers from 0 and below R on which a carry or a bound would show, and some others."""
    edges = [0, 1, 2, p - 1, p, p + 1, 2 * p - 2, 2 * p - 1, R % p, R * R % p]
    ones = [(1 << (8 * WIDTH)) - 1, (1 << (8 * WIDTH + 1)) - 1]
    blocks = [(1 << (RADIX * LIMBS // 2)) - 1, ((1 << (RADIX * 9)) - 1) << (RADIX * 36)]
    alternating = sum(((1 << RADIX) - 1) << (RADIX * i) for i in range(0, LIMBS - 1, 2))
    longest = [R - 1, R - p, (R >> 1) - 1, (R >> RADIX) - 1]  # (R - 1) (R - p): all limbs are ones
    others = [int(powmod(3, 3**i * 10**40, p)) for i in range(_OTHERS)]
    return [*edges, *ones, *blocks, alternating, alternating << RADIX, *longest, *others]


def _form(engine: IfmaRows) -> str | None:
    """Every product and square x y / R mod p, below p + x y / R, with limbs of 51 bits."""
    p, numbers = engine.p, numbers_in_form(engine.p)
    arena, first = _filled(engine, numbers)
    pairs = [
        (i, j)
        for i, x in enumerate(numbers)
        for j, y in enumerate(numbers)
        if x * y // R + p < R  # what is longer has no room in a row
    ]
    pairs.sort(key=lambda pair: pair[0] == pair[1])  # squares stand together: the other function
    squares = sum(i == j for i, j in pairs)
    steps = [0, len(pairs) - squares, len(pairs)]
    dst = np.arange(first, first + len(pairs))
    left, right = (np.array(column) + 1 for column in zip(*pairs, strict=True))
    arena.run(dst, left, right, np.array(steps))
    inverse = invert(R, p)
    for row, (i, j) in zip(dst.tolist(), pairs, strict=True):
        x, y = mpz(numbers[i]), mpz(numbers[j])
        try:
            found = arena.read_form(row)
        except ValueError as fault:
            return str(fault)
        if found % p != x * y * inverse % p or found > p + x * y // R:
            return f"the product of numbers {i} and {j} is wrong"
    return None


def _filled(engine: IfmaRows, numbers: Sequence[int]) -> tuple[IfmaArena, int]:
    """An arena with the numbers in rows from 1, and the first row after them."""
    first = len(numbers) + 1
    arena = engine.arena(first + len(numbers) ** 2)
    for row, x in enumerate(numbers, 1):
        arena.write_form(row, x)
    return arena, first


def _numbers(engine: IfmaRows) -> str | None:
    """What is loaded is stored again, and what is in the form is stored below p."""
    p, at = engine.p, np.arange(1, 10)
    arena, numbers = engine.arena(10), [0, 1, 2, p - 2, p - 1, p >> 1, R % p, 3**2000, 5**1700]
    arena.load(at, _raw(numbers))
    if (arena.store(at) != _raw(numbers)).any():
        return "numbers change when they are loaded and stored"
    inside = [0, p, 1, p + 1, p - 1, 2 * p - 1, R % p, R % p + p, 2 * p - 2]
    for row, x in enumerate(inside, 1):
        arena.write_form(row, x)
    if (arena.store(at) != _raw([int(x * invert(R, p) % p) for x in inside])).any():
        return "numbers in the form are stored wrongly"
    return None


def _chain(engine: IfmaRows) -> str | None:
    """x^(2^16) by squarings, times x, of eight numbers and a ninth."""
    p, rows = engine.p, 9
    at = np.arange(1, rows + 1)
    numbers = [int(powmod(7, 11**i * 10**40, p)) for i in range(rows)]
    arena = engine.arena(2 * rows + 1)
    arena.load(at, _raw(numbers))
    arena.load(at + rows, _raw(numbers))
    squares, ends = np.tile(at, _CHAIN), np.arange(0, rows * _CHAIN + 1, rows)
    arena.run(squares, squares, squares, ends)
    arena.run(at, at, at + rows, np.array([0, rows]))
    expected = [int(powmod(x, (1 << _CHAIN) + 1, p)) for x in numbers]
    return "a chain of squarings is wrong" if (arena.store(at) != _raw(expected)).any() else None


def _raw(numbers: Sequence[int]) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    octets = b"".join(x.to_bytes(WIDTH, "big") for x in numbers)
    return np.frombuffer(octets, np.uint8).reshape(len(numbers), WIDTH)
