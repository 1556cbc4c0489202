"""The guardians: seven members of a commission with a program and a home folder each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tally.rehearsal.programs import Call

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tally.rehearsal.folders import Folders

PROGRAM: Final = "dalel-guardian"
_PATIENCE: Final = "600"  # seconds that a guardian waits for a message of another


@dataclass(frozen=True)
class Commission:
    """n guardians, of whom k take part in openings and decryption while the others stay away.

    Its methods return the calls of an act; whoever runs them decides what runs at the same time.
    """

    folders: Folders
    n: int
    k: int

    @property
    def everybody(self) -> range:
        """Indices of all guardians."""
        return range(1, self.n + 1)

    @property
    def present(self) -> tuple[int, ...]:
        """Indices of the k who take part, from the first to the last."""
        if self.k == 1:
            return (1,)
        return tuple(1 + at * (self.n - 1) // (self.k - 1) for at in range(self.k))

    def enrol(self) -> list[Call]:
        """Everybody makes a key; each call prints its fingerprint."""
        terms = ("--guardians", str(self.n), "--quorum", str(self.k), "--json")
        return [
            self._call(
                index, "enrol", "--guardian", str(index), "--name", f"member {index}", *terms
            )
            for index in self.everybody
        ]

    def compare_fingerprints(self, lines: Iterable[str]) -> None:
        """Everybody reads the own fingerprint to the others, by voice. lines: of `enrol`."""
        heard = (json.loads(line) for line in lines)
        text = "".join(f"{line['guardian']} {line['fingerprint']}\n" for line in heard)
        self.folders.fingerprints.write_text(text, "ascii")

    def hold_ceremony(self) -> list[Call]:
        """All rounds, everybody at the same time, until everybody has confirmed."""
        words = ("next", "--wait", "--timeout", _PATIENCE)
        compare = ("--compare-file", str(self.folders.fingerprints))
        return [self._call(index, *words, *compare) for index in self.everybody]

    def sign_off(self) -> list[Call]:
        """Everybody signs that these keys are for this manifest."""
        return [self._call(index, "sign-off", "--yes") for index in self.everybody]

    def sign_seal(self) -> list[Call]:
        """As many as must check the seal against the record, and sign it."""
        return [self._at_record(index, "seal") for index in self.present[: min(2, self.n)]]

    def vouch(self, report: Path) -> Call:
        """The first signs that its own verifier wrote this report."""
        return self._call(self.present[0], "vouch", str(report))

    def ask_for_shares(self) -> Call:
        """Another asks for what opens the challenged ballots whose nonce a box has lost."""
        return self._at_record(self.present[-1], "open", "request")

    def send_shares(self) -> list[Call]:
        """Those present send their shares to the one who asked."""
        return [self._at_record(index, "open", "share") for index in self.present]

    def open_ballots(self) -> Call:
        """The one who asked puts the openings together."""
        return self._at_record(self.present[-1], "open", "assemble")

    def decrypt(self) -> list[Call]:
        """The three moves, those present at the same time; each names the report vouched for."""
        named = ("--vouched-by", str(self.present[0]), "--timeout", _PATIENCE)
        return [self._at_record(index, "decrypt", *named) for index in self.present]

    def _at_record(self, index: int, *words: str) -> Call:
        return self._call(index, *words, "--record", str(self.folders.record))

    def _call(self, index: int, *words: str) -> Call:
        who = f"guardian {index}"
        home = ("--home", str(self.folders.guardian(index)))
        exchange = ("--exchange", str(self.folders.exchange))
        passphrase = ("--passphrase-file", self.folders.passphrase(f"guardian-{index}"))
        return Call(who, (PROGRAM, *words, *home, *exchange, *passphrase))
