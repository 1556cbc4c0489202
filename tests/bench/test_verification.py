"""V6 and V7 of a ballot, and all checks of a ballot, in the plain way and in the fast one.

`pytest tests/bench/test_verification.py --benchmark-only` prints times; with --benchmark-json=FILE
it stores modexps and ratios too, as extra information. A ballot has one contest of 7 options, limit
1. Each round takes a modexp, the plain way and the fast way one after the other, in CPU time of
this process, so that neighbours slow all of them alike; figures are medians over the rounds.
Nothing is asserted about time.

The plain way is one `powmod` for every power and every membership: 10 a selection, 8 a contest, 3
for the nonce. Both ways do all of it; reading the ballots is in neither.
"""

from __future__ import annotations

from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Final

import pytest
from gmpy2 import mpz, powmod

from egcore.parameters import STANDARD
from egcore.randomness import random_scalar
from terminal_bridge.encryption import Selections
from tests.attacks.judge import write_folder
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from verifier.algebra import Group
from verifier.ballot_checks import OfUnit
from verifier.ballot_files import BallotFile
from verifier.checks import (
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_confirmation_codes,
    v20_devices,
)
from verifier.checks.v06_selection_encryptions import check_selection
from verifier.checks.v07_contest_limits import check_limit
from verifier.context import SEALED
from verifier.core.gmpy2_back_end import Gmpy2BackEnd
from verifier.core.plain_back_end import PlainBackEnd
from verifier.core.shape import shape_of
from verifier.election import Election
from verifier.hashing import IdentifierHash
from verifier.model import Ballot
from verifier.reader.ballot_stream import BallotRules, BallotStream
from verifier.reader.form import Form
from verifier.reader.layout import Layout, is_folder_of_a_record
from verifier.reader.record import read_context
from verifier.reader.record_files import RecordFiles
from verifier.reader.unit_plan import UnitPlan
from verifier.reader.zip_folder import open_record
from verifier.report import Status, Tally

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from pytest_benchmark.fixture import BenchmarkFixture

    from verifier.core.back_end import BackEnd

pytestmark = [pytest.mark.standard, pytest.mark.long]

BALLOTS: Final = 8
ROUNDS: Final = 7
EXPONENTIATIONS: Final = 20
POWERS_OF_MANY_BALLOTS: Final = 10_000  # so that tables have their last width at once
TWO: Final = (v06_selection_encryptions, v07_contest_limits)
ALL: Final = (v05_ballot_identifiers, *TWO, v08_confirmation_codes, v20_devices)


class Ballots:
    """Ballots of one file, read for one group, and the verifications that take them."""

    def __init__(self, folder: Path, group: Group) -> None:
        form, files = Form(), open_record(folder)
        listing = files.listing(is_folder_of_a_record)
        record = RecordFiles(files, listing, form)
        self._context = read_context(record, listing, form, group, SEALED)
        rules = BallotRules(self._context)
        layout = Layout(self._context, listing)
        (self._unit,) = UnitPlan(self._context, layout, listing, files, rules.shapes)
        self._items = list(BallotStream(record, form, rules).of_unit(self._unit))
        assert sum(isinstance(item, Ballot) for item in self._items) == BALLOTS

    def check(self, modules: tuple[ModuleType, ...]) -> None:
        """Hand every ballot to these verifications, which find nothing."""
        halves = [OfUnit(module, self._context, self._unit) for module in modules]
        for item in self._items:
            if isinstance(item, Ballot):
                for half in halves:
                    half.tell("check", item)
            elif isinstance(item, BallotFile) and v20_devices in modules:
                halves[modules.index(v20_devices)].tell("check_file", item)
        assert [half.reported().fault for half in halves] == [None] * len(halves)
        for half in halves[1:3]:
            part = half.reported().part
            assert isinstance(part, Tally)
            assert part.conclude(BALLOTS).status is Status.PASS

    def check_proofs(self) -> None:
        """The range and limit proofs with their memberships, and nothing else of V6 and V7."""
        election = Election.of(self._context)
        assert election is not None
        group, key = election.group, election.vote_key
        for ballot in self._items:
            if isinstance(ballot, Ballot):
                h_i, selections = IdentifierHash(ballot.h_i), ballot.contests[0].options
                for io, selection in enumerate(selections, 1):
                    found = check_selection(group, key, h_i, (1, io), selection, 1, ballot.at)
                    assert list(found) == []
                pairs = [(selection.alpha, selection.beta) for selection in selections]
                proof = ballot.contests[0].limit_proof
                assert list(check_limit(group, key, h_i, 1, pairs, proof, 1, ballot.at)) == []


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed record of a few ballots of 7 options each, on the standard group."""
    registrars = Registrars.generate(2)
    made = manifest(registrars.public, contests=(contest("one", 5),))
    election = ElectionSimulator(made, hold_ceremony(STANDARD, 3, 2), registrars)
    for box in election.boxes.values():
        for place in range(BALLOTS):
            box.vote(Selections("s-1", {"one": [int(io == place % 7) for io in range(7)]}))
    return write_folder(election.sealed_record(), tmp_path_factory.mktemp("bench") / "record")


def ballots_by(record: Path, back_end: BackEnd) -> Ballots:
    group = Group(STANDARD.name, STANDARD.p, STANDARD.q, STANDARD.g, back_end)
    return Ballots(record, group)


def in_modexps(ways: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Medians over rounds: modexps a ballot of each way, and the ratio of the first to the last."""
    p, base = mpz(STANDARD.p), mpz(STANDARD.power_g(3))
    exponents = [random_scalar(STANDARD) | 1 << 255 for _ in range(EXPONENTIATIONS)]
    rounds: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        unit = seconds(lambda: [powmod(base, e, p) for e in exponents]) / EXPONENTIATIONS
        took = {name: seconds(way) / BALLOTS for name, way in ways.items()}
        first, *_, last = took.values()
        figures = {f"{name}, modexp a ballot": time / unit for name, time in took.items()}
        rounds.append({"modexp, us": unit * 1e6, **figures, "ratio": first / last})
    return {name: round(median(figures[name] for figures in rounds), 3) for name in rounds[0]}


def seconds(way: Callable[[], object]) -> float:
    """CPU time of this process for one call."""
    started = process_time()
    way()
    return process_time() - started


@pytest.mark.parametrize(
    "check",
    [Ballots.check_proofs, lambda ballots: ballots.check(TWO), lambda ballots: ballots.check(ALL)],
    ids=["proofs of V6 and V7", "V6 and V7", "all checks of a ballot"],
)
def test_ballot(
    benchmark: BenchmarkFixture, record: Path, check: Callable[[Ballots], None]
) -> None:
    """The fast way is timed; extra information holds both ways beside a modexp, interleaved."""
    benchmark.group = "ballots"
    shape = shape_of(STANDARD.p, STANDARD.q)
    assert shape is not None
    plain = ballots_by(record, PlainBackEnd(STANDARD.p, STANDARD.q))
    fast = ballots_by(record, Gmpy2BackEnd(shape, expected=POWERS_OF_MANY_BALLOTS))
    check(fast)  # builds the tables
    ways = {"plain": lambda: check(plain), "fast": lambda: check(fast)}
    benchmark.extra_info.update(in_modexps(ways))
    benchmark.extra_info["ballots a round"] = BALLOTS
    benchmark(ways["fast"])


def test_batch_of_memberships(benchmark: BenchmarkFixture) -> None:
    """One batch of 512 values, as 2.A, 9.P and 10.P have them, beside one exponentiation each."""
    benchmark.group = "memberships"
    shape = shape_of(STANDARD.p, STANDARD.q)
    assert shape is not None
    values = [STANDARD.power_g(random_scalar(STANDARD)) for _ in range(512)]
    plain, fast = PlainBackEnd(STANDARD.p, STANDARD.q), Gmpy2BackEnd(shape)
    answers = [True] * len(values)

    def by(back_end: BackEnd) -> Callable[[], None]:
        def test() -> None:
            assert back_end.members(values) == answers

        return test

    rounds = [seconds(by(plain)) / seconds(by(fast)) for _ in range(2)]
    benchmark.extra_info["ratio"] = round(median(rounds), 2)
    benchmark(by(fast))
