"""Whether numbers in rows are in G, from squares that are there anyway (specs/24, Membership)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verifier.core.row_trees import multiply_lists

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verifier.core.row_digits import Indices
    from verifier.core.rows import Arena
    from verifier.core.shape import Shape


class Equation:
    """x^(2^k) x^N = x^P for c = P - N with the fewest ones in P and N: 3 products for c = 189.

    It holds if and only if x^(2^k) = x^c, x having an inverse: if x is in G, 1 <= x < p.
    """

    def __init__(self, shape: Shape) -> None:
        plus, minus = signed_places(shape.excess)
        self._left = [shape.bits, *minus]
        self._right = plus
        self.places = (*self._left, *self._right)
        """The places whose squares it needs."""

    @property
    def rows(self) -> int:
        """The most rows that `holds` writes for each number."""
        return len(self.places)

    def holds(self, arena: Arena, squares: Indices, free: int) -> NDArray[np.bool_]:
        """For each number x whether it is in G; for x from 1 to p - 1, which has been looked at.

        squares: [places, numbers], the rows of x^(2^place). free: the first of so many `rows` for
        each number that may be written.
        """
        numbers = squares.shape[1]
        factors = squares.T.ravel()
        counts = np.tile([len(self._left), len(self._right)], numbers)
        sides = multiply_lists(arena, factors, counts, free)
        octets = arena.store(sides).reshape(numbers, 2, -1)
        is_equal: NDArray[np.bool_] = (octets[:, 0] == octets[:, 1]).all(axis=1)
        return is_equal


def signed_places(number: int) -> tuple[list[int], list[int]]:
    """Places of the ones of P and N, where P - N is the number and no two ones are neighbours.

    number: from 1. No other two numbers with that difference have fewer ones.
    """
    plus, minus, place = list[int](), list[int](), 0
    while number:
        if number & 1:
            is_minus = number & 2 != 0
            (minus if is_minus else plus).append(place)
            number += 1 if is_minus else -1
        number >>= 1
        place += 1
    return plus, minus
