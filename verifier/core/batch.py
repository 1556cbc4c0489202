"""Whether many values are in G, by one random combination of them (specs/24, Batches)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from verifier import modular
from verifier.core.shape import RANDOM_BITS

if TYPE_CHECKING:
    from verifier.core.shape import Shape


def all_members(shape: Shape, values: tuple[int, ...]) -> bool:
    """Whether 1 <= x < p and x^q = 1 for all of them.

    shape: one that admits batches. values: fixed before this call, since the exponents are drawn
    in it: who chose the values cannot know them.
    True for values of G always; for others with a chance of at most 2^-128, however many they are.
    False says nothing of which it is. Cost: for n values n Jacobi symbols (0.024 exponentiations
    each), a product of n powers of 128 bits, and one exponentiation.
    """
    p = shape.p
    if not all(1 <= x < p and modular.is_square(x, p) for x in values):
        return False
    weighted = [(x, secrets.randbits(RANDOM_BITS)) for x in values]
    combined = modular.product_of_powers(weighted, p)
    return modular.power(combined, shape.q, p) == 1
