"""Fingerprints of enrolments, compared by people before the roster (specs/18, EQ-X17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from egcore.canonical import labelled_hash
from egcore.program import ProgramError
from egcore.rounds import party

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from egcore.records.ceremony import Enrol
    from keyceremony.home import Desk

_BLOCK: Final = 4


def fingerprint(line: Enrol) -> bytes:
    """Return LH("fingerprint", {guardian, key, name}): index and name are bound to the key.

    Source: EQ-X17.
    """
    return labelled_hash(
        "fingerprint", {"guardian": line.guardian, "key": line.key.hex(), "name": line.name}
    )


def in_blocks(digest: bytes) -> str:
    """Return a fingerprint as it is read aloud: sixteen groups of four hex digits."""
    text = digest.hex()
    return " ".join(text[place : place + _BLOCK] for place in range(0, len(text), _BLOCK))


def compare(line: Enrol, words: str) -> None:
    """Require what the holder says to be the fingerprint of its line in the exchange.

    words: typed or read from a file; blanks, hyphens and case do not matter.
    Raises ProgramError that shows both.
    """
    said = "".join(c for c in words.lower() if c not in " -:\t")
    found = fingerprint(line)
    if said != found.hex():
        raise ProgramError(
            f"{party(line.guardian)}: the exchange has an enrolment with fingerprint "
            f"{found.hex()}, its holder says {said[:64]}",
            "stop: somebody enrolled in its place, or one of you read wrongly; ask it again, by "
            "another way",
        )


def accept(desk: Desk, enrolments: Sequence[Enrol], said: Mapping[int, str]) -> tuple[int, ...]:
    """Keep in the key file which enrolments were compared; return those that are not yet.

    enrolments: one of each guardian that has enrolled. said: by index, what the holder says.
    Raises ProgramError for one that differs or is of nobody, and keeps nothing then.
    """
    by_index = {line.guardian: line for line in enrolments}
    for index, words in said.items():
        if index not in by_index:
            raise ProgramError(f"{party(index)} has not enrolled", "wait for its enrolment")
        compare(by_index[index], words)
    compared = {fingerprint(by_index[index]) for index in said}
    if not compared <= set(desk.key.compared):
        desk.save(compared=tuple(sorted({*desk.key.compared, *compared})))
    return missing(desk, enrolments)


def missing(desk: Desk, enrolments: Sequence[Enrol]) -> tuple[int, ...]:
    """Return the guardians, other than oneself, whose enrolment was not compared."""
    known = set(desk.key.compared)
    return tuple(
        line.guardian
        for line in enrolments
        if line.guardian != desk.index and fingerprint(line) not in known
    )


def require_compared(desk: Desk, enrolments: Sequence[Enrol]) -> None:
    """Raise ProgramError while an enrolment was not compared: no roster before that."""
    absent = missing(desk, enrolments)
    if absent:
        raise ProgramError(
            f"the fingerprints of {', '.join(party(index) for index in absent)} were not compared",
            "ask the holders by another way than the exchange; then: dalel-guardian fingerprints",
        )
