"""What a window of the fixed-base tables costs: to build, in memory, and for each power.

`pytest tests/bench --benchmark-only --benchmark-group-by=group` prints the figures that
BENCHMARKS.md records, in CPU time of this process. Nothing is asserted about time.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

import pytest
from gmpy2 import mpz, powmod

from egcore.fixed_base import FixedBase
from egcore.parameters import STANDARD
from egcore.randomness import random_scalar

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

pytestmark = [
    pytest.mark.standard,
    pytest.mark.long,
    pytest.mark.benchmark(timer=time.process_time),
]

WINDOWS: Final = (4, 5, 6, 7, 8, 9, 10, 11, 12)


def test_unit_of_measure(benchmark: BenchmarkFixture) -> None:
    """One modexp: a 4096-bit modulus and a 256-bit exponent."""
    benchmark.group = "power"
    base, e, p = mpz(STANDARD.power_g(3)), random_scalar(STANDARD) | 1 << 255, mpz(STANDARD.p)
    assert benchmark(powmod, base, e, p) == pow(int(base), e, STANDARD.p)


@pytest.mark.parametrize("window", WINDOWS)
def test_power(benchmark: BenchmarkFixture, window: int) -> None:
    benchmark.group = "power"
    table = FixedBase(STANDARD, STANDARD.power_g(3), window)
    entries = [entry for row in table._rows for entry in row]
    benchmark.extra_info["MiB"] = sum(sys.getsizeof(entry) for entry in entries) / 2**20
    e = random_scalar(STANDARD)
    assert benchmark(table.power, e) == pow(table.base, e, STANDARD.p)


@pytest.mark.parametrize("window", WINDOWS)
def test_build(benchmark: BenchmarkFixture, window: int) -> None:
    benchmark.group = "build"
    base = STANDARD.power_g(3)
    table = benchmark(FixedBase, STANDARD, base, window)
    assert table.power(1) == base
