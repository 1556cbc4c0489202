"""What the transcript of a key ceremony must consist of (specs/12-signed-messages.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.labelled import ceremony_identifier
from verifier.reader.keys import (
    CHECK,
    COMMIT,
    CONFIRM,
    ENROL,
    REVEAL,
    ROSTER,
    SHARE,
    SIGN_OFF,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.algebra import Group
    from verifier.model import GuardianPublic, KeyProof, TranscriptLine

Place = tuple[str, int, int | None]  # kind, guardian, and `to` of a share


def ceremony_places(n: int) -> Iterator[Place]:
    """The lines of a ceremony of n guardians up to the confirmations, in order."""
    for kind in (ENROL, ROSTER, COMMIT, REVEAL, SHARE, CHECK, CONFIRM):
        for guardian in range(1, n + 1):
            if kind != SHARE:
                yield kind, guardian, None
                continue
            for to in range(1, n + 1):
                if to != guardian:
                    yield kind, guardian, to


def place_of(line: TranscriptLine) -> Place:
    """The place that a line claims."""
    to = line.content.get("to")
    return line.kind, line.guardian, to if isinstance(to, int) else None


def described(place: Place) -> str:
    """A place as a finding names it."""
    kind, guardian, to = place
    towards = "" if to is None else f" to guardian {to}"
    return f"{kind} of guardian {guardian}{towards}"


class Order:
    """Follows the order of the lines; sign-off lines come after all others, in sets."""

    def __init__(self, n: int) -> None:
        self._places = ceremony_places(n)
        self._next = next(self._places, None)
        self._is_lost = False

    def fault(self, line: TranscriptLine) -> tuple[str, str] | None:
        """What should have stood here and what does; None if it is right.

        After the first fault nothing more is said: what follows is only shifted.
        """
        found = place_of(line)
        if self._is_lost or (self._next is None and line.kind == SIGN_OFF):
            return None
        expected = self._next
        if found == expected:
            self._next = next(self._places, None)
            return None
        self._is_lost = True
        return "sign_off lines alone" if expected is None else described(expected), described(found)

    @property
    def missing(self) -> str | None:
        """The first line that is missing at the end of a transcript that was in order so far."""
        return None if self._is_lost or self._next is None else described(self._next)


def public_content(group: Group, public: GuardianPublic) -> Mapping[str, object]:
    """A guardian's public part as it stands in a reveal line."""

    def element(x: int) -> str:
        return f"{x:0{2 * group.lp}x}"

    def scalar(x: int) -> str:
        return f"{x:0{2 * group.lq}x}"

    def proof(entry: KeyProof) -> Mapping[str, object]:
        return {"c": scalar(entry.c), "v": [scalar(v) for v in entry.v]}

    return {
        "commitments": [element(x) for x in public.commitments],
        "data_commitments": [element(x) for x in public.data_commitments],
        "kappa": element(public.kappa),
        "proof": proof(public.proof),
        "data_proof": proof(public.data_proof),
    }


class SignOffSets:
    """Follows the sign-off lines, n to a set; remembers the first line of the current set."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._elections: set[str] = set()
        self._next = 1
        self.first: TranscriptLine | None = None

    def faults(self, line: TranscriptLine) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a line: its place in the set, its terms, or its election."""
        if line.guardian != self._next:
            yield f"sign_off of guardian {self._next}", described(place_of(line))
        if self.first is None or self._next == 1 or line.guardian == 1:
            self.first = line
            h_e = str(line.content["h_e"])
            if h_e in self._elections:
                yield "one set of sign-offs for each election", f"another one for H_E {h_e}"
            self._elections.add(h_e)
        for name in ("transcript", "h_b", "h_g", "h_e"):
            expected, found = self.first.content[name], line.content[name]
            if expected != found:
                yield f"{name} {expected}, as in the rest of the set", f"{found}"
        self._next = line.guardian % self._n + 1 if line.guardian <= self._n else 1

    @property
    def missing(self) -> str | None:
        """The line that the last set lacks; None when it is complete."""
        is_complete = self.first is not None and self._next == 1
        return None if is_complete else f"sign_off of guardian {self._next}"


def roster_content(
    group: Group, numbers: tuple[int, int], keys: Mapping[int, bytes], nonce: str
) -> Mapping[str, object]:
    """24.C, EQ-X3: what a roster with this nonce must say.

    numbers: n and k of the manifest. keys: enrolment keys by guardian, perhaps not of all.
    """
    n, k = numbers
    listed = [keys.get(i, b"").hex() for i in range(1, n + 1)]
    ceremony = ceremony_identifier(n, k, group.name, listed, nonce).hex()
    return {
        "ceremony": ceremony,
        "n": n,
        "k": k,
        "parameter_set": group.name,
        "keys": listed,
        "nonce": nonce,
    }
