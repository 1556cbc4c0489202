"""What a run that left something out may say: its notes, and that it accepts nothing (specs/27)."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from verifier.ballot_checks import modules_of
from verifier.report import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verifier.report import VerificationResult
    from verifier.whole.part_file import Part
    from verifier.whole.scope import Scope

_FORM: Final = "V0"
_DEVICES: Final = "V20"
_ON_SUMS: Final = ("V10", "V11", "V21", "V22")


_OF_SAMPLE: Final = re.compile(
    r'Only a sample was looked at: (\S+) of the ballot files, drawn with the seed "(.*)": \d+ of '
)
_OF_FILES: Final = re.compile(r"This is a part: of the ballot files from 0 to \d+ those of (\S+) ")
_OF_PART: Final = "Ballot files "
_TAKEN: Final = "looked at elsewhere, and what was found is taken on trust"


def command_of(notes: Iterable[str]) -> str:
    """The command that gives a report with these notes, without the options of others."""
    listed = list(notes)
    for note in listed:
        if (found := _OF_SAMPLE.match(note)) is not None:
            return f"check RECORD --sample {found[1]} --seed {shlex.quote(found[2])}"
        if (found := _OF_FILES.match(note)) is not None:
            return f"check RECORD --files {found[1]} --part FILE"
    parts = sum(note.startswith(_OF_PART) and _TAKEN in note for note in listed)
    return f"merge RECORD{' PART' * parts}" if parts else "check RECORD"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a run looked at.

    stage: of the run. files: ballot files that the record should have. seen, passed_over: of those
    that are there. ballots: what should lie in those that were passed over; companions: how many
    files these are, with signatures and receipts. parts: partial results that were joined.
    """

    scope: Scope
    stage: str
    files: int
    seen: int
    passed_over: int
    ballots: int
    companions: int
    parts: Sequence[Part] = ()

    @property
    def there(self) -> int:
        """Ballot files that are there."""
        return self.seen + self.passed_over

    @property
    def is_limited(self) -> bool:
        """Whether the run must not accept: it was asked for less than the record, or got less."""
        asked = self.scope.sample is not None or self.scope.files is not None
        return asked or self.passed_over > 0

    @property
    def reason(self) -> str:
        """Why ballot files were passed over."""
        seen = f"{self.seen} of {self.there} ballot files were looked at"
        if self.scope.sample is not None:
            return f"{seen}, a sample"
        if self.scope.files is not None:
            return f"{seen}, those of --files {self.scope.files}"
        return f"{seen}, since no partial result is about the others"

    def results(self, results: Iterable[VerificationResult]) -> list[VerificationResult]:
        """The results in the same order, none of those that rest on ballots a pass."""
        listed = list(results)
        if not self.is_limited:
            return listed
        resting = {_FORM, _DEVICES, *_ON_SUMS, *(module.ID for module in modules_of(self.stage))}
        devices_fail = any(r.id == _DEVICES and r.status is Status.FAIL for r in listed)
        return [
            self._limited(result, keeps_note=devices_fail) if result.id in resting else result
            for result in listed
        ]

    def _limited(self, result: VerificationResult, *, keeps_note: bool) -> VerificationResult:
        """One result. keeps_note: it may say what else it lacks."""
        if result.id == _FORM:
            result = replace(
                result,
                status=Status.NOT_CHECKED if result.status is Status.PASS else result.status,
                checked=result.checked - self.companions,
            )
        if result.status is Status.PASS:
            result = replace(result, status=Status.NOT_CHECKED)
        if result.status is not Status.NOT_CHECKED or (keeps_note and result.note):
            return result
        demanded = "?" if result.demanded is None else result.demanded
        note = f"{result.checked} of {demanded} checked; {self.reason}"
        return replace(result, note=note)

    def notes(self) -> Iterator[str]:
        """Sentences for the report."""
        sample = self.scope.sample
        if sample is not None:
            yield (
                f"Only a sample was looked at: {sample.percent} of the ballot files, drawn with "
                f'the seed "{sample.seed}": {self.seen} of {self.there}. {self.ballots} ballots '
                "should lie in the others. A sample accepts nothing."
            )
        if self.scope.files is not None:
            yield (
                f"This is a part: of the ballot files from 0 to {self.files - 1} those of "
                f"{self.scope.files} were looked at. dalel-verify merge joins it with the others."
            )
        for part in self.parts:
            yield (
                f"{_OF_PART}{part.files} were {_TAKEN}: from the partial result with the SHA-256 "
                f"{part.digest.hex()}."
            )
        if self.scope.parts is not None and self.passed_over:
            yield (
                f"No partial result is about {self.passed_over} of {self.there} ballot files: "
                "they were not looked at."
            )
