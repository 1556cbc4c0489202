"""A record from its folder to a report, by one table of verifications."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from verifier.ballot_pass import BallotPass
from verifier.checks import (
    v00_form,
    v01_parameters,
    v02_guardian_keys,
    v03_joint_keys,
    v04_extended_base_hash,
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_confirmation_codes,
    v09_aggregation,
    v10_tally_decryption,
    v11_tally_contents,
    v12_contest_data_decryption,
    v13_challenged_ballots,
    v14_challenged_contents,
    v20_devices,
    v21_plan,
    v22_results,
    v23_log,
    v24_guardians,
)
from verifier.context import FINAL, SEALED, BallotTotals, Context
from verifier.groups import TallyGroups, compute_groups
from verifier.guard import Guard
from verifier.notes import notes_on
from verifier.parameters import STANDARD
from verifier.reader.ballot_stream import BallotStream
from verifier.reader.files import RecordFolder, list_files
from verifier.reader.form import Form
from verifier.reader.layout import Layout, is_folder_of_a_record
from verifier.reader.record import read_context
from verifier.reader.record_files import RecordFiles
from verifier.report import RecordInfo, Report, Tally, VerificationResult, not_applicable
from verifier.sources import without_unfounded_passes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from verifier.algebra import Group
    from verifier.ballot_pass import Progress
    from verifier.reader.files import Listing


@dataclass
class Facts:
    """What the verifications of one run are given."""

    context: Context
    form: Form
    layout: Layout
    ballots: BallotPass
    totals: BallotTotals
    groups: TallyGroups
    products: v09_aggregation.Products = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One row of the table. run: gives the result. stages: where the verification applies."""

    id: str
    title: str
    run: Callable[[Facts], VerificationResult]
    stages: frozenset[str] = frozenset({SEALED, FINAL})


_AT_THE_END: Final = frozenset({FINAL})


def _of_context(module: ModuleType) -> Entry:
    return Entry(module.ID, module.TITLE, lambda facts: module.check(facts.context))


def _of_ballots(module: ModuleType) -> Entry:
    def finish(facts: Facts) -> VerificationResult:
        return facts.ballots.watchers[module.ID].finish(facts.totals)

    return Entry(module.ID, module.TITLE, finish)


def _of_groups(module: ModuleType) -> Entry:
    def check(facts: Facts) -> VerificationResult:
        result: VerificationResult = module.check(facts.context, facts.groups)
        return result

    return Entry(module.ID, module.TITLE, check, _AT_THE_END)


def _pre_encrypted(number: int) -> Entry:
    id_, title = f"V{number}", "Pre-encrypted ballots"
    note = "this record format has no pre-encrypted ballots"
    return Entry(id_, title, lambda _: not_applicable(id_, title, note))


def _form(facts: Facts) -> VerificationResult:
    return v00_form.check(facts.context, facts.form, facts.layout)


def _aggregation(facts: Facts) -> VerificationResult:
    watcher = facts.ballots.watchers[v09_aggregation.ID]
    result = watcher.finish(facts.groups)
    facts.products = watcher.products
    return result


def _decryption(facts: Facts) -> VerificationResult:
    return v10_tally_decryption.check(facts.context, facts.groups, facts.products)


TABLE: Final = (
    Entry(v00_form.ID, v00_form.TITLE, _form),
    _of_context(v01_parameters),
    _of_context(v02_guardian_keys),
    _of_context(v03_joint_keys),
    _of_context(v04_extended_base_hash),
    _of_ballots(v05_ballot_identifiers),
    _of_ballots(v06_selection_encryptions),
    _of_ballots(v07_contest_limits),
    _of_ballots(v08_confirmation_codes),
    Entry(v09_aggregation.ID, v09_aggregation.TITLE, _aggregation, _AT_THE_END),
    Entry(v10_tally_decryption.ID, v10_tally_decryption.TITLE, _decryption, _AT_THE_END),
    _of_groups(v11_tally_contents),
    _of_context(v12_contest_data_decryption),
    _of_ballots(v13_challenged_ballots),
    _of_ballots(v14_challenged_contents),
    *(_pre_encrypted(number) for number in range(15, 20)),
    _of_ballots(v20_devices),
    _of_groups(v21_plan),
    _of_groups(v22_results),
    _of_context(v23_log),
    _of_context(v24_guardians),
)


def verify_record(
    folder: Path,
    group: Group = STANDARD,
    stage: str = FINAL,
    progress: Progress | None = None,
) -> Report:
    """Judge the record in a folder; whatever the folder holds, there is a report.

    group: the standard group; tests pass a smaller one. stage: `sealed` for a record that ends
    with its seal, else `final`. progress: called with the ballots read so far and the number that
    the seal names (None if unknown).
    Raises OSError when the folder itself cannot be listed, ValueError for another stage,
    MemoryError.
    """
    if stage not in {SEALED, FINAL}:
        raise ValueError(f"a record is judged at stage {SEALED} or {FINAL}, not {stage!r}")
    listing = list_files(folder, is_folder_of_a_record)
    reading = Guard(v00_form.ID, v00_form.TITLE)
    facts = reading.call(_read, folder, listing, group, stage, progress)
    if facts is None:
        return _unread(reading, stage)
    results = without_unfounded_passes(_run(entry, facts) for entry in TABLE)
    return Report(
        stage=stage,
        record=_info(facts),
        verifications=tuple(results),
        notes=notes_on(facts.context, facts.groups, results),
    )


def _read(
    folder: Path, listing: Listing, group: Group, stage: str, progress: Progress | None
) -> Facts:
    """Read the whole record once, ballots included."""
    form = Form()
    files = RecordFiles(RecordFolder(folder), listing, form)
    context = read_context(files, listing, form, group, stage)
    layout = Layout(context, listing)
    ballots = BallotPass(context, form, progress)
    totals = ballots.run(files, BallotStream(files, form, context, layout))
    groups = compute_groups(context.manifest, totals.cells, totals.incomplete)
    return Facts(context, form, layout, ballots, totals, groups)


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
    digest = context.digests.get("seal.json")
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
    if facts.groups.known and context.stage == FINAL:
        counts["groups"] = len(facts.groups.groups)
    return RecordInfo(
        election=None if manifest is None else manifest.election,
        digest=None if digest is None else digest.hex(),
        rehearsal=None if manifest is None else manifest.rehearsal,
        counts=counts,
    )
