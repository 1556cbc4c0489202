"""The registry of devices, followed line by line: its chain, its contents, its boxes.

Functions yield what was expected and what was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.ed25519 import screen_key
from verifier.reader.devices import BOX, END, WITHDRAWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verifier.model import RegistryLine
    from verifier.signatures import Fault

_BEFORE_THE_FIRST: Final = bytes(32)


class Chain:
    """Follows numbers, EQ-X8 and the end of a registry of which every line could be read."""

    def __init__(self) -> None:
        self._lines = 0
        self._previous = _BEFORE_THE_FIRST
        self._has_ended = False

    def faults(self, line: RegistryLine) -> Iterator[Fault]:
        """20.A: the line has the next number, the digest of the line before, and no end before."""
        self._lines += 1
        if line.number != self._lines:
            yield f"number {self._lines}", f"number {line.number}"
        if line.previous != self._previous:
            yield f"previous {self._previous.hex()}", f"previous {line.previous.hex()}"
        if self._has_ended:
            yield "nothing after the end line", f"a line of kind {line.kind}"
        self._previous = line.digest
        self._has_ended = line.kind == END

    def faults_at_end(self) -> Iterator[Fault]:
        """20.A: the last line is the end."""
        if not self._has_ended:
            yield "a last line of kind end", f"none after line {self._lines}"


class Contents:
    """Remembers ids and keys of the lines before, and the precincts that have a box."""

    def __init__(self, precincts: Iterable[str]) -> None:
        self._precincts = frozenset(precincts)
        self._with_box: set[str] = set()
        self._ids: set[str] = set()
        self._withdrawn: set[str] = set()
        self._keys: dict[bytes, str] = {}

    def faults(self, line: RegistryLine) -> Iterator[Fault]:
        """20.C: id and key are new, the key is good, the precinct exists, what is withdrawn too.

        A key is screened as EQ-X2 demands; one scalar multiplication for each.
        """
        if line.kind == WITHDRAWN and line.id is not None:
            yield from self._withdraw(line.id)
        elif line.id is not None and line.key is not None and line.precinct is not None:
            yield from self._register(line.id, line.key, line.precinct)
            if line.kind == BOX:
                self._with_box.add(line.precinct)

    def _withdraw(self, id_: str) -> Iterator[Fault]:
        if id_ not in self._ids:
            yield "an id of an earlier line", f"id {id_}"
        elif id_ in self._withdrawn:
            yield "an id that was not withdrawn", f"id {id_}, withdrawn before"
        self._withdrawn.add(id_)

    def _register(self, id_: str, key: bytes, precinct: str) -> Iterator[Fault]:
        if id_ in self._ids:
            yield "an id of its own", f"id {id_}, which an earlier line has"
        self._ids.add(id_)
        owner = self._keys.setdefault(key, id_)
        if owner != id_:
            yield "a key of its own", f"the key of {owner}"
        reason = screen_key(key)
        if reason is not None:
            yield "a good Ed25519 key", reason
        if precinct not in self._precincts:
            yield "a precinct of the manifest", f"precinct {precinct}"

    def without_box(self) -> list[str]:
        """20.D: precincts of the manifest that no box line names."""
        return sorted(self._precincts - self._with_box)
