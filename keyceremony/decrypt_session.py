"""A guardian's whole part in one run, from the plan to the statement, in one process (specs/12).

The u_i are in memory only. A process that ends between commit and respond has ended the run for
everybody: `decrypt` finds its own commit then, and refuses to make another one.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from egcore.decryption_run import (
    PlanExpected,
    RunTerms,
    check_move,
    check_plan_file,
    check_plan_terms,
)
from egcore.errors import ProtocolViolation
from egcore.plan import plan_rows
from egcore.program import ProgramError
from egcore.records.signatures import GuardianSig
from egcore.records.tally import DecryptCommit, DecryptRespond, DecryptReveal, PlanFile
from keyceremony.decryption import DecryptionRun
from keyceremony.endorsements import sign_plan, statement
from keyceremony.signed_plans import require_same_plan
from keyceremony.waiting import parties

if TYPE_CHECKING:
    from egcore.records.record import Record
    from egcore.records.tally import PlanLine, Statement
    from keyceremony.ceremony import KeyShares
    from keyceremony.election import Election
    from keyceremony.home import Desk
    from keyceremony.waiting import Waiter

Move = TypeVar("Move", DecryptCommit, DecryptReveal, DecryptRespond)
FromU = TypeVar("FromU", GuardianSig, DecryptCommit, DecryptReveal, DecryptRespond)

COMMIT: Final = "commit"
REVEAL: Final = "reveal"
RESPOND: Final = "respond"
_PLAN: Final = re.compile(r"decrypt/[0-9a-f]{64}/([1-9][0-9]{0,8})/plan\.json", re.ASCII)


@dataclass(frozen=True)
class Sums:
    """The plan as this guardian computed it itself, and the seal that it computed it from.

    seal: SHA-256 of `seal.json`, for which an accepted report is at hand. recorded: the plan file
    of the record where a run was published before.
    """

    election: Election
    seal: bytes
    lines: tuple[PlanLine, ...]
    recorded: PlanFile | None = None

    def expected(self) -> PlanExpected:
        """Return what a run's plan file must name."""
        hashed = hashlib.sha256()
        for line in self.lines:
            hashed.update(line.to_bytes(self.election.group))
        election = self.election
        return PlanExpected(election.h_e, hashed.digest(), self.seal, election.members.k)


def last_run(desk: Desk, h_e: bytes) -> int:
    """Return the number of the last run whose plan is in the exchange; 1 before any."""
    names = desk.box.names(f"decrypt/{h_e.hex()}")
    matches = (_PLAN.fullmatch(name) for name in names)
    return max((int(match[1]) for match in matches if match), default=1)


class Session:
    """One guardian in one run. `take_part` is called once."""

    def __init__(self, desk: Desk, sums: Sums, run: int, waiter: Waiter) -> None:
        """run: the number that the tally gave this run. waiter: waits for the others."""
        self._desk = desk
        self._sums = sums
        self._run = run
        self._waiter = waiter
        self._group = desk.group
        self._folder = f"decrypt/{sums.election.h_e.hex()}/{run}"

    def take_part(self, shares: KeyShares) -> Statement:
        """Sign the plan, make the three moves and state who took part.

        shares: of the election's ceremony.
        Raises ProgramError when this guardian's process ended in this run before, MissingMessage
        for what does not come, and what require_same_plan, check_plan_file and check_move raise.
        """
        expected = self._sums.expected()
        draft = self._await_plan(expected)
        require_same_plan(self._desk, self._sums.election, draft, self._sums.recorded)
        responded = self._desk.box.copy_of(self._name(RESPOND, self._desk.index)) is not None
        if not responded:
            self._require_not_begun()
        plan = self._signed_plan(draft, expected)
        terms = self._terms(plan)
        if responded:
            self._desk.box.resend(
                self._name(m, self._desk.index) for m in (COMMIT, REVEAL, RESPOND)
            )
        else:
            self._three_moves(terms, shares)
        # The u_i have done their work now: what is left to do needs none of them.
        commits = self._gather(DecryptCommit, COMMIT, terms)
        reveals = self._gather(DecryptReveal, REVEAL, terms)
        responds = self._gather(DecryptRespond, RESPOND, terms)
        made = statement(self._desk.me, plan, commits, reveals, responds)
        self._send("statement", made)
        return made

    def _await_plan(self, expected: PlanExpected) -> PlanFile:
        """Return the plan of the run without signatures, everything in it compared."""
        name = f"{self._folder}/plan.json"
        data = self._waiter.until(
            f"the plan of run {self._run}",
            lambda: self._desk.box.fetch(name),
            lambda: "the tally",
        )
        plan = PlanFile.from_bytes(data, self._group, name)
        if plan.run != self._run or plan.signatures:
            detail = f"{name}: expected run {self._run} without signatures"
            raise ProtocolViolation("the tally", "plan", detail)
        if self._desk.index not in plan.guardians:
            raise ProgramError(
                f"run {self._run} is of {parties(plan.guardians)}, without this guardian",
                "the tally starts a run with the next number for other guardians",
            )
        check_plan_terms(plan, expected, self._sums.election.keys)
        return plan

    def _require_not_begun(self) -> None:
        if self._desk.box.fetch(self._name(COMMIT, self._desk.index)) is not None:
            raise ProgramError(
                f"run {self._run} has ended: this guardian committed in it, and the process that "
                "knew how to go on is gone",
                "tell the tally to start the next run",
            )

    def _signed_plan(self, draft: PlanFile, expected: PlanExpected) -> PlanFile:
        """Sign the plan that this guardian computed itself, and wait for the others of U."""
        self._desk.box.keep(f"{self._folder}/plan.json", draft.to_bytes(self._group))
        self._send("plan", sign_plan(self._desk.me, draft))
        signatures = self._await_all(GuardianSig, "plan", draft.guardians)
        plan = draft.model_copy(update={"signatures": signatures})
        check_plan_file(plan, expected, self._sums.election.keys, self._group)
        return plan

    def _terms(self, plan: PlanFile) -> RunTerms:
        election = self._sums.election
        return RunTerms(
            self._group,
            election.h_e,
            hashlib.sha256(plan.to_bytes(self._group)).digest(),
            plan.guardians,
            plan_rows(election.manifest, self._sums.lines),
            election.keys,
        )

    def _three_moves(self, terms: RunTerms, shares: KeyShares) -> None:
        """Commit, reveal, respond: in this call, or the run has ended.

        The copy of the commit in the home, written before it is published, is what tells a later
        process that the u_i are gone.
        """
        run = DecryptionRun(terms, self._desk.index, shares.vote, self._desk.me.key)
        self._send(COMMIT, run.commit())
        commits = self._gather(DecryptCommit, COMMIT, terms)
        self._send(REVEAL, run.reveal(commits))
        reveals = self._gather(DecryptReveal, REVEAL, terms)
        self._send(RESPOND, run.respond(reveals))

    def _gather(self, kind: type[Move], move: str, terms: RunTerms) -> tuple[Move, ...]:
        messages = self._await_all(kind, move, terms.participants)
        return check_move(terms, messages, f"decrypt_{move}")

    def _await_all(
        self, kind: type[FromU], folder: str, guardians: tuple[int, ...]
    ) -> tuple[FromU, ...]:
        """Return one message of each guardian of U, ascending; each is read once."""
        found: dict[int, FromU] = {}

        def look() -> tuple[FromU, ...] | None:
            for index in guardians:
                if index not in found:
                    message = self._read(kind, folder, index)
                    if message is not None:
                        found[index] = message
            return tuple(found[i] for i in guardians) if len(found) == len(guardians) else None

        return self._waiter.until(
            f"{folder} in run {self._run}",
            look,
            lambda: parties(i for i in guardians if i not in found),
        )

    def _read(self, kind: type[FromU], folder: str, index: int) -> FromU | None:
        name = self._name(folder, index)
        data = self._desk.box.fetch(name)
        if data is None:
            return None
        message = kind.from_bytes(data, self._group, name)
        if message.guardian != index:
            detail = f"{name} is of guardian {message.guardian}"
            raise ProtocolViolation(index, folder, detail)
        return message

    def _send(self, folder: str, message: Record) -> None:
        name = self._name(folder, self._desk.index)
        self._desk.box.send(name, lambda: message.to_bytes(self._group))

    def _name(self, folder: str, index: int) -> str:
        return f"{self._folder}/{folder}/{index}.json"
