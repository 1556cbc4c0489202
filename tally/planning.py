"""The plan of a sealed record, and the terms of a run (specs/08, specs/12, specs/18)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

from egcore.errors import MissingMessage, ProtocolViolation, QuorumNotReached
from egcore.plan import CellSums, plan_lines
from egcore.program import ProgramError
from egcore.records.seal import Seal
from egcore.records.tally import PlanFile, PlanLine
from egcore.streams import read_lines
from tally.progress import Tell, tell_nobody
from tally.record_folder import PLAN_FILE, SEAL, read_bytes_of
from tally.sealed_ballots import sealed_ballots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.exchange import Exchange
    from egcore.storage import Storage
    from tally.election import Election

_RUN: Final = re.compile(r"decrypt/[0-9a-f]{64}/([1-9][0-9]{0,8})/plan\.json", re.ASCII)


@dataclass(frozen=True)
class Planned:
    """What the guardians of a run are asked to sign.

    lines: how many groups. decrypted: how many of them have ballots.
    """

    plan: PlanFile
    lines: int
    decrypted: int


def plan_lines_name(election: Election) -> str:
    """Name of `tally/plan.ndjson` on the exchange: one plan for one H_E."""
    return f"decrypt/{election.h_e.hex()}/plan.ndjson"


def run_name(election: Election, run: int) -> str:
    """Name below which a run has its messages on the exchange."""
    return f"decrypt/{election.h_e.hex()}/{run}"


def last_run(exchange: Exchange, election: Election) -> int:
    """Return the number of the last run whose plan is published; 0 while there is none."""
    names = exchange.list(f"decrypt/{election.h_e.hex()}")
    found = [_RUN.fullmatch(name) for name in names]
    return max((int(match[1]) for match in found if match is not None), default=0)


def make_plan(
    record: Storage,
    exchange: Exchange,
    election: Election,
    guardians: Sequence[int],
    run: int | None = None,
    tell: Tell = tell_nobody,
) -> Planned:
    """Compute the plan from the sealed record and publish the terms of a run.

    guardians: U. run: its number; None takes the last one published again, or 1. A new run has
    the number after the last. The plan lines enter the record with the decryption, so that it
    stays a sealed record until then.
    Raises ProgramError for a run number out of order, another seal than the first run had, or a
    record that is decrypted already,
    QuorumNotReached, DuplicateMessage for another plan or other guardians of a run, and
    ProtocolViolation for bytes that the seal does not name.
    Cost: two products an option of every cast ballot.
    """
    participants = _participants(election, guardians)
    number = _run_number(exchange, election, run)
    raw_seal = read_bytes_of(record, SEAL)
    lines = compute_plan(record, election, raw_seal, tell)
    raw = b"".join(line.to_bytes(election.group) for line in lines)
    plan = PlanFile(
        h_e=election.h_e,
        plan=hashlib.sha256(raw).digest(),
        seal=hashlib.sha256(raw_seal).digest(),
        run=number,
        guardians=participants,
        signatures=(),
    )
    _refuse_after_decryption(record, election, plan)
    _refuse_another_seal(exchange, election, plan)
    exchange.publish(plan_lines_name(election), raw)
    exchange.publish(f"{run_name(election, number)}/plan.json", plan.to_bytes(election.group))
    return Planned(plan, len(lines), sum(1 for line in lines if line.ballots))


def compute_plan(
    record: Storage, election: Election, raw_seal: bytes, tell: Tell = tell_nobody
) -> tuple[PlanLine, ...]:
    """Return the plan lines of the record that a seal fixes (EQ-X11, EQ-X12)."""
    seal = Seal.from_bytes(raw_seal, election.group, SEAL)
    sums = CellSums(election.group, election.manifest)
    for precinct, ballot in sealed_ballots(record, election, seal, tell):
        sums.add(precinct, ballot)
    return plan_lines(election.manifest, sums)


def published_lines(exchange: Exchange, election: Election) -> tuple[bytes, tuple[PlanLine, ...]]:
    """Return the plan lines on the exchange, their bytes first; whose they are is not checked.

    Raises MissingMessage and MalformedRecord.
    """
    name = plan_lines_name(election)
    raw = exchange.fetch(name)
    if raw is None:
        raise MissingMessage(name, "plan", "no plan is published; run first: dalel-tally plan")
    return raw, tuple(read_lines(BytesIO(raw), PlanLine, election.group, name))


def published_terms(exchange: Exchange, election: Election, run: int) -> PlanFile:
    """Return the unsigned plan file of a run from the exchange.

    Raises MissingMessage, MalformedRecord, and ProtocolViolation for another run or election.
    """
    name = f"{run_name(election, run)}/plan.json"
    raw = exchange.fetch(name)
    if raw is None:
        raise MissingMessage(name, "plan", "this run has no plan; run first: dalel-tally plan")
    plan = PlanFile.from_bytes(raw, election.group, name)
    if (plan.h_e, plan.run, plan.signatures) != (election.h_e, run, ()):
        raise ProtocolViolation(name, "plan", "it is not the unsigned plan of this run")
    return plan


def _participants(election: Election, guardians: Sequence[int]) -> tuple[int, ...]:
    participants = tuple(sorted(set(guardians)))
    strangers = [index for index in participants if index not in election.keys]
    if strangers:
        raise ProgramError(
            f"guardian {strangers[0]} is not one of the {len(election.keys)}",
            "name guardians by their numbers, such as --guardians 1,3,4,7",
        )
    if len(participants) < election.parameters.k:
        raise QuorumNotReached(len(participants), election.parameters.k)
    return participants


def _run_number(exchange: Exchange, election: Election, run: int | None) -> int:
    last = last_run(exchange, election)
    if run is None:
        return max(last, 1)
    if not 1 <= run <= last + 1:
        raise ProgramError(
            f"run {run} does not follow run {last}", f"the next run has the number {last + 1}"
        )
    return run


def _refuse_after_decryption(record: Storage, election: Election, plan: PlanFile) -> None:
    """Raise ProgramError when a run was combined and this is another one."""
    if not record.exists(PLAN_FILE):
        return
    published = PlanFile.from_bytes(record.read(PLAN_FILE), election.group, PLAN_FILE)
    if published.signed_object(election.group) != plan.signed_object(election.group):
        raise ProgramError(
            f"{PLAN_FILE} is published for run {published.run}: the record is decrypted",
            "nothing is decrypted twice; the results follow from what is there",
        )


def _refuse_another_seal(exchange: Exchange, election: Election, plan: PlanFile) -> None:
    """Raise ProgramError when an earlier run was of another seal: one election has one seal."""
    for number in range(1, plan.run):
        earlier = published_terms(exchange, election, number)
        if earlier.seal != plan.seal:
            raise ProgramError(
                f"run {number} is of the seal with SHA-256 {earlier.seal.hex()}; this record has "
                f"{plan.seal.hex()}",
                "find out which seal the guardians and the public have; keep both",
            )
