"""The one pass over the ballots of a record, and the verifications that look at each of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from verifier.ballot_files import BallotFile
from verifier.checks import (
    v00_form,
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_confirmation_codes,
    v09_aggregation,
    v13_challenged_ballots,
    v14_challenged_contents,
    v20_devices,
)
from verifier.context import FINAL, BallotTotals
from verifier.guard import Guard
from verifier.reader.ballot_stream import Gap
from verifier.reader.opening_stream import OpeningStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

    from verifier.context import Context, Device
    from verifier.model import Ballot, Opening
    from verifier.reader.ballot_stream import BallotStream
    from verifier.reader.form import Form
    from verifier.reader.record_files import RecordFiles
    from verifier.report import VerificationResult

    Progress = Callable[[int, int | None], None]

_EACH_BALLOT: Final = (
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_confirmation_codes,
)
_OPENINGS: Final = (v13_challenged_ballots, v14_challenged_contents)


class Watcher:
    """One verification that looks at ballots, behind its guard."""

    def __init__(self, module: ModuleType, context: Context) -> None:
        self._guard = Guard(module.ID, module.TITLE)
        self._verification: Any = self._guard.call(module.Verification, context)

    def tell(self, method: str, *arguments: object) -> None:
        """Call one of its methods."""
        self._guard.call(lambda: getattr(self._verification, method)(*arguments))

    def finish(self, facts: object) -> VerificationResult:
        """Its result. facts: the totals, or the groups for V9."""
        return self._guard.result(lambda: self._verification.finish(facts))

    @property
    def products(self) -> v09_aggregation.Products:
        """The products of V9; none when it did not get that far."""
        return getattr(self._verification, "products", {})


class BallotPass:
    """Hands each ballot to every verification that looks at ballots, and counts.

    watchers: those verifications by their id; V9 at stage `final` only.
    """

    def __init__(self, context: Context, form: Form, progress: Progress | None) -> None:
        modules = [*_EACH_BALLOT, *_OPENINGS, v20_devices]
        if context.stage == FINAL:
            modules.append(v09_aggregation)
        self.watchers = {module.ID: Watcher(module, context) for module in modules}
        self._each = [self.watchers[module.ID] for module in modules if module not in _OPENINGS]
        self._context = context
        self._form = form
        self._progress = progress
        self._h_e = None if context.parameters is None else context.parameters.h_e
        self._seen = 0
        self._statuses: Counter[str] = Counter()
        self._cells: Counter[tuple[int, str]] = Counter()
        self._unreadable: Counter[str] = Counter()
        self.openings = 0

    def run(self, files: RecordFiles, stream: BallotStream) -> BallotTotals:
        """Read every ballot of every box, in the order of the registry, once."""
        for device in self._context.devices:
            openings = OpeningStream(files, self._form, stream.shapes, device.id)
            for item in stream.of_device(device):
                if isinstance(item, BallotFile):
                    self._take_file(item)
                elif isinstance(item, Gap):
                    self._take_gap(item, openings)
                else:
                    self._take_ballot(item, device, openings)
            self._take_orphans(openings.rest())
        return self._totals()

    def _take_ballot(self, ballot: Ballot, device: Device, openings: OpeningStream) -> None:
        self._take_orphans(openings.before(ballot.ordinal))
        opening, is_certain = openings.of(ballot.ordinal)
        for watcher in self._each:
            watcher.tell("check", ballot)
        if opening is not None or is_certain:
            self.watchers["V13"].tell("check", ballot, opening)
        if opening is not None:
            self.openings += 1
            self.watchers["V14"].tell("check", ballot, opening)
        self._statuses[ballot.status] += 1
        if v09_aggregation.is_counted(ballot.status):
            self._cells.update((entry.contest, device.precinct) for entry in ballot.contests)
        self._advance(1)

    def _take_gap(self, gap: Gap, openings: OpeningStream) -> None:
        """Ballots that could not be read: their openings are given to nobody."""
        self._take_orphans(openings.before(gap.last - gap.count + 1))
        for _ in openings.before(gap.last + 1):
            pass
        self.watchers["V8"].tell("skip", gap.device, gap.last)
        self._unreadable[gap.device] += gap.count
        self._advance(gap.count)

    def _take_file(self, file: BallotFile) -> None:
        if file.signature is not None:
            self._form.tally.add(
                v00_form.check_ballot_file_signature(
                    self._h_e, file.device, file.number, file.signature
                )
            )
        self.watchers["V20"].tell("check_file", file)

    def _take_orphans(self, openings: Iterable[Opening]) -> None:
        for opening in openings:
            reason = f"position {opening.position} has no ballot, or was opened before"
            self.watchers["V13"].tell("orphan", opening, reason)

    def _advance(self, ballots: int) -> None:
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
        )
