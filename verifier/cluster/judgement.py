"""What a verdict may rest on when units were looked at by a cluster (specs/28)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from verifier.notes import on_what_was_not_checked
from verifier.report import Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.cluster.facts import ClusterFacts
    from verifier.report import Report, VerificationResult

# What looks at ballots, and what takes statuses, counts or products from it.
REST_ON_UNITS: Final = frozenset(
    {"V0", "V5", "V6", "V7", "V8", "V9", "V10", "V11", "V13", "V14", "V20", "V21", "V22"}
)
NOT_TRUSTED: Final = (
    "workers of a cluster looked at what it rests on, and they are not trusted: run it without "
    "--cluster, or with --trust-workers"
)
_AGAIN: Final = (
    "Cluster: what the workers had answered led to findings that this process had not made itself, "
    "so it looked at the whole record; the findings are those of this process alone."
)


def weighed(report: Report, facts: ClusterFacts, look_alone: Callable[[], Report]) -> Report:
    """The report that may be given, with notes about the cluster.

    report: as if the workers were this process. look_alone: judges the record without a cluster.
    With trust in the workers the verdict stays as it is. Without it nothing is accepted, and a
    record is rejected for findings alone that this process made itself.
    """
    notes = tuple(facts.notes())
    if facts.trust_workers:
        return report.with_notes(*notes)
    if report.verdict is Verdict.REJECTED and not is_confirmed(report, facts):
        report, notes = look_alone(), (*notes, _AGAIN)
    return _untrusted(report).with_notes(*notes)


def is_confirmed(report: Report, facts: ClusterFacts) -> bool:
    """Whether this process made every finding itself.

    Those of verifications that do not look at units are its own. Of the others it made those that
    lie in units which it looked at. A finding that came of adding units up (a sum, a chain, a
    count, an identifier that occurs twice) is not its own: any of the units may be to blame.
    """
    resting = (result for result in report.verifications if result.id in REST_ON_UNITS)
    return all(facts.confirmed.issuperset(result.findings) for result in resting)


def _untrusted(report: Report) -> Report:
    results = tuple(map(_without_pass, report.verifications))
    changed = [
        result
        for result, before in zip(results, report.verifications, strict=True)
        if result is not before
    ]
    return replace(report, verifications=results).with_notes(*on_what_was_not_checked(changed))


def _without_pass(result: VerificationResult) -> VerificationResult:
    if result.status is not Status.PASS or result.id not in REST_ON_UNITS:
        return result
    return replace(result, status=Status.NOT_CHECKED, note=NOT_TRUSTED)
