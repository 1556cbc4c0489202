"""The one pass over the ballots of a record: units in its order, added up as they come."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from verifier.ballot_checks import OfRecord, modules_of
from verifier.checks import v08_confirmation_codes
from verifier.context import BallotTotals
from verifier.proofs.hinted_use import HintsUsed
from verifier.report import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from verifier.context import Context
    from verifier.reader.form import Form
    from verifier.unit_result import UnitResult
    from verifier.units import Unit

    Progress = Callable[[int, int | None], None]


class BallotPass:
    """Adds the results of the units to every verification that looks at ballots, and counts.

    What depends on the order of the record (uniqueness, chain, openings, sums) is decided here and
    in the same way wherever a unit was looked at. verifications: by their id. passed_over: ballots
    of each box that should lie in ballot files which nobody looked at; files_passed_over: those
    files with what belongs to them.
    """

    def __init__(self, context: Context, form: Form, progress: Progress | None) -> None:
        self.verifications = {
            module.ID: OfRecord(module, context) for module in modules_of(context.stage)
        }
        self._context = context
        self._form = form
        self._progress = progress
        self._seen = 0
        self._statuses: Counter[str] = Counter()
        self._cells: Counter[tuple[int, str]] = Counter()
        self._unreadable: Counter[str] = Counter()
        self._read: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()
        self.files_passed_over = 0
        self.openings = 0
        self.hinted = HintsUsed()
        self.receipts = Tally("V20", "")  # 20.O, when it was asked for

    def run(self, results: Iterable[tuple[Unit, UnitResult | None]]) -> BallotTotals:
        """Take the results of all units in the order of the record, None for one passed over."""
        for unit, result in results:
            if result is None:
                self._pass_over(unit)
                continue
            self._form.merge(result.form, result.faulty)
            for id_, verification in self.verifications.items():
                verification.add(unit, result.parts[id_])
            self._statuses.update(result.statuses)
            self._read[unit.device] += sum(result.statuses.values())
            for contest, ballots in result.cells.items():
                self._cells[contest, unit.precinct] += ballots
            if result.unreadable:
                self._unreadable[unit.device] += result.unreadable
            self.openings += result.openings
            self.hinted += result.hinted
            if result.receipts is not None:
                self.receipts.merge(result.receipts)
        return self._totals()

    def _pass_over(self, unit: Unit) -> None:
        """A ballot file that was not looked at: nothing is found in it, and nothing passes."""
        self.verifications[v08_confirmation_codes.ID].pass_over(unit)
        self.passed_over[unit.device] += unit.expected
        self.files_passed_over += len(unit.files) - (unit.openings is not None)

    def advance(self, ballots: int) -> None:
        """So many more ballots are done with, in whatever unit."""
        self._seen += ballots
        if self._progress is not None:
            self._progress(self._seen, self._context.ballots_demanded)

    def _totals(self) -> BallotTotals:
        devices, unread = self._context.devices_by_id, self._unreadable + self.passed_over
        return BallotTotals(
            demanded=self._context.ballots_demanded,
            read=self._statuses.total(),
            unreadable=dict(unread),
            challenged=self._statuses["challenged"],
            cast=self._statuses["cast"],
            void=self._statuses["void"],
            cells=dict(self._cells),
            incomplete=frozenset(devices[device].precinct for device in unread),
            is_short=any(
                self._read[device.id] < device.sealed.ballots
                for device in self._context.devices
                if device.sealed is not None
            ),
        )
