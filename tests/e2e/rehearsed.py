"""One small rehearsal as a process, watched: what passes through its folders while it runs.

Cards, permits, passphrases and day keys are gone at its end. Whoever wants to search the folders
for them must have seen them, so a thread copies them as they come.
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pyrage
from pyrage import x25519

from egcore.parameters import STANDARD
from egcore.secret import Secret
from egcore.storage import FolderStorage
from keyceremony import key_file as guardian_file
from tally.registrar_key import open_registrar_key
from terminal_bridge.box_records import DAY_SECRETS, DaySecrets
from terminal_bridge.card import CardFile, MemoryCard
from terminal_bridge.card_record import read_permit
from terminal_bridge.device_home import open_key
from terminal_bridge.frames import read_frame
from terminal_bridge.refusals import CardRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path(sys.executable).with_name("dalel-tally")
VOTERS = 24
PRECINCTS = 2
GUARDIANS = 3
QUORUM = 2
_PAUSE = 0.003  # seconds; a permit stays on its card for the time of an encryption


def arguments(out: Path, seed: int = 7) -> list[str]:
    sizes = {
        "--precincts": PRECINCTS,
        "--voters": VOTERS,
        "--seed": seed,
        "--guardians": GUARDIANS,
        "--quorum": QUORUM,
    }
    return [
        str(PROGRAM),
        "rehearse",
        "--out",
        str(out),
        *(word for name, value in sizes.items() for word in (name, str(value))),
    ]


@dataclass
class Rehearsed:
    """A rehearsal that has ended, and what was seen of it while it ran."""

    folder: Path
    code: int = -1
    out: str = ""
    err: str = ""
    cards: set[bytes] = field(default_factory=set)
    passphrases: dict[str, str] = field(default_factory=dict)
    days: dict[str, bytes] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file that is left, hidden ones included, by its path below the folder."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(self.folder).as_posix(), path.read_bytes()

    def boxes(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "devices").glob("box-*"))

    def permits(self) -> set[bytes]:
        """Ids of the permits that were seen on cards."""
        found = set()
        for image in self.cards:
            try:
                body = read_frame(MemoryCard(image), CardFile.PERMIT)
            except CardRefused:
                continue  # seen in the middle of a write
            if body is not None:
                found.add(read_permit(body)[0].id)
        return found

    def secrets(self) -> dict[str, bytes]:
        """What the key files hold that nobody else may: seeds, shares, identities, day keys."""
        found: dict[str, bytes] = {}
        for precinct in (box.removeprefix("box-") for box in self.boxes()[:1]):
            for kind in ("box", "terminal", "permits"):
                found |= self._of_device(f"{kind}-{precinct}")
        return found | self._of_guardian(1) | self._of_registrar(1)

    def _passphrase(self, who: str) -> Secret[str]:
        return Secret(self.passphrases[who])

    def _of_device(self, device: str) -> dict[str, bytes]:
        home = FolderStorage(self.folder / "devices" / device)
        opened = open_key(home, self._passphrase(device), STANDARD)
        found = {f"{device}: seed": opened.file.seed}
        if device in self.days:
            identity = x25519.Identity.from_str(opened.file.identity)
            raw = pyrage.decrypt(self.days[device], [identity])
            day = DaySecrets.from_bytes(raw, STANDARD, DAY_SECRETS)
            found[f"{device}: day key"] = day.day_key
            found[f"{device}: key of the permits' HMACs"] = day.permit_key
        return found | {f"{device}: identity": opened.file.identity.encode()}

    def _of_guardian(self, index: int) -> dict[str, bytes]:
        home = FolderStorage(self.folder / "guardians" / str(index))
        identity = guardian_file.open_identity(home, self._passphrase(f"guardian-{index}"))
        key = guardian_file.read_key(home, identity, STANDARD)
        assert key.kept is not None
        width = STANDARD.lq
        found = {
            "seed": key.seed,
            "share of the vote key": key.kept.vote.to_bytes(width, "big"),
            "share of the data key": key.kept.data.to_bytes(width, "big"),
            "identity": str(identity).encode(),
        }
        if key.assembling is not None:
            found["identity of the openings"] = key.assembling.identity.encode()
        return {f"guardian {index}: {name}": value for name, value in found.items()}

    def _of_registrar(self, number: int) -> dict[str, bytes]:
        raw = (self.folder / "registrars" / f"{number}.age").read_bytes()
        key = open_registrar_key(raw, self._passphrase(f"registrar-{number}"), "its key file")
        return {f"registrar {number}: seed": key.seed()}


def rehearse(folder: Path) -> Rehearsed:
    """Run the program in a folder that does not exist yet, and watch it."""
    seen = Rehearsed(folder)
    process = subprocess.Popen(
        arguments(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    watcher = Thread(target=_watch, args=(seen, process))
    watcher.start()
    seen.out, seen.err = process.communicate()
    watcher.join()
    seen.code = process.returncode
    return seen


def _watch(seen: Rehearsed, process: subprocess.Popen[str]) -> None:
    while process.poll() is None:
        for file in seen.folder.glob("cards/*.card"):
            if image := _read(file):
                seen.cards.add(image)
        for file in seen.folder.glob("passphrases/*"):
            if file.name not in seen.passphrases and not file.name.startswith("."):
                seen.passphrases[file.name] = _read(file).decode().strip()
        for file in seen.folder.glob("devices/box-*/private/day.age"):
            if raw := _read(file):
                seen.days[file.parts[-3]] = raw
        for file in seen.folder.glob("devices/box-*/private/permits.txt"):
            seen.tags.update(_read(file).decode().split())
        time.sleep(_PAUSE)


def _read(file: Path) -> bytes:
    """Its bytes; none when it has gone meanwhile."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
