"""Verification 0: the record has the form that the format demands, so it has one meaning.

The reader finds 0.A, 0.B, 0.C and 0.E as it goes, and keeps them in `Form`; 0.D and 0.F are found
here, from what has been read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.manifest_rules import check_manifest_rules
from verifier.reader.form import ID, MEANING, TITLE
from verifier.report import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.context import Context, Device
    from verifier.model import BallotFileSignature, Manifest
    from verifier.model_results import Results
    from verifier.reader.form import Form
    from verifier.reader.layout import Layout
    from verifier.report import VerificationResult

__all__ = ["ID", "TITLE", "check", "check_ballot_file_signature"]


def _differs(at: Location, name: str, expected: object, found: object) -> Iterator[Finding]:
    """0.F: a name or number is that of the record, the registry and the file's name."""
    if expected != found:
        yield at.fails(
            "0.F",
            expected=f"{name} {_shown(expected)}",
            found=f"{name} {_shown(found)}",
            meaning=MEANING["0.F"],
        )


def _shown(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def check_rules(manifest: Manifest, at: Location) -> Iterator[Finding]:
    """0.D: yield a finding for each broken rule of a manifest of the right shape."""
    for fault in check_manifest_rules(manifest):
        yield at.fails(
            "0.D",
            expected=f"{fault.rule}, {fault.place}: {fault.expected}",
            found=fault.found,
            meaning=MEANING["0.D"],
        )


def check_ballot_file_signature(
    h_e: bytes | None, device: str, number: int, signature: BallotFileSignature
) -> Iterator[Finding]:
    """0.F of a `.sig` file. h_e: as in `parameters.json`; None if that could not be read.

    device, number: of the name of the file.
    """
    yield from _same_election(h_e, signature.h_e, signature.at)
    yield from _differs(signature.at, "device", device, signature.device)
    yield from _differs(signature.at, "file", number, signature.file)


def _same_election(h_e: bytes | None, found: bytes, at: Location) -> Iterator[Finding]:
    if h_e is not None:
        yield from _differs(at, "h_e", h_e, found)


def check_one_election(context: Context) -> Iterator[Finding]:
    """0.F of everything but the files of ballots, which pass by in a stream.

    The sign-off lines of the transcript name several h_e: 24.H judges those.
    """
    h_e = None if context.parameters is None else context.parameters.h_e
    for line in context.registry_lines():
        yield from _same_election(h_e, line.h_e, line.at)
    for device in context.devices:
        yield from _check_device(h_e, device)
    if context.seal is not None:
        yield from _same_election(h_e, context.seal.h_e, context.seal.at)
        for box in context.seal.boxes:
            if box.loss is not None:
                yield from _same_election(h_e, box.loss.h_e, box.at)
                yield from _differs(box.at, "device", box.device, box.loss.device)
    if context.plan_file is not None:
        yield from _same_election(h_e, context.plan_file.h_e, context.plan_file.at)
    for statement in context.statements:
        yield from _same_election(h_e, statement.h_e, statement.at)
        yield from _differs(statement.at, "guardian", statement.number, statement.guardian)
    if context.results is not None:
        yield from _check_results(h_e, context.manifest, context.results)


def _check_device(h_e: bytes | None, device: Device) -> Iterator[Finding]:
    file = device.file
    if file is not None:
        yield from _same_election(h_e, file.h_e, file.at)
        yield from _differs(file.at, "device", device.id, file.device)
        yield from _differs(file.at, "precinct", device.precinct, file.precinct)


def _check_results(
    h_e: bytes | None, manifest: Manifest | None, results: Results
) -> Iterator[Finding]:
    yield from _same_election(h_e, results.h_e, results.at)
    for lot in results.lots:
        yield from _same_election(h_e, lot.h_e, lot.at)
    if manifest is not None:
        yield from _differs(results.at, "rehearsal", manifest.rehearsal, results.rehearsal)


def check_closings(context: Context) -> Iterator[Finding]:
    """0.C: a box that the seal does not state lost has all members in its file."""
    for device in context.devices:
        file = device.file
        if file is None or device.sealed is None or device.is_lost or file.closing is not None:
            continue
        yield file.at.fails(
            "0.C",
            expected="the members closing, files and sig",
            found="the file of a lost box, which this one is not",
            meaning=MEANING["0.C"],
        )


def check(context: Context, form: Form, layout: Layout) -> VerificationResult:
    """V0 of a record; units are the files that it must have.

    form: what reading the whole record, ballots included, has found. layout: of the same record.
    """
    layout.check(form)
    if context.manifest is not None:
        form.tally.add(check_rules(context.manifest, Location(file="manifest.json")))
    form.tally.add(check_closings(context))
    form.tally.add(check_one_election(context))
    form.tally.checked = layout.whole(form.faulty)
    return form.tally.conclude(layout.demanded)
