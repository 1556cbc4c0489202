"""Powers by the kernel are those of gmpy2, whatever bases and exponents stand side by side."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from egcore.parameters import STANDARD
from egcore.powers import Base, Wanted
from egcore.vector.kernel import KernelMissing
from egcore.vector.powers import VectorPowers, VectorTable
from tests.unit.egcore.vector.kernels import kernel_or_skip

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from egcore.vector.kernel import Kernel, Words

pytestmark = pytest.mark.standard

Q = STANDARD.q
BASES = {Base.G: STANDARD.g, Base.K: STANDARD.power_g(77), Base.K_HAT: STANDARD.power_g(78)}
WINDOWS = {Base.G: 7, Base.K: 7, Base.K_HAT: 5}


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return kernel_or_skip()


@pytest.fixture(scope="module")
def powers(kernel: Kernel) -> VectorPowers:
    return VectorPowers(kernel, {base: (BASES[base], WINDOWS[base]) for base in Base})


def run(steps: Generator[None, None, list[int]]) -> tuple[list[int], int]:
    """What the steps give, and how many there are."""
    count = 0
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value, count
        count += 1


def due(wanted: Sequence[Wanted]) -> list[int]:
    return [pow(BASES[base], e, STANDARD.p) for base, e in wanted]


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 24, 70])
def test_any_number_of_powers_of_any_bases(powers: VectorPowers, count: int) -> None:
    source = random.Random(count)
    wanted = [Wanted(source.choice(list(Base)), source.randrange(Q)) for _ in range(count)]
    assert run(powers.in_groups(wanted))[0] == due(wanted)


@pytest.mark.parametrize("base", Base)
def test_exponents_at_the_edges(powers: VectorPowers, base: Base) -> None:
    exponents = [0, 1, 2, Q - 1, Q - 2, 2**255, 2**255 - 1, 2**7, 2**7 - 1, 2**5, 2**252]
    wanted = [Wanted(base, e) for e in exponents]
    assert run(powers.in_groups(wanted))[0] == due(wanted)


@pytest.mark.parametrize("window", [4, 8, 11, 12, 13])
def test_every_window(kernel: Kernel, window: int) -> None:
    """Last rows of 4, 8, 3, 4 and 9 bits."""
    powers = VectorPowers(kernel, {Base.G: (STANDARD.g, window)})
    wanted = [Wanted(Base.G, e) for e in (0, Q - 1, 2**256 - 2**240 & Q, 12345)]
    assert run(powers.in_groups(wanted))[0] == due(wanted)


@pytest.mark.parametrize("exponent", [-1, Q])
def test_an_exponent_out_of_range_is_refused(powers: VectorPowers, exponent: int) -> None:
    with pytest.raises(ValueError, match=r"^an exponent is in 0\.\.q-1$"):
        next(powers.in_groups([Wanted(Base.G, exponent)]))


def test_a_step_is_eight_powers_or_the_change_of_64(powers: VectorPowers) -> None:
    wanted = [Wanted(Base.G, e) for e in range(130)]
    assert run(powers.in_groups(wanted))[1] == 17 + 3


def test_what_gives_exponents_away_is_overwritten(
    powers: VectorPowers, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Words] = []
    real = powers._entries

    def entries(wanted: Sequence[Wanted], window: int) -> Words:
        seen.append(real(wanted, window))
        return seen[-1]

    monkeypatch.setattr(powers, "_entries", entries)
    run(powers.in_groups([Wanted(base, Q - 5) for base in Base]))
    halfway = powers.in_groups([Wanted(Base.G, Q - 7)] * 20)
    next(halfway)
    assert seen[-1].any()
    halfway.close()
    assert len(seen) == 3
    assert not any(found.any() for found in seen)


def test_a_wanted_power_does_not_print_its_exponent() -> None:
    assert str(Wanted(Base.K, 4711)) == "Wanted(K, ...)"
    assert "4711" not in f"{[Wanted(Base.K, 4711)]!r}"


def test_a_table_with_a_wrong_entry_is_refused(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = VectorTable._build

    def build(table: VectorTable, kernel: Kernel, base: int) -> None:
        real(table, kernel, base)
        table._entries[0, 1, 0] ^= 1

    monkeypatch.setattr(VectorTable, "_build", build)
    with pytest.raises(KernelMissing, match="a power of the kernel is not that of gmpy2"):
        VectorPowers(kernel, {Base.G: (STANDARD.g, 5)})
