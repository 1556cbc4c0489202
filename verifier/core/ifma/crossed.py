"""Sums instead of cross products: what products and the reduction have in common (specs/26).

Blocks of nine limbs: x = sum of x_i B^i, B = 2^(51 * 9). With D_i = x_i y_i and for i < j

    x_i y_j + x_j y_i = (x_i + x_j) (y_i + y_j) - D_i - D_j

half of the tiles do. The D_i and D_j to be taken away at B^s are those of a window, i from s - 8 to
s, but for D_(s/2), which is why 2 D_i is added at B^(2 i). What is taken away at B^s is a window of
E = sum of D_i B^i as well: the difference of two of its running sums, F_s - F_(s - 9).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.core.ifma.code import VECTOR_BYTES, ZERO
from verifier.core.ifma.form import BLOCK, BLOCKS
from verifier.core.ifma.tiles import COLUMNS

if TYPE_CHECKING:
    from verifier.core.ifma.code import Code
    from verifier.core.ifma.tiles import Done

BLOCK_BYTES: Final = BLOCK * VECTOR_BYTES
STEPS: Final = 2 * BLOCKS  # blocks of a product
SUM_VECTORS: Final = BLOCK * (BLOCKS + 1)  # F_0 to F_9; what follows F_9 is the same


def clear(code: Code, pointer: str) -> None:
    """Make a block 0."""
    code.store_all([ZERO] * BLOCK, pointer)


def keeper(code: Code, number: str, sums: str, twice: Done) -> Done:
    """What is done with the columns of D_number: noted in the running sums, and given to `twice`.

    F_number is complete then, and F_(number + 1) has what it can; in ascending order of the
    numbers, with F_0 or, if D_0 is nothing, F_1 being 0 before. twice: takes 2 D_number.
    """
    here = code.at(sums, number, BLOCK_BYTES)
    running = list[str]()

    def done(place: int, column: str) -> None:
        twice(place, code.double(column))
        if place < BLOCK:
            running.append(code.add(code.load(here, place), column))
            code.store(running[place], here, place)
        else:
            code.store(code.add(running[place - BLOCK], column), here, place)

    return done


def columns_at(
    code: Code, t: str, step: str, coming: str | None, going: str | None = None
) -> list[str]:
    """The columns t of two blocks from `step` on, less the window: F at `coming` - F at `going`.

    coming, going: where these sums are; None if they are 0.
    """
    columns = code.load_all(code.at(t, step, BLOCK_BYTES), COLUMNS)
    for place in range(BLOCK):
        if coming is not None:
            columns[place] = code.subtract(columns[place], code.load(coming, place))
        if going is not None:
            columns[place] = code.add(columns[place], code.load(going, place))
    return columns


def sums_at(code: Code, sums: str, step: str, behind: int) -> str:
    """Where F_(step - behind) is; F_9 for what comes after it."""
    number = code.value(f"sub i64 {step}, {behind}")
    number = code.value(f"call i64 @llvm.smin.i64(i64 {number}, i64 {BLOCKS})")
    return code.at(sums, number, BLOCK_BYTES)


def first_and_end(code: Code, step: str) -> tuple[str, str]:
    """The numbers i with 0 <= i < j = step - i < 9: the first, and the one after the last."""
    least = code.value(f"sub i64 {step}, {BLOCKS - 1}")
    first = code.value(f"call i64 @llvm.smax.i64(i64 {least}, i64 0)")
    following = code.value(f"add i64 {step}, 1")
    return first, code.value(f"lshr i64 {following}, 1")


def pair(code: Code, x: str, number: str, step: str) -> tuple[str, str]:
    """Where the blocks i = number and j = step - number of x are."""
    other = code.value(f"sub i64 {step}, {number}")
    return code.at(x, number, BLOCK_BYTES), code.at(x, other, BLOCK_BYTES)


def sum_of(code: Code, one: str, other: str, place: int) -> str:
    """The sum of one limb of each of two blocks: below 2^52."""
    return code.add(code.load(one, place), code.load(other, place))
