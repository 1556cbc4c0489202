"""From T = K^t back to the count t, by baby steps and giant steps."""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

from gmpy2 import invert, mpz, powmod

from egcore.errors import CountNotFound

if TYPE_CHECKING:
    from egcore.group import Group


class DiscreteLog:
    """Counts to the base K. The table of baby steps grows with the bound and serves all calls.

    group: its parameters. base: K, in G and not 1, checked by the caller.
    The table for a bound N has sqrt(N) entries of about 600 bytes.
    """

    def __init__(self, group: Group, base: int) -> None:
        self._modulus = mpz(group.p)
        self._base = mpz(base)
        self._next = mpz(1)  # K^(number of baby steps)
        self._steps: dict[mpz, int] = {}

    def find(self, T: int, bound: int, where: str) -> int:
        """Return the smallest t in 0..bound with K^t = T.

        T: untrusted. bound: option limit times number of ballots; 0 is allowed, a negative one
        is a ValueError. where: contest, group and option, for the error.
        Raises CountNotFound; never guesses.
        Cost: at most sqrt(bound) products, and as many for a table that has to grow.
        """
        if bound < 0:
            raise ValueError(f"a bound is at least 0, found {bound}")
        if not 1 <= T < self._modulus:
            raise CountNotFound(where, bound)
        self._grow(isqrt(bound) + 1)
        width = len(self._steps)
        giant = invert(powmod(self._base, width, self._modulus), self._modulus)
        current = mpz(T)
        for start in range(0, bound + 1, width):
            step = self._steps.get(current)
            if step is not None and start + step <= bound:
                return start + step
            current = current * giant % self._modulus
        raise CountNotFound(where, bound)

    def _grow(self, size: int) -> None:
        """Bring the table to `size` baby steps, or to the order of the base if that is less."""
        while len(self._steps) < size and self._next not in self._steps:
            self._steps[self._next] = len(self._steps)
            self._next = self._next * self._base % self._modulus
