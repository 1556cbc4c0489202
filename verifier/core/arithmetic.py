"""The arithmetic of one group, as the checks use it: a back end, and what it said lately."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from verifier.core.back_end import Request
from verifier.core.gmpy2_back_end import Gmpy2BackEnd
from verifier.core.plain_back_end import PlainBackEnd
from verifier.core.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verifier.core.back_end import BackEnd, Powers

MOST_REMEMBERED: Final = 4_096  # V7 asks for what V6 asked for, one ballot after the other


def back_end_for(p: int, q: int) -> BackEnd:
    """The fastest back end whose shortcuts are sound for this group."""
    shape = shape_of(p, q)
    return PlainBackEnd(p, q) if shape is None else Gmpy2BackEnd(shape)


class Arithmetic:
    """Answers of a back end. Memberships are remembered, so that no value is tested twice in a row.

    Nothing else is: an answer depends on the question and on no earlier one.
    """

    def __init__(self, back_end: BackEnd) -> None:
        self.back_end = back_end
        self._known: dict[int, bool] = {}

    def powers(self, base: int, exponents: Iterable[int], *, test: bool) -> Powers:
        """The powers of one base, and with `test` whether it is in G.

        base, exponents: any integers from 0. Cost: see the back end.
        """
        return self.powers_of_each([Request(base, tuple(exponents), test)])[0]

    def powers_of_each(self, requests: Sequence[Request]) -> list[Powers]:
        """The powers of several bases at once; their memberships are remembered."""
        answers = self.back_end.powers(requests)
        for request, answer in zip(requests, answers, strict=True):
            if answer.is_element is not None:
                self._remember(request.base, answer.is_element)
        return answers

    def is_element(self, x: int) -> bool:
        """Whether 1 <= x < p and x^q = 1. Cost: one exponentiation for a value not seen lately."""
        known = self._known.get(x)
        if known is None:
            known = self.back_end.members([x])[0]
            self._remember(x, known)
        return known

    def foresee(self, values: Iterable[int]) -> None:
        """Test at once the values that `is_element` will be asked for next, in this order.

        The first 4,096 that are not known, since more would be forgotten again.
        """
        unknown = (x for x in dict.fromkeys(values) if x not in self._known)
        fresh = tuple(islice(unknown, MOST_REMEMBERED))
        for x, known in zip(fresh, self.back_end.members(fresh), strict=True):
            self._remember(x, known)

    def _remember(self, x: int, known: bool) -> None:  # noqa: FBT001 -- what is remembered
        self._known.pop(x, None)
        self._known[x] = known
        if len(self._known) > MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
