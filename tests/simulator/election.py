"""One election from sign-off to results, role by role; `record()` is the published folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from egcore.ballot_opening import open_ballot
from egcore.decryption_run import (
    PlanExpected,
    RunTerms,
    check_move,
    check_plan_file,
)
from egcore.fixed_base import FixedBase
from egcore.hashing import ExtendedBaseHash
from egcore.plan import CellSums, plan_lines, plan_rows
from egcore.records.tally import DecryptCommit, DecryptRespond, DecryptReveal, PlanFile
from egcore.signed import UNSIGNED
from egcore.signing import SigningKey
from keyceremony.decryption import DecryptionRun
from keyceremony.endorsements import sign_plan, sign_seal, statement
from keyceremony.opening import SealedBallot, opening_share, recover_nonce
from tally.combine import RunMessages, combine_run, decrypted_lines
from tally.registry import Registry
from tally.results import compute_results
from tally.seal import Saved, seal_record, state_loss
from terminal_bridge.closing import BALLOTS_A_FILE
from terminal_bridge.device import Device
from terminal_bridge.encryption import ElectionKeys
from tests.simulator.boxes import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from egcore.group import Group
    from egcore.records.device import DeviceFile, LostDevice
    from egcore.records.manifest import Manifest
    from egcore.records.record import Record
    from egcore.records.results import Lot, Results
    from egcore.records.seal import LossStatement, Seal
    from egcore.records.tally import DecryptedLine, PlanLine, Statement
    from tests.simulator.ceremony import HeldCeremony


@dataclass
class Registrars:
    """Signing keys of the registrars, by 1-based position in the manifest."""

    keys: dict[int, SigningKey]

    @classmethod
    def generate(cls, count: int) -> Registrars:
        return cls({place: SigningKey.generate() for place in range(1, count + 1)})

    @property
    def public(self) -> tuple[bytes, ...]:
        return tuple(self.keys[place].public for place in sorted(self.keys))


@dataclass(frozen=True)
class Tally:
    """What a run of the guardians left behind."""

    plan: tuple[PlanLine, ...]
    plan_file: PlanFile
    decrypted: tuple[DecryptedLine, ...]
    statements: tuple[Statement, ...]


@dataclass
class ElectionSimulator:
    """All roles of one election in one process, with every secret at hand for attack tests.

    ceremony: confirmed, not yet signed off. boxes_each: ballot boxes in every precinct.
    """

    manifest: Manifest
    ceremony: HeldCeremony
    registrars: Registrars
    boxes_each: int = 1
    boxes: dict[str, Box] = field(init=False)
    registry: Registry = field(init=False)
    losses: dict[str, LossStatement] = field(default_factory=dict)
    tamper_plan: (
        Callable[[ElectionSimulator, tuple[PlanLine, ...]], tuple[PlanLine, ...]] | None
    ) = None  # what a coordinator makes of the plan before deceived guardians sign it

    def __post_init__(self) -> None:
        self.group: Group = self.ceremony.group
        self.manifest_bytes = self.manifest.to_bytes(self.group)
        self.ceremony = self.ceremony.sign_off(self.manifest_bytes)
        self.parameters = self.ceremony.parameters(self.manifest_bytes)
        self.h_e = ExtendedBaseHash(self.parameters.h_e)
        self.registry = Registry(self.manifest, self.h_e, self.group)
        self.boxes = {}
        for precinct in self.manifest.precincts:
            for number in range(1, self.boxes_each + 1):
                self.add_box(precinct.id, f"box-{precinct.id}-{number}")
            self._register("terminal", f"term-{precinct.id}", precinct.id)
            self._register("permits", f"permits-{precinct.id}", precinct.id)

    @cached_property
    def keys(self) -> ElectionKeys:
        return ElectionKeys(
            self.manifest,
            self.h_e,
            FixedBase(self.group, self.ceremony.vote_key),
            FixedBase(self.group, self.ceremony.data_key),
        )

    def add_box(self, precinct: str, device: str) -> Box:
        key = self._register("box", device, precinct)
        self.boxes[device] = Box.start_up(self.keys, Device(precinct, device, key))
        return self.boxes[device]

    def _register(self, kind: str, device: str, precinct: str) -> SigningKey:
        key = SigningKey.generate()
        self.registry = self.registry.register(
            kind,  # type: ignore[arg-type]
            device,
            precinct,
            key.public,
            self.registrars.keys,
        )
        return key

    def lose(self, device: str, reason: str = "burnt") -> None:
        """The box never closes; its full files were saved."""
        box = self.boxes[device]
        issued = box.figures.count + box.outstanding
        full = len(box.decided) // BALLOTS_A_FILE
        box.decided = box.decided[: full * BALLOTS_A_FILE]
        box.openings = {p: o for p, o in box.openings.items() if p <= len(box.decided)}
        saved = Saved(
            device=device,
            issued=issued,
            sig_files=tuple(file.digests.sig for file in box.files()),
            h_last=box.decided[-1].ballot.h_c if box.decided else box.start.h_0,
            reason=reason,
        )
        self.losses[device] = state_loss(self.registry, self.h_e, saved, self.registrars.keys)

    @cached_property
    def device_files(self) -> dict[str, DeviceFile | LostDevice]:
        return {
            device: box.lost() if device in self.losses else box.close()
            for device, box in self.boxes.items()
        }

    @cached_property
    def seal(self) -> Seal:
        """End the registry, seal, and let min(2, n) guardians sign."""
        self.registry = self.registry.end(self.registrars.keys)
        seal = seal_record(
            self.registry,
            self.h_e,
            list(self.device_files.values()),
            self.losses,
            self.registrars.keys,
        )
        signers = self.ceremony.guardians[:2]
        return seal.model_copy(
            update={"guardian_sigs": tuple(sign_seal(g.me, seal) for g in signers)}
        )

    def open_by_guardians(self, participants: Sequence[int]) -> None:
        """Open what the closings list under to_open, from the encrypted nonces."""
        for device, box in self.boxes.items():
            file = self.device_files[device]
            for position in box.figures.to_open:
                sealed = SealedBallot(
                    self.group,
                    self.h_e,
                    device,
                    file.closing,  # type: ignore[union-attr]
                    box.decided[position - 1].ballot,
                )
                chosen = [self.ceremony.guardians[i - 1] for i in participants]
                shares = [
                    opening_share(sealed, g.me.index, g.shares.data, g.me.key) for g in chosen
                ]
                xi_b = recover_nonce(
                    sealed,
                    self.ceremony.members.k,
                    self.ceremony.data_commitments,
                    self.ceremony.keys,
                    shares,
                )
                box.openings[position] = open_ballot(
                    self.keys.vote_key, self.keys.data_key, self.manifest, sealed.ballot, xi_b
                )

    def sums(self) -> CellSums:
        sums = CellSums(self.group, self.manifest)
        for box in self.boxes.values():
            for entry in box.decided:
                sums.add(box.device.precinct, entry.ballot)
        return sums

    def plan(self) -> tuple[PlanLine, ...]:
        lines = plan_lines(self.manifest, self.sums())
        return self.tamper_plan(self, lines) if self.tamper_plan else lines

    def plan_file(
        self, lines: Sequence[PlanLine], participants: Sequence[int], run: int = 1
    ) -> PlanFile:
        """The signed terms of a run, as every guardian checks them."""
        digest = _sha256(self._lines(lines))
        seal = _sha256(self.seal.to_bytes(self.group))
        plan = PlanFile(
            h_e=self.h_e,
            plan=digest,
            seal=seal,
            run=run,
            guardians=tuple(participants),
            signatures=(),
        )
        signers = [self.ceremony.guardians[i - 1].me for i in participants]
        plan = plan.model_copy(update={"signatures": tuple(sign_plan(me, plan) for me in signers)})
        expected = PlanExpected(self.h_e, digest, seal, self.ceremony.members.k)
        check_plan_file(plan, expected, self.ceremony.keys, self.group)
        return plan

    def decrypt(self, participants: Sequence[int], run: int = 1) -> Tally:
        """All three moves of the guardians in U, combined."""
        lines = self.plan()
        plan = self.plan_file(lines, participants, run)
        chosen = [self.ceremony.guardians[i - 1] for i in participants]
        terms = RunTerms(
            self.group,
            self.h_e,
            _sha256(plan.to_bytes(self.group)),
            tuple(participants),
            plan_rows(self.manifest, lines),
            self.ceremony.keys,
        )
        runs = [DecryptionRun(terms, g.me.index, g.shares.vote, g.me.key) for g in chosen]
        commits = check_move(terms, [one.commit() for one in runs], "decrypt_commit")
        reveals = check_move(terms, [one.reveal(commits) for one in runs], "decrypt_reveal")
        responds = check_move(terms, [one.respond(reveals) for one in runs], "decrypt_respond")
        results = combine_run(
            terms,
            self.keys.vote_key,
            self.ceremony.commitments,
            RunMessages(commits, reveals, responds),
        )
        return Tally(
            lines,
            plan,
            decrypted_lines(lines, results),
            tuple(statement(g.me, plan, commits, reveals, responds) for g in chosen),
        )

    def results(self, tally: Tally, lots: Sequence[Lot] = ()) -> Results:
        return compute_results(self.manifest, self.h_e, tally.plan, tally.decrypted, lots)

    def sealed_record(self) -> dict[str, bytes]:
        """Path to bytes of a record that ends with its seal."""
        seal = self.seal  # ends the registry
        record = {
            "manifest.json": self.manifest_bytes,
            "parameters.json": self.parameters.to_bytes(self.group),
            "guardians.json": self.ceremony.guardians_file().to_bytes(self.group),
            "ceremony/transcript.ndjson": self._lines(self.ceremony.transcript.lines()),
            "registry.ndjson": self.registry.to_bytes(),
            "seal.json": seal.to_bytes(self.group),
        }
        for device, box in self.boxes.items():
            record[f"devices/{device}.json"] = self.device_files[device].to_bytes(self.group)
            for file in box.files():
                stem = f"{device}/{file.number:06d}"
                record[f"ballots/{stem}.ndjson"] = file.ballots
                record[f"ballots/{stem}.sig"] = file.signature
                record[f"receipts/{stem}.ndjson"] = file.receipts
            if box.openings:
                opened = [box.openings[position] for position in sorted(box.openings)]
                record[f"openings/{device}.ndjson"] = self._lines(opened)
        return record

    def record(self, participants: Sequence[int], lots: Sequence[Lot] = ()) -> dict[str, bytes]:
        """Open, decrypt and publish: path to bytes of the whole record."""
        self.open_by_guardians(participants)
        tally = self.decrypt(participants)
        return {**self.sealed_record(), **self.tally_files(tally, lots)}

    def tally_files(self, tally: Tally, lots: Sequence[Lot] = ()) -> dict[str, bytes]:
        files = {
            "tally/plan.ndjson": self._lines(tally.plan),
            "tally/plan.json": tally.plan_file.to_bytes(self.group),
            "tally/decrypted.ndjson": self._lines(tally.decrypted),
            "results.json": self.results(tally, lots).to_bytes(self.group),
        }
        for line in tally.statements:
            files[f"tally/statements/{line.guardian}.json"] = line.to_bytes(self.group)
        return files

    def decrypt_files_for(
        self,
        lines: tuple[PlanLine, ...],
        decrypted: tuple[DecryptedLine, ...],
        participants: Sequence[int],
    ) -> dict[str, bytes]:
        """Tally files around a decryption made otherwise, all signed by guardians in the plot."""
        plan = self.plan_file(lines, participants)
        chosen = [self.ceremony.guardians[i - 1] for i in participants]
        digest = _sha256(plan.to_bytes(self.group))
        commits = [DecryptCommit(plan=digest, guardian=i, d=(), sig=UNSIGNED) for i in participants]
        reveals = [
            DecryptReveal(plan=digest, guardian=i, a=(), b=(), m=(), sig=UNSIGNED)
            for i in participants
        ]
        responds = [
            DecryptRespond(plan=digest, guardian=i, v=(), sig=UNSIGNED) for i in participants
        ]
        statements = tuple(statement(g.me, plan, commits, reveals, responds) for g in chosen)
        return self.tally_files(Tally(lines, plan, decrypted, statements))

    def _lines(self, lines: Sequence[Record]) -> bytes:
        return b"".join(line.to_bytes(self.group) for line in lines)


def plain_counts(election: ElectionSimulator) -> dict[str, dict[str, dict[str, int]]]:
    """Votes by precinct, contest and option of the cast ballots: what only a simulation knows."""
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for box in election.boxes.values():
        for entry in box.decided:
            if entry.ballot.status == "cast":
                selections = box.plain[entry.ballot.position]
                _count(
                    election.manifest, counts.setdefault(box.device.precinct, {}), selections.votes
                )
    return counts


def _count(
    manifest: Manifest, into: dict[str, dict[str, int]], votes: Mapping[str, Sequence[int]]
) -> None:
    options = {contest.id: contest.options for contest in manifest.contests}
    for contest, values in votes.items():
        cell = into.setdefault(contest, {option.id: 0 for option in options[contest]})
        for option, value in zip(options[contest], values, strict=True):
            cell[option.id] += value


def _sha256(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()
