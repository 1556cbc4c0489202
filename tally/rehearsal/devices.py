"""The devices of one precinct before and after the vote: made, opened, closed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tally.rehearsal.programs import Call

if TYPE_CHECKING:
    from tally.rehearsal.folders import Folders

PROGRAM: Final = "dalel-box"
STAFF: Final = ("first member", "second member")
CARDS: Final = 2  # of a precinct: two voters may stand at the box; cards are used again and again


@dataclass(frozen=True)
class Precinct:
    """A precinct and its three devices. id: as in the manifest."""

    id: str
    folders: Folders

    @property
    def box(self) -> str:
        """Id of the ballot box."""
        return f"box-{self.id}"

    @property
    def terminal(self) -> str:
        """Id of the voting terminal."""
        return f"terminal-{self.id}"

    @property
    def permits(self) -> str:
        """Id of the device at the registration table."""
        return f"permits-{self.id}"

    def cards(self) -> list[str]:
        """Files of the cards."""
        return [str(self.folders.cards / f"{self.id}-{at}.card") for at in range(1, CARDS + 1)]

    def make(self) -> list[Call]:
        """Calls that make the devices; each prints the line to register it by."""
        kinds = (("box", self.box), ("terminal", self.terminal), ("permits", self.permits))
        return [
            self._call(device, "init", kind, device, self.id, keys=False) for kind, device in kinds
        ]

    def make_cards(self) -> list[Call]:
        """Calls that make the blank cards."""
        return [Call(self.id, (PROGRAM, "card", "new", card)) for card in self.cards()]

    def open(self) -> Call:
        """The call by which the box makes its day key."""
        return self._call(self.box, "open")

    def issue(self) -> Call:
        """The registration table at work."""
        return self._call(self.permits, "permits", "issue", "--lines")

    def mark(self) -> Call:
        """The terminal at work."""
        day_key = str(self.folders.device(self.box) / "day_key.json")
        return self._call(self.terminal, "terminal", "--lines", "--day-key", day_key)

    def receive(self) -> Call:
        """The ballot box at work."""
        return self._call(self.box, "box", "--lines")

    def total(self) -> Call:
        """The call that tells how many permits were issued for the box."""
        home = str(self.folders.device(self.permits))
        words = (PROGRAM, "permits", "total", "--home", home, "--box", self.box, "--json")
        return Call(self.permits, words)

    def close(self, total: str) -> Call:
        """The call that closes the box. total: what the call above has printed."""
        issued = json.loads(total)[self.box]
        staff = [word for name in STAFF for word in ("--staff", name)]
        return self._call(self.box, "close", "--issued", str(issued), *staff, "--json")

    def _call(self, device: str, *words: str, keys: bool = True) -> Call:
        """A call that needs the device's key. Options stand behind the command's words."""
        places = ["--home", str(self.folders.device(device))]
        if keys:
            places += ["--keys", str(self.folders.start)]
        passphrase = ("--passphrase-file", self.folders.passphrase(device))
        return Call(device, (PROGRAM, *words, *places, *passphrase))
