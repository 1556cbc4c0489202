"""Making a device, and counting permits, cut anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.secret import Secret
from egcore.storage import FolderStorage
from terminal_bridge.card import CardFile, MemoryCard
from terminal_bridge.device_home import init_device, open_key
from terminal_bridge.frames import read_frame
from terminal_bridge.permits import PermitsDesk, issued
from terminal_bridge.refusals import CardRefused
from tests.toy_groups import TOY
from tests.unit.terminal_bridge.closed_box import find_nothing
from tests.unit.terminal_bridge.torn_storage import (
    TornFileSystem,
    UnsyncedFileSystem,
    key_of,
    write_files,
)
from tests.unit.terminal_bridge.voting_day import BOX, Precinct

if TYPE_CHECKING:
    from pathlib import Path

    from terminal_bridge.box_records import Registration

PASSPHRASE = Secret("correct horse")
KEY_ONLY = frozenset({"home/private/key.age"})
WHOLE = KEY_ONLY | {"home/device.json"}


def test_a_device_that_was_cut_while_it_was_made_is_finished_with_the_same_key(
    tmp_path: Path,
) -> None:
    """Each run opens or makes a key file, which takes seconds: one run for each kind of folder."""
    told: list[Registration] = []
    top = tmp_path / "first"
    top.mkdir()
    system = TornFileSystem(top, lambda: len(told))
    storage = FolderStorage(top / "home", system)
    told.append(_init(storage))
    system.observe("told")
    opened = open_key(storage, PASSPHRASE, TOY)
    secrets = [opened.file.seed, opened.file.identity.encode(), PASSPHRASE.reveal().encode()]
    states = {}
    for image in system.images:
        for files in image.survivors():
            find_nothing(files, secrets)
            kept = frozenset(p for p in files if "/." not in p and not p.endswith("/"))
            assert kept == WHOLE or not image.told
            states[kept] = files
    assert set(states) == {frozenset(), KEY_ONLY, WHOLE}
    for kept in (KEY_ONLY, WHOLE):
        second = tmp_path / str(len(kept))
        write_files(second, states[kept])
        assert _init(FolderStorage(second / "home", UnsyncedFileSystem())) == told[0]


def test_no_card_holds_a_permit_that_is_not_counted(tmp_path: Path) -> None:
    precinct = Precinct(("cast",))
    cards = [MemoryCard() for _ in range(3)]
    system = TornFileSystem(tmp_path, lambda: sum(map(_has_permit, cards)))
    desk = PermitsDesk(
        precinct.start, precinct.desk._device, FolderStorage(tmp_path / "desk", system)
    )
    for card in cards:
        desk.issue(card, BOX, "s-1")
        system.observe("told")
    tried = {}
    for image in system.images:
        for files in (*image.survivors(), *image.torn()):
            tried[(key_of(files), image.told)] = (files, image.told)
    for number, (files, held) in enumerate(tried.values()):
        folder = tmp_path / f"after-{number}"
        folder.mkdir()
        write_files(folder, files)
        count = issued(FolderStorage(folder / "desk"), BOX)
        assert held <= count <= held + 1
    assert len(tried) > 6


def _init(storage: FolderStorage) -> Registration:
    return init_device(storage, "box", "box-1", "p-1", PASSPHRASE, TOY)


def _has_permit(card: MemoryCard) -> bool:
    try:
        return read_frame(card, CardFile.PERMIT) is not None
    except CardRefused:
        return False
