"""Products of elements by the bits of their exponents: what one random combination is made of.

For elements x_i with exponents e_i, P_j is the product of the x_i whose e_i has bit j set. The
product of all P_j^(2^j) is the product of all x_i^e_i, and where the bits of an exponent are random
the P_j are products of random subsets (specs/25, Soundness).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gmpy2 import mpz

from verifier.core.bit_products_windows import stretches, windows

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Terms:
    """Elements whose exponents have at most `bits` bits.

    places: of the elements among those that are held, from 0, each once. exponents: as many, each
    `width` bytes, little-endian.
    """

    places: Sequence[int]
    exponents: bytes
    bits: int

    @property
    def width(self) -> int:
        """Bytes of an exponent."""
        return (self.bits + 7) // 8


class Held(Protocol):
    """Elements that are held in the form in which they are multiplied. For one thread."""

    def products(self, lists: Sequence[Sequence[int]]) -> list[bytes]:
        """The product mod p of the elements in each list of places, big-endian, lp bytes.

        lists: of one place or more, each once in a list. Cost: a product for each place but the
        first of a list.
        """
        ...

    def bit_products(self, terms: Sequence[Terms]) -> list[int]:
        """P_j for each j from 0 to the greatest `bits` - 1, from 1 to p - 1.

        Cost: `bit_products_windows.cost` for each stretch of bits.
        """
        ...


class BitProducts(Protocol):
    """Makes bit products modulo one p."""

    @property
    def name(self) -> str:
        """A word for reports and benchmarks."""
        ...

    def hold(self, raw: bytes) -> Held:
        """Take elements: lp bytes each, big-endian. Who calls has checked that each is in 1..p - 1.

        What was held before is given up.
        """
        ...


def combined(products: Sequence[int], p: int) -> int:
    """The product of P_j^(2^j) mod p. Cost: two products for each j."""
    result, modulus = mpz(1), mpz(p)
    for product in reversed(products):
        result = result * result % modulus * product % modulus
    return int(result)


class Gmpy2BitProducts:
    """The reference: direct loops, without numpy, for any p."""

    name = "gmpy2"

    def __init__(self, p: int) -> None:
        self._p = mpz(p)
        self._width = (p.bit_length() + 7) // 8

    def hold(self, raw: bytes) -> Gmpy2Held:
        """Take elements. Memory: twice their bytes."""
        width = self._width
        elements = [
            mpz(int.from_bytes(raw[start : start + width], "big"))
            for start in range(0, len(raw), width)
        ]
        return Gmpy2Held(self._p, width, elements)


class Gmpy2Held:
    """Elements as gmpy2's integers."""

    def __init__(self, p: mpz, width: int, elements: list[mpz]) -> None:
        self._p = p
        self._width = width
        self._elements = elements

    def products(self, lists: Sequence[Sequence[int]]) -> list[bytes]:
        """The product mod p of the elements in each list of places."""
        p, answers = self._p, []
        for places in lists:
            product = mpz(1)
            for place in places:
                product = product * self._elements[place] % p
            answers.append(int(product).to_bytes(self._width, "big"))
        return answers

    def bit_products(self, terms: Sequence[Terms]) -> list[int]:
        """P_j for each j, window by window."""
        answers: list[int] = []
        weighted = [self._weighted(some) for some in terms]
        for low, high in stretches(some.bits for some in terms):
            reaching = [
                pair
                for some, pairs in zip(terms, weighted, strict=True)
                if some.bits >= high
                for pair in pairs
            ]
            for bits in windows(len(reaching), high - low):
                answers += map(int, self._folded(self._buckets(reaching, low, bits), bits))
                low += bits  # noqa: PLW2901 -- where the next window begins
        return answers

    def _weighted(self, terms: Terms) -> list[tuple[mpz, int]]:
        width, raw = terms.width, terms.exponents
        return [
            (self._elements[place], int.from_bytes(raw[start : start + width], "little"))
            for place, start in zip(terms.places, range(0, len(raw), width), strict=True)
        ]

    def _buckets(
        self, weighted: Sequence[tuple[mpz, int]], low: int, bits: int
    ) -> list[mpz | None]:
        """For each digit the product of the elements whose exponent has it; None for 1."""
        p, mask = self._p, (1 << bits) - 1
        buckets: list[mpz | None] = [None] * (mask + 1)
        for element, exponent in weighted:
            digit = exponent >> low & mask
            if digit:
                held = buckets[digit]
                buckets[digit] = element if held is None else held * element % p
        return buckets

    def _folded(self, buckets: list[mpz | None], bits: int) -> list[mpz]:
        """P_j of this window, lowest first: the upper half has bit j set, then joins the lower."""
        p, answers = self._p, []
        for bit in reversed(range(bits)):
            half, product = 1 << bit, mpz(1)
            for digit in range(half):
                upper, lower = buckets[half + digit], buckets[digit]
                if upper is None:
                    continue
                product = product * upper % p
                if digit:
                    buckets[digit] = upper if lower is None else lower * upper % p
            answers.append(product)
        return answers[::-1]
