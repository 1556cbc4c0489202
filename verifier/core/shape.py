"""What is known of a modulus, and so which shortcuts are sound there (specs/24)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from verifier import modular

RANDOM_BITS: Final = 128  # of the exponents of a batch
_MOST_EXCESS: Final = 1 << 10  # at most 10 products beside the squarings


@dataclass(frozen=True, slots=True)
class Shape:
    """p = 2 q r' + 1 with p, q, r' prime, r' other than q, and q = 2^bits - excess.

    excess: 1 to 1,024; 189 for the standard set. cofactor: r'.
    """

    p: int
    q: int
    bits: int
    excess: int
    cofactor: int

    @property
    def admits_batches(self) -> bool:
        """Whether random exponents of 128 bits differ modulo r', so that a batch errs by 2^-128."""
        return self.cofactor >> RANDOM_BITS > 0


@lru_cache(maxsize=8)
def shape_of(p: int, q: int) -> Shape | None:
    """The shape of a group by its p and q; None if it has another one, and no shortcut is sound.

    Primes are those that pass 25 rounds of `modular.is_probable_prime`.
    Cost: some 110 exponentiations for the standard set, once in a process.
    """
    bits = q.bit_length()
    excess = (1 << bits) - q
    cofactor, rest = divmod(p - 1, 2 * q)
    if rest or cofactor == q or not 1 <= excess <= _MOST_EXCESS or excess >= q:
        return None
    if not all(map(modular.is_probable_prime, (q, cofactor, p))):
        return None
    return Shape(p, q, bits, excess, cofactor)
