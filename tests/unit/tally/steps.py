"""A whole election by the steps of the tally, guardians and boxes played by the simulator."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from egcore.exchange import StorageExchange
from tally.ceremony_collection import collect_ceremony
from tally.collect import Collected, collect_devices
from tally.combining import combine
from tally.define import define_election
from tally.election import Election, read_election
from tally.guardian_openings import collect_openings
from tally.planning import make_plan
from tally.publishing import publish_results
from tally.registration import end_registry, read_registry, register_devices
from tally.registry import NewDevice
from tally.sealing import finish_seal, publish_seal
from terminal_bridge.encryption import Selections
from tests.attacks.elections import ONE, OTHER, small_election
from tests.simulator.exchange import (
    publish_ceremony,
    publish_openings,
    publish_sign_off,
    run_decryption,
    sign_published_seal,
    write_device,
)
from tests.unit.keyceremony.desks import Fuse, FusedStorage, MemoryStorage

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.storage import Storage
    from tests.simulator.election import ElectionSimulator

PARTICIPANTS = (1, 3)
BOX = "box-p-1-1"
OTHER_BOX = "box-p-2-1"
LEFT = 3  # position in BOX that is challenged after a restart, so left to the guardians


def voted_election() -> ElectionSimulator:
    """Six ballots in two boxes: cast, void, challenged, and challenged with its nonce lost."""
    election = small_election(undecided="void")
    box = election.boxes[BOX]
    box.vote(Selections("s-1", ONE, {"two": "a name"}))
    box.vote(Selections("s-1", OTHER), "challenged")
    box.decide(replace(box.submit(Selections("s-1", ONE)), xi_b=None), "challenged")
    box.decide(box.submit(Selections("s-1", ONE)), "void", "closing")
    election.boxes[OTHER_BOX].vote(Selections("s-1", OTHER))
    election.boxes[OTHER_BOX].vote(Selections("s-1", ONE))
    return election


def other_response(ballots: bytes) -> bytes:
    """A ballot file with another digit in its first response, which no figure shows."""
    place = ballots.index(b'"v":"') + len(b'"v":"')
    digit = b"1" if ballots[place : place + 1] == b"0" else b"0"
    return ballots[:place] + digit + ballots[place + 1 :]


class Desk:
    """The tally's record and exchange in memory, and the players around them.

    fuse: kills the tally, never the players, at one of its writes. Each step may be called again.
    """

    def __init__(
        self,
        election: ElectionSimulator,
        record: dict[str, bytes] | None = None,
        shared: dict[str, bytes] | None = None,
        fuse: Fuse | None = None,
    ) -> None:
        self.election = election
        self.fuse = fuse or Fuse()
        self.files: dict[str, bytes] = {} if record is None else record
        self.shared: dict[str, bytes] = {} if shared is None else shared
        self.record: Storage = FusedStorage(MemoryStorage(self.files), self.fuse)
        self.exchange = StorageExchange(FusedStorage(MemoryStorage(self.shared), self.fuse))
        self.players = StorageExchange(MemoryStorage(self.shared))
        self.folders = {device: MemoryStorage() for device in election.boxes}

    def copy(self, fuse: Fuse | None = None) -> Desk:
        """Another process at the same folders, as they are now."""
        desk = Desk(self.election, dict(self.files), dict(self.shared), fuse)
        desk.folders = self.folders
        return desk

    @property
    def terms(self) -> Election:
        return read_election(self.record, self.election.group)

    def folder(self, device: str) -> MemoryStorage:
        return self.folders[device]

    def define(self) -> None:
        define_election(self.record, self.exchange, self.election.manifest, self.election.group)

    def play_ceremony(self) -> None:
        publish_ceremony(self.players, self.election.ceremony)
        publish_sign_off(self.players, self.election.ceremony, self.election.manifest_bytes)

    def collect_ceremony(self) -> Election:
        return collect_ceremony(self.record, self.exchange, self.election.group)

    def new_devices(self) -> list[NewDevice]:
        """Every device of the simulated election, in the order of its registry."""
        return [
            NewDevice(kind=line.kind, id=line.id, precinct=line.precinct, key=line.key)
            for line in self.election.registry.registered()
        ]

    def register(self) -> None:
        keys = self.election.registrars.keys
        register_devices(self.record, self.terms, self.new_devices(), keys)

    def end_registry(self) -> None:
        end_registry(self.record, self.terms, self.election.registrars.keys)

    def play_devices(self) -> None:
        for device, box in self.election.boxes.items():
            write_device(self.folder(device), box)

    def collect(self, *devices: str) -> list[Collected]:
        folders = [(device, self.folder(device)) for device in devices or self.election.boxes]
        registry = read_registry(self.record, self.terms)
        return collect_devices(self.record, self.terms, registry, folders)

    def collect_all(self) -> None:
        for outcome in self.collect():
            if outcome.refused is not None:
                raise outcome.refused

    def seal(self) -> None:
        terms = self.terms
        keys = self.election.registrars.keys
        registry = read_registry(self.record, terms)
        publish_seal(self.record, self.exchange, terms, registry, keys)

    def play_seal(self) -> None:
        sign_published_seal(self.players, self.election.ceremony, (1, 2))

    def finish_seal(self) -> None:
        terms = self.terms
        finish_seal(self.record, self.exchange, terms, read_registry(self.record, terms))

    def play_openings(self) -> None:
        publish_openings(self.players, self.election, PARTICIPANTS)

    def collect_openings(self) -> None:
        terms = self.terms
        collect_openings(self.record, self.exchange, terms, read_registry(self.record, terms))

    def plan(self) -> None:
        make_plan(self.record, self.exchange, self.terms, PARTICIPANTS)

    def play_decryption(self) -> None:
        run_decryption(self.players, self.election)

    def combine(self) -> None:
        combine(self.record, self.exchange, self.terms)

    def results(self) -> None:
        publish_results(self.record, self.terms)

    def run(self, last: str = "results", around: Callable[[str], None] | None = None) -> None:
        """All steps up to one; `around` makes each step of the tally, default: once."""
        for name in STEPS:
            if name.startswith("play_"):
                getattr(self, name)()
            elif around is not None:
                around(name)
            else:
                getattr(self, name)()
            if name == last:
                return


STEPS = (
    "define",
    "play_ceremony",
    "collect_ceremony",
    "register",
    "end_registry",
    "play_devices",
    "collect_all",
    "seal",
    "play_seal",
    "finish_seal",
    "play_openings",
    "collect_openings",
    "plan",
    "play_decryption",
    "combine",
    "results",
)


__all__ = [
    "BOX",
    "LEFT",
    "OTHER_BOX",
    "PARTICIPANTS",
    "STEPS",
    "Desk",
    "other_response",
    "voted_election",
]
