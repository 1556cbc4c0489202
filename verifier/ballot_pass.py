"""The one pass over the ballots of a record: units in its order, added up as they come."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from verifier.ballot_checks import OfRecord, modules_of
from verifier.context import BallotTotals
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
    in the same way wherever a unit was looked at. verifications: by their id.
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
        self.openings = 0
        self.receipts = Tally("V20", "")  # 20.O, when it was asked for

    def run(self, results: Iterable[tuple[Unit, UnitResult]]) -> BallotTotals:
        """Take the results of all units, in the order of the record."""
        for unit, result in results:
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
            if result.receipts is not None:
                self.receipts.merge(result.receipts)
        return self._totals()

    def advance(self, ballots: int) -> None:
        """So many more ballots are done with, in whatever unit."""
        self._seen += ballots
        if self._progress is not None:
            self._progress(self._seen, self._context.ballots_demanded)

    def _totals(self) -> BallotTotals:
        devices = self._context.devices_by_id
        return BallotTotals(
            demanded=self._context.ballots_demanded,
            read=self._statuses.total(),
            unreadable=dict(self._unreadable),
            challenged=self._statuses["challenged"],
            cast=self._statuses["cast"],
            void=self._statuses["void"],
            cells=dict(self._cells),
            incomplete=frozenset(devices[device].precinct for device in self._unreadable),
            is_short=any(
                self._read[device.id] < device.sealed.ballots
                for device in self._context.devices
                if device.sealed is not None
            ),
        )
