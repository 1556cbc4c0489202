"""The products before the reduction: 162 columns of a times b, or of a squared (specs/26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.core.ifma.code import ZERO, Code
from verifier.core.ifma.crossed import (
    BLOCK_BYTES,
    STEPS,
    clear,
    columns_at,
    first_and_end,
    keeper,
    pair,
    sum_of,
    sums_at,
)
from verifier.core.ifma.form import BLOCK, BLOCKS
from verifier.core.ifma.tiles import NONE, beside, raised, square_tile, tile, tiles, within

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.core.ifma.tiles import Columns, Done, Multiplied


def product() -> str:
    """@product(t, a, b, sums): the columns t of a b."""
    code = Code("product", ["ptr %t", "ptr %a", "ptr %b", "ptr %sums"])

    def diagonal(number: str, done: Done) -> None:
        one, other = (code.at(x, number, BLOCK_BYTES) for x in ("%a", "%b"))
        tile(code, lambda i: code.load(one, i), code.load_all(other, BLOCK), done)

    def crossed(step: str, base: Columns) -> list[str]:
        def factors(number: str) -> tuple[Callable[[int], str], list[str]]:
            a, b = pair(code, "%a", number, step), pair(code, "%b", number, step)
            return lambda i: sum_of(code, *a, i), [sum_of(code, *b, j) for j in range(BLOCK)]

        return tiles(code, *first_and_end(code, step), factors, base)

    return _columns(code, diagonal, crossed)


def square() -> str:
    """@square(t, a, sums): the columns t of a a.

    What stands beside the diagonal of a square tile is there twice, so it is computed once.
    """
    code = Code("square", ["ptr %t", "ptr %a", "ptr %sums"])

    def diagonal(number: str, done: Done) -> None:
        square_tile(code, code.load_all(code.at("%a", number, BLOCK_BYTES), BLOCK), done)

    def crossed(step: str, base: Columns) -> list[str]:
        def limbs(number: str) -> list[str]:
            a = pair(code, "%a", number, step)
            return [sum_of(code, *a, i) for i in range(BLOCK)]

        def others(half: Multiplied) -> Callable[[str, list[str]], list[str]]:
            def turn(number: str, columns: list[str]) -> list[str]:
                x = limbs(number)
                return beside([ZERO, *columns, ZERO], x, x, half)[1:-1]

            return turn

        def squares(number: str, columns: list[str]) -> list[str]:
            x = limbs(number)
            lows, highs = columns[:BLOCK], columns[BLOCK:]
            return [*within(lows, x, code.low), *within(highs, x, code.high)]

        first, end = first_and_end(code, step)
        highs = code.loop(first, end, NONE[3:], others(code.high))
        columns = raised([ZERO, *highs, ZERO], code)
        columns[1:-2] = code.loop(first, end, columns[1:-2], others(code.low))
        # Once in even columns, and twice in odd ones together with what stands beside.
        held = base()
        ends = code.loop(first, end, [*held[::2], *columns[1::2]], squares)
        once = [ends[:BLOCK], held[1::2]]
        twice = [columns[::2], ends[BLOCK:]]
        columns[::2], columns[1::2] = (
            [code.add(x, code.double(y)) for x, y in zip(*pairs, strict=True)]
            for pairs in zip(once, twice, strict=True)
        )
        return columns

    return _columns(code, diagonal, crossed)


def _columns(
    code: Code,
    diagonal: Callable[[str, Done], None],
    crossed: Callable[[str, Columns], list[str]],
) -> str:
    """The function that puts the tiles D_i and those of sums together, step after step.

    D_s is computed in step s, the first one that needs it; steps 0, 16 and 17 have no sums.
    """
    clear(code, "%sums")

    def keep(step: str) -> None:
        target = code.at("%t", step, 2 * BLOCK_BYTES)

        def put(place: int, column: str) -> None:
            code.store(column, target, place)

        diagonal(step, keeper(code, step, "%sums", put))

    def early(step: str, _: list[str]) -> list[str]:
        keep(step)
        target, coming = code.at("%t", step, BLOCK_BYTES), sums_at(code, "%sums", step, 0)
        code.store_all(crossed(step, lambda: columns_at(code, "%t", step, coming)), target)
        return []

    def window(step: str) -> list[str]:
        return columns_at(code, "%t", step, *(sums_at(code, "%sums", step, n) for n in (0, BLOCKS)))

    def late(step: str, _: list[str]) -> list[str]:
        target = code.at("%t", step, BLOCK_BYTES)
        code.store_all(crossed(step, lambda: window(step)), target)
        return []

    def last(step: str, _: list[str]) -> list[str]:
        code.store_all(window(step)[:BLOCK], code.at("%t", step, BLOCK_BYTES))
        return []

    keep("0")
    code.store_all(columns_at(code, "%t", "0", "%sums")[:BLOCK], "%t")
    code.loop("1", str(BLOCKS), [], early)
    code.loop(str(BLOCKS), str(STEPS - 2), [], late)
    code.loop(str(STEPS - 2), str(STEPS), [], last)
    return code.text()
