"""From eight rows to vectors and back: eight limbs of eight numbers at a time.

A row holds the limbs of one number; a vector holds one limb of eight numbers, its lanes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.core.ifma.code import VECTOR, VECTOR_BYTES, Code
from verifier.core.ifma.form import LANES, ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

# What an instruction can choose from two vectors, items 0 to 7 and 8 to 15, in one cycle.
_EVEN: Final = (0, 8, 2, 10, 4, 12, 6, 14)
_ODD: Final = (1, 9, 3, 11, 5, 13, 7, 15)
_EVEN_PAIRS: Final = (0, 1, 4, 5, 8, 9, 12, 13)
_ODD_PAIRS: Final = (2, 3, 6, 7, 10, 11, 14, 15)
_ROUNDS: Final = ((_EVEN, _ODD), (_EVEN_PAIRS, _ODD_PAIRS), (_EVEN_PAIRS, _ODD_PAIRS))


def gather() -> str:
    """@gather(x, at): the vectors x of the eight rows whose addresses are at `at`."""
    code = Code("gather", ["ptr %x", "ptr %at"])
    addresses = _addresses(code)

    def turn(part: str, _: list[str]) -> list[str]:
        rows = [code.load(code.at(address, part, VECTOR_BYTES)) for address in addresses]
        code.store_all(_transposed(code, rows), code.at("%x", part, LANES * VECTOR_BYTES))
        return []

    code.loop("0", str(ROW // LANES), [], turn)
    return code.text()


def scatter() -> str:
    """@scatter(x, at): the eight rows whose addresses are at `at`, from the vectors x."""
    code = Code("scatter", ["ptr %x", "ptr %at"])
    addresses = _addresses(code)

    def turn(part: str, _: list[str]) -> list[str]:
        vectors = code.load_all(code.at("%x", part, LANES * VECTOR_BYTES), LANES)
        for address, row in zip(addresses, _transposed(code, vectors), strict=True):
            code.store(row, code.at(address, part, VECTOR_BYTES))
        return []

    code.loop("0", str(ROW // LANES), [], turn)
    return code.text()


def _addresses(code: Code) -> list[str]:
    return [code.value(f"load ptr, ptr {code.at('%at', lane, 8)}") for lane in range(LANES)]


def _transposed(code: Code, vectors: Sequence[str]) -> Sequence[str]:
    """Eight vectors, of which vector i has what was item i of each: 24 instructions."""
    for orders in _ROUNDS:
        vectors = [
            _shuffled(code, vectors[i], vectors[i + 1], order)
            for order in orders
            for i in range(0, LANES, 2)
        ]
    return vectors


def _shuffled(code: Code, x: str, y: str, order: Sequence[int]) -> str:
    chosen = ", ".join(f"i32 {item}" for item in order)
    return code.value(f"shufflevector {VECTOR} {x}, {VECTOR} {y}, <8 x i32> <{chosen}>")
