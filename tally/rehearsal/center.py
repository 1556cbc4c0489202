"""The central staff and the registrars: every step of `dalel-tally`, each a process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tally.rehearsal.programs import Call

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tally.rehearsal.folders import Folders

PROGRAM: Final = "dalel-tally"
REGISTRARS: Final = 3
NEED: Final = 2
FLOOR: Final = 10  # the smallest that a real election may have


@dataclass(frozen=True)
class Center:
    """The staff with the record, and three registrars of whom two sign.

    Its methods return the call of a step, as those of the commission do.
    """

    folders: Folders

    def make_registrars(self) -> list[Call]:
        """Each registrar makes a key file; each call prints the public key."""
        return [
            Call(
                f"registrar {number}",
                (
                    PROGRAM,
                    "registrar-key",
                    str(self.folders.registrar(number)),
                    "--passphrase-file",
                    self.folders.passphrase(f"registrar-{number}"),
                ),
            )
            for number in range(1, REGISTRARS + 1)
        ]

    def define(
        self, scenario: str, election: str, precincts: int, n: int, k: int, keys: Iterable[str]
    ) -> Call:
        """Define the election: a rehearsal, with groups of at least FLOOR ballots.

        keys: what `make_registrars` printed.
        """
        registrars = [word for key in keys for word in ("--registrar", key.strip())]
        numbers = {
            "--precincts": precincts,
            "--guardians": n,
            "--quorum": k,
            "--floor": FLOOR,
            "--need": NEED,
        }
        values = [word for name, value in numbers.items() for word in (name, str(value))]
        labels = ("--scenario", scenario, "--election", election, "--rehearsal")
        return self._call("new", *labels, *values, *registrars, *self._exchange)

    def collect_ceremony(self) -> Call:
        """Take the keys and all sign-offs; the record then has a start."""
        return self._call("collect", "ceremony", *self._exchange)

    def register(self, lines: Iterable[str]) -> Call:
        """The registrars sign all devices; lines: what their `dalel-box init` printed."""
        self.folders.device_list.write_text("".join(lines), "ascii")
        return self._call("register", "list", str(self.folders.device_list), *self._signing)

    def end_registry(self) -> Call:
        """The registrars end the registry when the polls have closed."""
        return self._call("register", "end", *self._signing)

    def collect_devices(self, folders: Iterable[Path]) -> Call:
        """Take the boxes' public folders."""
        return self._call("collect", "devices", *(str(folder) for folder in folders))

    def seal(self) -> Call:
        """The registrars seal the record, for the guardians to sign."""
        return self._call("seal", *self._exchange, *self._signing)

    def finish_seal(self) -> Call:
        """The guardians' signatures join, and `seal.json` is in the record."""
        return self._call("seal", "--finish", *self._exchange)

    def collect_openings(self) -> Call:
        """Take the openings that guardians put together."""
        return self._call("collect", "openings", *self._exchange)

    def plan(self, guardians: Iterable[int]) -> Call:
        """Publish the terms of the run of these guardians."""
        chosen = ",".join(str(index) for index in guardians)
        return self._call("plan", "--guardians", chosen, *self._exchange)

    def combine(self) -> Call:
        """Combine the shares of the run."""
        return self._call("combine", *self._exchange)

    def results(self) -> Call:
        """Publish what the counts decide."""
        return self._call("results")

    @property
    def _exchange(self) -> tuple[str, str]:
        return "--exchange", str(self.folders.exchange)

    @property
    def _signing(self) -> list[str]:
        """Key files and passphrases of the registrars who sign."""
        words: list[str] = []
        for number in range(1, NEED + 1):
            words += ["--registrar", str(self.folders.registrar(number))]
            words += ["--passphrase-file", self.folders.passphrase(f"registrar-{number}")]
        return words

    def _call(self, *words: str) -> Call:
        record = ("--record", str(self.folders.record))
        return Call("the central staff", (PROGRAM, *words, *record))
