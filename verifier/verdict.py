"""The one sentence that a report ends with: the verdict, and what it must not be taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.context import SEALED
from verifier.notes import NO_WITNESSES, SMALL_GROUP
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
        failed = [result for result in report.verifications if result.findings]
        number = sum(len(result.findings) for result in failed)
        names = ", ".join(result.id for result in failed)
        return f"REJECTED: {what} has {number} finding{'s' if number > 1 else ''}, in {names}"
    unchecked = [
        result.id for result in report.verifications if result.status is Status.NOT_CHECKED
    ]
    return f"INCOMPLETE: nothing was found in {what}, but not all of {_list(unchecked)} was checked"


def _list(names: list[str]) -> str:
    return ", ".join(names) if names else "what is demanded"


def _what(report: Report) -> str:
    """The thing that was judged; a rehearsal is called one."""
    record = "the sealed record" if report.stage == SEALED else "the record"
    kind = {True: "the rehearsal", False: "the election", None: "an election that"}
    name = report.record.election or "could not be read"
    return f"{record} of {kind[report.record.rehearsal]} {name}"


def _what_it_is_not(report: Report) -> Iterator[str]:
    if report.stage == SEALED:
        yield "nothing has been decrypted"
    if NO_WITNESSES in report.notes:
        yield "nobody witnessed the record"
    if any(SMALL_GROUP in note for note in report.notes):
        yield "a group smaller than the floor was decrypted"
    yield "signatures in receipts are no part of this verdict"
