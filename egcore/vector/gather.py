"""Eight powers at once from tables, and the tables themselves, as LLVM IR.

An entry of a table is a row of 80 limbs. Eight rows become eight lanes by transposing 8 x 8 blocks.
Which rows are read depends on the exponents, so this is not constant-time.
"""

from __future__ import annotations

from typing import Final

from egcore.vector.code import LANES, Code, V
from egcore.vector.product import BLOCKS, LIMBS

ROW_BYTES: Final = 8 * LIMBS


def powers_function() -> str:
    """Return `powers(r, entries, last, p1, m, t)`: r = the product of entries, for eight powers.

    entries: addresses of the rows, eight for each factor, and any eight of rows after the last.
    last: number of factors less 1. t: room for eight numbers. The first factor is taken as it is,
    each other one divided by R.
    """
    code = Code()
    _gather(code, "%r", "%entries", 0)

    def factor(at: str, _: list[str]) -> list[str]:
        _gather(code, "%t", "%entries", at)
        _announce(code, "%entries", code.integer("add", at, 1))
        code.call("multiply", "%r", "%r", "%t", "%p1", "%m")
        return []

    code.loop(1, "%last", [], factor)
    code.end()
    head = "ptr %r, ptr %entries, i64 %last, ptr %p1, ptr %m, ptr %t"
    return f"define void @powers({head}) {{\n{code.text()}\n}}\n"


def table_function() -> str:
    """Return `table(r, step, rows, last, p1, m)`: entries 0 to last of eight rows of a table.

    r: entry 0 of each, changed. step: what each entry is multiplied by for the next one.
    rows: eight addresses, of entry 0.
    """
    code = Code()

    def entry(at: str, _: list[str]) -> list[str]:
        _scatter(code, "%r", "%rows", code.integer("mul", at, ROW_BYTES))
        code.call("multiply", "%r", "%r", "%step", "%p1", "%m")
        return []

    code.loop(0, "%last", [], entry)
    code.end()
    head = "ptr %r, ptr %step, ptr %rows, i64 %last, ptr %p1, ptr %m"
    return f"define void @table({head}) {{\n{code.text()}\n}}\n"


def _addresses(code: Code, array: str, index: str | int) -> list[str]:
    """Return the eight addresses at an index of an array of them."""
    loaded = code.load(array, index)
    numbers = [code.compute(f"extractelement {V} {loaded}, i64 {lane}") for lane in range(LANES)]
    return [code.compute(f"inttoptr i64 {number} to ptr") for number in numbers]


def _gather(code: Code, to: str, entries: str, index: str | int) -> None:
    rows = _addresses(code, entries, index)
    for block in range(BLOCKS):
        lanes = _transposed(code, [code.load(row, block) for row in rows])
        for i, value in enumerate(lanes):
            code.store(value, to, LANES * block + i)


def _announce(code: Code, entries: str, index: str | int) -> None:
    """Have rows brought from memory, where most of them are, while a product is computed."""
    for row in _addresses(code, entries, index):
        for block in range(BLOCKS):
            code.prefetch(row, block)


def _scatter(code: Code, numbers: str, rows: str, offset: str) -> None:
    places = [
        code.compute(f"getelementptr i8, ptr {row}, i64 {offset}")
        for row in _addresses(code, rows, 0)
    ]
    for block in range(BLOCKS):
        lanes = [code.load(numbers, LANES * block + i) for i in range(LANES)]
        for place, value in zip(places, _transposed(code, lanes), strict=True):
            code.store(value, place, block)


def _transposed(code: Code, rows: list[str]) -> list[str]:
    """Return the columns of an 8 x 8 matrix: swap single numbers, pairs, and fours."""
    for width in (1, 2, 4):
        low = [k + LANES * bool(k & width) - width * bool(k & width) for k in range(LANES)]
        high = [place + width for place in low]
        for i in range(LANES):
            if not i & width:
                pair = rows[i], rows[i + width]
                rows[i] = _shuffled(code, *pair, low)
                rows[i + width] = _shuffled(code, *pair, high)
    return rows


def _shuffled(code: Code, left: str, right: str, places: list[int]) -> str:
    mask = ", ".join(f"i32 {place}" for place in places)
    return code.compute(f"shufflevector {V} {left}, {V} {right}, <{LANES} x i32> <{mask}>")
