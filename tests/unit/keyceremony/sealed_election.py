"""An election whose guardians are desks: signed off, voted, closed, sealed over the exchange."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from egcore.records.seal import Seal
from keyceremony.election import Election, confirmed, election_of, publish_sign_off
from keyceremony.sealed_record import SealedRecord
from keyceremony.sealing import fetch_seal, publish_seal_signature
from terminal_bridge.encryption import Selections
from tests.attacks.elections import BOX, ONE, OTHER, honest_ballots, small_election
from tests.unit.keyceremony.desks import MemoryStorage, Place, finish, held

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyceremony.home import Desk
    from tests.simulator.election import ElectionSimulator

MANIFEST = "election/manifest/1.json"


@dataclass
class SealedElection:
    """Everything in memory. record: the folder, sealed, with two guardians' signatures."""

    place: Place
    desks: dict[int, Desk]
    simulator: ElectionSimulator
    election: Election
    record: MemoryStorage

    @property
    def digest(self) -> bytes:
        """SHA-256 of `seal.json`."""
        return hashlib.sha256(self.record.files["seal.json"]).digest()

    def sealed(self) -> SealedRecord:
        seal = Seal.from_bytes(self.record.files["seal.json"], self.place.group)
        return SealedRecord(self.record, self.election, seal)


def signed_off(place: Place) -> tuple[dict[int, Desk], ElectionSimulator, Election]:
    """A confirmed ceremony, and a manifest that everybody has signed off."""
    desks = place.enrol_all()
    finish(desks)
    simulator = small_election(place.group, held(place, desks))
    place.exchange.publish(MANIFEST, simulator.manifest_bytes)
    for desk in desks.values():
        election = election_of(confirmed(desk.attempt()), simulator.manifest_bytes, MANIFEST)
        publish_sign_off(desk, election)
    return desks, simulator, election


def unsealed(place: Place) -> tuple[SealedElection, Seal, str]:
    """Voted and closed; the tally has published a seal that no guardian has signed.

    Two ballots of the first box are challenged after a restart, so that guardians must open them.
    """
    desks, simulator, election = signed_off(place)
    honest_ballots(simulator)
    box = simulator.boxes[BOX]
    for votes in (ONE, OTHER):
        submitted = box.submit(Selections("s-1", votes))
        box.decide(replace(submitted, xi_b=None), "challenged")
    record = MemoryStorage(simulator.sealed_record())
    seal = simulator.seal.model_copy(update={"guardian_sigs": ()})
    raw = seal.to_bytes(place.group)
    digest = hashlib.sha256(raw).hexdigest()
    place.exchange.publish(f"seal/{digest}/seal.json", raw)
    return SealedElection(place, desks, simulator, election, record), seal, digest


def record_check(record: SealedRecord) -> Callable[[Seal], object]:
    return lambda _: record.check()


def sealed_election(place: Place) -> SealedElection:
    """Guardians 1 and 2 have signed the seal, so it is that of the simulator."""
    made, _, digest = unsealed(place)
    for index in (1, 2):
        found, seal = fetch_seal(made.desks[index].box, made.election)
        assert found == digest
        record = SealedRecord(made.record, made.election, seal)
        assert publish_seal_signature(made.desks[index], seal, record_check(record)) == digest
    return made


@cache
def _made_once() -> SealedElection:
    return sealed_election(Place())


def fresh_sealed_election() -> SealedElection:
    """One election that is made once; homes and exchange are copies, for the test to change."""
    made = _made_once()
    place = Place(made.place.n, made.place.k)
    place.shared = MemoryStorage(dict(made.place.shared.files))
    place.homes = {i: MemoryStorage(dict(home.files)) for i, home in made.place.homes.items()}
    place.identities = made.place.identities
    desks = {index: place.desk(index) for index in place.homes}
    record = MemoryStorage(dict(made.record.files))
    return SealedElection(place, desks, made.simulator, made.election, record)
