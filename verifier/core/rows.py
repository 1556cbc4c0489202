"""The seam between plans of products and what multiplies: numbers modulo p in rows (specs/26).

An engine holds numbers in a form of its own, so that a product needs no conversion. Plans are flat
arrays of row numbers; whoever makes them in numpy pays some 20 ns a product, and the engine nothing
but the product. `verifier.core.reference_rows` is the engine of reference, for any p;
`verifier.core.ifma` computes eight products side by side, for the standard p.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from numpy import int64, uint8
    from numpy.typing import NDArray


class Arena(Protocol):
    """Rows 0 to rows - 1, each a number modulo p. Row 0 is 1 and stays 1; others are undefined.

    An arena is used by one thread at a time; several arenas may be used at once.
    """

    @property
    def rows(self) -> int:
        """How many rows there are."""
        ...

    def load(self, at: NDArray[int64], raw: NDArray[uint8]) -> None:
        """Row at[i] becomes the number raw[i].

        at: [n], 1 to rows - 1, each once. raw: [n, width], big-endian; who calls has checked that
        each is below p. Raises ValueError for a row out of range or another shape.
        """
        ...

    def store(self, at: NDArray[int64]) -> NDArray[uint8]:
        """The numbers of rows at[i]: [n, width], big-endian, from 0 and below p.

        at: [n], 0 to rows - 1. Raises ValueError for a row out of range.
        """
        ...

    def run(
        self,
        dst: NDArray[int64],
        left: NDArray[int64],
        right: NDArray[int64],
        steps: NDArray[int64],
    ) -> None:
        """Row dst[i] becomes row left[i] times row right[i] modulo p, step after step.

        Products steps[s] to steps[s + 1] - 1 are step s; steps[0] = 0, steps[-1] = len(dst). No
        product of a step may write a row that another one of it reads or writes; one may write over
        its own factor. Who calls has seen to that: it is not checked.
        Raises ValueError, with nothing computed, for a row out of range, for writing row 0, for
        columns of different lengths, and for steps that do not ascend from 0 to len(dst).
        """
        ...


class RowEngine(Protocol):
    """Multiplies rows: numbers modulo p in a form of the engine's own."""

    @property
    def name(self) -> str:
        """A word for reports and benchmarks."""
        ...

    @property
    def p(self) -> int:
        """The modulus."""
        ...

    @property
    def width(self) -> int:
        """Bytes of a number outside of an arena, big-endian."""
        ...

    def arena(self, rows: int) -> Arena:
        """Memory for so many rows, 1 or more. Raises ValueError for fewer."""
        ...
