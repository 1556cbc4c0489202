"""Whether many values are in G, by one random combination made of bit products (specs/24, Batches).

Needs numpy, and is imported only where an engine is there.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from verifier import modular
from verifier.core.bit_products import Terms, combined
from verifier.core.shape import RANDOM_BITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.core.bit_products import BitProducts
    from verifier.core.shape import Shape


def all_members(shape: Shape, products: BitProducts, values: Sequence[int]) -> bool:
    """Whether x^q = 1 for all of them.

    shape: one that admits batches. values: from 1 to p - 1, fixed before this call, since the
    exponents are drawn in it.
    True for values of G always; for others with a chance of at most 2^-128, however many they are.
    False says nothing of which it is. Cost: 128 Jacobi symbols, one exponentiation, and a product
    for each value and window of its exponent (`verifier.core.bit_products`).
    """
    p, width = shape.p, (shape.p.bit_length() + 7) // 8
    held = products.hold(b"".join(x.to_bytes(width, "big") for x in values))
    exponents = secrets.token_bytes(RANDOM_BITS // 8 * len(values))
    subsets = held.bit_products([Terms(range(len(values)), exponents, RANDOM_BITS)])
    is_square = all(modular.is_square(subset, p) for subset in subsets)
    return is_square and modular.power(combined(subsets, p), shape.q, p) == 1
