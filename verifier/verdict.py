"""The one sentence that a report ends with: the verdict, and what it must not be taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.cluster.facts import is_on_trusted_hosts
from verifier.context import SEALED
from verifier.notes import NO_WITNESSES, RECEIPTS_CHECKED, is_on_small_group
from verifier.report import Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.report import Report


def verdict_sentence(report: Report) -> str:
    """The verdict as one sentence."""
    return "; ".join((_verdict(report), *_what_it_is_not(report))) + "."


def _verdict(report: Report) -> str:
    what = _what(report)
    if report.verdict is Verdict.ACCEPTED:
        return f"ACCEPTED: {what} holds in everything that was demanded of it"
    if report.verdict is Verdict.REJECTED:
        items = [finding.item for result in report.verifications for finding in result.findings]
        return f"REJECTED: {what} fails {', '.join(dict.fromkeys(items))}"
    unchecked = [
        result.id for result in report.verifications if result.status is Status.NOT_CHECKED
    ]
    names = ", ".join(unchecked) or "anything"
    return f"INCOMPLETE: nothing was found in {what}, and not checked in full was {names}"


def _what(report: Report) -> str:
    """The thing that was judged; a rehearsal is called one."""
    record = "the sealed record" if report.stage == SEALED else "the record"
    name = report.record.election
    if not name:
        return f"{record} of an election that could not be read"
    return f"{record} of {'the rehearsal' if report.record.rehearsal else 'the election'} {name}"


def _what_it_is_not(report: Report) -> Iterator[str]:
    if report.stage == SEALED:
        yield "nothing has been decrypted"
    if NO_WITNESSES in report.notes:
        yield "nobody witnessed the record"
    if any(map(is_on_trusted_hosts, report.notes)):
        yield "hosts of a cluster were trusted with ballots"
    lost = report.record.counts.get("boxes_lost", 0)
    if lost:
        yield f"{lost} box{' was' if lost == 1 else 'es were'} lost"
    if any(map(is_on_small_group, report.notes)):
        yield "a group smaller than the floor was decrypted"
    if report.format.has_receipts and RECEIPTS_CHECKED not in report.notes:
        yield "signatures in receipts are no part of this verdict"
    yield from report.format.limits
