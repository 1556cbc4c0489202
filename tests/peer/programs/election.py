"""One election, held by the peer's package from the ceremony to the exported record."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from electionguard.ballot import (
    BallotBoxState,
    PlaintextBallot,
    PlaintextBallotContest,
    PlaintextBallotSelection,
)
from electionguard.ballot_box import BallotBox, get_ballots
from electionguard.constants import get_constants
from electionguard.data_store import DataStore
from electionguard.decryption_mediator import DecryptionMediator
from electionguard.election import make_ciphertext_election_context
from electionguard.election_polynomial import LagrangeCoefficientsRecord
from electionguard.encrypt import EncryptionDevice, EncryptionMediator
from electionguard.guardian import Guardian
from electionguard.key_ceremony import CeremonyDetails
from electionguard.key_ceremony_mediator import KeyCeremonyMediator
from electionguard.manifest import InternalManifest, Manifest
from electionguard.serialize import from_raw
from electionguard.tally import CiphertextTally
from electionguard_tools.helpers.export import export_record

from tests.peer.programs.package import OneProcess
from tests.peer.programs.shapes import Contest, Shape, manifest_of

if TYPE_CHECKING:
    import random
    from pathlib import Path

Counts = dict[str, dict[str, int]]  # contest, option -> votes


class PeerRefuses(Exception):  # noqa: N818 -- what happened, not that something is wrong
    """The package did not take what it was given."""


def require(given: Any, what: str) -> Any:
    """Give what a call of the package returned; it says no with None or False."""
    if given is None or given is False:
        raise PeerRefuses(what)
    return given


@dataclass
class Voted:
    """One ballot: what was marked, and what the package made of it."""

    id: str
    votes: Counts
    encrypted: Any


@dataclass
class PeerElection:
    """The state of an election while it is held. Steps are called in the order they stand in."""

    name: str
    shape: Shape
    chance: random.Random
    written_manifest: dict[str, Any] | None = None  # that of the shape where none is given
    store: Any = field(default_factory=DataStore)
    ballots: list[Voted] = field(default_factory=list)
    cast: list[Voted] = field(default_factory=list)
    spoiled: list[Voted] = field(default_factory=list)

    def hold_ceremony(self) -> None:
        """Make the guardians' keys, the joint key and the hashes of the election."""
        n, k = self.shape.n, self.shape.k
        written = self.written_manifest or manifest_of(self.name, self.shape)
        self.manifest = from_raw(Manifest, json.dumps(written))
        require(self.manifest.is_valid(), "the manifest")
        self.inner = InternalManifest(self.manifest)
        self.guardians = [Guardian.from_nonce(f"guardian-{i}", i, n, k) for i in range(1, n + 1)]
        joint = require(_joint_key(self.guardians, CeremonyDetails(n, k)), "the ceremony")
        self.context = make_ciphertext_election_context(
            n,
            k,
            joint.joint_public_key,
            joint.commitment_hash,
            self.manifest.crypto_hash(),
            {"place": "hall"},
        )
        self.devices = [
            EncryptionDevice(1000 + number, 70 + number, 4242, f"hall {number}")
            for number in range(self.shape.devices)
        ]
        self.open_polls()

    def open_polls(self) -> None:
        """Start the devices' chains and an empty box."""
        self.chains = [
            EncryptionMediator(self.inner, self.context, device) for device in self.devices
        ]
        self.store = DataStore()
        self.box = BallotBox(self.inner, self.context, self.store)
        self.ballots, self.cast, self.spoiled = [], [], []

    def again(self) -> PeerElection:
        """Give another election with the same keys and manifest, and no ballot yet."""
        other = copy.copy(self)
        other.open_polls()
        return other

    def encrypt(self, position: int, votes: Counts | None = None) -> Voted:
        """Encrypt one ballot. votes: by contest and option; drawn where none are given."""
        style = position % len(self.shape.styles)
        asked = self.shape.asked(style)
        marks = {contest.id: self._draw(contest) for contest in asked} if votes is None else votes
        plain = PlaintextBallot(
            f"ballot-{position}",
            self.shape.styles[style][0],
            [_plain_contest(contest, marks[contest.id]) for contest in asked],
        )
        encrypted = require(self.chains[position % len(self.chains)].encrypt(plain), "encryption")
        voted = Voted(plain.object_id, {c.id: _counted(c, marks[c.id]) for c in asked}, encrypted)
        self.ballots.append(voted)
        return voted

    def _draw(self, contest: Contest) -> dict[str, int]:
        """Draw marks: mostly full, sometimes fewer, none, or too many, which counts as none."""
        number = self.chance.choice([contest.seats] * 3 + [0, contest.seats - 1, contest.seats + 1])
        marked = self.chance.sample(range(contest.options), min(number, contest.options))
        return {contest.option(i): int(i in marked) for i in range(contest.options)}

    def submit(self, voted: Voted, *, spoil: bool = False) -> None:
        """Cast or spoil a ballot; the box checks its proofs."""
        require((self.box.spoil if spoil else self.box.cast)(voted.encrypted), f"{voted.id}")
        (self.spoiled if spoil else self.cast).append(voted)

    def vote(self) -> None:
        """Encrypt and submit all the ballots of the shape."""
        for position in range(self.shape.ballots):
            self.submit(self.encrypt(position), spoil=position in self.shape.spoiled)

    def accumulate(self) -> None:
        """Multiply the cast ballots; their proofs have been checked by the box."""
        self.tally = CiphertextTally("tally", self.inner, self.context)
        require(
            self.tally.batch_append(self.store, should_validate=False, scheduler=OneProcess()),
            "the tally",
        )

    def gather_shares(self) -> None:
        """Have the guardians who are present decrypt their shares, and those of the missing."""
        spoiled = list(get_ballots(self.store, BallotBoxState.SPOILED).values())
        by_order = {guardian.sequence_order: guardian for guardian in self.guardians}
        present = [by_order[order] for order in self.shape.present]
        missing = [guardian for guardian in self.guardians if guardian not in present]
        self.mediator = mediator = DecryptionMediator("mediator", self.context)
        for guardian in present:
            share = guardian.compute_tally_share(self.tally, self.context)
            of_ballots = guardian.compute_ballot_shares(spoiled, self.context)
            mediator.announce(guardian.share_key(), share, of_ballots)
        for absent in missing:
            mediator.announce_missing(absent.share_key())
            for guardian in present:
                given = (absent.id, self.tally, self.context)
                of_ballots = (absent.id, spoiled, self.context)
                mediator.receive_tally_compensation_share(
                    guardian.compute_compensated_tally_share(*given)
                )
                mediator.receive_ballot_compensation_shares(
                    guardian.compute_compensated_ballot_shares(*of_ballots)
                )
        if missing:
            mediator.reconstruct_shares_for_tally(self.tally)
            mediator.reconstruct_shares_for_ballots(spoiled)

    def combine(self) -> None:
        """Decrypt the tally and the spoiled ballots; the package checks the shares first."""
        mediator = self.mediator
        spoiled = list(get_ballots(self.store, BallotBoxState.SPOILED).values())
        self.lagrange = LagrangeCoefficientsRecord(mediator.get_lagrange_coefficients())
        self.plain = require(mediator.get_plaintext_tally(self.tally, self.manifest), "the counts")
        self.opened = require(mediator.get_plaintext_ballots(spoiled, self.manifest), "openings")

    def export(self, folder: Path) -> None:
        """Write `record` as the package's exporter does."""
        export_record(
            self.manifest,
            self.context,
            get_constants(),
            self.devices,
            self.store.all(),
            self.opened.values(),
            self.tally.publish(),
            self.plain,
            [guardian.publish() for guardian in self.guardians],
            self.lagrange,
            str(folder / "record"),
        )

    def expected(self) -> dict[str, Any]:
        """Give what the record must say; the package has no part in it."""
        counts = {
            contest.id: {contest.option(i): 0 for i in range(contest.options)}
            for contest in self.shape.contests
        }
        for voted in self.cast:
            for contest, votes in voted.votes.items():
                for option, count in votes.items():
                    counts[contest][option] += count
        return {
            "cast": len(self.cast),
            "spoiled": {voted.id: voted.votes for voted in self.spoiled},
            "counts": counts,
        }


def _plain_contest(contest: Contest, marks: dict[str, int]) -> Any:
    """Give a contest's marks in the package's form; options without a mark are left out."""
    text = contest.option(contest.options - 1) if contest.write_in else None
    selections = [
        PlaintextBallotSelection(option, 1, write_in="Зоя Q." if option == text else None)
        for option, mark in marks.items()
        if mark
    ]
    return PlaintextBallotContest(contest.id, selections)


def _counted(contest: Contest, marks: dict[str, int]) -> dict[str, int]:
    """Give what the marks count for: nothing at all when there are too many."""
    too_many = sum(marks.values()) > contest.seats
    return {
        contest.option(i): 0 if too_many else marks.get(contest.option(i), 0)
        for i in range(contest.options)
    }


def _joint_key(guardians: list[Any], details: Any) -> Any:
    """Hold the package's ceremony: keys, backups, their checks. None where a check fails."""
    mediator = KeyCeremonyMediator("mediator", details)
    for guardian in guardians:
        mediator.announce(guardian.share_key())
    for guardian in guardians:
        for key in mediator.share_announced(guardian.id):
            guardian.save_guardian_key(key)
    for guardian in guardians:
        guardian.generate_election_partial_key_backups()
        mediator.receive_backups(guardian.share_election_partial_key_backups())
    for guardian in guardians:
        for backup in mediator.share_backups(guardian.id):
            guardian.save_election_partial_key_backup(backup)
        others = [other for other in guardians if other is not guardian]
        mediator.receive_backup_verifications(
            [guardian.verify_election_partial_key_backup(other.id) for other in others]
        )
    return mediator.publish_joint_key()
