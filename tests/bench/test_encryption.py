"""What a ballot of one contest with 7 options costs: at once, from a slot, and making the slot.

`pytest tests/bench/test_encryption.py --benchmark-only` prints CPU times of this process; each
figure has its ratio to one modexp, measured beside it, among the extra information of
`--benchmark-json`. Nothing is asserted about time.
"""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, Final, TypeVar

import pytest
from gmpy2 import mpz, powmod

from egcore.ballot_opening import open_ballot
from egcore.elgamal import encrypt
from egcore.hashing import ChainingField
from egcore.parameters import STANDARD
from egcore.proofs.prepared_range import PreparedRange
from egcore.randomness import random_scalar
from egcore.vector.kernel import KernelMissing
from terminal_bridge.device import first_head, submit
from terminal_bridge.encryption import Selections, encrypt_ballot
from terminal_bridge.pool import BallotPool
from terminal_bridge.pool_slot import encrypt_in_slot, make_slot
from terminal_bridge.slot_batch import BATCH, make_batch, open_powers
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from pytest_benchmark.fixture import BenchmarkFixture

    from egcore.records.ballot import EncryptedBallot
    from egcore.secret import Secret
    from terminal_bridge.pool_slot import Slot
    from tests.simulator.boxes import Box

pytestmark = [
    pytest.mark.standard,
    pytest.mark.long,
    pytest.mark.benchmark(group="encryption", timer=time.process_time),
]

T = TypeVar("T")

ROUNDS: Final = 60
VOTES: Final = (0, 0, 1, 0, 0, 0, 0)
SELECTIONS: Final = Selections("s-1", {"one": VOTES})
FIELD: Final = ChainingField(bytes(36))


@pytest.fixture(scope="module")
def box() -> Box:
    registrars = Registrars.generate(2)
    terms = manifest(registrars.public, contests=(contest("one", 5),), n=1, k=1)
    election = ElectionSimulator(terms, hold_ceremony(STANDARD, 1, 1), registrars)
    return election.boxes["box-p-1-1"]


def modexp() -> float:
    """CPU seconds of one modexp, now: a 4096-bit modulus and a 256-bit exponent."""
    base, e, p = mpz(STANDARD.power_g(3)), random_scalar(STANDARD) | 1 << 255, mpz(STANDARD.p)
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        powmod(base, e, p)
        spent.append(time.process_time() - start)
    return median(spent)


def measure(
    benchmark: BenchmarkFixture,
    target: Callable[..., object],
    setup: Callable[[], tuple[tuple[object, ...], dict[str, object]]] | None = None,
    pieces: int = 1,
) -> object:
    """Run a target that often and note its median in modexps of the moments around it.

    pieces: how many ballots it makes; the figure is of one.
    """
    before = modexp()
    found: object = benchmark.pedantic(  # type: ignore[no-untyped-call]
        target, setup=setup, rounds=ROUNDS
    )
    unit = (before + modexp()) / 2
    if benchmark.stats is not None:  # else measuring is switched off
        benchmark.extra_info["modexp, us"] = round(unit * 1e6)
        benchmark.extra_info["in modexps"] = round(benchmark.stats.stats.median / unit / pieces, 4)
        benchmark.extra_info["pieces"] = pieces
    return found


def slot_of(box: Box) -> Slot:
    return made(make_slot(box.keys, "s-1"))


def made(steps: Generator[None, None, T]) -> T:
    """What a generator of steps comes to."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: T = end.value
            return value


def require_votes(box: Box, ballot: EncryptedBallot, xi_b: Secret[bytes]) -> None:
    keys = box.keys
    opening = open_ballot(
        keys.vote_key, keys.data_key, keys.manifest, ballot.decide("challenged", "voter"), xi_b
    )
    assert opening.contests[0].selections == VOTES


def test_unit_of_measure(benchmark: BenchmarkFixture) -> None:
    base, e, p = mpz(STANDARD.power_g(3)), random_scalar(STANDARD) | 1 << 255, mpz(STANDARD.p)
    assert measure(benchmark, lambda: powmod(base, e, p)) == pow(int(base), e, STANDARD.p)


def test_instant(benchmark: BenchmarkFixture, box: Box) -> None:
    """All of it while the voter waits."""
    found = measure(benchmark, lambda: encrypt_ballot(box.keys, SELECTIONS, 1, FIELD))
    require_votes(box, *found)  # type: ignore[misc]


def test_online(benchmark: BenchmarkFixture, box: Box) -> None:
    """From a slot, one ballot after the other."""
    slots = [slot_of(box) for _ in range(ROUNDS)]
    found = measure(
        benchmark,
        lambda slot: encrypt_in_slot(box.keys, slot, SELECTIONS, 1, FIELD),
        lambda: ((slots.pop(),), {}),
    )
    require_votes(box, *found)  # type: ignore[misc]


def test_online_after_making_a_slot(benchmark: BenchmarkFixture, box: Box) -> None:
    """From a slot, with caches that the tables of the slot's powers have filled."""
    found = measure(
        benchmark,
        lambda slot: encrypt_in_slot(box.keys, slot, SELECTIONS, 1, FIELD),
        lambda: ((slot_of(box),), {}),
    )
    require_votes(box, *found)  # type: ignore[misc]


def test_submitted_online(benchmark: BenchmarkFixture, box: Box) -> None:
    """From a slot to the signed event: encryption, digest of the ballot's line, signature."""
    pool = BallotPool(box.keys, ("s-1",), 1 if benchmark.disabled else ROUNDS)
    while pool.step():
        pass
    head = first_head(box.start)
    measure(benchmark, lambda: submit(box.keys, box.device, head, SELECTIONS, pool))
    assert pool.take("s-1") is None, "some ballots were not from the pool, or not all were made"


def test_offline(benchmark: BenchmarkFixture, box: Box) -> None:
    """Making a slot."""
    slot = measure(benchmark, lambda: slot_of(box))
    require_votes(box, *encrypt_in_slot(box.keys, slot, SELECTIONS, 1, FIELD))  # type: ignore[arg-type]


def test_offline_by_kernel(benchmark: BenchmarkFixture, box: Box) -> None:
    """Making as many slots as fill the lanes of the kernel, whose tables are there."""
    try:
        powers = open_powers(box.keys)
    except KernelMissing as fault:
        pytest.skip(f"no kernel for the box: {fault}")
    slots = measure(
        benchmark, lambda: made(make_batch(box.keys, "s-1", BATCH, powers)), pieces=BATCH
    )
    assert isinstance(slots, list)
    for slot in slots:
        require_votes(box, *encrypt_in_slot(box.keys, slot, SELECTIONS, 1, FIELD))


def test_one_step(benchmark: BenchmarkFixture, box: Box) -> None:
    """The longest that filling the pool can hold up an answer: three powers of fixed bases."""
    key, nonce = box.keys.vote_key, random_scalar(STANDARD)
    zero = encrypt(STANDARD, key, 0, nonce)

    def begin() -> tuple[tuple[object, ...], dict[str, object]]:
        steps = PreparedRange(STANDARD, 1).fill(key, nonce, zero, lambda *_: 0)
        next(steps)
        return (steps,), {}

    assert measure(benchmark, next, begin) is None
