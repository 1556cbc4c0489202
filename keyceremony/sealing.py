"""A guardian's signature on the seal: one seal for an election, checked against the record."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from egcore.errors import (
    DuplicateMessage,
    MalformedRecord,
    MissingMessage,
    ProtocolViolation,
)
from egcore.program import ProgramError
from egcore.records.seal import Seal
from egcore.records.signatures import GuardianSig
from egcore.signed import signature_holds
from keyceremony.endorsements import sign_seal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def publish_seal_signature(desk: Desk, seal: Seal, check: Callable[[Seal], object]) -> str:
    """Sign the seal after `check` has passed, and return its digest; never a second seal.

    check: SealedRecord.check of this seal; raises what it raises.
    """
    require_only_seal(desk, seal)
    check(seal)
    digest = keep_to_seal(desk, seal)
    name = f"seal/{digest}/{desk.index}.json"
    desk.box.send(name, lambda: sign_seal(desk.me, seal).to_bytes(desk.group))
    return digest


def keep_to_seal(desk: Desk, seal: Seal) -> str:
    """Bind this guardian to a seal that was checked: no other one from now on.

    Returns its digest without the signatures of guardians, under which it is in the exchange.
    Raises what require_only_seal raises.
    """
    require_only_seal(desk, seal)
    raw = _unsigned(seal).to_bytes(desk.group)
    digest = hashlib.sha256(raw).hexdigest()
    desk.box.keep(f"seal/{digest}/seal.json", raw)
    return digest


def require_only_seal(desk: Desk, seal: Seal) -> None:
    """Refuse a seal when this guardian has signed or used another one, under any manifest.

    The keys are for one election: a seal of another manifest, so of another H_E, is another seal.
    Raises ProtocolViolation.
    """
    raw = _unsigned(seal).to_bytes(desk.group)
    digest = hashlib.sha256(raw).hexdigest()
    for other in bound_seals(desk.box, desk.group, desk.index, desk.me.key.public):
        if _unsigned(other) != _unsigned(seal):
            found = hashlib.sha256(_unsigned(other).to_bytes(desk.group)).hexdigest()
            detail = f"this guardian has signed or used the seal {found}; {digest} is refused"
            raise ProtocolViolation("the tally", "one seal for an election", detail)


def require_unsealed(desk: Desk, h_e: bytes) -> None:
    """Refuse an election when this guardian has signed or used the seal of another manifest.

    h_e: of the election that is to be signed off. Raises ProtocolViolation.
    """
    for other in bound_seals(desk.box, desk.group, desk.index, desk.me.key.public):
        if other.h_e != h_e:
            detail = (
                f"this guardian has signed or used the seal of H_E {other.h_e.hex()}; another "
                f"manifest for the same keys, H_E {h_e.hex()}, is refused"
            )
            raise ProtocolViolation("the tally", "one seal for an election", detail)


def bound_seals(box: Mailbox, group: Group, index: int, public: bytes) -> Iterator[Seal]:
    """Each seal that a guardian has signed or used, of whatever manifest.

    public: its enrolment key. Its own signature is looked for in the exchange too, where a
    restored home has forgotten it.
    """
    for name in box.copies("seal"):
        data = box.copy_of(name) if _SEAL.fullmatch(name) else None
        if data is not None:
            yield Seal.from_bytes(data, group, name)
    own = re.compile(rf"(seal/[0-9a-f]{{64}})/{index}\.json", re.ASCII)
    for match in filter(None, map(own.fullmatch, box.names("seal"))):
        with suppress(MalformedRecord, DuplicateMessage):  # not of this guardian, so it binds not
            data, sig = box.fetch(f"{match[1]}/seal.json"), box.fetch(match[0])
            if data is not None and sig is not None:
                seal = Seal.from_bytes(data, group, match[1])
                entry = GuardianSig.from_bytes(sig, group, match[0])
                if signature_holds(seal, entry.sig, public, group):
                    yield seal


def _unsigned(seal: Seal) -> Seal:
    return seal.model_copy(update={"guardian_sigs": ()})
