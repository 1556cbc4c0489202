"""A process at the ballot box is killed by the system at random moments, on a real folder."""

from __future__ import annotations

import os
import pickle
import random
import signal
import time
import traceback
from typing import TYPE_CHECKING

from egcore.storage import FolderStorage
from tests.fresh_process import work_in_fresh_process
from tests.unit.terminal_bridge.closed_box import check_end
from tests.unit.terminal_bridge.torn_storage import read_files
from tests.unit.terminal_bridge.voting_day import Log, Precinct, Told

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 20
LONGEST = 1.0  # seconds that a process is given at most


def test_a_box_that_is_killed_again_and_again_keeps_its_word(tmp_path: Path) -> None:
    work_in_fresh_process(kill_again_and_again, tmp_path)


def kill_again_and_again(root: Path) -> None:
    precinct = Precinct(("cast", "challenged", "leave", "cast", "cast", "challenged"))
    chosen = random.Random(11)
    days, told, kills = 0, Told(), 0
    started = time.monotonic()
    assert not _work(precinct, root / "whole", told, None)[1]
    whole = min(LONGEST, time.monotonic() - started)
    while kills < ROUNDS:
        folder = root / str(days)
        told, killed = _work(precinct, folder, told, chosen.uniform(0, whole))
        kills += killed
        if not killed:
            check_end(precinct, read_files(folder), told)
            days, told = days + 1, Told()
    told, killed = _work(precinct, root / str(days), told, None)
    assert not killed
    check_end(precinct, read_files(root / str(days)), told)


def _work(precinct: Precinct, folder: Path, told: Told, seconds: float | None) -> tuple[Told, bool]:
    """Another process does the rest of the day, or is killed after some seconds.

    Returns what it had told by then, and whether it was killed.
    """
    heard = folder.with_suffix(".told")
    heard.write_bytes(b"")
    child = os.fork()
    if child == 0:
        _child(precinct, folder, Log(told), heard)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, -signal.SIGKILL), "the box did not keep its word; see stderr"
    return _last(heard.read_bytes(), told), code != 0


def _child(precinct: Precinct, folder: Path, log: Log, heard: Path) -> None:
    code = 1
    try:
        with heard.open("ab", buffering=0) as file:
            log.observe = lambda _operation: file.write(_frame(log.told))
            precinct.work(FolderStorage(folder), log)
        code = 0
    except BaseException:  # noqa: BLE001 - nothing of the parent runs in the child
        traceback.print_exc()
    finally:
        os._exit(code)


def _frame(told: Told) -> bytes:
    raw = pickle.dumps(told)
    return len(raw).to_bytes(4, "big") + raw


def _last(raw: bytes, told: Told) -> Told:
    """The last whole frame; one that the kill cut off was not read by anybody."""
    at = 0
    while at + 4 <= len(raw):
        end = at + 4 + int.from_bytes(raw[at : at + 4], "big")
        if end > len(raw):
            break
        told = pickle.loads(raw[at + 4 : end])  # noqa: S301 - of our own child
        at = end
    return told
