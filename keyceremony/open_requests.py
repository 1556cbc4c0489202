"""Requests for opening shares: who assembles, under which number (specs/18).

When the guardian who asked is lost, any guardian makes the next request; the last one is due.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyrage import x25519

from egcore.errors import ElectionError, MissingMessage, ProtocolViolation
from egcore.numbered_names import last_request, request_name
from egcore.program import ProgramError
from egcore.records.messages import OpenRequest
from egcore.signed import UNSIGNED, sign_record, signature_holds
from keyceremony.key_file import Assembling

if TYPE_CHECKING:
    from keyceremony.election import Election
    from keyceremony.home import Desk


def publish_request(desk: Desk, election: Election, *, new: bool = False) -> OpenRequest:
    """Ask for opening shares as the one who assembles; the same request at every call.

    new: make the next request when the last one is of a guardian that is lost, of this one and
    its key file no longer has the identity, or nobody's. The age identity is in the key file
    before its recipient is published.
    Raises ProgramError when the last request is not this guardian's to assemble and `new` is not
    set, and what read_request raises.
    """
    number = _number_of(desk, election, new=new)
    identity = _identity(desk, election.h_e, number)
    unsigned = OpenRequest(
        h_e=election.h_e,
        request=number,
        guardian=desk.index,
        recipient=str(identity.to_public()),
        sig=UNSIGNED,
    )
    request = sign_record(unsigned, desk.me.key, desk.group)
    name = request_name(election.h_e, number)
    desk.box.send(name, lambda: request.to_bytes(desk.group))
    return request


def read_request(desk: Desk, election: Election) -> OpenRequest:
    """Return the last request of this election, its signature checked.

    Raises MissingMessage, also for a gap in the numbers, MalformedRecord, ProtocolViolation.
    """
    number = _last_number(desk, election) or 1
    name = request_name(election.h_e, number)
    data = desk.box.fetch(name)
    if data is None:
        raise MissingMessage("the guardian who assembles", name, "there is no request for shares")
    request = OpenRequest.from_bytes(data, desk.group, name)
    key = election.keys.get(request.guardian)
    if (
        (request.h_e, request.request) != (election.h_e, number)
        or key is None
        or not signature_holds(request, request.sig, key, desk.group)
    ):
        detail = f"{name} is of another election or number, or its signature is not valid"
        raise ProtocolViolation(request.guardian, "open-request", detail)
    desk.box.keep(name, data)
    return request


def _number_of(desk: Desk, election: Election, *, new: bool) -> int:
    """Return the number under which this guardian asks: a new one, or that of its own request."""
    last = _last_number(desk, election)
    if last == 0:
        return 1
    try:
        request = read_request(desk, election)
    except ElectionError:
        if new:  # nobody answers what is no request
            return last + 1
        raise
    if _can_assemble(desk, request):
        return last
    if new:
        return last + 1
    raise _not_ours(desk, request)


def _last_number(desk: Desk, election: Election) -> int:
    """Return the number of the last request, 0 before any; one that was read once counts."""
    folder = f"open/{election.h_e.hex()}"
    return last_request({*desk.box.names(folder), *desk.box.copies(folder)}, election.h_e)


def _can_assemble(desk: Desk, request: OpenRequest) -> bool:
    """Whether the request is this guardian's, and its key file opens what answers it."""
    held = desk.key.assembling
    if held is None or (held.h_e, held.request) != (request.h_e, request.request):
        return False
    recipient = str(x25519.Identity.from_str(held.identity).to_public())
    return (request.guardian, request.recipient) == (desk.index, recipient)


def _not_ours(desk: Desk, request: OpenRequest) -> ProgramError:
    if request.guardian == desk.index:
        return ProgramError(
            f"this key file cannot open what answers request {request.request} of this guardian: "
            "it is older",
            "take the last good copy of the home folder; if there is none, ask again: "
            "dalel-guardian open request --new-request",
        )
    return ProgramError(
        f"guardian {request.guardian} assembles the openings of this election",
        "send the shares to it: dalel-guardian open share; if it is lost, ask in its place: "
        "dalel-guardian open request --new-request",
    )


def _identity(desk: Desk, h_e: bytes, number: int) -> x25519.Identity:
    """Return the identity for a request of this guardian; a fresh one before it is published."""
    held = desk.key.assembling
    if held is not None and (held.h_e, held.request) == (h_e, number):
        return x25519.Identity.from_str(held.identity)
    identity = x25519.Identity.generate()
    desk.save(assembling=Assembling(h_e=h_e, request=number, identity=str(identity)))
    return identity
