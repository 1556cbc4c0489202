"""What a window of the tables of the box's kernel costs: to build, in memory, and for each power.

`pytest tests/bench/test_box_kernel.py --benchmark-only` prints CPU times; with
--benchmark-json=FILE it stores figures of one power and of one table. Nothing is asserted about
time.
"""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING, Final

import pytest

from egcore.parameters import STANDARD
from egcore.powers import Base, Wanted
from egcore.randomness import random_scalar
from egcore.vector.gather import ROW_BYTES
from egcore.vector.kernel import Kernel, KernelMissing
from egcore.vector.powers import VectorPowers
from tests.bench.machine import modexp

if TYPE_CHECKING:
    from collections.abc import Generator

    from pytest_benchmark.fixture import BenchmarkFixture

pytestmark = [
    pytest.mark.standard,
    pytest.mark.long,
    pytest.mark.benchmark(group="windows of the box's kernel", timer=process_time),
]

WINDOWS: Final = (8, 10, 11, 12, 13)
POWERS: Final = 64
ROUNDS: Final = 15
EXPONENT: Final = 256  # bits


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    try:
        return Kernel(STANDARD)
    except KernelMissing as fault:
        pytest.skip(f"no kernel for the box: {fault}")


@pytest.mark.parametrize("window", WINDOWS)
def test_power(benchmark: BenchmarkFixture, kernel: Kernel, window: int) -> None:
    """64 powers of one base; the table is built and held against gmpy2 once."""
    base = STANDARD.power_g(3)
    before, started = modexp(3), process_time()
    powers = VectorPowers(kernel, {Base.G: (base, window)})
    build = process_time() - started
    wanted = [Wanted(Base.G, random_scalar(STANDARD)) for _ in range(POWERS)]
    found = benchmark.pedantic(  # type: ignore[no-untyped-call]
        lambda: value_of(powers.in_groups(wanted)), rounds=ROUNDS, warmup_rounds=1
    )
    assert found == [STANDARD.power(base, one.exponent) for one in wanted]
    if benchmark.stats is not None:  # else measuring is switched off
        took = benchmark.stats.stats.median / POWERS
        rows = -(-EXPONENT // window)
        benchmark.extra_info["power, us"] = took * 1e6
        benchmark.extra_info["power, modexp"] = took / ((before + modexp(3)) / 2)
        benchmark.extra_info["build, ms"] = build * 1e3
        benchmark.extra_info["MiB"] = rows * 2**window * ROW_BYTES / 2**20


def value_of(steps: Generator[None, None, list[int]]) -> list[int]:
    """What a generator of steps comes to."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: list[int] = end.value
            return found
