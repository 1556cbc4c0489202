"""One plan for an election: the plans that were signed before bind every later run (specs/09).

The ledger is what was signed, in the home, in the exchange or in the record: a home restored from
a backup has forgotten what its guardian signed, and finds it there.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from egcore.errors import DuplicateMessage, MalformedRecord, ProtocolViolation
from egcore.records.signatures import GuardianSig
from egcore.records.tally import PlanFile
from egcore.signed import signature_holds
from keyceremony.waiting import parties

if TYPE_CHECKING:
    from collections.abc import Iterator

    from egcore.storage import Storage
    from keyceremony.election import Election
    from keyceremony.home import Desk

PLAN_FILE: Final = "tally/plan.json"
_SIGNED: Final = re.compile(
    r"(decrypt/[0-9a-f]{64}/[1-9][0-9]{0,8})/plan/([1-9][0-9]{0,2})\.json", re.ASCII
)


def recorded_plan(storage: Storage, election: Election) -> PlanFile | None:
    """Return the plan file of a record folder, None without one; checked by nobody yet.

    Raises MalformedRecord.
    """
    if not storage.exists(PLAN_FILE):
        return None
    return PlanFile.from_bytes(storage.read(PLAN_FILE), election.group, PLAN_FILE)


def require_same_plan(
    desk: Desk, election: Election, plan: PlanFile, recorded: PlanFile | None
) -> None:
    """Refuse a plan, or a seal, other than the one that was signed for this election before.

    What binds: a plan that this guardian has signed, and one that k guardians have, itself or not.
    plan: of the run that is to begin. recorded: of the record, if it has one.
    Raises ProtocolViolation that names the run and who signed.
    """
    for before, signers in _signed_before(desk, election, recorded):
        bound = desk.index in signers or len(signers) >= election.members.k
        if bound and (before.plan, before.seal) != (plan.plan, plan.seal):
            detail = (
                f"{parties(signers)} signed the plan {before.plan.hex()} on the seal "
                f"{before.seal.hex()} in run {before.run}; the plan {plan.plan.hex()} on the seal "
                f"{plan.seal.hex()} of the same election is refused"
            )
            raise ProtocolViolation("the tally", "one plan for an election", detail)


def _signed_before(
    desk: Desk, election: Election, recorded: PlanFile | None
) -> Iterator[tuple[PlanFile, tuple[int, ...]]]:
    """Each plan of this election with the guardians whose signature on it holds, ascending."""
    if recorded is not None and recorded.h_e == election.h_e:
        yield recorded, _genuine(election, recorded, recorded.signatures)
    folder = f"decrypt/{election.h_e.hex()}"
    names = sorted({*desk.box.copies(folder), *desk.box.names(folder)})
    runs: dict[str, list[str]] = {}
    for match in filter(None, map(_SIGNED.fullmatch, names)):
        runs.setdefault(match[1], []).append(match[0])
    for run, signed in runs.items():
        data = desk.box.fetch(f"{run}/plan.json")
        if data is not None:
            before = PlanFile.from_bytes(data, election.group, f"{run}/plan.json")
            yield before, _genuine(election, before, tuple(_entries(desk, signed)))


def _entries(desk: Desk, names: list[str]) -> Iterator[GuardianSig]:
    for name in names:
        with suppress(MalformedRecord, DuplicateMessage):  # binds nobody, so it is passed over
            data = desk.box.fetch(name)
            if data is not None:
                yield GuardianSig.from_bytes(data, desk.group, name)


def _genuine(
    election: Election, plan: PlanFile, entries: tuple[GuardianSig, ...]
) -> tuple[int, ...]:
    keys = election.keys
    return tuple(
        sorted(
            {
                entry.guardian
                for entry in entries
                if entry.guardian in keys
                and signature_holds(plan, entry.sig, keys[entry.guardian], election.group)
            }
        )
    )
