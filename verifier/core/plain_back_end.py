"""One exponentiation for every power, one more for every membership: the slow path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier import modular
from verifier.core.back_end import Powers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.core.back_end import Request


class PlainBackEnd:
    """Takes no shortcut, so it is right for every p and q; groups of another shape have this one.

    Tests hold the other back ends against it.
    """

    name = "plain"

    def __init__(self, p: int, q: int) -> None:
        self._p = p
        self._q = q

    def powers(self, requests: Sequence[Request]) -> list[Powers]:
        """The powers of each base. Cost: one exponentiation each, and one for a membership."""
        return [
            Powers(
                tuple(modular.power(request.base, e, self._p) for e in request.exponents),
                self._is_element(request.base) if request.test else None,
            )
            for request in requests
        ]

    def fixed_powers(
        self, base: int, exponents: Sequence[int], factors: Sequence[int]
    ) -> list[int]:
        """The products factor base^exponent mod p. Cost: one exponentiation, one product each."""
        return [
            modular.multiply(factor, modular.power(base, exponent, self._p), self._p)
            for exponent, factor in zip(exponents, factors, strict=True)
        ]

    def products(self, lists: Sequence[Sequence[int]]) -> list[int]:
        """The product of each list mod p. Cost: one product a factor."""
        return [modular.product(factors, self._p) for factors in lists]

    def members(self, values: Sequence[int]) -> list[bool]:
        """Whether each value is in G. Cost: one exponentiation each."""
        return [self._is_element(value) for value in values]

    def _is_element(self, x: int) -> bool:
        return 1 <= x < self._p and modular.power(x, self._q, self._p) == 1
