"""The vector kernel beside what the processor can do at most, and beside gmpy2.

`pytest tests/bench/test_kernel.py --benchmark-only` prints times; with --benchmark-json=FILE it
stores the figures below too, as extra information. The peak is that of a loop of nothing but
independent multiplications (`vpmadd52`, eight lanes of 52 bits), compiled the same way. Each round
takes the peak, products, squares, a modexp and products by gmpy2 one after the other, in CPU time
of this process; figures are medians over the rounds, best ones beside them where neighbours
disturb. Nothing is asserted about time.
"""

from __future__ import annotations

import random
from ctypes import CFUNCTYPE, c_int64, c_void_p
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Final

import llvmlite.binding as llvm
import numpy as np
import pytest
from gmpy2 import mpz, powmod

from verifier.core.ifma.choose import ifma_rows
from verifier.core.ifma.code import DECLARATIONS, ZERO, Code
from verifier.core.ifma.form import BLOCK, BLOCKS, LANES, LIMBS, LOW_ONES, WIDTH
from verifier.parameters import STANDARD

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

    from verifier.core.rows import Arena

pytestmark = [pytest.mark.standard, pytest.mark.long]

ROUNDS: Final = 31
ROWS: Final = 64
STEPS: Final = 48  # of 64 products each
EXPONENTIATIONS: Final = 5
PRODUCTS: Final = 500  # by gmpy2
CHAINS: Final = 24  # of the loop that measures the peak: more than its latency needs
TURNS: Final = 300_000

TILES: Final = BLOCKS * (BLOCKS + 1) // 2
TILE: Final = 2 * BLOCK**2  # multiplications
SQUARE_TILE: Final = BLOCK * (BLOCK + 1)
REDUCTION: Final = (TILES - 1) * TILE + BLOCKS * 2 * BLOCK * (BLOCK - LOW_ONES)
MULTIPLICATIONS: Final = {
    "multiply": TILES * TILE + REDUCTION,
    "square": TILES * SQUARE_TILE + REDUCTION,
    "long multiplication": 4 * LIMBS**2,  # what the kernel would need without its shortcuts
}


def peak_loop() -> Callable[[], float]:
    """A function that takes the time of one turn after the other: multiplications a second."""
    code = Code("peak", ["ptr %x", "i64 %n"], visible=True)
    x, y = code.load("%x"), code.load("%x", 1)
    ends = code.loop(
        "0", "%n", [ZERO] * CHAINS, lambda _, sums: [code.low(total, x, y) for total in sums]
    )
    code.store_all(ends, "%x")
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten()
    )
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(DECLARATIONS + code.text()), machine)
    engine.finalize_object()
    function = CFUNCTYPE(None, c_void_p, c_int64)(engine.get_function_address("peak"))
    octets = np.zeros((CHAINS + 1) * 64, np.uint8)
    place = octets.ctypes.data + -octets.ctypes.data % 64

    def measured() -> float:
        held = engine, octets  # as long as the function is used
        del held
        return TURNS * CHAINS / seconds(lambda: function(place, TURNS))

    return measured


def seconds(way: Callable[[], object]) -> float:
    """CPU time of this process for one call."""
    started = process_time()
    way()
    return process_time() - started


def filled_arena() -> Arena:
    choice = ifma_rows()
    if choice.engine is None:
        pytest.skip(choice.reason)
    arena, rng = choice.engine.arena(1 + 2 * ROWS), random.Random(3)
    octets = b"".join(rng.randrange(STANDARD.p).to_bytes(WIDTH, "big") for _ in range(2 * ROWS))
    arena.load(np.arange(1, 1 + 2 * ROWS), np.frombuffer(octets, np.uint8).reshape(-1, WIDTH))
    return arena


def ways_of(arena: Arena) -> dict[str, Callable[[], None]]:
    """3,072 products, and as many squares, in steps of 64."""
    at = np.tile(np.arange(1, 1 + ROWS), STEPS)
    steps = np.arange(0, len(at) + 1, ROWS)
    return {
        "multiply": lambda: arena.run(at, at, at + ROWS, steps),
        "square": lambda: arena.run(at, at, at, steps),
    }


def figures(arena: Arena) -> dict[str, float]:
    """Medians over the rounds; times in microseconds, shares of the peak of the same round."""
    ways, peak, p = ways_of(arena), peak_loop(), mpz(STANDARD.p)
    rng = random.Random(4)
    base, other = mpz(rng.randrange(STANDARD.p)), mpz(rng.randrange(STANDARD.p))
    exponents = [rng.getrandbits(256) | 1 << 255 for _ in range(EXPONENTIATIONS)]
    rounds = []
    for _ in range(ROUNDS):
        most = peak()
        took = {name: seconds(way) / (ROWS * STEPS) for name, way in ways.items()}
        unit = seconds(lambda: [powmod(base, e, p) for e in exponents]) / EXPONENTIATIONS
        plain = seconds(lambda: [base * other % p for _ in range(PRODUCTS)]) / PRODUCTS
        found = {"peak, 10^9 a second": most / 1e9, "modexp, us": unit * 1e6}
        found["gmpy2 product, us"] = plain * 1e6
        for name, time in took.items():
            found[f"{name}, us"] = time * 1e6
            found[f"{name}, share of the peak"] = MULTIPLICATIONS[name] / LANES / time / most
            found[f"{name}, modexp"] = time / unit
        fastest = MULTIPLICATIONS["long multiplication"] / LANES / most
        found["long multiplication at the peak, us"] = fastest * 1e6
        rounds.append(found)
    middle = {name: round(median(found[name] for found in rounds), 6) for name in rounds[0]}
    best = {f"{name}, best": round(min(x[name] for x in rounds), 6) for name in BEST}
    return {**middle, **best}


BEST: Final = ("multiply, us", "square, us", "modexp, us")


@pytest.mark.parametrize("name", ["multiply", "square"])
def test_kernel(benchmark: BenchmarkFixture, name: str) -> None:
    """3,072 products of 64 rows are timed; extra information has all figures of a product."""
    benchmark.group = "kernel"
    arena = filled_arena()
    benchmark.extra_info.update(figures(arena))
    benchmark.extra_info["products a round"] = ROWS * STEPS
    benchmark(ways_of(arena)[name])


def test_load_and_store(benchmark: BenchmarkFixture) -> None:
    """64 numbers from bytes into rows and back."""
    benchmark.group = "kernel"
    arena, at = filled_arena(), np.arange(1, 1 + ROWS)
    benchmark.extra_info["numbers a round"] = ROWS
    benchmark(lambda: arena.load(at, arena.store(at)))
