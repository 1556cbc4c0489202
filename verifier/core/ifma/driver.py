"""What Python calls: steps of products on rows, and rows from bytes and back (specs/26, Driver).

Nothing here checks a row number; `verifier.core.ifma.engine` has. Each call has its room on its own
stack, so that threads may call at once.
"""

from __future__ import annotations

from typing import Final

from verifier.core.ifma.code import VECTOR, VECTOR_BYTES, ZERO, Code
from verifier.core.ifma.crossed import SUM_VECTORS
from verifier.core.ifma.form import BLOCK, LANES, LIMBS, MASK, RADIX, ROW, ROW_BYTES, WIDTH

DECLARATIONS: Final = (
    "declare i64 @llvm.smax.i64(i64, i64)\n"
    "declare i64 @llvm.smin.i64(i64, i64)\n"
    "declare i64 @llvm.bswap.i64(i64)\n"
    "declare void @llvm.prefetch.p0(ptr, i32, i32, i32)\n"
)
WORDS: Final = WIDTH // 8
_SECOND: Final = 2  # LLVM's word for the cache of the second level: the first is full
_ROOM: Final = {
    "a": ROW,
    "b": ROW,
    "t": 2 * LIMBS + BLOCK,
    "sums": SUM_VECTORS,
    "zeros": BLOCK,
    "to": 1,
    "one": 1,
    "other": 1,
}  # vectors that the functions called need
_SQUARE: Final = "ptr %t, ptr %a, ptr %sums"
_PRODUCT: Final = "ptr %t, ptr %a, ptr %b, ptr %sums"
_REDUCE: Final = "ptr %a, ptr %t, ptr %sums, ptr %zeros"  # the factor is not needed any more


def run() -> str:
    """@run(rows, dst, left, right, steps, n): n steps of products, n from 1, in groups of eight.

    Lanes that a step leaves over repeat its last product: they write the same row once more.
    """
    code = Code(
        "run",
        ["ptr %rows", "ptr %dst", "ptr %left", "ptr %right", "ptr %steps", "i64 %n"],
        visible=True,
    )
    for name, vectors in _ROOM.items():
        code.do(f"%{name} = alloca [{vectors} x {VECTOR}], align {VECTOR_BYTES}")
    code.store_all([ZERO] * BLOCK, "%zeros")

    def step(number: str, _: list[str]) -> list[str]:
        first = code.load_number("%steps", number)
        end = code.load_number("%steps", code.value(f"add i64 {number}, 1"))
        length = code.value(f"sub i64 {end}, {first}")
        groups = code.value(f"lshr i64 {code.value(f'add i64 {length}, {LANES - 1}')}, 3")
        code.when(f"sgt {groups}, 0", lambda: _groups(code, first, end, groups))
        return []

    code.loop("0", "%n", [], step)
    return code.text()


def _groups(code: Code, first: str, end: str, groups: str) -> None:
    last = code.value(f"sub i64 {end}, 1")

    def group(number: str, _: list[str]) -> list[str]:
        start = code.value(f"add i64 {first}, {code.value(f'shl i64 {number}, 3')}")
        differs = "0"
        for lane in range(LANES):
            place = code.value(f"add i64 {start}, {lane}")
            place = code.value(f"call i64 @llvm.smin.i64(i64 {place}, i64 {last})")
            _address(code, "%dst", place, "%to", lane)
            left = _address(code, "%left", place, "%one", lane)
            right = _address(code, "%right", place, "%other", lane)
            differs = code.value(f"or i64 {differs}, {code.value(f'xor i64 {left}, {right}')}")
        _fetch(code, code.value(f"add i64 {start}, {LANES}"), last)
        code.do("call void @gather(ptr %a, ptr %one)")
        code.when(f"eq {differs}, 0", lambda: code.do(f"call void @square({_SQUARE})"))
        code.when(f"ne {differs}, 0", lambda: _multiply(code))
        code.do(f"call void @reduce({_REDUCE})")
        code.do("call void @scatter(ptr %a, ptr %to)")
        return []

    code.loop("0", groups, [], group)


def _address(code: Code, column: str, place: str, addresses: str, lane: int) -> str:
    """Note the address of the row that a column names at a place; the number of the row."""
    row = code.load_number(column, place)
    address = code.at("%rows", row, ROW_BYTES)
    code.do(f"store ptr {address}, ptr {code.at(addresses, lane, 8)}")
    return row


def _fetch(code: Code, start: str, last: str) -> None:
    """Have the factors of the next group brought near while this one is computed.

    Tables and buckets of a large plan are in the memory of the machine, not in a cache.
    """

    def fetch(row: str) -> None:
        start_of_row = code.at("%rows", row, ROW_BYTES)
        for line in range(ROW // LANES):
            address = code.at(start_of_row, line)
            code.do(f"call void @llvm.prefetch.p0(ptr {address}, i32 0, i32 {_SECOND}, i32 1)")

    def lane(number: str, _: list[str]) -> list[str]:
        place = code.value(f"add i64 {start}, {number}")
        place = code.value(f"call i64 @llvm.smin.i64(i64 {place}, i64 {last})")
        left, right = (code.load_number(column, place) for column in ("%left", "%right"))
        fetch(left)
        code.when(f"ne {left}, {right}", lambda: fetch(right))
        return []

    code.when(f"sle {start}, {last}", lambda: code.loop("0", str(LANES), [], lane))


def _multiply(code: Code) -> None:
    code.do("call void @gather(ptr %b, ptr %other)")
    code.do(f"call void @product({_PRODUCT})")


def unpack() -> str:
    """@unpack(rows, at, raw, n): rows at[i] take the numbers of raw, n from 1, big-endian."""
    code = Code("unpack", ["ptr %rows", "ptr %at", "ptr %raw", "i64 %n"], visible=True)

    def number(place: str, _: list[str]) -> list[str]:
        row = code.at("%rows", code.load_number("%at", place), ROW_BYTES)
        octets = code.at("%raw", place, WIDTH)
        for limb in range(LIMBS):
            octet, bit = divmod(RADIX * limb, 8)
            start = max(0, WIDTH - 8 - octet)
            shift = bit + 8 * (octet - (WIDTH - 8 - start))
            word = _word(code, code.at(octets, start, 1))
            shifted = code.value(f"lshr i64 {word}, {shift}")
            _put(code, code.value(f"and i64 {shifted}, {MASK}"), code.at(row, limb, 8))
        for limb in range(LIMBS, ROW):
            _put(code, "0", code.at(row, limb, 8))
        return []

    code.loop("0", "%n", [], number)
    return code.text()


def pack() -> str:
    """@pack(raw, rows, n): n numbers, n from 1, of consecutive rows with values below 2^4096."""
    code = Code("pack", ["ptr %raw", "ptr %rows", "i64 %n"], visible=True)

    def number(place: str, _: list[str]) -> list[str]:
        row, octets = code.at("%rows", place, ROW_BYTES), code.at("%raw", place, WIDTH)
        limbs = [code.load_number(row, limb) for limb in range(LIMBS)]
        for word in range(WORDS):
            first, bit = divmod(64 * word, RADIX)
            value = code.value(f"lshr i64 {limbs[first]}, {bit}")
            for limb in range(first + 1, min(LIMBS, -(-64 * (word + 1) // RADIX))):
                shifted = code.value(f"shl i64 {limbs[limb]}, {RADIX * (limb - first) - bit}")
                value = code.value(f"or i64 {value}, {shifted}")
            turned = code.value(f"call i64 @llvm.bswap.i64(i64 {value})")
            _put(code, turned, code.at(octets, WORDS - 1 - word, 8))
        return []

    code.loop("0", "%n", [], number)
    return code.text()


def _word(code: Code, pointer: str) -> str:
    """Eight big-endian bytes as a number."""
    return code.value(f"call i64 @llvm.bswap.i64(i64 {code.load_number(pointer)})")


def _put(code: Code, number: str, pointer: str) -> None:
    code.do(f"store i64 {number}, ptr {pointer}, align 1")
