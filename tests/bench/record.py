"""Builds a large record by the code of all roles: `python -m tests.bench.record --ballots 20000`.

One contest of 7 options with one vote, a precinct for every 800 ballots with one box each, which is
what a precinct had in 2022, one ballot in a hundred challenged, seven guardians of whom four
decrypt. Boxes are worked by two processes. Votes are drawn from a seed; no key and no nonce is.
Beside the folder of the record lies another one with the same files, under a second name each, and
the hints of the boxes. Both are reused as long as they are there. A build that was ended begins
anew.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import multiprocessing
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from egcore.parameters import STANDARD
from egcore.plan import CellSums
from tests.attacks.judge import write_folder
from tests.bench.boxes import BoxOrder, work_box
from tests.bench.progress import Progress
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from egcore.group import Group
    from egcore.records.manifest import Manifest
    from tests.bench.boxes import WorkedBox

BUILD: Final = Path(__file__).parents[2] / "build"
OF_A_BOX: Final = 800  # ballots: 8.3 million in 10,400 precincts
PRECINCTS_OF_A_REGION: Final = 5
CANDIDATES: Final = 5  # with `against` and `blank` these are 7 options
GUARDIANS: Final = 7
QUORUM: Final = 4
FLOOR: Final = 30
PROCESSES: Final = 2


class RecordElection(ElectionSimulator):
    """An election whose boxes are worked elsewhere: of each only its closing and its sums come."""

    worked: tuple[WorkedBox, ...] = ()

    def take(self, boxes: tuple[WorkedBox, ...]) -> None:
        """Enter the boxes in the registry and keep what their closings say."""
        self.worked = boxes
        for box in boxes:
            self.registry = self.registry.register(
                "box", box.device, box.precinct, box.public, self.registrars.keys
            )
        self.__dict__["device_files"] = {box.device: box.file for box in boxes}

    def sums(self) -> CellSums:
        """The sums of all boxes; no two share a precinct."""
        total = CellSums(self.group, self.manifest)
        for box in self.worked:
            total._sums.update(box.sums)
            total._counts.update(box.counts)
        return total


def folder_of(ballots: int) -> Path:
    """Where a record of so many ballots lies, or is to lie."""
    return BUILD / f"bench-record-{ballots}"


def record_of(ballots: int) -> Path:
    """A record of so many ballots on the standard group, built if it is not there."""
    folder = folder_of(ballots)
    folder.parent.mkdir(exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests of two files may want the same one at once
        if not folder.is_dir():
            build(folder, ballots, STANDARD)
    return folder


def hinted_record_of(ballots: int) -> Path:
    """The same record with hints."""
    return _hinted(record_of(ballots))


def build(folder: Path, ballots: int, group: Group, of_a_box: int = OF_A_BOX) -> None:
    """Build a record; the folder is there when both are whole, and not before.

    ballots: from 1. of_a_box: of each box but the last.
    """
    hinted = _hinted(folder)
    draft, hints = (path.with_name(f"{path.name}.draft") for path in (folder, hinted))
    for old in (draft, hints, hinted):
        shutil.rmtree(old, ignore_errors=True)
    draft.mkdir(parents=True)
    progress = Progress(f"building {folder.name}", ballots, "ballots")
    sizes = [min(of_a_box, ballots - first) for first in range(0, ballots, of_a_box)]
    registrars = Registrars.generate(3)
    made = _manifest(registrars.public, len(sizes))
    election = RecordElection(made, hold_ceremony(group, GUARDIANS, QUORUM), registrars, 0)
    orders = list(_orders(election, sizes, draft, hints))
    election.take(tuple(_worked(orders, progress)))
    participants = tuple(range(1, QUORUM + 1))
    write_folder(election.record(participants), draft)
    shutil.copytree(draft, hints, copy_function=os.link, dirs_exist_ok=True)
    hints.rename(hinted)
    draft.rename(folder)
    progress.end()


def _hinted(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-hints")


def _manifest(registrar_keys: tuple[bytes, ...], precincts: int) -> Manifest:
    names = [f"p-{number:04d}" for number in range(1, precincts + 1)]
    placed = [
        (name, f"region-{place // PRECINCTS_OF_A_REGION + 1:02d}", ("s-1",))
        for place, name in enumerate(names)
    ]
    return manifest(
        registrar_keys,
        contests=(contest("one", CANDIDATES),),
        precincts=placed,
        n=GUARDIANS,
        k=QUORUM,
        floor=FLOOR,
    )


def _orders(
    election: ElectionSimulator, sizes: list[int], draft: Path, hints: Path
) -> Iterator[BoxOrder]:
    group, held = election.group, election.ceremony
    for precinct, size in zip(election.manifest.precincts, sizes, strict=True):
        yield BoxOrder(
            group=(group.name, group.p, group.q, group.g),
            manifest=election.manifest_bytes,
            h_e=election.h_e,
            keys=(held.vote_key, held.data_key),
            precinct=precinct.id,
            ballots=size,
            record=draft,
            hints=hints,
        )


def _worked(orders: list[BoxOrder], progress: Progress) -> Iterator[WorkedBox]:
    """What the boxes leave, in the order of their precincts."""
    spawning = multiprocessing.get_context("spawn")
    with spawning.Pool(min(PROCESSES, len(orders))) as pool:
        for order, box in zip(orders, pool.imap(work_box, orders), strict=True):
            progress.advance(order.ballots)
            yield box


def main(arguments: list[str]) -> int:
    """Build the record unless it is there, and say where it lies."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.record")
    parser.add_argument("--ballots", type=int, default=20_000)
    ballots = parser.parse_args(arguments).ballots
    if ballots < 1:
        parser.error(f"a record has at least one ballot, not {ballots}")
    started = time.monotonic()
    is_there = folder_of(ballots).is_dir()
    folder = record_of(ballots)
    took = "was there" if is_there else f"took {time.monotonic() - started:.0f} s"
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(json.dumps({"record": folder.name, "MB": round(size / 1e6), "build": took}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
