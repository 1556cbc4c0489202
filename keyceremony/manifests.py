"""The manifests that the tally has published: the highest number is the one that is due (specs/18).

A changed manifest needs a new sign-off by all guardians and never new keys; what was signed off
before stays there as it is.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from egcore.errors import DuplicateMessage, ElectionError, MalformedRecord
from egcore.hashing import base_hash
from egcore.numbered_names import MANIFESTS, last_manifest, manifest_name
from egcore.program import ProgramError
from egcore.records.ceremony import SignOff
from egcore.signed import signature_holds
from keyceremony.election import election_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from keyceremony.attempt import Attempt
    from keyceremony.election import Election
    from keyceremony.mailbox import Mailbox

SIGN_OFFS: Final = "election/sign_off"


class DueManifest(NamedTuple):
    """The manifest to sign off: its number from 1, its name in the exchange, its exact bytes."""

    number: int
    name: str
    raw: bytes


class EarlierSignOff(NamedTuple):
    """An election that a guardian has signed off with the same keys.

    number: of its manifest; 0 where that is no longer in the exchange.
    """

    h_e: bytes
    number: int

    def __str__(self) -> str:
        name = f"manifest {self.number}" if self.number else "another manifest"
        return f"{name}, H_E {self.h_e.hex()}"


def due_manifest(box: Mailbox) -> DueManifest | None:
    """Return the manifest with the highest number, None before any; checked by nobody yet.

    A number that this guardian has signed off counts also where the exchange has lost it.
    Raises MissingMessage for a gap in the numbers, DuplicateMessage for bytes that were changed.
    """
    number = last_manifest({*box.names(MANIFESTS), *box.copies(MANIFESTS)})
    name = manifest_name(number)
    raw = box.fetch(name) if number else None
    return None if raw is None else DueManifest(number, name, raw)


def earlier_sign_offs(
    box: Mailbox, attempt: Attempt, due: Election, index: int, public: bytes
) -> tuple[EarlierSignOff, ...]:
    """Return the other elections that a guardian has signed off with these keys, by number.

    attempt: confirmed. due: the election that is not meant. public: the guardian's enrolment key.
    What is not genuine is passed over: it is of somebody else.
    """
    numbers = _numbers_of(box, attempt)
    found = {line.h_e for line in _own_lines(box, due, index, public)} - {due.h_e}
    return tuple(
        sorted(
            (EarlierSignOff(h_e, numbers.get(h_e, 0)) for h_e in found),
            key=lambda entry: (entry.number, entry.h_e),
        )
    )


def require_due(box: Mailbox, election: Election) -> None:
    """Require the manifest of a record to be the one that is due. Raises ProgramError.

    An exchange without any manifest has none that could have taken its place.
    """
    due = due_manifest(box)
    if due is None:
        return
    h_b = base_hash(election.members.h_p, due.raw)
    if h_b != election.h_b:
        raise ProgramError(
            f"manifest {due.number} is due, with H_B {h_b.hex()}; the record has another one, with "
            f"H_B {election.h_b.hex()}",
            "name the record of the manifest that is due by --record, or ask the tally why there "
            "is another one",
        )


def _own_lines(box: Mailbox, due: Election, index: int, public: bytes) -> Iterator[SignOff]:
    own = re.compile(rf"{SIGN_OFFS}/[0-9a-f]{{64}}/{index}\.json", re.ASCII)
    transcript = due.transcript.digest(due.group)
    for name in filter(own.fullmatch, sorted({*box.names(SIGN_OFFS), *box.copies(SIGN_OFFS)})):
        with suppress(MalformedRecord, DuplicateMessage):
            line = SignOff.from_bytes(box.fetch(name) or b"", due.group, name)
            genuine = signature_holds(line, line.sig, public, due.group)
            if genuine and line.guardian == index and line.transcript == transcript:
                yield line


def _numbers_of(box: Mailbox, attempt: Attempt) -> dict[bytes, int]:
    """Return the number of each manifest by the H_E that it gives; the last one of a H_E."""
    numbers: dict[bytes, int] = {}
    last = last_manifest({*box.names(MANIFESTS), *box.copies(MANIFESTS)})
    for number in range(1, last + 1):
        name = manifest_name(number)
        with suppress(ElectionError):  # an earlier one may have been replaced because it was wrong
            election = election_of(attempt, box.fetch(name) or b"", name)
            numbers[election.h_e] = number
    return numbers
