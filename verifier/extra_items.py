"""Items that an option adds to a verification of the table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verifier.report import Status, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verifier.report import Finding


def with_items(
    result: VerificationResult, findings: Iterable[Finding], demanded: int | None, checked: int
) -> VerificationResult:
    """The result of a verification that owed more units, and found what it found in those.

    demanded: units more; None when that cannot be derived. A pass becomes "not checked" when units
    are missing; what had no pass before has none after.
    """
    total = None if demanded is None or result.demanded is None else result.demanded + demanded
    found = (*result.findings, *findings)
    status = result.status
    if found:
        status = Status.FAIL
    elif status is Status.PASS and result.checked + checked != total:
        status = Status.NOT_CHECKED
    return replace(
        result, status=status, demanded=total, checked=result.checked + checked, findings=found
    )


def in_results(
    results: Iterable[VerificationResult], changed: VerificationResult
) -> list[VerificationResult]:
    """The results in the same order, that of one verification replaced."""
    return [changed if result.id == changed.id else result for result in results]


def of_id(results: Iterable[VerificationResult], id_: str) -> VerificationResult:
    """The result of a verification. Raises LookupError if there is none."""
    for result in results:
        if result.id == id_:
            return result
    raise LookupError(f"no verification {id_}")
