"""Complaints: a guardian says, signed, that a check failed; the attempt has ended then."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from egcore.errors import InvalidProof, ProtocolViolation
from egcore.program import ProgramError
from egcore.records.messages import Complaint
from egcore.rounds import party
from egcore.signed import UNSIGNED, sign_record
from keyceremony.attempt import message_name

if TYPE_CHECKING:
    from keyceremony.attempt import Attempt
    from keyceremony.home import Desk

_TEXT: Final = 200


def complain(desk: Desk, attempt: Attempt, cause: ProtocolViolation | InvalidProof) -> None:
    """Publish what failed; a complaint that was made before is sent again as it was.

    attempt: its members are known, so its identifier is.
    """
    if isinstance(cause, InvalidProof):
        against, rule = cause.where, cause.item
    else:
        against = party(cause.party) if isinstance(cause.party, int) else cause.party
        rule = cause.rule
    publish_complaint(desk, attempt, against, rule, cause.detail)


def publish_complaint(desk: Desk, attempt: Attempt, against: str, rule: str, detail: str) -> None:
    """Publish a complaint, by a check or by hand. Source: specs/18."""
    unsigned = Complaint(
        guardian=desk.index,
        ceremony=attempt.members.ceremony,
        against=_text(against),
        rule=_text(rule),
        detail=_text(detail),
        sig=UNSIGNED,
    )
    complaint = sign_record(unsigned, desk.me.key, desk.group)
    name = message_name(attempt.terms.attempt, "complaint", desk.index)
    desk.box.send(name, lambda: complaint.to_bytes(desk.group))


def _text(words: str) -> str:
    """Return the words as a `text` of specs/11: one line of at most 200 characters, in NFC."""
    refused = ("C", "Zl", "Zp")
    plain = "".join(
        " " if unicodedata.category(c).startswith(refused) else c
        for c in unicodedata.normalize("NFC", words)
    )
    joined = " ".join(plain.split())
    if not joined:
        raise ProgramError("a complaint needs words", "say who, and what is wrong")
    return joined if len(joined) <= _TEXT else f"{joined[: _TEXT - 3].rstrip()}..."
