"""The verifier's report on a sealed record: without an accepted one nothing is decrypted.

The verifier runs as a process of its own and holds no key; a guardian vouches for its report by
signing its digest (specs/18).
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from egcore.canonical import MAX_FILE
from egcore.errors import MalformedRecord, MissingMessage, ProtocolViolation
from egcore.program import ProgramError
from egcore.records.messages import VouchedReport
from egcore.rounds import party
from egcore.signed import UNSIGNED, sign_record, signature_holds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from egcore.group import Group
    from keyceremony.home import Desk
    from keyceremony.mailbox import Mailbox

SEALED: Final = "sealed"
ACCEPTED: Final = "accepted"


def report_name(digest: bytes, index: int) -> str:
    """Return the name of the report that guardian `index` vouched for; digest: of `seal.json`."""
    return f"reports/{digest.hex()}/{index}.json"


def reported_digest(raw: bytes, path: str) -> bytes:
    """Return the digest of the seal that a report accepts at stage sealed.

    raw: the JSON report of `dalel-verify check --stage sealed`, made on this machine.
    Raises MalformedRecord for what is no such report, and ProgramError for another verdict or
    stage, saying which.
    """
    if len(raw) > MAX_FILE:
        raise MalformedRecord(path, f"longer than {MAX_FILE} bytes")
    try:
        report = json.loads(raw, object_pairs_hook=_object)
        verdict, stage = report["verdict"], report["stage"]
        digest = bytes.fromhex(report["record"]["digest"])
    except (ValueError, LookupError, TypeError, RecursionError):
        raise MalformedRecord(path, "is not a report of dalel-verify with a digest") from None
    if (verdict, stage) != (ACCEPTED, SEALED):
        raise ProgramError(
            f"{path}: expected the verdict accepted at stage sealed, found {verdict!s:.40} at "
            f"stage {stage!s:.40}",
            "read the findings: dalel-verify check RECORD --stage sealed; nothing is decrypted",
        )
    return digest


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a name that stands twice: one reader would take the first, another the last."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice")
    return members


def require_accepted(raw: bytes, path: str, digest: bytes) -> None:
    """Require a report to accept the record with this seal at stage sealed.

    digest: SHA-256 of the `seal.json` that this guardian works on.
    Raises what reported_digest raises, and ProgramError for another seal.
    """
    found = reported_digest(raw, path)
    if found != digest:
        raise ProgramError(
            f"{path} is about another seal: expected {digest.hex()}, found {found.hex()}",
            "run dalel-verify on the record that is to be decrypted",
        )


def vouch(desk: Desk, raw: bytes, path: str) -> VouchedReport:
    """Publish that this guardian's own verifier wrote this report; only accepted ones.

    Returns what stands in the exchange: the word on an earlier report on the same seal if there
    was one, which is not replaced. Raises what reported_digest raises.
    """
    digest = reported_digest(raw, path)
    unsigned = VouchedReport(
        guardian=desk.index,
        digest=digest,
        stage=SEALED,
        verdict=ACCEPTED,
        report=hashlib.sha256(raw).digest(),
        sig=UNSIGNED,
    )
    name = report_name(digest, desk.index)
    sent = desk.box.send(
        name, lambda: sign_record(unsigned, desk.me.key, desk.group).to_bytes(desk.group)
    )
    return VouchedReport.from_bytes(sent, desk.group, name)


def require_vouched(
    box: Mailbox, keys: Mapping[int, bytes], index: int, digest: bytes, group: Group
) -> None:
    """Require guardian `index` to have vouched for an accepted report on this seal.

    keys: enrolment keys of all guardians. index: whom this guardian chose to trust in this.
    Raises MissingMessage, MalformedRecord, ProtocolViolation.
    """
    if index not in keys:
        raise ProgramError(f"there is no guardian {index} of {len(keys)}", "name one of them")
    name = report_name(digest, index)
    data = box.fetch(name)
    if data is None:
        raise MissingMessage(party(index), name, "it has vouched for no report on this seal")
    report = VouchedReport.from_bytes(data, group, name)
    genuine = signature_holds(report, report.sig, keys[index], group)
    if report.guardian != index or report.digest != digest or not genuine:
        detail = f"{name} is not its word on this seal: guardian, digest or signature is wrong"
        raise ProtocolViolation(index, "vouched-report", detail)
    if (report.verdict, report.stage) != (ACCEPTED, SEALED):
        detail = f"its report says {report.verdict} at stage {report.stage}; nothing is decrypted"
        raise ProtocolViolation(index, "vouched-report", detail)
    box.keep(name, data)
