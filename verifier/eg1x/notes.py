"""What a report on a 1.x record says beside its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.checks.v03_joint_key import is_by_name
from verifier.notes import on_what_was_not_checked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verifier.eg1x.reader.files import RecordFiles
    from verifier.eg1x.record import Record
    from verifier.report import VerificationResult

CANDIDATES = (
    "Names of candidates, and which party they are of, are in no hash of this format: have them "
    "from elsewhere."
)
EXTENDED_DATA = (
    "Over-votes and write-ins on ballots (extended_data) are under no proof and in no hash of this "
    "format: nothing was said about them."
)
NUMBER_OF_BALLOTS = (
    "This format does not state how many ballots there are. The sums bind those that were cast; a "
    "spoiled ballot, or the last of a device, can be left out without a trace."
)
NO_SIGNATURES = "No file of this format is signed, and nobody witnessed the record."
BY_NAME = (
    "The commitment hash has the guardians in the order of their file names, and not in that of "
    "their sequence orders."
)


def notes_on(
    record: Record, files: RecordFiles, results: Iterable[VerificationResult]
) -> tuple[str, ...]:
    """The notes of a report, in the order in which they are printed."""
    return (*_notes(record, files), *on_what_was_not_checked(results))


def _notes(record: Record, files: RecordFiles) -> Iterator[str]:
    yield from (CANDIDATES, EXTENDED_DATA, NUMBER_OF_BALLOTS, NO_SIGNATURES)
    if is_by_name(record):
        yield BY_NAME
    if files.beside:
        yield (
            f"Beside the folder election_record lie {files.beside} other files or folders, which "
            "are not part of the record and were not read."
        )
