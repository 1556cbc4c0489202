"""One unit from its files to its result; the same in this process and in another."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from verifier import receipt_pass
from verifier.ballot_checks import EACH_BALLOT, PROOFS, OfUnit, modules_of
from verifier.ballot_files import BallotFile
from verifier.checks import v00_form, v09_aggregation
from verifier.proofs.batches import Proven
from verifier.proofs.hinted import HintedBatches
from verifier.proofs.hinted_use import HintsUsed
from verifier.reader.ballot_stream import BallotRules, BallotStream, Gap
from verifier.reader.files import Listing
from verifier.reader.form import Form
from verifier.reader.hint_file import hints_of
from verifier.reader.opening_stream import OpeningStream
from verifier.reader.record_files import RecordFiles
from verifier.unit_result import UnitResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from verifier.context import Context
    from verifier.model import Ballot, Opening
    from verifier.proofs.batches import Batches
    from verifier.reader.files import RecordFolder
    from verifier.report import Tally
    from verifier.units import Unit

    Advance = Callable[[int], None]


class UnitRunner:
    """Looks at units of one record. Of `context` it takes stage, group, manifest and keys alone.

    receipts: whether 20.O is demanded. batches: what looks at the proofs of many ballots at once;
    the result does not depend on it.
    """

    def __init__(
        self,
        folder: RecordFolder,
        context: Context,
        *,
        receipts: bool = False,
        batches: Batches | None = None,
    ) -> None:
        self._folder = folder
        self._receipts = receipts
        self._batches = batches
        self._context = context
        self.rules = BallotRules(context)

    def run(self, unit: Unit, advance: Advance) -> UnitResult:
        """Read the files of a unit once and hand each ballot to every verification.

        advance: called with the number of ballots that are done with, as they pass by.
        Memory: one ballot, or those of a file where they are looked at in batches; and the result.
        """
        form = Form()
        files = RecordFiles(self._folder, Listing(unit.files, ()), form)
        openings = OpeningStream(files, form, self.rules.shapes, unit)
        run = _Run(self._context, form, unit, openings, advance)
        hints = hints_of(self._folder, unit, self._context)
        self._hinted()  # what a run that broke off has left
        proven = Proven(self._batches, self._context, hints)
        stream = BallotStream(files, form, self.rules).of_unit(unit)
        for item, holds in proven.of(stream):
            if isinstance(item, BallotFile):
                run.take_file(item)
            elif isinstance(item, Gap):
                run.take_gap(item)
            else:
                run.take_ballot(item, is_proven=holds)
        run.take_orphans(openings.rest())
        receipts, digests = self._signatures(unit), dict(files.digests)
        return replace(run.result(), receipts=receipts, digests=digests, hinted=self._hinted())

    def _hinted(self) -> HintsUsed:
        """What hints have shown since this was called last."""
        batches = self._batches
        return batches.take_used() if isinstance(batches, HintedBatches) else HintsUsed()

    def _signatures(self, unit: Unit) -> Tally | None:
        if not self._receipts or self._context.parameters is None:
            return None
        return receipt_pass.check_unit(self._folder, self._context.parameters.h_e, unit)


class _Run:
    """The run over one unit: what is told to whom, and what is counted."""

    def __init__(
        self, context: Context, form: Form, unit: Unit, openings: OpeningStream, advance: Advance
    ) -> None:
        modules = modules_of(context.stage)
        self._halves = {module.ID: OfUnit(module, context, unit) for module in modules}
        self._each = [
            (self._halves[module.ID], module in PROOFS)
            for module in modules
            if module in EACH_BALLOT
        ]
        self._h_e = None if context.parameters is None else context.parameters.h_e
        self._form = form
        self._openings = openings
        self._advance = advance
        self._statuses: Counter[str] = Counter()
        self._cells: Counter[int] = Counter()
        self._unreadable = 0
        self._opened = 0

    def take_ballot(self, ballot: Ballot, *, is_proven: bool) -> None:
        self.take_orphans(self._openings.before(ballot.ordinal))
        opening, is_certain = self._openings.of(ballot.ordinal)
        for half, looks_at_proofs in self._each:
            half.tell("count" if looks_at_proofs and is_proven else "check", ballot)
        if opening is not None or is_certain:
            self._halves["V13"].tell("check", ballot, opening)
        if opening is not None:
            self._opened += 1
            self._halves["V14"].tell("check", ballot, opening)
        self._statuses[ballot.status] += 1
        if v09_aggregation.is_counted(ballot.status):
            self._cells.update(entry.contest for entry in ballot.contests)
        self._advance(1)

    def take_gap(self, gap: Gap) -> None:
        """Ballots that could not be read: their openings are given to nobody."""
        self.take_orphans(self._openings.before(gap.last - gap.count + 1))
        for _ in self._openings.before(gap.last + 1):
            pass
        self._halves["V8"].tell("skip", gap.count)
        self._unreadable += gap.count
        self._advance(gap.count)

    def take_file(self, file: BallotFile) -> None:
        if file.signature is not None:
            self._form.tally.add(
                v00_form.check_ballot_file_signature(
                    self._h_e, file.device, file.number, file.signature
                )
            )
        self._halves["V20"].tell("check_file", file)

    def take_orphans(self, openings: Iterable[Opening]) -> None:
        for opening in openings:
            reason = f"position {opening.position} has no ballot, or was opened before"
            self._halves["V13"].tell("orphan", opening, reason)

    def result(self) -> UnitResult:
        return UnitResult(
            form=self._form.tally,
            faulty=frozenset(self._form.faulty),
            parts={id_: half.reported() for id_, half in self._halves.items()},
            statuses=dict(self._statuses),
            cells=dict(self._cells),
            unreadable=self._unreadable,
            openings=self._opened,
        )
