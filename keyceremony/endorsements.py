"""What a guardian signs with its enrolment key after the ceremony: seal, plan, statement."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from egcore.records.signatures import GuardianSig
from egcore.records.tally import (
    DecryptCommit,
    DecryptRespond,
    DecryptReveal,
    PlanFile,
    Statement,
    StatementMessages,
)
from egcore.signed import UNSIGNED, sign_record, signature_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.group import Group
    from egcore.records.record import Record
    from egcore.records.seal import Seal
    from keyceremony.messages import Enrolled


def sign_seal(me: Enrolled, seal: Seal) -> GuardianSig:
    """Return this guardian's signature on a seal whose record it has checked."""
    return GuardianSig(guardian=me.index, sig=signature_of(seal, me.key, me.group))


def sign_plan(me: Enrolled, plan: PlanFile) -> GuardianSig:
    """Return this guardian's signature on a run's plan file, made before its first d_i.

    plan: digests compared with the plan lines and the seal that this guardian has itself.
    Raises ValueError when this guardian is not in U.
    """
    if me.index not in plan.guardians:
        raise ValueError(f"guardian {me.index} is not in the run of {list(plan.guardians)}")
    return GuardianSig(guardian=me.index, sig=signature_of(plan, me.key, me.group))


def statement(
    me: Enrolled,
    plan: PlanFile,
    commits: Sequence[DecryptCommit],
    reveals: Sequence[DecryptReveal],
    responds: Sequence[DecryptRespond],
) -> Statement:
    """Return this guardian's statement on who took part in a run.

    plan: complete. commits, reveals, responds: as checked, ascending by guardian.
    """
    messages = tuple(
        StatementMessages(
            guardian=commit.guardian,
            commit=_digest(commit, me.group),
            reveal=_digest(reveal, me.group),
            respond=_digest(respond, me.group),
        )
        for commit, reveal, respond in zip(commits, reveals, responds, strict=True)
    )
    unsigned = Statement(
        h_e=plan.h_e,
        plan=_digest(plan, me.group),
        guardian=me.index,
        messages=messages,
        sig=UNSIGNED,
    )
    return sign_record(unsigned, me.key, me.group)


def _digest(record: Record, group: Group) -> bytes:
    return hashlib.sha256(record.to_bytes(group)).digest()
