"""Montgomery's reduction of 162 columns, with quotients that cost nothing (specs/26, Reduction).

The low 255 bits of p are ones, so five columns at a time are quotient digits as they are. Digit m_c
takes column c away and adds m_c (p + 1) at column c: limbs 5 to 75, 2^16 at limb 80, -1 at limb 76.
The blocks of the quotient m and those of p + 1 are multiplied as those of a and b are, but for what
involves block 0 of p + 1: the digits of a block wait for those tiles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.core.ifma.code import ZERO, Code
from verifier.core.ifma.crossed import (
    BLOCK_BYTES,
    STEPS,
    clear,
    columns_at,
    first_and_end,
    keeper,
    sum_of,
    sums_at,
)
from verifier.core.ifma.form import (
    BLOCK,
    BLOCKS,
    FIRST_TOP,
    LOW_ONES,
    MASK,
    RADIX,
    factor_blocks,
)
from verifier.core.ifma.tiles import COLUMNS, tile, tiles

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.core.ifma.tiles import Columns

FACTOR_BYTES: Final = 8 * BLOCK


def factors_of(p: int) -> str:
    """@factors: at 9 i + j block j of p + 1 for i = 0, and blocks i and j added for 0 < i < j."""
    blocks = factor_blocks(p)
    numbers = []
    for i, one in enumerate(blocks):
        for j, other in enumerate(blocks):
            added = [x + y for x, y in zip(one, other, strict=True)] if i < j else [0] * BLOCK
            numbers += other if i == 0 else added
    listed = ", ".join(f"i64 {number}" for number in numbers)
    return f"@factors = internal constant [{len(numbers)} x i64] [{listed}], align 64\n"


def reduction() -> str:
    """@reduce(r, t, sums, zeros): r = t / R modulo p, with limbs of 51 bits.

    t is spent: block s of it becomes block s of the quotient. r is at most p + floor(t / R) if that
    is below R (specs/26, Bounds).
    """
    return _Reduction().text()


class _Reduction:
    """The steps of one function, one for each block of columns: nine of digits, nine of results."""

    def __init__(self) -> None:
        parameters = ("r", "t", "sums", "zeros")
        self.code = Code("reduce", [f"ptr %{name}" for name in parameters])

    def text(self) -> str:
        code = self.code
        clear(code, "%sums")
        clear(code, code.at("%sums", BLOCK))
        _, carry = self._digits("0", code.load_all("%t", COLUMNS), ZERO)
        (carry,) = code.loop("1", str(BLOCKS), [carry], self._early)
        (carry,) = code.loop(str(BLOCKS), str(STEPS - 2), [carry], self._late)
        code.loop(str(STEPS - 2), str(STEPS), [carry], self._last)
        return code.text()

    def _early(self, step: str, carried: list[str]) -> list[str]:
        code = self.code
        coming = sums_at(code, "%sums", step, 1)
        columns = self._crossed(step, lambda: columns_at(code, "%t", step, coming))
        digits, carry = self._digits(step, columns, *carried)
        self._diagonal(step, digits)
        return [carry]

    def _late(self, step: str, carried: list[str]) -> list[str]:
        code = self.code
        columns = self._crossed(step, lambda: self._window(step))
        code.store_all(columns[BLOCK:], code.at(code.at("%t", step, BLOCK_BYTES), BLOCK))
        return [self._result(step, columns, *carried)]

    def _last(self, step: str, carried: list[str]) -> list[str]:
        return [self._result(step, self._window(step), *carried)]

    def _window(self, step: str) -> list[str]:
        coming, going = (sums_at(self.code, "%sums", step, behind) for behind in (1, BLOCKS))
        return columns_at(self.code, "%t", step, coming, going)

    def _crossed(self, step: str, base: Columns) -> list[str]:
        """(m_i + m_j) (P_i + P_j) for 0 < i < j, i + j = s, and m_0 P_s, added to columns."""
        code = self.code

        def factors(number: str) -> tuple[Callable[[int], str], list[str]]:
            other = code.value(f"sub i64 {step}, {number}")
            one, too = code.at("%t", number, BLOCK_BYTES), code.at("%t", other, BLOCK_BYTES)
            too = code.choose(f"sgt {number}, 0", too, "%zeros")
            return lambda i: sum_of(code, one, too, i), self._factors(number, other)

        return tiles(code, *first_and_end(code, step), factors, base)

    def _factors(self, number: str, other: str) -> list[str]:
        """The entry of the table, each limb eight times."""
        code = self.code
        entry = code.value(f"add i64 {code.value(f'mul i64 {number}, {BLOCKS}')}, {other}")
        start = code.at("@factors", entry, FACTOR_BYTES)
        return [code.spread(code.load_number(start, place)) for place in range(BLOCK)]

    def _carried(self, column: str, carry: str) -> tuple[str, str]:
        """A limb and the carry that a column leaves, with the carry from the one before."""
        total = self.code.add(column, carry)
        return self.code.masked(total, MASK), self.code.shifted_down(total, RADIX)

    def _digits(self, step: str, columns: list[str], carry: str) -> tuple[list[str], str]:
        """Block s of the quotient, and the carry; what they add to later columns goes to t."""
        code = self.code
        columns = list(columns)
        low = self._factors("0", "0")
        digits: list[str] = []
        highs = [ZERO] * COLUMNS
        for place in range(BLOCK):
            if place > LOW_ONES:
                columns[place] = code.add(columns[place], code.double(highs[place - 1]))
            digit, carry = self._carried(columns[place], carry)
            digits.append(digit)
            for at in range(LOW_ONES, BLOCK):
                columns[place + at] = code.low(columns[place + at], digit, low[at])
                highs[place + at] = code.high(highs[place + at], digit, low[at])
        for place in range(BLOCK, COLUMNS):
            columns[place] = code.add(columns[place], code.double(highs[place - 1]))
        target = code.at("%t", step, BLOCK_BYTES)
        code.store_all(digits, target)
        code.store_all(columns[BLOCK:], code.at(target, BLOCK))
        for place, digit in enumerate(digits, FIRST_TOP):
            code.store(code.subtract(code.load(target, place), digit), target, place)
        return digits, carry

    def _diagonal(self, step: str, digits: list[str]) -> None:
        """D_s = m_s P_s."""
        code = self.code
        target = code.at("%t", step, 2 * BLOCK_BYTES)

        def add(place: int, column: str) -> None:
            code.store(code.add(code.load(target, place), column), target, place)

        done = keeper(code, step, "%sums", add)
        tile(code, lambda i: digits[i], self._factors("0", step), done)

    def _result(self, step: str, columns: list[str], carry: str) -> str:
        """Block s of the columns, which is block s - 9 of the result; the carry."""
        code = self.code
        limbs = []
        for column in columns[:BLOCK]:
            limb, carry = self._carried(column, carry)
            limbs.append(limb)
        place = code.value(f"sub i64 {step}, {BLOCKS}")
        code.store_all(limbs, code.at("%r", place, BLOCK_BYTES))
        return carry
