"""The seam between what the verifier asks and how it is computed: every request is a list.

The requests of a list do not depend on one another, so a back end may compute several side by side:
eight numbers in one vector register, for one. `verifier.core.gmpy2_back_end` is the reference. A
back end takes and gives plain `int`, and its answers are exactly those of Python's `pow`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Request:
    """One base and all exponents that it is to be raised to, each from 0 and used as it is.

    base: any integer from 0. With `test` its membership in G is asked for as well.
    """

    base: int
    exponents: tuple[int, ...]
    test: bool = True


@dataclass(frozen=True, slots=True)
class Powers:
    """What a request amounts to: a power modulo p for each exponent, in order.

    is_element: whether 1 <= base < p and base^q = 1; None when that was not asked for.
    """

    values: tuple[int, ...]
    is_element: bool | None


class BackEnd(Protocol):
    """Arithmetic modulo one prime p, in its subgroup G of order q."""

    @property
    def name(self) -> str:
        """A word for reports and benchmarks."""
        ...

    def powers(self, requests: Sequence[Request]) -> list[Powers]:
        """The powers of each base, and whether it is in G. Exact for any integers from 0."""
        ...

    def fixed_powers(
        self, base: int, exponents: Sequence[int], factors: Sequence[int]
    ) -> list[int]:
        """The products factor base^exponent mod p, for a base that many ballots raise.

        exponents: from 0, used as they are. factors: as many, integers from 0.
        """
        ...

    def products(self, lists: Sequence[Sequence[int]]) -> list[int]:
        """The product of each list mod p; 1 when it is empty."""
        ...

    def members(self, values: Sequence[int]) -> list[bool]:
        """Whether each value is in G; several at once where that is sound (specs/24)."""
        ...
