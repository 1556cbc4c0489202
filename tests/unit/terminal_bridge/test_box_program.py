"""The ballot box at its table: present, decide, wipe, leave, close; and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore.program import ProgramError
from egcore.storage import FolderStorage
from terminal_bridge.box import UndecidedFirst
from terminal_bridge.box_closing import close_box, finish_closed
from terminal_bridge.card import CardFile, MemoryCard
from terminal_bridge.closing import Staff
from terminal_bridge.device_home import open_day, read_day
from terminal_bridge.frames import read_frame
from terminal_bridge.refusals import BrokenFrame, CardSwapped, NoPermit, UsedPermit
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import MemoryStorage
from tests.unit.terminal_bridge.torn_storage import UnsyncedFileSystem
from tests.unit.terminal_bridge.voting_day import BOX, NAMES, Precinct

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from egcore.records.device import DeviceFile
    from terminal_bridge.box_closing import ClosableBox

DISK_FULL = "no space left"


class FullDisk(UnsyncedFileSystem):
    """Refuses every write after so many of them."""

    def __init__(self) -> None:
        self.left: int | None = None

    def write(self, file: BinaryIO, data: bytes) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise OSError(DISK_FULL)
        super().write(file, data)


class Table:
    """A box with the cards of three voters, and its folder."""

    def __init__(self, precinct: Precinct, folder: Path) -> None:
        self.precinct = precinct
        self.disk = FullDisk()
        self.storage = FolderStorage(folder, self.disk)
        open_day(self.storage, precinct.opened, precinct.start)
        self.cards = precinct.cards(self.storage)
        self.box = self.start()

    def start(self) -> ClosableBox:
        return self.precinct.box(self.storage)

    def close(self, staff: Staff) -> DeviceFile:
        found = finish_closed(self.storage, self.precinct.start, BOX, staff)
        if found is not None:
            return found
        day = read_day(self.storage, self.precinct.opened, self.precinct.start)
        return close_box(self.precinct.start, self.precinct.device, day, self.storage, staff)


@pytest.fixture(scope="module")
def precinct() -> Precinct:
    return Precinct(("cast", "challenged", "leave"))


@pytest.fixture
def table(precinct: Precinct, tmp_path: Path) -> Table:
    return Table(precinct, tmp_path)


def blank(card: MemoryCard) -> bool:
    return read_frame(card, CardFile.PERMIT) is None and read_frame(card, CardFile.BALLOT) is None


def test_a_card_is_submitted_decided_and_wiped(table: Table) -> None:
    card = table.cards[0]
    presented = table.box.present(card)
    assert (presented.position, presented.resumed, presented.language) == (1, False, "kk")
    decision = table.box.decide(1, "cast")
    assert (decision.ballot.status, decision.opening) == ("cast", None)
    assert not blank(card)
    table.box.wipe(card, presented)
    assert blank(card)
    with pytest.raises(NoPermit):
        table.box.present(card)


def test_a_challenged_ballot_is_opened_as_the_voter_marked_it(table: Table) -> None:
    table.box.present(table.cards[0])
    opening = table.box.decide(1, "challenged").opening
    assert opening is not None
    assert opening.contests[0].selections == (0, 1, 0, 0)


def test_a_card_that_comes_again_gives_its_ballot_and_no_second_one(table: Table) -> None:
    first = table.box.present(table.cards[0])
    table.cards[0].update(CardFile.BALLOT, 0, table.cards[1].read(CardFile.BALLOT, 0, 1024))
    again = table.box.present(table.cards[0])
    assert (again.receipt, again.resumed) == (first.receipt, True)
    assert table.box.present(table.cards[1]).position == 2


def test_a_ballot_is_decided_once(table: Table) -> None:
    table.box.present(table.cards[0])
    table.box.decide(1, "cast")
    with pytest.raises(ProgramError, match="position 1 is not undecided"):
        table.box.decide(1, "challenged")
    with pytest.raises(ProgramError, match="position 2 is not undecided"):
        table.box.decide(2, "cast")


def test_a_used_permit_is_refused_and_its_card_wiped(table: Table) -> None:
    copy = MemoryCard(bytes(table.cards[0].image))
    table.box.present(table.cards[0])
    table.box.decide(1, "cast")
    with pytest.raises(UsedPermit):
        table.box.present(copy)
    assert blank(copy)


def test_a_used_permit_stays_used_after_a_restart(table: Table) -> None:
    table.box.present(table.cards[0])
    table.box.decide(1, "cast")
    with pytest.raises(UsedPermit):
        table.start().present(table.cards[0])


def test_a_refused_card_leaves_the_box_ready_and_the_folder_as_it_was(table: Table) -> None:
    before = table.storage.list("private")
    broken = MemoryCard(bytes(table.cards[0].image))
    broken.update(CardFile.BALLOT, 40, b"\x00\x00\x00\x00")
    with pytest.raises(BrokenFrame):
        table.box.present(broken)
    assert table.storage.list("private") == before
    assert table.box.present(table.cards[1]).position == 1


def test_a_card_is_not_wiped_before_its_ballot_is_decided(table: Table) -> None:
    presented = table.box.present(table.cards[0])
    with pytest.raises(RuntimeError, match="wiped before it is decided"):
        table.box.wipe(table.cards[0], presented)
    assert not blank(table.cards[0])


def test_another_card_in_the_reader_is_not_wiped(table: Table) -> None:
    presented = table.box.present(table.cards[0])
    table.box.decide(1, "cast")
    with pytest.raises(CardSwapped):
        table.box.wipe(table.cards[1], presented)
    assert not blank(table.cards[1])


def test_after_a_restart_the_undecided_come_first(table: Table) -> None:
    receipts = [table.box.present(card).receipt for card in table.cards[:2]]
    box = table.start()
    shown = box.unanswered
    assert [entry.receipt for entry in shown] == receipts
    assert all(entry.resumed for entry in shown)
    with pytest.raises(UndecidedFirst, match="position 1"):
        box.present(table.cards[2])
    box.decide(1, "cast")
    with pytest.raises(UndecidedFirst, match="position 2"):
        box.present(table.cards[2])
    box.leave(2)
    assert box.present(table.cards[2]).position == 3


def test_who_left_may_come_back_with_the_card(table: Table) -> None:
    first = table.box.present(table.cards[0])
    box = table.start()
    box.leave(1)
    assert box.unanswered == ()
    assert box.present(table.cards[0]).receipt == first.receipt
    assert box.decide(1, "cast").ballot.position == 1


def test_a_challenge_after_a_restart_is_left_to_the_guardians(table: Table) -> None:
    table.box.present(table.cards[0])
    assert table.start().decide(1, "challenged").opening is None
    closing = table.close(Staff(1, NAMES)).closing
    assert (closing.challenged, closing.to_open) == (1, (1,))


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_after_a_failed_write_the_box_takes_nothing_before_it_is_started_again(
    table: Table, writes: int
) -> None:
    """The folder may be ahead of what the process remembers: one more signature could differ."""
    table.box.present(table.cards[0])
    table.disk.left = writes
    with pytest.raises(OSError, match=DISK_FULL):
        table.box.decide(1, "challenged")
    table.disk.left = None
    for act in (
        lambda: table.box.decide(1, "cast"),
        lambda: table.box.present(table.cards[1]),
        lambda: table.box.close(Staff(3, NAMES)),
    ):
        with pytest.raises(ProgramError, match="could not write to its folder"):
            act()
    box = table.start()
    if writes == 0:
        assert box.unanswered[0].position == 1
    else:
        assert box.unanswered == ()
        with pytest.raises(UsedPermit):
            box.present(table.cards[0])


def test_a_ballot_that_could_not_be_stored_has_no_code(table: Table) -> None:
    table.disk.left = 0
    with pytest.raises(OSError, match=DISK_FULL):
        table.box.present(table.cards[0])
    table.disk.left = None
    with pytest.raises(ProgramError, match="could not write to its folder"):
        table.box.present(table.cards[0])
    box = table.start()
    assert box.unanswered == ()
    assert box.present(table.cards[0]).position == 1


def test_closing_decides_what_is_undecided_and_counts_it(table: Table) -> None:
    for card in table.cards:
        table.box.present(card)
    table.box.decide(1, "cast")
    table.box.decide(2, "challenged")
    closing = table.close(Staff(5, NAMES)).closing
    assert (closing.cast, closing.challenged, closing.void) == (2, 1, 0)
    assert (closing.undecided, closing.issued, closing.outstanding) == (1, 5, 2)


def test_the_same_closing_again_is_the_same_bytes_and_another_one_is_refused(
    table: Table,
) -> None:
    table.box.present(table.cards[0])
    first = table.close(Staff(1, NAMES)).to_bytes(TOY)
    assert table.close(Staff(1, NAMES)).to_bytes(TOY) == first
    for other in (Staff(2, NAMES), Staff(1, (NAMES[1], NAMES[0]))):
        with pytest.raises(ProgramError, match="a second, different closing is refused"):
            table.close(other)
    assert table.storage.read(f"public/devices/{BOX}.json") == first


def test_fewer_permits_than_ballots_do_not_close_and_decide_nothing(table: Table) -> None:
    table.box.present(table.cards[0])
    with pytest.raises(ProgramError, match="0 permits were issued, but 1 ballots made"):
        table.close(Staff(0, NAMES))
    assert table.start().unanswered[0].position == 1


def test_a_closed_box_takes_no_card_and_has_no_day_key(table: Table) -> None:
    day = read_day(table.storage, table.precinct.opened, table.precinct.start)
    table.close(Staff(0, NAMES))
    with pytest.raises(ProgramError, match="its day key was erased"):
        table.start()
    precinct = table.precinct
    with pytest.raises(ProgramError, match=f"box {BOX} is closed"):
        type(table.box)(precinct.start, precinct.device, day, table.storage)


def test_a_day_is_not_opened_twice_with_two_keys(precinct: Precinct) -> None:
    storage = MemoryStorage()
    first = open_day(storage, precinct.opened, precinct.start)
    assert open_day(storage, precinct.opened, precinct.start) == first


def test_erased_files_are_empty_and_nothing_names_a_permit(table: Table) -> None:
    table.box.present(table.cards[0])
    table.box.decide(1, "cast")
    table.close(Staff(1, NAMES))
    private = {path: table.storage.read(path) for path in table.storage.list("private")}
    assert set(private.values()) == {b""}
