"""A voting day from the pool: accepted by the verifier, and a killed box loses the pool only."""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING, BinaryIO

import pytest

from egcore.storage import FolderStorage
from terminal_bridge.box_closing import ClosableBox
from terminal_bridge.commands.pool_filling import PAUSE, PoolFilling
from terminal_bridge.device_home import open_day, read_day
from terminal_bridge.encryption import Selections
from terminal_bridge.pool import BallotPool
from tests.attacks.elections import ONE, OTHER, PARTICIPANTS, small_election
from tests.attacks.judge import judge
from tests.toy_groups import TOY
from tests.unit.terminal_bridge.closed_box import check_end, find_nothing, require_accepted
from tests.unit.terminal_bridge.pool_samples import fill, is_overwritten, stock
from tests.unit.terminal_bridge.torn_storage import UnsyncedFileSystem, read_files
from tests.unit.terminal_bridge.voting_day import Log, Precinct

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from egcore.storage import Storage
    from terminal_bridge.pool_slot import Slot
    from tests.simulator.boxes import Box as SimulatedBox
    from tests.unit.terminal_bridge.voting_day import Told, Wish

WISHES: tuple[Wish, ...] = ("cast", "challenged", "leave", "cast", "challenged", "cast")


class PooledPrecinct(Precinct):
    """A precinct whose box has a pool. taken: what every box of the day took from its pool."""

    def __init__(self, size: int) -> None:
        super().__init__(WISHES)
        self.size = size
        self.taken: list[Slot | None] = []
        self.secrets: set[bytes] = set()

    def box(self, storage: Storage) -> ClosableBox:
        day = read_day(storage, self.opened, self.start)
        pool = BallotPool(self.start.keys, self.start.styles_of("p-1"), self.size)
        fill(pool)
        for slot in pool._slots["s-1"]:
            self.secrets.add(bytes(slot.xi_b))
        real = pool.take

        def take(style: str) -> Slot | None:
            self.taken.append(real(style))
            return self.taken[-1]

        pool.take = take  # type: ignore[method-assign]
        return ClosableBox(self.start, self.device, day, storage, pool)


@pytest.fixture(scope="module", params=[len(WISHES), 2], ids=["all pooled", "some pooled"])
def precinct(request: pytest.FixtureRequest) -> PooledPrecinct:
    return PooledPrecinct(request.param)


@pytest.fixture
def storage(precinct: PooledPrecinct, tmp_path: Path) -> Iterator[FolderStorage]:
    precinct.taken.clear()
    yield FolderStorage(tmp_path / "box", UnsyncedFileSystem())
    assert all(slot is None or is_overwritten(slot) for slot in precinct.taken)


def test_the_verifier_accepts_a_day_from_the_pool(
    precinct: PooledPrecinct, storage: FolderStorage, tmp_path: Path
) -> None:
    log = Log()
    precinct.work(storage, log)
    assert [slot is not None for slot in precinct.taken] == [
        place < precinct.size for place in range(len(WISHES))
    ]
    files = read_files(tmp_path / "box")
    check_end(precinct, files, log.told)
    require_accepted(precinct, files, tmp_path / "record")


def test_a_box_that_is_killed_loses_its_pool_and_nothing_else(
    precinct: PooledPrecinct, storage: FolderStorage, tmp_path: Path
) -> None:
    log = Log()
    precinct.vote_until(storage, log, 3)
    precinct.work(storage, log)
    assert len(precinct.taken) == len(WISHES)
    assert len({id(slot) for slot in precinct.taken if slot is not None}) == min(
        len(WISHES), 2 * precinct.size
    )
    files = read_files(tmp_path / "box")
    check_end(precinct, files, log.told)
    find_nothing(files, precinct.secrets)
    require_accepted(precinct, files, tmp_path / "record")


class LateDisk(UnsyncedFileSystem):
    """Asks at every write whether the slots that were taken are overwritten."""

    def __init__(self, precinct: PooledPrecinct) -> None:
        self.precinct = precinct
        self.seen: list[bool] = []

    def write(self, file: BinaryIO, data: bytes) -> None:
        self.seen += [is_overwritten(slot) for slot in self.precinct.taken if slot is not None]
        super().write(file, data)


def test_a_slot_is_overwritten_before_its_ballot_is_written(
    precinct: PooledPrecinct, tmp_path: Path
) -> None:
    precinct.taken.clear()
    disk = LateDisk(precinct)
    storage = FolderStorage(tmp_path / "box", disk)
    open_day(storage, precinct.opened, precinct.start)
    cards = precinct.cards(storage)
    precinct.box(storage).present(cards[0])
    assert disk.seen
    assert all(disk.seen)


class PooledBox:
    """Puts a pool into a simulated box."""

    def __init__(self, box: SimulatedBox) -> None:
        self.pool = BallotPool(box.keys, ("s-1",), 2)
        fill(self.pool)
        self.submitted = 0

    def encrypt(self, *arguments: object) -> object:
        self.submitted += 1
        return self.pool.encrypt(*arguments[1:])  # type: ignore[arg-type]


def test_the_verifier_accepts_several_contests_limits_and_data_from_the_pool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    election = small_election()
    pools = {}
    for device, box in election.boxes.items():
        pools[device] = PooledBox(box)
        monkeypatch.setattr("terminal_bridge.device.encrypt_ballot", pools[device].encrypt)
        box.vote(Selections("s-1", ONE, {"two": "a name"}))
        box.vote(Selections("s-1", OTHER), "challenged")
        box.vote(Selections("s-1", OTHER))
    assert [pool.submitted for pool in pools.values()] == [3, 3]
    assert [stock(pool.pool) for pool in pools.values()] == [{"s-1": 0}] * 2
    judge(election.record(PARTICIPANTS), TOY, tmp_path).require_accepted()


def test_a_box_whose_pool_is_filled_meanwhile_keeps_its_word(
    precinct: PooledPrecinct, tmp_path: Path
) -> None:
    """The thread of the program and the box at work share the pool, card after card."""
    storage = FolderStorage(tmp_path / "box", UnsyncedFileSystem())
    pool = BallotPool(precinct.start.keys, ("s-1",), 2)
    with PoolFilling(pool) as filling:
        filled = copy.copy(precinct)

        def start_box(storage: Storage) -> ClosableBox:
            day = read_day(storage, precinct.opened, precinct.start)
            return ClosableBox(precinct.start, precinct.device, day, storage, pool)

        filled.box = start_box  # type: ignore[method-assign]
        log = WaitingLog(filling)
        filled.work(storage, log)
    files = read_files(tmp_path / "box")
    check_end(precinct, files, log.told)
    require_accepted(precinct, files, tmp_path / "record")


class WaitingLog(Log):
    """The box waits whenever something was told."""

    def __init__(self, filling: PoolFilling, told: Told | None = None) -> None:
        super().__init__(told)

        def wait(_operation: str) -> None:
            with filling.waiting():
                time.sleep(PAUSE)

        self.observe = wait
