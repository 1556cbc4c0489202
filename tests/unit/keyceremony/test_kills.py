"""Guardians as processes that are killed: a real folder, a real SIGKILL, before every operation.

Nothing that was published or kept changes afterwards, and the ceremony ends.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, BinaryIO

from egcore.exchange import StorageExchange
from egcore.storage import FileSystem, FolderStorage
from keyceremony.home import Desk
from keyceremony.key_file import KEY_FILE
from keyceremony.steps import FINISHED, work
from tests.fresh_process import work_in_fresh_process
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import MemoryStorage, Place

if TYPE_CHECKING:
    from pathlib import Path

TRIES = 500  # in one turn
VICTIM = 1  # draws the nonce of the roster too


class Deadly(FileSystem):
    """Kills its process before the n-th operation that a reader could see.

    Half of the bytes are written then. What a power cut loses is the storage's own test.
    """

    def __init__(self, left: int) -> None:
        self.left = left

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def create(self, place: Path) -> BinaryIO:
        self._count()
        return super().create(place)

    def write(self, file: BinaryIO, data: bytes) -> None:
        if self.left == 1:
            super().write(file, data[: len(data) // 2])
        self._count()
        super().write(file, data)

    def sync(self, file: BinaryIO) -> None:
        pass

    def rename(self, place: Path, to: Path) -> None:
        self._count()
        super().rename(place, to)

    def make_folder(self, folder: Path) -> None:
        self._count()
        super().make_folder(folder)

    def sync_folder(self, folder: Path) -> None:
        pass


class Folders:
    """A place whose homes and exchange are folders."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.place = Place()
        self.seen: dict[str, bytes] = {}
        for index in self.place.homes:
            self.place.enrol(index)
        for index in self.place.homes:
            self.place.compared(self.place.desk(index))
        for name, memory in (("exchange", self.place.shared), *self._homes()):
            self._write(name, memory)

    def desk(self, index: int, left: int = 0) -> Desk:
        system = Deadly(left)
        home = FolderStorage(self.root / f"g{index}", system)
        exchange = StorageExchange(FolderStorage(self.root / "exchange", system))
        return Desk(home, exchange, self.place.identities[index], TOY)

    def survives(self, left: int) -> bool:
        """Let the victim work as a process of its own; whether it came to its end."""
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                desk = self.desk(VICTIM, left)
                work(desk, desk.attempt())
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL
            return False
        assert os.WEXITSTATUS(status) == 0
        return True

    def kill_at_every_operation(self) -> int:
        """Let the victim do its turn: killed once before each operation of each write."""
        left = 1
        for kills in range(TRIES):
            before = self._files()
            if self.survives(left):
                return kills
            self.require_nothing_changed()
            left = left + 1 if self._files() == before else 1
        raise AssertionError("the turn does not end")

    def _files(self) -> dict[str, bytes]:
        paths = (path for path in self.root.rglob("*") if path.is_file())
        return {
            str(path): path.read_bytes()
            for path in paths
            if not path.name.startswith(".unfinished")
        }

    def require_nothing_changed(self) -> None:
        """Every message that was there before, in a home or in the exchange, is as it was."""
        for path in self.root.rglob("*.json"):
            name, data = str(path.relative_to(self.root)), path.read_bytes()
            assert self.seen.setdefault(name, data) == data

    def _homes(self) -> list[tuple[str, MemoryStorage]]:
        return [(f"g{index}", home) for index, home in self.place.homes.items()]

    def _write(self, name: str, memory: MemoryStorage) -> None:
        storage = FolderStorage(self.root / name)
        for path, data in memory.files.items():
            storage.write(path, data)


def test_killed_before_every_operation_of_every_round(tmp_path: Path) -> None:
    work_in_fresh_process(hold_ceremony, tmp_path)


def hold_ceremony(root: Path) -> None:
    folders, kills = Folders(root), 0
    for _ in range(8):
        kills += folders.kill_at_every_operation()
        rounds = []
        for index in (2, 3):
            desk = folders.desk(index)
            rounds.append(work(desk, desk.attempt()).round)
        folders.require_nothing_changed()
    assert rounds == [FINISHED, FINISHED]
    assert kills > 100
    victim = folders.desk(VICTIM)
    assert work(victim, victim.attempt()).round == FINISHED
    assert victim.key.drawn is None
    assert victim.key.kept is not None
    assert (folders.root / f"g{VICTIM}" / KEY_FILE).is_file()
