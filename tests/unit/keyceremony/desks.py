"""Guardians' desks on the toy group, with homes and exchange in memory, and storages that fail."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

from pyrage import x25519

from egcore.exchange import StorageExchange
from egcore.records.ceremony import Enrol
from egcore.storage import require_plain_path
from keyceremony.attempt import message_name
from keyceremony.ceremony import joint_keys
from keyceremony.fingerprints import accept, fingerprint
from keyceremony.guardian_keys import CeremonySecrets
from keyceremony.home import Desk, current_attempt, new_key, send_enrolment, set_up
from keyceremony.steps import FINISHED, work
from tests.simulator.ceremony import Guardian, HeldCeremony
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from egcore.exchange import Exchange
    from egcore.group import Group
    from egcore.storage import Storage

NAMES = ("Aigul", "Boris", "Chingiz", "Dana")


class MemoryStorage:
    """Files in memory, by path."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files = {} if files is None else files

    def read(self, path: str) -> bytes:
        require_plain_path(path)
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def open_stream(self, path: str) -> BinaryIO:
        return io.BytesIO(self.read(path))

    def write(self, path: str, data: bytes) -> None:
        require_plain_path(path)
        self.files[path] = data

    def append(self, path: str, data: bytes) -> None:
        self.write(path, self.files.get(path, b"") + data)

    def list(self, prefix: str) -> list[str]:
        return sorted(
            path
            for path in self.files
            if not prefix or path == prefix or path.startswith(f"{prefix}/")
        )

    def exists(self, path: str) -> bool:
        return path in self.files

    def settle(self) -> None:
        pass


class Killed(Exception):  # noqa: N818 - nothing of the program catches it
    """The process ends here."""


class Fuse:
    """Kills before the n-th write of all storages that share it; never if n is None."""

    def __init__(self, writes: int | None = None) -> None:
        self.left = writes
        self.count = 0

    def write(self, storage: MemoryStorage, path: str, data: bytes) -> None:
        self.count += 1
        if self.count == self.left:
            raise Killed(path)
        storage.write(path, data)


class FusedStorage(MemoryStorage):
    """The files of another storage, written through a fuse."""

    def __init__(self, storage: MemoryStorage, fuse: Fuse) -> None:
        super().__init__(storage.files)
        self._fuse = fuse

    def write(self, path: str, data: bytes) -> None:
        self._fuse.write(MemoryStorage(self.files), path, data)


class Place:
    """Where guardians meet: the exchange's files, and the home and identity of each of them."""

    def __init__(self, n: int = 3, k: int = 2, group: Group = TOY) -> None:
        self.group = group
        self.n, self.k = n, k
        self.shared = MemoryStorage()
        self.homes = {i: MemoryStorage() for i in range(1, n + 1)}
        self.identities = {i: x25519.Identity.generate() for i in range(1, n + 1)}

    @property
    def exchange(self) -> StorageExchange:
        return StorageExchange(self.shared)

    def enrol(self, index: int, fuse: Fuse | None = None) -> Desk:
        """As the command does it; again after a crash."""
        home, exchange = self._storages(index, fuse)
        key = new_key(index, self.n, self.k, NAMES[index - 1])
        set_up(home, self.identities[index], key, self.group)
        desk = Desk(home, exchange, self.identities[index], self.group)
        send_enrolment(desk, current_attempt(desk.box, index))
        return desk

    def desk(self, index: int, fuse: Fuse | None = None) -> Desk:
        """A new process of a guardian that has enrolled."""
        home, exchange = self._storages(index, fuse)
        return Desk(home, exchange, self.identities[index], self.group)

    def enrol_all(self) -> dict[int, Desk]:
        """Everybody enrols and compares all fingerprints."""
        for index in self.homes:
            self.enrol(index)
        return {index: self.compared(self.desk(index)) for index in self.homes}

    def compared(self, desk: Desk) -> Desk:
        """The fingerprints of all are compared, as their holders say them."""
        attempt = desk.attempt()
        number = attempt.terms.attempt
        read = [attempt.read(Enrol, message_name(number, "enrol", i), i) for i in self.homes]
        lines = [line for line in read if line is not None]
        accept(desk, lines, {line.guardian: fingerprint(line).hex() for line in lines})
        return desk

    def _storages(self, index: int, fuse: Fuse | None) -> tuple[Storage, Exchange]:
        if fuse is None:
            return self.homes[index], self.exchange
        home = FusedStorage(self.homes[index], fuse)
        return home, StorageExchange(FusedStorage(self.shared, fuse))


def take_turns(desks: dict[int, Desk], order: str) -> None:
    """Guardians do what is due, one after the other, each time as a new process would."""
    for index in map(int, order):
        work(desks[index], desks[index].attempt())


def finish(desks: dict[int, Desk], turns: int = 20) -> None:
    """Everybody in turn does what is due until all have confirmed."""
    for _ in range(turns):
        standings = [work(desk, desk.attempt()) for desk in desks.values()]
        if all(standing.round == FINISHED for standing in standings):
            return
    raise AssertionError("the ceremony does not end")


def held(place: Place, desks: dict[int, Desk]) -> HeldCeremony:
    """The finished ceremony as the simulator of elections takes it; what was drawn is fresh."""
    attempt = desks[1].attempt()
    attempt.advance()
    guardians = []
    for desk in desks.values():
        assert desk.key.kept is not None
        other = CeremonySecrets.draw(place.group, place.k)
        guardians.append(Guardian(desk.me, other, desk.key.kept.shares()))
    keys = joint_keys(place.group, attempt.transcript.reveals)
    return HeldCeremony(place.group, attempt.members, attempt.transcript, tuple(guardians), *keys)
