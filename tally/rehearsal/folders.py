"""The folders of a rehearsal: one for each role, as each would have on its own machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from egcore.program import ProgramError
from egcore.randomness import random_bytes32
from tally.commands.options import write_new

if TYPE_CHECKING:
    from pathlib import Path

# What a device is given of the record, on a stick (specs/18).
START_FILES: Final = (
    "manifest.json",
    "parameters.json",
    "guardians.json",
    "registry.ndjson",
    "ceremony/transcript.ndjson",
)


class Folders:
    """Paths below the folder that `--out` names."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.exchange = root / "exchange"
        self.record = root / "record"
        self.start = root / "start"
        self.cards = root / "cards"
        self.reports = root / "reports"
        self.passphrases = root / "passphrases"
        self.fingerprints = root / "fingerprints"
        self.device_list = root / "devices.ndjson"
        self.expected = root / "expected.json"

    def prepare(self) -> None:
        """The folder is there and empty but for those of this rehearsal.

        Raises ProgramError when anything is in it: nothing is overwritten, nothing resumed.
        """
        if self.root.exists() and (not self.root.is_dir() or any(self.root.iterdir())):
            raise ProgramError(
                f"{self.root} is not an empty folder",
                "name another folder by --out, or remove this one: a rehearsal is not resumed",
            )
        for folder in (self.exchange, self.record, self.start, self.cards, self.reports):
            folder.mkdir(parents=True)
        for parent in ("guardians", "registrars", "devices"):
            (self.root / parent).mkdir()
        self.passphrases.mkdir(mode=0o700)

    def guardian(self, index: int) -> Path:
        """Home of a guardian."""
        return self.root / "guardians" / str(index)

    def registrar(self, number: int) -> Path:
        """Key file of a registrar."""
        return self.root / "registrars" / f"{number}.age"

    def device(self, device: str) -> Path:
        """Home of a device."""
        return self.root / "devices" / device

    def passphrase(self, who: str) -> str:
        """Path of a file with a new random passphrase, read by its owner alone; again: the same."""
        file = self.passphrases / who
        if not file.exists():
            write_new(file, f"{random_bytes32().hex()}\n".encode("ascii"))
        return str(file)

    def forget_passphrases(self) -> None:
        """No passphrase is left: the key files of a rehearsal are of no further use."""
        if self.passphrases.is_dir():
            for file in self.passphrases.iterdir():
                file.unlink()
            self.passphrases.rmdir()

    def hand_out_start(self) -> None:
        """The start of the record is copied for the devices, the newest registry included."""
        for name in START_FILES:
            place = self.start / name
            place.parent.mkdir(exist_ok=True)
            place.write_bytes((self.record / name).read_bytes())
