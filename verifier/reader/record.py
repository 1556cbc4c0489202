"""The small files of a record, read once, as the context of all verifications."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from verifier.context import FINAL, Context, Device, LineReaders
from verifier.reader import layout
from verifier.reader.devices import BOX, parse_device_file, parse_registry_line, parse_seal
from verifier.reader.keys import (
    ENROL,
    parse_guardians,
    parse_parameters,
    parse_transcript_line,
)
from verifier.reader.manifest import parse_manifest
from verifier.reader.results import parse_results
from verifier.reader.shape import GroupShapes
from verifier.reader.tally import (
    parse_decrypted_line,
    parse_plan_file,
    parse_plan_line,
    parse_statement,
)
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from verifier.algebra import Group
    from verifier.model import (
        DecryptedLine,
        Guardians,
        Manifest,
        Parameters,
        PlanFile,
        PlanLine,
        Seal,
        SealedBox,
        Statement,
        TranscriptLine,
    )
    from verifier.model_results import Results
    from verifier.reader.files import Listing
    from verifier.reader.form import Form
    from verifier.reader.record_files import RecordFiles

RULES: Final = (layout.MANIFEST, layout.PARAMETERS, layout.GUARDIANS)


@dataclass(frozen=True)
class LineParsers:
    """The lines of a record for one group, as `RecordFiles` wants them."""

    shapes: GroupShapes

    def transcript(self, value: dict[str, object], at: Location, line: bytes) -> TranscriptLine:
        """A line of the transcript."""
        return parse_transcript_line(value, at, self.shapes, line)

    def plan(self, value: dict[str, object], at: Location, _line: bytes) -> PlanLine:
        """A line of the plan."""
        return parse_plan_line(value, at, self.shapes)

    def decrypted(self, value: dict[str, object], at: Location, _line: bytes) -> DecryptedLine:
        """A line of the decryption."""
        return parse_decrypted_line(value, at, self.shapes)


@dataclass
class _TallyFiles:
    plan_file: PlanFile | None = None
    statements: list[Statement] = field(default_factory=list)
    results: Results | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The files that say how a ballot is judged; None what is missing or could not be read."""

    manifest_bytes: bytes | None
    manifest: Manifest | None
    parameters: Parameters | None
    guardians: Guardians | None


def read_rules(files: RecordFiles, form: Form, group: Group) -> Rules:
    """Read the files `RULES`. group: the group demanded, never the record's."""
    shapes = GroupShapes(group)
    raw = files.bytes_of(layout.MANIFEST)
    at = Location(file=layout.MANIFEST)
    return Rules(
        manifest_bytes=raw,
        manifest=None if raw is None else form.read(raw, at, parse_manifest),
        parameters=files.noun(layout.PARAMETERS, lambda v, at, _: parse_parameters(v, at, shapes)),
        guardians=files.noun(layout.GUARDIANS, lambda v, at, _: parse_guardians(v, at, shapes)),
    )


def read_context(
    files: RecordFiles, listing: Listing, form: Form, group: Group, stage: str
) -> Context:
    """Read everything but ballots, receipts and openings.

    listing: of the same folder as `files`. group: the group demanded, never the record's.
    stage: `sealed` or `final`; what a sealed record does not have is not read.
    """
    parsers = LineParsers(GroupShapes(group))
    rules = read_rules(files, form, group)
    keys = _enrolment_keys(files.nouns(layout.TRANSCRIPT, parsers.transcript))
    boxes = _boxes(files)
    seal = files.noun(layout.SEAL, parse_seal)
    devices = tuple(_devices(files, boxes, seal))
    tally = _read_tally(files, listing, parsers) if stage == FINAL else _TallyFiles()
    return Context(
        group=group,
        stage=stage,
        manifest=rules.manifest,
        manifest_bytes=rules.manifest_bytes,
        parameters=rules.parameters,
        guardians=rules.guardians,
        seal=seal,
        devices=devices,
        plan_file=tally.plan_file,
        statements=tuple(tally.statements),
        results=tally.results,
        digests=dict(files.digests),
        faulty=frozenset(form.faulty),
        enrolment_keys=keys,
        lines=_line_readers(files, parsers),
    )


def _line_readers(files: RecordFiles, parsers: LineParsers) -> LineReaders:
    return LineReaders(
        transcript=lambda: files.again(layout.TRANSCRIPT, parsers.transcript),
        registry=lambda: files.again(layout.REGISTRY, parse_registry_line),
        plan=lambda: files.again(layout.PLAN, parsers.plan),
        decrypted=lambda: files.again(layout.DECRYPTED, parsers.decrypted),
    )


def _enrolment_keys(lines: Iterable[TranscriptLine | None]) -> dict[int, bytes]:
    """The key of the first `enrol` line of each guardian."""
    keys: dict[int, bytes] = {}
    for line in lines:
        if line is not None and line.kind == ENROL:
            keys.setdefault(line.guardian, bytes.fromhex(str(line.content["key"])))
    return keys


def _boxes(files: RecordFiles) -> dict[str, tuple[str, bytes]]:
    """Precinct and key of every box of the registry, in order; an id counts where it is first."""
    boxes: dict[str, tuple[str, bytes]] = {}
    for line in files.nouns(layout.REGISTRY, parse_registry_line):
        if line is None or line.kind != BOX:
            continue
        if line.id is not None and line.precinct is not None and line.key is not None:
            boxes.setdefault(line.id, (line.precinct, line.key))
    return boxes


def _devices(
    files: RecordFiles, boxes: dict[str, tuple[str, bytes]], seal: Seal | None
) -> Iterator[Device]:
    sealed: dict[str, SealedBox] = {}
    for box in () if seal is None else seal.boxes:
        sealed.setdefault(box.device, box)
    for id_, (precinct, key) in boxes.items():
        file = files.noun(layout.device_path(id_), parse_device_file)
        yield Device(id_, precinct, key, file, sealed.get(id_))


def _read_tally(files: RecordFiles, listing: Listing, parsers: LineParsers) -> _TallyFiles:
    for _ in files.nouns(layout.PLAN, parsers.plan):
        pass  # read for its form; verifications read it again
    for _ in files.nouns(layout.DECRYPTED, parsers.decrypted):
        pass
    found = _TallyFiles(plan_file=files.noun(layout.PLAN_FILE, parse_plan_file))
    for number in layout.statement_numbers(listing.files):
        statement = files.noun(layout.statement_path(number), _statement_of(number))
        if statement is not None:
            found.statements.append(statement)
    found.results = files.noun(layout.RESULTS, lambda v, at, _: parse_results(v, at))
    return found


def _statement_of(number: int) -> Callable[[dict[str, object], Location, bytes], Statement]:
    return lambda value, at, _: parse_statement(value, at, number)
