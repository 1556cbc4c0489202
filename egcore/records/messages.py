"""Messages of the exchange that are no lines or files of the record (specs/18)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints

from egcore.records.fields import H, N, S, Text
from egcore.records.record import Signed

Recipient = Annotated[str, StringConstraints(pattern=r"^age1[02-9ac-hj-np-z]{58}$")]


class Complaint(Signed):
    """A check failed; it ends the attempt. against: who, rule: which, detail: how, in words."""

    purpose: ClassVar[str] = "ceremony-complaint"
    kind: Literal["complaint"] = "complaint"
    guardian: N
    ceremony: H
    against: Text
    rule: Text
    detail: Text
    sig: S


class OpenRequest(Signed):
    """The guardian who assembles openings, and a fresh age recipient for the shares.

    request: number of the request, from 1; a later one is made when the assembling guardian is
    lost.
    """

    purpose: ClassVar[str] = "open-request"
    kind: Literal["open_request"] = "open_request"
    h_e: H
    request: N
    guardian: N
    recipient: Recipient
    sig: S


class VouchedReport(Signed):
    """Word of a guardian that its `dalel-verify` wrote a report.

    digest: SHA-256 of `seal.json`. report: SHA-256 of the JSON report.
    """

    purpose: ClassVar[str] = "vouched-report"
    kind: Literal["vouched_report"] = "vouched_report"
    guardian: N
    digest: H
    stage: Literal["sealed", "final"]
    verdict: Literal["accepted", "rejected", "incomplete"]
    report: H
    sig: S
