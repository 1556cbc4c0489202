"""The vector kernel multiplies as Python's integers do, and is refused where it does not."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from egcore.parameters import STANDARD
from egcore.vector import kernel as kernel_module
from egcore.vector.kernel import Kernel, KernelMissing, radix_multiple
from egcore.vector.product import product_function
from tests.toy_groups import TOY
from tests.unit.egcore.vector.kernels import kernel_or_skip

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.standard

P = STANDARD.p
R = 2**4160
INVERSE = pow(R, -1, P)
EDGES = [0, 1, 2, 2**52 - 1, 2**52, P - 1, P, P + 1, 2 * P - 2, 2 * P - 1, 2**4096, 2**4097 - 1]


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return kernel_or_skip()


def products(kernel: Kernel, left: list[int], right: list[int]) -> list[int]:
    return kernel.numbers(kernel.multiply(kernel.lanes(left), kernel.lanes(right)))


def test_numbers_come_back_from_lanes(kernel: Kernel) -> None:
    source = random.Random(1)
    values = [0, 1, R - 1, 2**52 - 1, 2**104, P, *(source.randrange(R) for _ in range(2))]
    assert kernel.numbers(kernel.lanes(values)) == values
    rows = kernel.rows(values)
    assert [sum(int(x) << 52 * i for i, x in enumerate(row)) for row in rows] == values
    assert int(rows.max()) < 2**52


@pytest.mark.parametrize("shift", range(len(EDGES)))
def test_products_at_the_edges(kernel: Kernel, shift: int) -> None:
    turned = EDGES[shift:] + EDGES[:shift]
    for at in (0, 4):
        left, right = EDGES[at : at + 8], turned[at : at + 8]
        found = products(kernel, left, right)
        for x, y, product in zip(left, right, found, strict=True):
            assert product % P == x * y * INVERSE % P
            assert product < 2 * P


def test_columns_do_not_overflow_with_full_limbs(kernel: Kernel) -> None:
    """All 80 limbs of one factor and all that fit of the other are ones."""
    found = products(kernel, [R - 1] * 8, [2**4097 - 1] * 8)
    assert {x % P for x in found} == {(R - 1) * (2**4097 - 1) * INVERSE % P}


def test_random_products(kernel: Kernel) -> None:
    source = random.Random(2)
    for _ in range(200):
        left, right = ([source.randrange(2 * P) for _ in range(8)] for _ in range(2))
        due = [x * y * INVERSE % P for x, y in zip(left, right, strict=True)]
        found = products(kernel, left, right)
        assert [x % P for x in found] == due
        assert max(found) < 2 * P


def test_a_result_is_a_factor_again(kernel: Kernel) -> None:
    source = random.Random(3)
    values = [source.randrange(P) for _ in range(8)]
    chain, due = kernel.lanes([radix_multiple(STANDARD, x) for x in values]), list(values)
    for _ in range(50):
        chain = kernel.multiply(chain, chain)
        due = [x * x % P for x in due]
    assert [x % P for x in kernel.numbers(chain)] == [x * R % P for x in due]


def test_threads_do_not_share_room(kernel: Kernel) -> None:
    source = random.Random(4)
    pairs = [[[source.randrange(P) for _ in range(8)] for _ in range(2)] for _ in range(64)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda pair: products(kernel, *pair), pairs))
    for (left, right), got in zip(pairs, found, strict=True):
        due = [x * y * INVERSE % P for x, y in zip(left, right, strict=True)]
        assert [x % P for x in got] == due


def test_a_group_of_another_shape_has_no_kernel() -> None:
    with pytest.raises(KernelMissing, match="the group toy-q64-p256 has not the shape"):
        Kernel(TOY)


@pytest.mark.parametrize("missing", ["numpy", "llvmlite"])
def test_without_the_extra_there_is_no_kernel(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == missing]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(KernelMissing, match=rf"^{missing}.* is not installed: extra fast$"):
        Kernel(STANDARD)


def test_without_the_instructions_there_is_no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    binding = pytest.importorskip("llvmlite.binding")
    monkeypatch.setattr(binding, "get_host_cpu_features", lambda: {"avx512f": True})
    with pytest.raises(KernelMissing, match="the processor has no avx512ifma"):
        Kernel(STANDARD)


def test_what_llvm_does_not_compile_is_no_kernel(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kernel.group is STANDARD
    monkeypatch.setattr(kernel_module, "product_function", lambda: "define nonsense\n")
    with pytest.raises(KernelMissing, match="llvmlite does not compile the kernel"):
        Kernel(STANDARD)


FAULTS: dict[str, Callable[[str], str]] = {
    "a high half taken for a low one": lambda text: text.replace("vpmadd52h", "vpmadd52l", 1),
    "a low half taken for a high one": lambda text: text.replace("vpmadd52l", "vpmadd52h", 1),
    "a carry lost": lambda text: text.replace("i64 52", "i64 53", 8),
    "one block too few": lambda text: text.replace("icmp sle", "icmp slt", 1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_kernel_that_computes_wrongly_is_refused(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    assert kernel.group is STANDARD
    changed = FAULTS[fault](product_function())
    assert changed != product_function()
    monkeypatch.setattr(kernel_module, "product_function", lambda: changed)
    with pytest.raises(KernelMissing, match="is not that of gmpy2"):
        Kernel(STANDARD)


@pytest.mark.long
def test_a_million_products(kernel: Kernel) -> None:
    source = random.Random(5)
    chain = kernel.lanes([source.randrange(2 * P) for _ in range(8)])
    due = kernel.numbers(chain)
    for _ in range(12_500):
        factors = [source.choice((source.randrange(2 * P), *EDGES)) for _ in range(8)]
        factors = [x or 1 for x in factors]
        lanes = kernel.lanes(factors)
        for _ in range(10):
            chain = kernel.multiply(chain, lanes)
            due = [x * y * INVERSE % P for x, y in zip(due, factors, strict=True)]
        assert [x % P for x in kernel.numbers(chain)] == due
        if 0 in due:  # of p: begin anew
            chain = kernel.lanes([source.randrange(1, P) for _ in range(8)])
            due = kernel.numbers(chain)
