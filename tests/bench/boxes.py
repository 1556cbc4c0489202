"""One box of a large record, from its first ballot to its closing, in a process of its own."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path  # noqa: TC003 -- a process that is spawned needs the class
from typing import TYPE_CHECKING, Final

from egcore.fixed_base import FixedBase
from egcore.group import Group
from egcore.hashing import ExtendedBaseHash
from egcore.hints import hint_entry
from egcore.plan import CellSums
from egcore.records.manifest import Manifest
from egcore.signing import SigningKey
from terminal_bridge.closing import BALLOTS_A_FILE
from terminal_bridge.device import Device
from terminal_bridge.encryption import ElectionKeys, Selections
from tests.attacks.judge import write_folder
from tests.simulator.boxes import Box

if TYPE_CHECKING:
    from egcore.elgamal import Ciphertext
    from egcore.records.device import DeviceFile

WINDOW: Final = 10  # of the tables; a process encrypts thousands of ballots
ONE_CHALLENGED_IN: Final = 100
OF_THE_FIRST: Final = 0.7  # of the votes, so that no lot has to be drawn


@dataclass(frozen=True)
class BoxOrder:
    """What a process needs to work a box; nothing of it is secret.

    group: name, p, q, g. keys: K and K-hat. record: the folder that the files go to. hints: that
    of the hint files, apart, since they are no part of a record that is looked at without them.
    """

    group: tuple[str, int, int, int]
    manifest: bytes
    h_e: bytes
    keys: tuple[int, int]
    precinct: str
    ballots: int
    record: Path
    hints: Path


@dataclass(frozen=True)
class WorkedBox:
    """What a box that has closed leaves to the others. sums, counts: of its cells, by precinct."""

    device: str
    precinct: str
    public: bytes
    file: DeviceFile
    sums: dict[tuple[str, int], list[Ciphertext]]
    counts: dict[tuple[str, int], int]


def work_box(order: BoxOrder) -> WorkedBox:
    """Encrypt, decide, close and write all files of a box. Votes are drawn from its name."""
    keys = _keys(order.group, order.manifest, order.h_e, order.keys)
    device = Device(order.precinct, f"box-{order.precinct}-1", SigningKey.generate())
    box, sums = Box.start_up(keys, device), CellSums(keys.group, keys.manifest)
    choices, hints = random.Random(device.device), list[bytes]()
    (contest,), (style,) = keys.manifest.contests, keys.manifest.styles
    for number in range(1, order.ballots + 1):
        is_for_first = choices.random() < OF_THE_FIRST
        chosen = 0 if is_for_first else choices.randrange(len(contest.options))
        votes = [int(place == chosen) for place in range(len(contest.options))]
        status = "challenged" if number % ONE_CHALLENGED_IN == 0 else "cast"
        submitted = box.submit(Selections(style.id, {contest.id: votes}))
        hints.append(hint_entry(keys.group, submitted.hint))
        entry = box.decide(submitted, status)  # type: ignore[arg-type]
        sums.add(order.precinct, entry.ballot)
    file = box.close()
    write_folder(_files(box, file), order.record)
    write_folder(_hint_files(device.device, hints), order.hints)
    public = device.key.public
    return WorkedBox(device.device, order.precinct, public, file, sums._sums, sums._counts)


def _files(box: Box, closing: DeviceFile) -> dict[str, bytes]:
    name, group = box.device.device, box.keys.group
    files = {f"devices/{name}.json": closing.to_bytes(group)}
    for file in box.files():
        stem = f"{name}/{file.number:06d}"
        files[f"ballots/{stem}.ndjson"] = file.ballots
        files[f"ballots/{stem}.sig"] = file.signature
        files[f"receipts/{stem}.ndjson"] = file.receipts
    if box.openings:
        lines = [box.openings[position].to_bytes(group) for position in sorted(box.openings)]
        files[f"openings/{name}.ndjson"] = b"".join(lines)
    return files


def _hint_files(device: str, entries: list[bytes]) -> dict[str, bytes]:
    return {
        f"hints/{device}/{number:06d}.bin": b"".join(entries[first : first + BALLOTS_A_FILE])
        for number, first in enumerate(range(0, len(entries), BALLOTS_A_FILE))
    }


@lru_cache(maxsize=1)
def _keys(
    group: tuple[str, int, int, int], manifest: bytes, h_e: bytes, keys: tuple[int, int]
) -> ElectionKeys:
    """The keys with their tables, made once in a process."""
    made = Group(*group)
    vote_key, data_key = (FixedBase(made, key, WINDOW) for key in keys)
    terms = Manifest.from_bytes(manifest, made)
    return ElectionKeys(terms, ExtendedBaseHash(h_e), vote_key, data_key)
