"""The product of eight pairs of numbers modulo p, as LLVM IR (Montgomery, radix 2^52).

A number has 80 limbs of 52 bits, so R = 2^4160. Limb i of eight numbers lies in one register. The
product a b R^-1 is made column by column, eight columns (a *block*) at a time: block d gets the
tiles (limbs 8 I..8 I + 7 of a) x (limbs 8 (d - I).. of b), and the same of the quotient and p + 1.

*Quotient.* The low 256 bits of p are ones, so -1/p = 1 modulo 2^208: a quotient digit is the column
itself, modulo 2^52. With p + 1 in the place of p the digit's own column needs no product: what is
left of it after its low 52 bits were taken is its carry. The limbs 0 to 3 of p + 1 are 0, so four
digits are known before the first of them is needed again.

*Growth.* A column gets at most 2 x 80 halves of products of a and b and as many of quotient and
p + 1, each below 2^52, and a carry below 2^12: less than 2^61, in 64 bits.

*Size.* With a, b < 2p the result is below (4 p^2 + R p) / R < p + 4 p^2 / R, which is below
p + 2^4034: less than 2p, so results are factors again. It is reduced at the very end only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from egcore.vector.code import LANES, MADD_HIGH, MADD_LOW, PREFETCH, ZERO, Code, V, splat

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMB_BITS: Final = 52
BLOCK: Final = 8
BLOCKS: Final = 10
LIMBS: Final = BLOCK * BLOCKS
ZERO_LIMBS: Final = 4  # of p + 1, at its low end
LOW_ONES: Final = ZERO_LIMBS * LIMB_BITS
_MASK: Final = splat(2**LIMB_BITS - 1)
_SHIFT: Final = splat(LIMB_BITS)


def product_function() -> str:
    """Return `multiply(r, a, b, p1, m)`: r = a b R^-1 modulo p, for eight pairs.

    r may be a or b. p1: p + 1, eight times. m: room for the quotient, of the size of a number.
    """
    code = Code()

    def lower(d: str, columns: list[str]) -> list[str]:
        columns = _tiles(code, [*columns, *[ZERO] * BLOCK], ("%a", "%b"), (0, d), d)
        before = code.integer("sub", d, 1)
        columns = _tiles(code, columns, ("%m", "%p1"), (0, before), d)
        return _quotient(code, columns, d)

    def upper(d: str, columns: list[str]) -> list[str]:
        first = code.integer("sub", d, BLOCKS - 1)
        columns = [*columns, *[ZERO] * BLOCK]
        columns = _tiles(code, columns, ("%a", "%b"), (first, BLOCKS - 1), d)
        columns = _tiles(code, columns, ("%m", "%p1"), (first, BLOCKS - 1), d)
        at = code.integer("mul", code.integer("sub", d, BLOCKS), BLOCK)
        digits, carry = _digits(code, columns[:BLOCK], ZERO)
        for i, digit in enumerate(digits):
            code.store(digit, "%r", code.integer("add", at, i))
        return [code.vector("add", columns[BLOCK], carry), *columns[BLOCK + 1 :]]

    columns = code.loop(0, BLOCKS - 1, [ZERO] * BLOCK, lower)
    code.loop(BLOCKS, 2 * BLOCKS - 1, columns, upper)
    code.end()
    return f"define void @multiply(ptr %r, ptr %a, ptr %b, ptr %p1, ptr %m) {{\n{code.text()}\n}}\n"


def declarations() -> str:
    """Return the declarations of the instructions that have no operator."""
    madd = "".join(f"declare {V} @{name}({V}, {V}, {V})\n" for name in (MADD_LOW, MADD_HIGH))
    return f"{madd}declare void @{PREFETCH}(ptr, i32, i32, i32)\n"


def _tiles(
    code: Code,
    columns: list[str],
    factors: tuple[str, str],
    blocks: tuple[str | int, str | int],
    d: str,
) -> list[str]:
    """Add the tiles (block I of one factor) x (block d - I of the other) to 16 columns."""
    left, right = factors

    def tile(block: str, found: list[str]) -> list[str]:
        at = code.integer("mul", block, BLOCK)
        other = code.integer("mul", code.integer("sub", d, block), BLOCK)
        loaded = [code.load(right, code.integer("add", other, j)) for j in range(BLOCK)]
        for i in range(BLOCK):
            x = code.load(left, code.integer("add", at, i))
            _row(code, found, i, x, enumerate(loaded))
        return found

    return code.loop(*blocks, columns, tile)


def _row(
    code: Code, columns: list[str], i: int, x: str, factors: Iterable[tuple[int, str]]
) -> None:
    """Add x, limb i of its block, times the given limbs j: low halves, then high ones."""
    limbs = list(factors)
    for j, y in limbs:
        columns[i + j] = code.madd(MADD_LOW, columns[i + j], x, y)
    for j, y in limbs:
        columns[i + j + 1] = code.madd(MADD_HIGH, columns[i + j + 1], x, y)


def _quotient(code: Code, columns: list[str], d: str) -> list[str]:
    """Write the eight quotient digits of a block, and return the columns that follow it."""
    at = code.integer("mul", d, BLOCK)
    p1 = [(j, code.load("%p1", j)) for j in range(ZERO_LIMBS, BLOCK)]
    carry = ZERO
    for half in (range(ZERO_LIMBS), range(ZERO_LIMBS, BLOCK)):
        digits, carry = _digits(code, columns[half.start : half.stop], carry)
        for i, digit in zip(half, digits, strict=True):
            code.store(digit, "%m", code.integer("add", at, i))
            _row(code, columns, i, digit, p1)
    return [code.vector("add", columns[BLOCK], carry), *columns[BLOCK + 1 :]]


def _digits(code: Code, columns: list[str], carry: str) -> tuple[list[str], str]:
    """Return the low 52 bits of columns after the carry of each, and the last carry."""
    digits = []
    for column in columns:
        total = code.vector("add", column, carry)
        digits.append(code.vector("and", total, _MASK))
        carry = code.vector("lshr", total, _SHIFT)
    return digits, carry


__all__ = ["BLOCK", "BLOCKS", "LANES", "LIMBS", "LIMB_BITS", "LOW_ONES", "product_function"]
