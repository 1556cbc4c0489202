"""The race: the same ballots verified by the peer's package and by the verifier, in one run.

`make race` runs it and prints the ratios; BENCHMARKS.md keeps them. Nothing is asserted about time.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gmpy2 import mpz, powmod

from egcore.hashing import ChainingField
from egcore.parameters import STANDARD as STANDARD_21
from terminal_bridge.encryption import Selections, encrypt_ballot
from tests.attacks.elections import ceremony_for
from tests.peer import peer
from tests.peer.notation import G, P, Q
from tests.peer.programs.shapes import RACE
from tests.peer.racers import OurRacer, PeerRacer, cpu_of_ended_programs
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_benchmark.fixture import BenchmarkFixture

    from terminal_bridge.encryption import ElectionKeys

pytestmark = [pytest.mark.standard, pytest.mark.long]

ROUNDS = 5
POWERS = 100
BLOCKS_OF_512_BYTES = 16  # what the peer encrypts beside the votes of every contest
CHECK = Path(sys.executable).parent / "dalel-verify"


@pytest.fixture(scope="module")
def folder(held: Callable[[str], Path]) -> Path:
    """Give an election of one contest with 7 options and one seat."""
    return held("race")


@pytest.fixture(scope="module")
def ours(folder: Path) -> OurRacer:
    return OurRacer(folder / "record")


@pytest.fixture(scope="module")
def racer(folder: Path) -> Iterator[PeerRacer]:
    """Give the peer without its log lines. It has none for a ballot that it accepts."""
    process = PeerRacer(folder / "record", "quiet")
    yield process
    process.end()


@pytest.fixture
def loud_racer(folder: Path) -> Iterator[PeerRacer]:
    """Give the peer as it is installed; what it prints goes nowhere."""
    process = PeerRacer(folder / "record", "as installed")
    yield process
    process.end()


@pytest.fixture(scope="module")
def keys() -> ElectionKeys:
    """Give keys for a 2.1 ballot of the same form: 7 options, one vote, 512 bytes of data."""
    registrars = Registrars.generate(2)
    president = contest("president", 5, data_blocks=BLOCKS_OF_512_BYTES)
    terms = manifest(registrars.public, contests=[president])
    made = ElectionSimulator(terms, ceremony_for(STANDARD_21), registrars)
    made.group.power_g(1)
    return made.keys


def measure(
    benchmark: BenchmarkFixture,
    group: str,
    units: int,
    act: Callable[[], bool],
    cpu: Callable[[], float] = time.process_time,
) -> None:
    """Measure what must answer True, by the clock and, least of the rounds, by the processor.

    units: what the time is divided by in the table. cpu: seconds that whoever acts has computed;
    where others compute too, the clock of the wall says more about them.
    """
    spent = []

    def act_once() -> bool:
        before = cpu()
        answer = act()
        spent.append(cpu() - before)
        return answer

    benchmark.group = group
    answer = benchmark.pedantic(act_once, rounds=ROUNDS, warmup_rounds=1)  # type: ignore[no-untyped-call]
    assert answer is True
    benchmark.extra_info["cpu"] = min(spent) / units


def test_modexp(benchmark: BenchmarkFixture) -> None:
    """The unit: a 4096-bit modulus and a 256-bit exponent."""
    base, exponent, p = powmod(mpz(G), 3, P), Q - 2, mpz(P)
    measure(
        benchmark, "modexp", POWERS, lambda: all(powmod(base, exponent, p) for _ in range(POWERS))
    )


def test_our_verification(benchmark: BenchmarkFixture, ours: OurRacer) -> None:
    measure(benchmark, "verification of a ballot in memory", RACE.ballots, ours.verify)


def test_their_verification(benchmark: BenchmarkFixture, racer: PeerRacer) -> None:
    group = "verification of a ballot in memory"
    measure(benchmark, group, RACE.ballots, lambda: racer.do("verify"), racer.cpu)


def test_our_reading(benchmark: BenchmarkFixture, ours: OurRacer) -> None:
    measure(benchmark, "reading and verification of a ballot", RACE.ballots, ours.read)


def test_their_reading(benchmark: BenchmarkFixture, racer: PeerRacer) -> None:
    group = "reading and verification of a ballot"
    measure(benchmark, group, RACE.ballots, lambda: racer.do("read"), racer.cpu)


def test_our_program(benchmark: BenchmarkFixture, folder: Path, tmp_path: Path) -> None:
    """The whole record and the whole program, from its start to its report."""
    command: list[str | Path] = [
        CHECK,
        "check",
        folder / "record",
        "--json",
        tmp_path / "report.json",
    ]

    def run() -> bool:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    measure(benchmark, "a program over the record", 1, run, cpu_of_ended_programs)


def test_their_program(benchmark: BenchmarkFixture, folder: Path) -> None:
    """All that the package can check of the record, from the start of a program to its answers."""

    def run() -> bool:
        peer.run("judge_record", folder)
        return True

    measure(benchmark, "a program over the record", 1, run, cpu_of_ended_programs)


def test_our_encryption(benchmark: BenchmarkFixture, keys: ElectionKeys) -> None:
    marks = Selections("s-1", {"president": [1, 0, 0, 0, 0, 0, 0]})
    field = ChainingField(bytes(36))
    group = "encryption of a ballot"
    measure(benchmark, group, 1, lambda: encrypt_ballot(keys, marks, 1, field) is not None)


def test_their_encryption(benchmark: BenchmarkFixture, racer: PeerRacer) -> None:
    measure(benchmark, "encryption of a ballot", 1, lambda: racer.do("encrypt"), racer.cpu)


def test_their_encryption_as_installed(benchmark: BenchmarkFixture, loud_racer: PeerRacer) -> None:
    group = "encryption of a ballot, with log lines"
    measure(benchmark, group, 1, lambda: loud_racer.do("encrypt"), loud_racer.cpu)
