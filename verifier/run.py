"""A record from its folder to a report, by one table of verifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.ballot_pass import BallotPass
from verifier.checks import v00_form
from verifier.context import FINAL, SEALED
from verifier.groups import compute_groups
from verifier.guard import Guard
from verifier.notes import notes_on
from verifier.parameters import STANDARD
from verifier.processes import Workers, run_here, worthwhile
from verifier.reader.form import Form
from verifier.reader.layout import REGISTRY, Layout, is_folder_of_a_record
from verifier.reader.record import read_context
from verifier.reader.record_files import RecordFiles
from verifier.reader.unit_plan import UnitPlan
from verifier.reader.zip_folder import open_record
from verifier.receipt_pass import with_receipts
from verifier.report import RecordInfo, Report, Tally, VerificationResult, not_applicable
from verifier.sources import without_unfounded_passes
from verifier.table import TABLE, Entry, Facts
from verifier.trust_checks import trust_notes, with_trust
from verifier.unit_run import UnitRunner
from verifier.worker import Briefing

if TYPE_CHECKING:
    from pathlib import Path

    from verifier.algebra import Group
    from verifier.ballot_pass import Progress
    from verifier.context import BallotTotals, Context
    from verifier.reader.files import Listing, RecordFolder
    from verifier.trust import Trust


def verify_record(
    folder: Path,
    group: Group = STANDARD,
    stage: str = FINAL,
    progress: Progress | None = None,
    processes: int | None = 1,
    *,
    trust: Trust | None = None,
    receipts: bool = False,
) -> Report:
    """Judge the record in a folder or a zip; whatever the folder holds, there is a report.

    group: the standard group; tests pass a smaller one. stage: `sealed` for a record that ends
    with its seal, else `final`. progress: called with the ballots read so far and the number that
    the seal names (None if unknown).
    processes: how many look at ballots; 1 is this one alone, None as many as are worth their start.
    The report does not depend on it. With more than one the program's main module is imported by
    each, as Python's multiprocessing does.
    trust: what the user knows from elsewhere; then 0.G and 24.N are demanded. receipts: whether
    20.O is.
    Raises OSError when the folder itself cannot be listed, ValueError for another stage or fewer
    than one process, CannotRun for a zip that must not be read and when processes cannot be kept
    alive, MemoryError.
    """
    if stage not in {SEALED, FINAL}:
        raise ValueError(f"a record is judged at stage {SEALED} or {FINAL}, not {stage!r}")
    if processes is not None and processes < 1:
        raise ValueError(f"at least one process must look at the record, not {processes}")
    files = open_record(folder)
    listing = files.listing(is_folder_of_a_record)
    reading = Guard(v00_form.ID, v00_form.TITLE)
    judged = (group, stage)
    opened = (folder, files, listing)
    facts = reading.call(_read, opened, judged, progress, processes, receipts)
    if facts is None:
        return _unread(reading, stage)
    results = with_trust(_run_all(facts), facts.context, trust)
    if receipts:
        results = with_receipts(results, facts.ballots.receipts, facts.totals.demanded)
    results = without_unfounded_passes(results)
    notes = notes_on(facts.context, facts.groups, results, receipts=receipts)
    return Report(
        stage=stage,
        record=_info(facts),
        verifications=tuple(results),
        notes=(*notes, *trust_notes(facts.context, trust)),
    )


def _read(
    opened: tuple[Path, RecordFolder, Listing],
    judged: tuple[Group, str],
    progress: Progress | None,
    processes: int | None,
    receipts: bool,  # noqa: FBT001 -- handed on by a guard, which has no names
) -> Facts:
    """Read the whole record once, ballots included.

    opened: the record by its path, and open, with what it holds. judged: group and stage.
    receipts: whether 20.O is demanded.
    """
    form, (path, folder, listing) = Form(), opened
    context = read_context(RecordFiles(folder, listing, form), listing, form, *judged)
    layout = Layout(context, listing)
    ballots = BallotPass(context, form, progress)
    runner = UnitRunner(folder, context, receipts=receipts)
    plan = UnitPlan(context, layout, listing, folder, runner.rules.shapes)
    if processes is None:
        processes = worthwhile(plan.ballot_files, context.ballots_demanded)
    if processes == 1:
        totals = ballots.run(run_here(plan, runner, ballots.advance))
    else:
        briefing = Briefing.of(path, context, receipts=receipts)
        with Workers(processes, briefing, runner) as workers:
            totals = ballots.run(workers.run(plan, ballots.advance))
    groups = compute_groups(context.manifest, totals.cells, _incomplete(context, totals))
    return Facts(context, form, layout, ballots, totals, groups)


def _incomplete(context: Context, totals: BallotTotals) -> frozenset[str]:
    """Precincts of which a ballot could not be read, or whose boxes are not all known.

    A line of the registry that could not be read may name a box of any precinct.
    """
    if context.manifest is None or context.is_whole(REGISTRY):
        return totals.incomplete
    return frozenset(precinct.id for precinct in context.manifest.precincts)


def _run_all(facts: Facts) -> list[VerificationResult]:
    """The results in the order of the table.

    V0 is concluded last: another verification may find that a file has changed since.
    """
    first, *others = TABLE
    results = [_run(entry, facts) for entry in others]
    return [_run(first, facts), *results]


def _unread(reading: Guard, stage: str) -> Report:
    """The report when the reader itself is at fault: V0 failed, and nothing else was checked."""
    rest = tuple(Tally(entry.id, entry.title).conclude(None) for entry in TABLE[1:])
    failed = reading.result(lambda: rest[0])  # not called after a fault
    nothing_read = RecordInfo(election=None, digest=None, rehearsal=None, counts={})
    return Report(stage=stage, record=nothing_read, verifications=(failed, *rest))


def _run(entry: Entry, facts: Facts) -> VerificationResult:
    if facts.context.stage not in entry.stages:
        note = "nothing has been decrypted at this stage"
        return not_applicable(entry.id, entry.title, note)
    return Guard(entry.id, entry.title).result(entry.run, facts)


def _info(facts: Facts) -> RecordInfo:
    context, totals, manifest = facts.context, facts.totals, facts.context.manifest
    digests = {name: context.digests.get(name) for name in ("seal.json", "results.json")}
    seal, results = (None if digest is None else digest.hex() for digest in digests.values())
    counts = {
        "boxes": len(context.devices),
        "boxes_lost": sum(device.is_lost for device in context.devices),
        "ballots": totals.read,
        "ballots_unreadable": sum(totals.unreadable.values()),
        "cast": totals.cast,
        "challenged": totals.challenged,
        "void": totals.void,
        "openings": facts.ballots.openings,
    }
    if manifest is not None:
        counts |= {"guardians": manifest.n, "quorum": manifest.k}
        counts["precincts"] = len(manifest.precincts)
    if facts.groups.demanded is not None and context.stage == FINAL:
        counts["groups"] = len(facts.groups.groups)
    return RecordInfo(
        election=None if manifest is None else manifest.election,
        digest=seal,
        rehearsal=None if manifest is None else manifest.rehearsal,
        counts=counts,
        results=results if context.stage == FINAL else None,
    )
