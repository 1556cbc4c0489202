"""The ways to check the ballots of one file, for a clock to be held to: naive, gmpy2, and others.

Reading ballots is in none of them, reading hints is in those that use them. All look at ballots of
one record, built for this.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Final

from gmpy2 import mpz, powmod

from egcore.parameters import STANDARD
from egcore.randomness import random_scalar
from tests.bench.record import hinted_record_of, record_of
from verifier.algebra import Group
from verifier.ballot_checks import PROOFS, OfUnit
from verifier.ballot_files import BALLOTS_A_FILE, BallotFile
from verifier.checks import v05_ballot_identifiers, v08_confirmation_codes, v20_devices
from verifier.checks.v06_selection_encryptions import check_selection
from verifier.checks.v07_contest_limits import check_limit
from verifier.context import SEALED
from verifier.core.bit_products import Gmpy2BitProducts
from verifier.core.gmpy2_back_end import Gmpy2BackEnd
from verifier.core.ifma.choose import ifma_rows
from verifier.core.plain_back_end import PlainBackEnd
from verifier.core.shape import shape_of
from verifier.election import Election
from verifier.hashing import IdentifierHash
from verifier.model import Ballot
from verifier.proofs.batches import Proven
from verifier.proofs.hinted import HintedBatches
from verifier.reader.ballot_stream import BallotRules, BallotStream
from verifier.reader.form import Form
from verifier.reader.hint_file import hints_of
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

    from verifier.core.back_end import BackEnd
    from verifier.core.rows import RowEngine
    from verifier.core.shape import Shape
    from verifier.proofs.batches import Batches, Hints

NAIVE: Final = "naive"
GMPY2: Final = "gmpy2"
KERNEL: Final = "kernel"
HINTS: Final = "gmpy2 with hints"
KERNEL_HINTS: Final = "kernel with hints"
ALL: Final = (v05_ballot_identifiers, *PROOFS, v08_confirmation_codes, v20_devices)
ROUNDS: Final = 7
_EXPONENTIATIONS: Final = 20
_MANY_POWERS: Final = 10_000  # so that tables have their last width at once


class BallotsInHand:
    """The first ballots of one file, read, and the verifications that take them.

    most: how many. batches: what looks at all of them at once, with the hints that lie beside them.
    """

    def __init__(
        self,
        folder: Path,
        back_end: BackEnd,
        most: int,
        batches: Batches | None = None,
    ) -> None:
        form, files = Form(), open_record(folder)
        listing = files.listing(is_folder_of_a_record)
        record = RecordFiles(files, listing, form)
        group = Group(STANDARD.name, STANDARD.p, STANDARD.q, STANDARD.g, back_end)
        self._context = read_context(record, listing, form, group, SEALED)
        rules = BallotRules(self._context)
        layout = Layout(self._context, listing)
        plan = UnitPlan(self._context, layout, listing, files, rules.shapes)
        self._unit = next(iter(plan))
        items = list(BallotStream(record, form, rules).of_unit(self._unit))
        ballots = [item for item in items if isinstance(item, Ballot)][:most]
        whole = [item for item in items if isinstance(item, BallotFile)]
        self.number = len(ballots)
        self._items = [*ballots, *(whole if len(items) == most + len(whole) else ())]
        self._batches = batches
        self._folder = files

    def check(self, modules: tuple[ModuleType, ...]) -> None:
        """Hand every ballot to these verifications, which find nothing."""
        halves = {module: OfUnit(module, self._context, self._unit) for module in modules}
        proven = 0
        hints = self._hints()
        for item, holds in Proven(self._batches, self._context, hints).of(self._items):
            if isinstance(item, Ballot):
                proven += holds
                for module, half in halves.items():
                    half.tell("count" if holds and module in PROOFS else "check", item)
            elif isinstance(item, BallotFile) and v20_devices in halves:
                halves[v20_devices].tell("check_file", item)
        assert proven == (0 if self._batches is None else self.number), "a batch failed"
        for module, half in halves.items():
            reported = half.reported()
            assert reported.fault is None
            if module in PROOFS:
                assert isinstance(reported.part, Tally)
                assert reported.part.conclude(self.number).status is Status.PASS

    def _hints(self) -> Hints | None:
        """Those of the file, from its beginning; None for ways that use none."""
        if self._batches is None:
            return None
        return hints_of(self._folder, self._unit, self._context)

    def check_range_and_limit(self) -> None:
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


@dataclass(frozen=True)
class Way:
    """One way with the ballots that it takes in a round."""

    name: str
    ballots: BallotsInHand


def record_of_one_file() -> Path:
    """A record of one full ballot file of 7 options, on the standard group."""
    return record_of(BALLOTS_A_FILE)


def hinted_record_of_one_file() -> Path:
    """The same with hints."""
    return hinted_record_of(BALLOTS_A_FILE)


def naive(record: Path, most: int = 4) -> Way:
    """One `powmod` for every power of the equations and every membership."""
    return Way(NAIVE, BallotsInHand(record, PlainBackEnd(STANDARD.p, STANDARD.q), most))


def by_gmpy2(record: Path, most: int = 16) -> Way:
    """The algebra of specs/24, ballot by ballot."""
    return Way(GMPY2, BallotsInHand(record, _gmpy2_back_end(), most))


def by_kernel(record: Path) -> Way:
    """Every commitment of a file computed, eight products side by side (specs/26)."""
    return Way(KERNEL, BallotsInHand(record, _gmpy2_back_end(), BALLOTS_A_FILE, _compact()))


def by_hints(record: Path) -> Way:
    """All equations of a file in one combination, by gmpy2 (specs/25). record: with hints."""
    batches = HintedBatches(_shape(), Gmpy2BitProducts(STANDARD.p), None)
    return Way(HINTS, BallotsInHand(record, _gmpy2_back_end(), BALLOTS_A_FILE, batches))


def by_kernel_and_hints(record: Path) -> Way:
    """The same, by the kernel. record: with hints."""
    from verifier.core.bit_products_rows import RowBitProducts  # noqa: PLC0415 -- needs numpy

    batches = HintedBatches(_shape(), RowBitProducts(_engine()), None)
    return Way(KERNEL_HINTS, BallotsInHand(record, _gmpy2_back_end(), BALLOTS_A_FILE, batches))


def lacks_kernel() -> str:
    """Why the kernel cannot run here; nothing if it can."""
    choice = ifma_rows()
    return "" if choice.engine is not None else f"the kernel cannot run: {choice.reason}"


def _compact() -> Batches:
    from verifier.proofs.compact import CompactBatches  # noqa: PLC0415 -- needs numpy

    return CompactBatches(_engine(), _shape(), expected=_MANY_POWERS)


def _engine() -> RowEngine:
    engine = ifma_rows().engine
    assert engine is not None, "lacks_kernel says why"
    return engine


def _shape() -> Shape:
    shape = shape_of(STANDARD.p, STANDARD.q)
    assert shape is not None
    return shape


def _gmpy2_back_end() -> Gmpy2BackEnd:
    return Gmpy2BackEnd(_shape(), expected=_MANY_POWERS)


def race(ways: list[Way], check: Callable[[BallotsInHand], None]) -> dict[str, float]:
    """Each round takes a modexp and every way in turn; medians, and the spread of the ratios.

    By name: "<way>: ms", "<way>: modexp", and against the first way "<way>: ratio", "low", "high".
    """
    p, base = mpz(STANDARD.p), mpz(STANDARD.power_g(3))
    exponents = [random_scalar(STANDARD) | 1 << 255 for _ in range(_EXPONENTIATIONS)]
    units, took = list[float](), {way.name: list[float]() for way in ways}
    for _ in range(ROUNDS):
        units.append(seconds(lambda: [powmod(base, e, p) for e in exponents]) / len(exponents))
        for way in ways:
            took[way.name].append(seconds(lambda: check(way.ballots)) / way.ballots.number)  # noqa: B023 -- called at once
    found = {"modexp, us": median(units) * 1e6}
    first = took[ways[0].name]
    for name, times in took.items():
        ratios = sorted(a / b for a, b in zip(first, times, strict=True))
        found |= {
            f"{name}: ms": median(times) * 1e3,
            f"{name}: modexp": median(a / b for a, b in zip(times, units, strict=True)),
            f"{name}: ratio": median(ratios),
            f"{name}: low": ratios[0],
            f"{name}: high": ratios[-1],
        }
    return {name: round(value, 4) for name, value in found.items()}


def seconds(act: Callable[[], object]) -> float:
    """CPU time of this process for one call."""
    started = process_time()
    act()
    return process_time() - started
