"""One plan for the keys: the plans that were signed before bind every later run (specs/09).

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
_FOLDER: Final = "decrypt"
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
    """Refuse a plan, or a seal, other than the one that was signed before, under any manifest.

    What binds: a plan that this guardian has signed, and one that k guardians have, itself or not.
    A plan of another H_E binds as well: the keys decrypt the sums of one election.
    plan: of the run that is to begin. recorded: of the record, if it has one.
    Raises ProtocolViolation that names the run and who signed.
    """
    for before, signers in _signed_before(desk, election, recorded):
        bound = desk.index in signers or len(signers) >= election.members.k
        same = (before.h_e, before.plan, before.seal) == (plan.h_e, plan.plan, plan.seal)
        if bound and not same:
            detail = (
                f"{parties(signers)} signed the plan {before.plan.hex()} on the seal "
                f"{before.seal.hex()} in run {before.run} of H_E {before.h_e.hex()}; the plan "
                f"{plan.plan.hex()} on the seal {plan.seal.hex()} of H_E {plan.h_e.hex()} is "
                "refused: the same keys decrypt one plan"
            )
            raise ProtocolViolation("the tally", "one plan for an election", detail)


def _signed_before(
    desk: Desk, election: Election, recorded: PlanFile | None
) -> Iterator[tuple[PlanFile, tuple[int, ...]]]:
    """Each plan, of any H_E, with the guardians whose signature on it holds, ascending."""
    if recorded is not None:
        yield recorded, _genuine(election, recorded, recorded.signatures)
    names = sorted({*desk.box.copies(_FOLDER), *desk.box.names(_FOLDER)})
    runs: dict[str, list[str]] = {}
    for match in filter(None, map(_SIGNED.fullmatch, names)):
        runs.setdefault(match[1], []).append(match[0])
    for run, signed in runs.items():
        before = _plan(desk, f"{run}/plan.json")
        if before is not None:
            yield before, _genuine(election, before, tuple(_entries(desk, signed)))


def _plan(desk: Desk, name: str) -> PlanFile | None:
    data = desk.box.fetch(name)
    if data is not None:
        with suppress(MalformedRecord):  # nobody signed what is no plan, so it binds nobody
            return PlanFile.from_bytes(data, desk.group, name)
    return None


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
