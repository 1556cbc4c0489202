"""V6 and V7 of a ballot, and all checks of a ballot, in the naive way and in every other one.

`pytest tests/bench/test_verification.py --benchmark-only` prints times; with --benchmark-json=FILE
it stores modexps and ratios too, as extra information. A ballot has one contest of 7 options, limit
1. Each round takes a modexp and every way one after the other, in CPU time of this process, so that
neighbours slow all of them alike; figures are medians over the rounds. Nothing is asserted about
time.

The naive way is one `powmod` for every power and every membership: 10 a selection, 8 a contest, 3
for the nonce. All ways do all of it; reading the ballots is in none.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

import pytest

from egcore.parameters import STANDARD
from egcore.randomness import random_scalar
from tests.bench.ways import (
    ALL,
    BallotsInHand,
    Way,
    by_gmpy2,
    by_hints,
    by_kernel,
    by_kernel_and_hints,
    hinted_record_of_one_file,
    lacks_kernel,
    naive,
    race,
    record_of_one_file,
    seconds,
)
from verifier.ballot_checks import PROOFS
from verifier.core.gmpy2_back_end import Gmpy2BackEnd
from verifier.core.plain_back_end import PlainBackEnd
from verifier.core.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

    from verifier.core.back_end import BackEnd

pytestmark = [pytest.mark.standard, pytest.mark.long]

MEMBERSHIPS: Final = 512


@pytest.fixture(scope="module")
def one_by_one() -> list[Way]:
    """The ways that take ballots one after the other."""
    record = record_of_one_file()
    return [naive(record), by_gmpy2(record)]


@pytest.fixture(scope="module")
def all_ways(one_by_one: list[Way]) -> list[Way]:
    """And those that take a file at once, as far as this machine has them."""
    hinted = hinted_record_of_one_file()
    ways = [*one_by_one, by_hints(hinted)]
    if not lacks_kernel():
        ways += [by_kernel(record_of_one_file()), by_kernel_and_hints(hinted)]
    return ways


def test_range_and_limit_proofs(benchmark: BenchmarkFixture, one_by_one: list[Way]) -> None:
    measure(benchmark, one_by_one, BallotsInHand.check_range_and_limit)


def test_v6_and_v7(benchmark: BenchmarkFixture, all_ways: list[Way]) -> None:
    """With the encrypted nonce, as batches have it."""
    measure(benchmark, all_ways, lambda ballots: ballots.check(PROOFS))


def test_all_checks(benchmark: BenchmarkFixture, all_ways: list[Way]) -> None:
    """V5 to V8, nonce, V20."""
    measure(benchmark, all_ways, lambda ballots: ballots.check(ALL))


def test_choice_of_kernel(benchmark: BenchmarkFixture) -> None:
    """Where it cannot run, the reason stands on the page."""
    reason = benchmark(lacks_kernel)
    if reason:
        pytest.skip(reason)


def measure(
    benchmark: BenchmarkFixture, ways: list[Way], check: Callable[[BallotsInHand], None]
) -> None:
    """The last way is timed; extra information holds all of them beside a modexp, interleaved."""
    benchmark.group = "ballots"
    for way in ways:
        check(way.ballots)  # builds tables, and shows that nothing is found
    if not benchmark.disabled:
        benchmark.extra_info.update(race(ways, check))
    benchmark.pedantic(lambda: check(ways[-1].ballots), rounds=3)  # type: ignore[no-untyped-call]


def test_batch_of_memberships(benchmark: BenchmarkFixture) -> None:
    """One batch of 512 values, as 2.A, 9.P and 10.P have them, beside one exponentiation each."""
    benchmark.group = "memberships"
    shape = shape_of(STANDARD.p, STANDARD.q)
    assert shape is not None
    values = [STANDARD.power_g(random_scalar(STANDARD)) for _ in range(MEMBERSHIPS)]
    plain, fast = PlainBackEnd(STANDARD.p, STANDARD.q), Gmpy2BackEnd(shape)
    answers = [True] * len(values)

    def by(back_end: BackEnd) -> Callable[[], None]:
        def test() -> None:
            assert back_end.members(values) == answers

        return test

    rounds = [seconds(by(plain)) / seconds(by(fast)) for _ in range(2)]
    benchmark.extra_info["ratio"] = round(median(rounds), 2)
    benchmark(by(fast))
