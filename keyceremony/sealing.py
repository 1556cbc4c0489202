"""A guardian's signature on the seal: one seal for an election, checked against the record."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from egcore.errors import MalformedRecord, MissingMessage, ProtocolViolation
from egcore.program import ProgramError
from egcore.records.seal import Seal
from keyceremony.endorsements import sign_seal

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.group import Group
    from keyceremony.election import Election
    from keyceremony.home import Desk
    from keyceremony.mailbox import Mailbox

_SEAL: Final = re.compile(r"seal/([0-9a-f]{64})/seal\.json", re.ASCII)


def seals_of(box: Mailbox, election: Election) -> list[tuple[str, Seal]]:
    """Return each seal of this election in the exchange with its digest, checked by nobody yet.

    What is no seal, or not under its digest, is passed over: anybody could have put it there.
    """
    found: list[tuple[str, Seal]] = []
    for name in box.names("seal"):
        match = _SEAL.fullmatch(name)
        data = box.fetch(name) if match else None
        if match is None or data is None or hashlib.sha256(data).hexdigest() != match[1]:
            continue
        with suppress(MalformedRecord):
            seal = Seal.from_bytes(data, election.group, name)
            if seal.h_e == election.h_e:
                found.append((match[1], seal))
    return found


def fetch_seal(box: Mailbox, election: Election, digest: str | None = None) -> tuple[str, Seal]:
    """Return the seal of this election that the tally published, with its digest there.

    digest: names one where there are several. Not yet checked against the record.
    Raises MissingMessage, and ProgramError when several fit.
    """
    found = [entry for entry in seals_of(box, election) if digest in (None, entry[0])]
    if not found:
        raise MissingMessage("the tally", "seal", "there is no seal of this election to sign")
    if len(found) > 1:
        raise ProgramError(
            f"there are {len(found)} seals of this election: {', '.join(d for d, _ in found)}",
            "ask why; an election has one seal. Name the right one by --seal DIGEST",
        )
    return found[0]


def publish_seal_signature(
    desk: Desk, digest: str, seal: Seal, check: Callable[[Seal], object]
) -> None:
    """Sign the seal after `check` has passed; another seal of the same election is refused.

    check: SealedRecord.check of this seal; raises what it raises.
    """
    _require_only(desk, digest, seal)
    check(seal)
    group = desk.group
    desk.box.keep(f"seal/{digest}/seal.json", seal.to_bytes(group))
    name = f"seal/{digest}/{desk.index}.json"
    desk.box.send(name, lambda: sign_seal(desk.me, seal).to_bytes(group))


def _require_only(desk: Desk, digest: str, seal: Seal) -> None:
    for name in desk.box.copies("seal"):
        _, other, file = name.split("/")
        if file != f"{desk.index}.json" or other == digest:
            continue
        before = _copied_seal(desk.box, other, desk.group)
        if before is not None and before.h_e == seal.h_e:
            detail = f"this guardian has signed the seal {other}; {digest} is refused"
            raise ProtocolViolation("the tally", "one seal for an election", detail)


def _copied_seal(box: Mailbox, digest: str, group: Group) -> Seal | None:
    name = f"seal/{digest}/seal.json"
    data = box.copy_of(name)
    return None if data is None else Seal.from_bytes(data, group, name)
