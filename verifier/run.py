"""A record from its folder to a report, by one table of verifications."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from verifier.backend import AUTO, backend_of
from verifier.ballot_pass import BallotPass
from verifier.cannot_run import COULD_NOT_RUN
from verifier.checks import v00_form
from verifier.cluster import executor as cluster_executor
from verifier.cluster.judgement import weighed
from verifier.context import FINAL, SEALED
from verifier.groups import compute_groups
from verifier.guard import Guard
from verifier.notes import notes_on
from verifier.parameters import STANDARD
from verifier.processes import worthwhile
from verifier.program import this_program
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
from verifier.whole.executors import on_this_machine
from verifier.whole.extent import Extent
from verifier.whole.scope import WHOLE_RECORD
from verifier.whole.scope_results import Looked
from verifier.whole.unit_keys import Terms
from verifier.whole.unit_memory import UnitMemory
from verifier.whole.unit_work import UnitWork
from verifier.worker import Briefing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verifier.algebra import Group
    from verifier.backend import Backend
    from verifier.ballot_pass import Progress
    from verifier.cluster.facts import ClusterFacts
    from verifier.cluster.terms import ClusterTerms
    from verifier.context import BallotTotals, Context
    from verifier.reader.files import Listing, RecordFolder
    from verifier.trust import Trust
    from verifier.whole.executors import Executor
    from verifier.whole.scope import Scope


@dataclass(frozen=True, slots=True)
class _Order:
    """What was asked for, as `verify_record` takes it. path: of the record."""

    path: Path
    group: Group
    stage: str
    progress: Progress | None
    processes: int | None
    receipts: bool
    scope: Scope
    cluster: ClusterTerms | None
    say: Callable[[str], None]
    backend: str


def verify_record(
    folder: Path,
    group: Group = STANDARD,
    stage: str = FINAL,
    progress: Progress | None = None,
    processes: int | None = 1,
    *,
    trust: Trust | None = None,
    receipts: bool = False,
    scope: Scope = WHOLE_RECORD,
    cluster: ClusterTerms | None = None,
    say: Callable[[str], None] = lambda _: None,
    backend: str = AUTO,
) -> Report:
    """Judge the record in a folder or a zip; whatever the folder holds, there is a report.

    group: the standard group; tests pass a smaller one. stage: `sealed` for a record that ends
    with its seal, else `final`. progress: called with the ballots read so far and the number that
    the seal names (None if unknown).
    processes: how many look at ballots; 1 is this one alone, None as many as are worth their start.
    The report does not depend on it. With more than one the program's main module is imported by
    each, as Python's multiprocessing does.
    trust: what the user knows from elsewhere; then 0.G and 24.N are demanded. receipts: whether
    20.O is. scope: how far the run goes, and what it takes over (specs/27). cluster: who looks at
    ballots instead of this machine (specs/28). say: called with what the user should know besides.
    backend: what computes, one of `verifier.backend.BACKENDS`; the report does not depend on it.
    Raises OSError when the folder itself cannot be listed, ValueError for another stage or fewer
    than one process, CannotRun for a zip that must not be read, for a journal or partial result
    that is not of this run or cannot be written, and when processes cannot be kept alive,
    MemoryError.
    """
    if stage not in {SEALED, FINAL}:
        raise ValueError(f"a record is judged at stage {SEALED} or {FINAL}, not {stage!r}")
    if processes is not None and processes < 1:
        raise ValueError(f"at least one process must look at the record, not {processes}")
    files = open_record(folder)
    listing = files.listing(is_folder_of_a_record)
    reading = Guard(v00_form.ID, v00_form.TITLE)
    order = _Order(
        folder, group, stage, progress, processes, receipts, scope, cluster, say, backend
    )
    read = reading.call(_read, files, listing, order)
    if read is None:
        return _unread(reading, stage)
    facts, looked, cluster_facts = read
    results = with_trust(_run_all(facts), facts.context, trust)
    if receipts:
        results = with_receipts(results, facts.ballots.receipts, facts.totals.demanded)
    results = looked.results(without_unfounded_passes(results))
    notes = notes_on(facts.context, facts.groups, results, receipts=receipts)
    report = Report(
        stage=stage,
        record=_info(facts),
        verifications=tuple(results),
        notes=(*notes, *looked.notes(), *trust_notes(facts.context, trust)),
        computed=tuple(filter(None, (facts.ballots.hinted.sentence(),))),
    )
    if cluster_facts is None:
        return report
    alone = partial(verify_record, folder, group, stage, progress, processes)
    rest = replace(scope, resume=None)  # the file holds what the cluster said
    look_alone = partial(
        alone, trust=trust, receipts=receipts, scope=rest, say=say, backend=backend
    )
    return weighed(report, cluster_facts, look_alone)


def _read(
    folder: RecordFolder, listing: Listing, order: _Order
) -> tuple[Facts, Looked, ClusterFacts | None]:
    """Read the whole record once, ballots included as far as the order goes."""
    form, scope = Form(), order.scope
    files = RecordFiles(folder, listing, form)
    context = read_context(files, listing, form, order.group, order.stage)
    layout = Layout(context, listing)
    extent = Extent.of(context, layout, scope)
    backend, processes = _means(order, extent)
    context = replace(context, group=backend.group)
    ballots = BallotPass(context, form, order.progress)
    runner = UnitRunner(folder, context, receipts=order.receipts, batches=backend.batches)
    plan = UnitPlan(context, layout, listing, folder, runner.rules.shapes)
    terms = Terms.of(this_program(), context, receipts=order.receipts) if scope.remembers else None
    with (
        UnitMemory(scope, folder, None if order.cluster else terms) as memory,
        executor_for(order, context, processes, backend.name, runner, terms) as executor,
    ):
        for part in memory.parts:
            extent.require_range(part.files, f"{part.path} is about", COULD_NOT_RUN)
        work = UnitWork(
            executor, memory, extent.wants(memory.parts), all_at_once=order.cluster is not None
        )
        totals = ballots.run(work.run(plan, ballots.advance))
        parts = tuple(memory.parts)
    if scope.remembers and order.cluster is None:
        order.say(extent.known(memory.found, work.seen))
    groups = compute_groups(context.manifest, totals.cells, _incomplete(context, totals))
    looked = Looked(
        scope,
        order.stage,
        extent.files,
        work.seen,
        work.passed_over,
        ballots.passed_over.total(),
        ballots.files_passed_over,
        parts,
    )
    facts = Facts(context, form, layout, ballots, totals, groups)
    return facts, looked, getattr(executor, "facts", None)  # a cluster's executor has some


def _means(order: _Order, extent: Extent) -> tuple[Backend, int]:
    """What is computed with, and in how many processes; a kernel that does not work is told of."""
    ballots = extent.most_ballots
    most = order.processes or worthwhile(extent.wanted, ballots)
    backend = backend_of(order.backend, order.group, None if ballots is None else ballots // most)
    if backend.to_tell:
        order.say(backend.to_tell)
    processes = worthwhile(extent.wanted, ballots, backend.repays_a_process)
    return backend, order.processes or processes


def executor_for(
    order: _Order,
    context: Context,
    processes: int,
    backend: str,
    runner: UnitRunner,
    terms: Terms | None,
) -> Executor:
    """Who looks at units. Nothing is started before the first unit is there.

    processes, backend: of this machine; the hosts of a cluster take what is asked for and what they
    have. runner: looks at units in this process.
    terms: of the keys under which a cluster keeps answers; None when it is to keep none. What it
    keeps is no journal: a journal holds nothing that rests on the word of others.
    """
    word = backend if order.cluster is None else order.backend
    briefing = Briefing.of(order.path, context, receipts=order.receipts, backend=word)
    if order.cluster is None:
        return on_this_machine(processes, briefing, runner)
    return cluster_executor(
        order.cluster,
        briefing,
        runner,
        processes=order.processes,
        kept=order.scope.resume,
        keys=terms,
        say=order.say,
    )


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
    passed_over = facts.ballots.passed_over.total()
    digests = {name: context.digests.get(name) for name in ("seal.json", "results.json")}
    seal, results = (None if digest is None else digest.hex() for digest in digests.values())
    counts = {
        "boxes": len(context.devices),
        "boxes_lost": sum(device.is_lost for device in context.devices),
        "ballots": totals.read,
        "ballots_unreadable": sum(totals.unreadable.values()) - passed_over,
        "cast": totals.cast,
        "challenged": totals.challenged,
        "void": totals.void,
        "openings": facts.ballots.openings,
    }
    if passed_over:
        counts["ballots_passed_over"] = passed_over
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
