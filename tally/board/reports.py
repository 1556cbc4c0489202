"""Reports of `dalel-verify` that the board was given (specs/13, JSON report).

A report is shown under the name of its file: who made it is the operator's word. The board judges
nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from egcore.canonical import MAX_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from egcore.storage import Storage

MAX_REPORTS: Final = 1_000
Verdict = Literal["rejected", "incomplete", "accepted", "unreadable", "other record"]
_ORDER: Final[tuple[Verdict, ...]] = (
    "rejected",
    "incomplete",
    "unreadable",
    "other record",
    "accepted",
)
Short = Annotated[str, Field(max_length=10_000)]


class _Part(BaseModel):
    """Base of what is read of a report; members that the board does not show are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, hide_input_in_errors=True)


class Finding(_Part):
    """One finding, in the words of the verifier."""

    item: Short
    where: Short
    expected: Short
    found: Short
    meaning: Short


class Verification(_Part):
    """One verification of a report."""

    id: Annotated[str, Field(max_length=8)]
    status: Literal["pass", "fail", "not checked", "not applicable"]
    findings: tuple[Finding, ...] = ()


class _Judged(_Part):
    digest: str | None = None
    results: str | None = None


class _ReportFile(_Part):
    verdict: Literal["accepted", "rejected", "incomplete"]
    stage: Literal["sealed", "final"]
    record: _Judged
    verifications: tuple[Verification, ...]


class Report(NamedTuple):
    """What one report says of this record."""

    name: str
    verdict: Verdict
    stage: Literal["sealed", "final"] | None
    verifications: tuple[Verification, ...]

    def ids(self, status: str) -> list[str]:
        """Verifications of this status, such as V6."""
        return [part.id for part in self.verifications if part.status == status]

    @property
    def failed(self) -> list[str]:
        """Verifications that failed."""
        return self.ids("fail")

    @property
    def findings(self) -> list[Finding]:
        """The first finding of each verification that failed."""
        return [part.findings[0] for part in self.verifications if part.findings]


class Digests(NamedTuple):
    """SHA-256 of `seal.json` and of `results.json`, by which a report names a record."""

    seal: bytes | None
    results: bytes | None


def read_reports(storage: Storage, record: Digests) -> tuple[Report, ...]:
    """Return the reports of a folder, disagreement first, then by name.

    A report on another seal, or on the whole record with other results, is listed as such; a
    rejection that could not read its seal counts against this record. At most 1,000 files are
    read.
    """
    names = [name for name in storage.list("") if name.endswith(".json")][:MAX_REPORTS]
    reports = (_read(storage, name, record) for name in names)
    return tuple(sorted(reports, key=lambda report: (_ORDER.index(report.verdict), report.name)))


def _read(storage: Storage, name: str, record: Digests) -> Report:
    shown = name.removesuffix(".json")
    try:
        with storage.open_stream(name) as file:
            raw = file.read(MAX_FILE + 1)
        if len(raw) > MAX_FILE:
            return Report(shown, "unreadable", None, ())
        content = _ReportFile.model_validate_json(raw)
    except (OSError, ValueError):  # a path that is not plain, or a report of another form
        return Report(shown, "unreadable", None, ())
    unknown = content.record.digest is None and content.verdict == "rejected"
    verdict: Verdict = content.verdict if unknown or _same(content, record) else "other record"
    return Report(shown, verdict, content.stage, content.verifications)


def _same(report: _ReportFile, record: Digests) -> bool:
    """Whether a report is on this record; a rejection may name other results, or none."""
    if record.seal is None or report.record.digest != record.seal.hex():
        return False
    if report.stage == "sealed" or report.verdict == "rejected":
        return True
    return record.results is not None and report.record.results == record.results.hex()


class Tallied(NamedTuple):
    """How many reports on this record say what."""

    accepted: int
    rejected: int
    incomplete: int


def count_verdicts(reports: Iterable[Report], *, published: bool) -> Tallied:
    """Count the reports on this record by verdict.

    published: there are results, of which a report on the sealed record says nothing; then it
    counts only when it rejects.
    """
    verdicts = [
        report.verdict
        for report in reports
        if report.stage == "final" or report.verdict == "rejected" or not published
    ]
    return Tallied(*(verdicts.count(name) for name in ("accepted", "rejected", "incomplete")))


def who_checked(reports: Iterable[Report], ids: Iterable[str]) -> tuple[str, int]:
    """Return what the reports on this record say of some verifications, and how many say it.

    `bad` with the number of reports in which one failed; else `ok` with the number in which all
    passed, if any; else `none`.
    """
    wanted = set(ids)
    failed = passed = 0
    for report in reports:
        if report.verdict in ("accepted", "rejected", "incomplete"):
            failed += bool(wanted & set(report.ids("fail")))
            passed += wanted <= set(report.ids("pass"))
    if failed:
        return "bad", failed
    return ("ok", passed) if passed else ("none", 0)
