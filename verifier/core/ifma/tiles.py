"""Tiles: the product of two blocks of nine limbs, as eighteen columns in registers.

The instruction gives the low 52 bits of a product of limbs, or what is above them. Limb i times
limb j is low * 2^(51 (i + j)) + high * 2^(51 (i + j + 1) + 1), so highs are added up first,
doubled, and then the lows are added on top: seventeen columns, nine limbs of one block and one of
the other are 27 vectors, and a processor has 32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.core.ifma.code import ZERO
from verifier.core.ifma.form import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verifier.core.ifma.code import Code

COLUMNS: Final = 2 * BLOCK
NONE: Final = (ZERO,) * COLUMNS
_INNER: Final = COLUMNS - 1  # columns that lows have; highs have as many, one column up

if TYPE_CHECKING:
    Multiplied = Callable[[str, str, str], str]
    Done = Callable[[int, str], None]
    Columns = Callable[[], list[str]]
    Factors = Callable[[str], tuple[Callable[[int], str], list[str]]]


def rows(
    columns: Sequence[str], one: Callable[[int], str], other: Sequence[str], half: Multiplied
) -> list[str]:
    """Columns plus all products of the limbs of two blocks, of which one half is meant."""
    columns = list(columns)
    for i in range(BLOCK):
        x = one(i)
        for j, y in enumerate(other):
            columns[i + j] = half(columns[i + j], x, y)
    return columns


def raised(highs: Sequence[str], code: Code, base: Sequence[str] | None = None) -> list[str]:
    """Columns of highs as columns of lows: doubled, one place up, and `base` is added."""
    doubled = [code.double(high) for high in highs]
    if base is None:
        return [ZERO, *doubled]
    return [base[0], *(code.add(x, y) for x, y in zip(base[1:], doubled, strict=True))]


def tiles(
    code: Code,
    first: str,
    end: str,
    factors: Factors,
    base: Columns,
) -> list[str]:
    """The sum of the tiles that `factors` gives for first, first + 1, ... below end, plus `base`.

    At least one tile. factors: for a number the limbs of one block, each fetched when it is needed,
    and all limbs of the other. Cost of a tile: 162 multiplications.
    """

    def turn(half: Multiplied) -> Callable[[str, list[str]], list[str]]:
        return lambda number, columns: rows(columns, *factors(number), half)

    highs = code.loop(first, end, NONE[:_INNER], turn(code.high))
    columns = raised(highs, code, base())
    lows = code.loop(first, end, columns[:_INNER], turn(code.low))
    return [*lows, columns[_INNER]]


def tile(code: Code, one: Callable[[int], str], other: Sequence[str], done: Done) -> None:
    """One tile. done: takes the number of a column, from 0, and the column once it is complete.

    So what is stored is stored between multiplications, and not all at once.
    """
    columns = raised(rows(NONE[:_INNER], one, other, code.high), code)
    for i in range(BLOCK):
        x = one(i)
        for j, y in enumerate(other):
            columns[i + j] = code.low(columns[i + j], x, y)
        done(i, columns[i])
    for place in range(BLOCK, COLUMNS):
        done(place, columns[place])


def square_tile(code: Code, x: Sequence[str], done: Done) -> None:
    """The tile of a block with itself: 90 multiplications. x: limbs, not sums. done: see `tile`."""
    twice = [code.double(limb) for limb in x]  # below 2^52; twice a sum of two limbs has no room
    highs = beside(NONE[:_INNER], x, twice, code.high)
    highs[::2] = within(highs[::2], x, code.high)
    columns = raised(highs, code)
    for i, limb in enumerate(x):
        columns[2 * i] = code.low(columns[2 * i], limb, limb)
        for j in range(i + 1, BLOCK):
            columns[i + j] = code.low(columns[i + j], limb, twice[j])
        done(2 * i, columns[2 * i])
        done(2 * i + 1, columns[2 * i + 1])


def beside(
    columns: Sequence[str], x: Sequence[str], y: Sequence[str], half: Multiplied
) -> list[str]:
    """Columns plus each limb of x times each later one of y: 36 multiplications."""
    columns = list(columns)
    for i in range(BLOCK):
        for j in range(i + 1, BLOCK):
            columns[i + j] = half(columns[i + j], x[i], y[j])
    return columns


def within(columns: Sequence[str], x: Sequence[str], half: Multiplied) -> list[str]:
    """Every other column plus each limb of x squared: 9 multiplications."""
    return [half(column, limb, limb) for column, limb in zip(columns, x, strict=True)]
