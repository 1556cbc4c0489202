"""What a verifier says: findings, the result of each verification, and the report."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from verifier.findings import Finding, Location, brief

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "ELECTIONGUARD_1X",
    "ELECTIONGUARD_21",
    "Finding",
    "Location",
    "RecordFormat",
    "RecordInfo",
    "RejectedRecord",
    "Report",
    "Status",
    "Tally",
    "Verdict",
    "VerificationResult",
    "brief",
    "not_applicable",
]

MOST_FINDINGS_OF_AN_ITEM: Final = 1_000  # a hostile record must not exhaust the memory


class Status(Enum):
    """The outcome of one verification."""

    PASS = "pass"  # noqa: S105 -- a word of the report, not a password
    FAIL = "fail"
    NOT_CHECKED = "not checked"
    NOT_APPLICABLE = "not applicable"


class Verdict(Enum):
    """The outcome of all of them."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True)
class VerificationResult:
    """One verification: what it had to look at, what it looked at, and what it found.

    demanded: how many units the verification owed, derived from the manifest and from items that
    passed; None when that could not be derived. checked: units looked at to the end.
    """

    id: str
    title: str
    status: Status
    demanded: int | None
    checked: int
    findings: tuple[Finding, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a result that says more than was looked at."""
        if self.status is Status.PASS and (self.findings or self.checked != self.demanded):
            raise ValueError(
                f"{self.id} cannot pass: demanded {self.demanded}, checked {self.checked}, "
                f"{len(self.findings)} findings"
            )
        if self.findings and self.status is not Status.FAIL:
            raise ValueError(f"{self.id} has findings, so its status is {Status.FAIL.value}")
        if self.status is Status.FAIL and not self.findings:
            raise ValueError(f"{self.id} fails without a finding")

    @property
    def failed_items(self) -> frozenset[str]:
        """The items that have a finding."""
        return frozenset(finding.item for finding in self.findings)

    def to_json(self) -> dict[str, object]:
        """The members of one entry of `verifications`."""
        return {
            "id": self.id,
            "title": self.title,
            "status": self.status.value,
            "demanded": self.demanded,
            "checked": self.checked,
            "findings": [finding.to_json() for finding in self.findings],
        }


@dataclass
class Tally:
    """The running count of one verification; `conclude` turns it into a result."""

    id: str
    title: str
    checked: int = 0
    _kept: list[Finding] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)

    def add(self, findings: Iterable[Finding]) -> bool:
        """Take findings; whether there were any. Beyond a bound they are counted and not kept."""
        any_found = False
        for finding in findings:
            any_found = True
            number = self._counts.get(finding.item, 0)
            self._counts[finding.item] = number + 1
            if number < MOST_FINDINGS_OF_AN_ITEM:
                self._kept.append(finding)
        return any_found

    def merge(self, later: Tally) -> None:
        """Take the count and the findings of the part that follows, as if they came one by one."""
        self.checked += later.checked
        self.add(later._kept)
        for item, number in later._counts.items():
            self._counts[item] += max(0, number - MOST_FINDINGS_OF_AN_ITEM)

    def conclude(self, demanded: int | None, note: str = "") -> VerificationResult:
        """The result: fail with a finding, pass if all that was demanded was checked.

        demanded: None when what had to be looked at could not be derived.
        """
        findings = (*self._kept, *self._left_out())
        if findings:
            status = Status.FAIL
        elif demanded is not None and self.checked == demanded:
            status = Status.PASS
        else:
            status = Status.NOT_CHECKED
        return VerificationResult(
            self.id, self.title, status, demanded, self.checked, findings, note
        )

    def _left_out(self) -> Iterable[Finding]:
        for item, number in self._counts.items():
            if number > MOST_FINDINGS_OF_AN_ITEM:
                yield Finding(
                    item,
                    "the whole record",
                    "no finding",
                    f"{number - MOST_FINDINGS_OF_AN_ITEM} more findings of this item",
                    "They are counted here and not listed.",
                )


def not_applicable(id_: str, title: str, note: str) -> VerificationResult:
    """A verification that the manifest, the record format or the stage does not ask for."""
    return VerificationResult(id_, title, Status.NOT_APPLICABLE, 0, 0, (), note)


@dataclass(frozen=True)
class RecordFormat:
    """What a report says of the format of its record.

    digest_of: what `record.digest` is the SHA-256 of. has_receipts: whether its ballots have some.
    limits: what a verdict on this format never covers.
    """

    name: str
    digest_of: str
    has_receipts: bool
    limits: tuple[str, ...] = ()


ELECTIONGUARD_21: Final = RecordFormat("electionguard-2.1", "seal.json", has_receipts=True)
ELECTIONGUARD_1X: Final = RecordFormat(
    "electionguard-1.x",
    "all files by name",
    has_receipts=False,
    limits=("nothing in such a record binds the names of candidates or the number of ballots",),
)


class RejectedRecord(Exception):  # noqa: N818 -- says what happened; the record is at fault
    """`Report.require_accepted` was called on a record that was not accepted."""


@dataclass(frozen=True)
class RecordInfo:
    """What the report says about the record itself; None where it could not be read."""

    election: str | None
    digest: str | None  # SHA-256 of seal.json
    rehearsal: bool | None
    counts: Mapping[str, int]
    results: str | None = None  # SHA-256 of results.json; None at stage "sealed"


@dataclass(frozen=True)
class Report:
    """All verifications of one record at one stage ("sealed" or "final").

    computed: what people are told of how this run computed. It is not in the JSON report, whose
    bytes are the same whatever computes.
    """

    stage: str
    record: RecordInfo
    verifications: tuple[VerificationResult, ...]
    notes: tuple[str, ...] = ()
    format: RecordFormat = ELECTIONGUARD_21
    computed: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Rejected if anything failed, incomplete if anything was not checked, else accepted."""
        statuses = {result.status for result in self.verifications}
        if Status.FAIL in statuses:
            return Verdict.REJECTED
        if Status.NOT_CHECKED in statuses or Status.PASS not in statuses:
            return Verdict.INCOMPLETE
        return Verdict.ACCEPTED

    @property
    def failed_items(self) -> frozenset[str]:
        """Every item that has a finding."""
        return frozenset().union(*(result.failed_items for result in self.verifications))

    def __bool__(self) -> bool:
        """Refuse: `if report:` would be true of a rejected record."""
        raise TypeError("a report has no truth value: compare its verdict, or require_accepted()")

    def require_accepted(self) -> None:
        """Raise RejectedRecord unless the verdict is accepted."""
        if self.verdict is not Verdict.ACCEPTED:
            items = ", ".join(sorted(self.failed_items)) or "none"
            raise RejectedRecord(f"verdict {self.verdict.value}, failed items: {items}")

    def with_notes(self, *notes: str) -> Report:
        """The same report with more notes."""
        return replace(self, notes=(*self.notes, *notes))

    def to_json_bytes(self) -> bytes:
        """The JSON report: the same bytes for the same report, with a newline at the end."""
        content = {
            "format": self.format.name,
            "verdict": self.verdict.value,
            "stage": self.stage,
            "record": {
                "election": self.record.election,
                "digest": self.record.digest,
                "results": self.record.results,
                "rehearsal": self.record.rehearsal,
                "counts": dict(self.record.counts),
            },
            "verifications": [result.to_json() for result in self.verifications],
            "notes": list(self.notes),
        }
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        return (text + "\n").encode("utf-8", errors="backslashreplace")
