"""A 1.x record from its folder to a report (specs/23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x import notes, table
from verifier.eg1x.ballots import BallotPass
from verifier.eg1x.checks import v00_form, v11_tally, v12_spoiled
from verifier.eg1x.decryptions import Decryptions
from verifier.eg1x.election import Election, Keys
from verifier.eg1x.model import SPOILED as SPOILED_STATE
from verifier.eg1x.parameters import STANDARD
from verifier.eg1x.reader.files import BALLOTS, SPOILED, RecordFiles, path_of
from verifier.eg1x.reader.form import Form
from verifier.eg1x.record import RecordReader
from verifier.eg1x.sources import sources_of
from verifier.guard import Guard
from verifier.report import ELECTIONGUARD_1X, RecordInfo, Report, Tally, VerificationResult
from verifier.sources import without_unfounded_passes

if TYPE_CHECKING:
    from verifier.algebra import Group
    from verifier.eg1x.ballots import OverBallots, Progress
    from verifier.eg1x.model import Ballot
    from verifier.reader.files import RecordFolder

FINAL = "final"  # the one stage of this format


def verify_record(
    folder: RecordFolder, root: str, group: Group = STANDARD, progress: Progress | None = None
) -> Report:
    """Judge the record in an open folder or zip; whatever it holds, there is a report.

    root: where in it the record lies, `` or `election_record/`. group: the standard group of this
    format; tests pass a smaller one. progress: called with the ballot files read so far and their
    number. Raises OSError when the folder cannot be listed, CannotRun for a zip that must not be
    read, MemoryError.
    """
    form = Form()
    files = RecordFiles(folder, root, form)
    reading = Guard(v00_form.ID, v00_form.TITLE)
    run = reading.call(_Run, files, form, group, progress)
    return _unread(reading) if run is None else run.report()


class _Run:
    """One reading of one record: everything is read when this has been made."""

    def __init__(
        self, files: RecordFiles, form: Form, group: Group, progress: Progress | None
    ) -> None:
        self._files = files
        self._form = form
        files.judge_names()
        self._reader = RecordReader(group, files, form)
        self._record = self._reader.record()
        election = Election.of(self._record)
        self._over_ballots: dict[str, tuple[Guard, OverBallots]] = {
            module.ID: (Guard(module.ID, module.TITLE), module.Verification(self._record, election))
            for module in table.OVER_BALLOTS
        }
        self._decryptions = Decryptions(self._record, Keys.of(self._record))
        self._spoiled = v12_spoiled.Verification(self._record)
        self._spoiled_guard = Guard(v12_spoiled.ID, v12_spoiled.TITLE)
        ballots = BallotPass(self._record, election, self._over_ballots, progress)
        self._totals = ballots.run(files.of(BALLOTS), self._read_ballot)
        self._decryptions.take_tally()
        self._read_rest()

    def _read_ballot(self, path: str) -> Ballot | None:
        """The ballot in a file; a spoiled one is judged beside its opening at once."""
        ballot = self._reader.ballot(path)
        if ballot is not None and ballot.state == SPOILED_STATE:
            opening = path_of(SPOILED, ballot.id)
            opened = self._reader.decrypted(opening) if self._files.has(opening) else None
            self._decryptions.take_spoiled(ballot, opened)
            self._spoiled_guard.call(self._spoiled.check, ballot, opened)
        return ballot

    def _read_rest(self) -> None:
        """Openings that no spoiled ballot has: they are read for their form and the digest."""
        for path in self._files.of(SPOILED):
            if not self._files.is_read(path):
                self._reader.decrypted(path)

    def report(self) -> Report:
        """The report. The form is concluded last, and stands first."""
        results = without_unfounded_passes(self._results(), sources_of(self._totals.files))
        return Report(
            stage=FINAL,
            record=self._info(),
            verifications=tuple(results),
            notes=notes.notes_on(self._record, self._files, results),
            format=ELECTIONGUARD_1X,
        )

    def _results(self) -> list[VerificationResult]:
        record, totals = self._record, self._totals
        results = [
            Guard(module.ID, module.TITLE).result(module.check, record)
            for module in table.OVER_SMALL_FILES
        ]
        results += [
            guard.result(verification.finish, totals)
            for guard, verification in self._over_ballots.values()
        ]
        results += self._decryptions.finish(totals)
        results.append(Guard(v11_tally.ID, v11_tally.TITLE).result(v11_tally.check, record, totals))
        openings = self._files.of(SPOILED)
        results.append(self._spoiled_guard.result(self._spoiled.finish, totals, openings))
        form = Guard(v00_form.ID, v00_form.TITLE)
        results.append(form.result(v00_form.check, self._form, self._files))
        by_id = {result.id: result for result in results}
        return [by_id[id_] for id_ in table.TITLES]

    def _info(self) -> RecordInfo:
        record, totals, digest = self._record, self._totals, self._files.digest()
        counts = {
            "devices": len(record.devices),
            "ballots": totals.read,
            "ballots_unreadable": totals.files - totals.read,
            "cast": totals.cast,
            "spoiled": totals.spoiled,
        }
        if record.context is not None:
            counts |= {"guardians": record.context.n, "quorum": record.context.k}
        if record.coefficients is not None:
            counts["guardians_that_decrypted"] = len(record.coefficients)
        return RecordInfo(
            election=None if record.manifest is None else record.manifest.scope,
            digest=None if digest is None else digest.hex(),
            rehearsal=None,
            counts=counts,
        )


def _unread(reading: Guard) -> Report:
    """The report when the reader itself is at fault: nothing was checked."""
    rest = [Tally(id_, title).conclude(None) for id_, title in table.TITLES.items()]
    failed = reading.result(lambda: rest[0])  # not called after a fault
    nothing_read = RecordInfo(election=None, digest=None, rehearsal=None, counts={})
    return Report(FINAL, nothing_read, (failed, *rest[1:]), format=ELECTIONGUARD_1X)
