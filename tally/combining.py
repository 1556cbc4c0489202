"""Combining the messages of a run from the exchange into the record (specs/12, specs/18)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from egcore.decryption_run import PlanExpected, RunTerms, check_plan_file
from egcore.errors import MissingMessage, ProtocolViolation
from egcore.plan import plan_rows
from egcore.records.record import Record
from egcore.records.signatures import GuardianSig
from egcore.records.tally import (
    DecryptCommit,
    DecryptRespond,
    DecryptReveal,
    PlanFile,
    PlanLine,
    Statement,
    StatementMessages,
)
from egcore.rounds import party
from egcore.signed import signature_holds
from tally.combine import RunMessages, combine_run, decrypted_lines
from tally.planning import last_run, published_lines, published_terms, run_name
from tally.progress import Tell, tell_nobody
from tally.record_folder import (
    DECRYPTED,
    PLAN_FILE,
    PLAN_LINES,
    SEAL,
    publish_files,
    read_bytes_of,
    statement_path,
)

if TYPE_CHECKING:
    from egcore.exchange import Exchange
    from egcore.storage import Storage
    from tally.election import Election

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Combined:
    """A run that is in the record. groups: decrypted, those without ballots left out."""

    run: int
    guardians: tuple[int, ...]
    groups: int
    rows: int


def combine(
    record: Storage,
    exchange: Exchange,
    election: Election,
    run: int | None = None,
    tell: Tell = tell_nobody,
) -> Combined:
    """Check every message of a run, decrypt the sums, and write `tally/`.

    run: None takes the last one. The plan lines are those whose digest the guardians of the run
    signed, each after computing them from the sealed record. tell: rows done and in all.
    Raises ProtocolViolation and its kinds naming the guardian whose message is missing, not
    signed or wrong, CountNotFound, and ProgramError when another run is in the record.
    Cost: |U| + 3 exponentiations a row, 3 |U| membership tests.
    """
    number = run if run is not None else last_run(exchange, election)
    source = RunSource(exchange, election, max(number, 1))
    raw_lines, lines = published_lines(exchange, election)
    seal = hashlib.sha256(read_bytes_of(record, SEAL)).digest()
    plan = source.signed_plan()
    expected = PlanExpected(
        election.h_e, hashlib.sha256(raw_lines).digest(), seal, election.parameters.k
    )
    check_plan_file(plan, expected, election.keys, election.group)
    messages = source.messages(plan)
    terms = _terms(election, plan, lines)
    results = combine_run(terms, election.vote_key, election.commitments, messages, tell)
    statements = source.statements(plan, messages)
    decrypted = decrypted_lines(lines, results)
    files = {
        PLAN_LINES: raw_lines,
        DECRYPTED: b"".join(line.to_bytes(election.group) for line in decrypted),
        **{statement_path(s.guardian): s.to_bytes(election.group) for s in statements},
        PLAN_FILE: plan.to_bytes(election.group),
    }
    publish_files(record, files)
    groups = sum(1 for line in lines if line.ballots)
    return Combined(plan.run, plan.guardians, groups, len(terms.rows))


@dataclass(frozen=True)
class RunSource:
    """Messages of one run on the exchange, each under the name of its sender."""

    exchange: Exchange
    election: Election
    run: int

    def signed_plan(self) -> PlanFile:
        """Return the plan file with the signatures that are there, not yet checked."""
        plan = published_terms(self.exchange, self.election, self.run)
        found = [(i, self.fetch("plan", i, GuardianSig)) for i in plan.guardians]
        self.require_all("plan", [index for index, entry in found if entry is None])
        sigs = tuple(entry for _, entry in found if entry is not None)
        return plan.model_copy(update={"signatures": sigs})

    def messages(self, plan: PlanFile) -> RunMessages:
        """Return the three moves of all of U, not yet checked; moves that lack one are named."""
        return RunMessages(
            self._move(plan, "commit", DecryptCommit),
            self._move(plan, "reveal", DecryptReveal),
            self._move(plan, "respond", DecryptRespond),
        )

    def statements(self, plan: PlanFile, messages: RunMessages) -> list[Statement]:
        """Return the statements of U, each signed and about exactly these messages.

        messages: checked. Raises ProtocolViolation that names the guardian.
        """
        group = self.election.group
        due = _statement_messages(messages, self.election)
        digest = hashlib.sha256(plan.to_bytes(group)).digest()
        statements = []
        for entry in self._move(plan, "statement", Statement):
            same = (entry.h_e, entry.plan, entry.messages) == (self.election.h_e, digest, due)
            if not same:
                detail = "its statement is not about the plan and messages that all others saw"
                raise ProtocolViolation(party(entry.guardian), "24.L", detail)
            if not signature_holds(entry, entry.sig, self.election.keys[entry.guardian], group):
                detail = "its statement is not signed by its enrolment key"
                raise ProtocolViolation(party(entry.guardian), "24.M", detail)
            statements.append(entry)
        return statements

    def fetch(self, kind: str, guardian: int, reader: type[R]) -> R | None:
        """Return one message of a guardian; raises ProtocolViolation for one of another."""
        name = f"{run_name(self.election, self.run)}/{kind}/{guardian}.json"
        raw = self.exchange.fetch(name)
        if raw is None:
            return None
        message = reader.from_bytes(raw, self.election.group, name)
        found = getattr(message, "guardian", guardian)
        if found != guardian:
            detail = f"expected a message of guardian {guardian}, found one of {found}"
            raise ProtocolViolation(name, kind, detail)
        return message

    def require_all(self, kind: str, missing: list[int]) -> None:
        """Raise MissingMessage that names everybody who is awaited."""
        if missing:
            raise MissingMessage(
                ", ".join(party(index) for index in missing), kind, f"run {self.run} awaits it"
            )

    def _move(self, plan: PlanFile, kind: str, reader: type[R]) -> tuple[R, ...]:
        found = [(index, self.fetch(kind, index, reader)) for index in plan.guardians]
        self.require_all(kind, [index for index, message in found if message is None])
        return tuple(message for _, message in found if message is not None)


def _terms(election: Election, plan: PlanFile, lines: tuple[PlanLine, ...]) -> RunTerms:
    return RunTerms(
        election.group,
        election.h_e,
        hashlib.sha256(plan.to_bytes(election.group)).digest(),
        plan.guardians,
        plan_rows(election.manifest, lines),
        election.keys,
    )


def _statement_messages(messages: RunMessages, election: Election) -> tuple[StatementMessages, ...]:
    def digest(record: Record) -> bytes:
        return hashlib.sha256(record.to_bytes(election.group)).digest()

    moves = zip(messages.commits, messages.reveals, messages.responds, strict=True)
    return tuple(
        StatementMessages(
            guardian=commit.guardian,
            commit=digest(commit),
            reveal=digest(reveal),
            respond=digest(respond),
        )
        for commit, reveal, respond in moves
    )
