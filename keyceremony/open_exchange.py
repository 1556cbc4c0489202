"""Opening challenged ballots over the exchange: shares and assembly (specs/10, specs/18).

Shares are encrypted to the guardian who assembles, and only that guardian's process knows xi_B.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import pyrage
from pyrage import x25519

from egcore.ballot_opening import open_ballot
from egcore.errors import (
    DuplicateMessage,
    InvalidProof,
    MalformedRecord,
    ProtocolViolation,
)
from egcore.fixed_base import FixedBase
from egcore.program import ProgramError
from egcore.records.device import DeviceFile
from egcore.records.tally import OpenShare
from keyceremony.open_requests import read_request
from keyceremony.opening import SealedBallot, opening_share, recover_nonce

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from egcore.group import Group
    from egcore.records.ballot import Ballot
    from egcore.records.opening import Opening
    from egcore.secret import Secret
    from keyceremony.election import Election
    from keyceremony.home import Desk
    from keyceremony.sealed_record import SealedDevice, SealedRecord

_SHARE: Final = re.compile(
    r"open/[0-9a-f]{64}/[0-9]{1,9}/([a-z0-9-]{1,32})-([0-9]{1,8})-([0-9]{1,10})\.age", re.ASCII
)


def ballots_to_open(
    record: SealedRecord, devices: tuple[SealedDevice, ...]
) -> Iterator[SealedBallot]:
    """Each ballot that a closing lists under `to_open`, from files whose digest has held.

    devices: of `record.check()`. Raises ProtocolViolation for a position that is no ballot, and,
    before the first is given, for an id_B that another ballot of the record has too: its nonce
    would open that other one (5.A). Cost: reading every ballot once when there is any to open.
    """
    election = record.election
    _require_own_id_b(record, devices)
    for device in devices:
        if not device.to_open or not isinstance(device.file, DeviceFile):
            continue
        for ballot in _listed(record, device):
            yield SealedBallot(
                election.group, election.h_e, device.device, device.file.closing, ballot
            )


def _listed(record: SealedRecord, device: SealedDevice) -> list[Ballot]:
    wanted = set(device.to_open)
    found = [ballot for ballot in record.ballots(device) if ballot.position in wanted]
    if [ballot.position for ballot in found] != list(device.to_open):
        detail = "its to_open names a position that has no ballot"
        raise ProtocolViolation(f"box {device.device}", "20.I", detail)
    return found


def _require_own_id_b(record: SealedRecord, devices: tuple[SealedDevice, ...]) -> None:
    owners: dict[bytes, str] = {}
    for device in devices:
        for ballot in _listed(record, device) if device.to_open else ():
            where = f"{device.device}, position {ballot.position}"
            _require_one_owner(ballot.id_b, owners.setdefault(ballot.id_b, where), where)
    if not owners:
        return
    for device in devices:
        for ballot in record.ballots(device):
            where = f"{device.device}, position {ballot.position}"
            _require_one_owner(ballot.id_b, owners.get(ballot.id_b, where), where)


def _require_one_owner(id_b: bytes, owner: str, where: str) -> None:
    if owner != where:
        detail = f"box {owner} and box {where} have the same id_B {id_b.hex()}; nothing is opened"
        raise ProtocolViolation("the record", "5.A", detail)


def publish_share(desk: Desk, election: Election, sealed: SealedBallot, share: Secret[int]) -> str:
    """Publish this guardian's share for one ballot, encrypted to who made the last request.

    share: zh_i. Returns its name; one request is answered with the same bytes at every call.
    Raises what opening_share and read_request raise.
    """
    request = read_request(desk, election)
    try:
        recipient = x25519.Recipient.from_str(request.recipient)
    except pyrage.RecipientError:
        detail = "the recipient is no age recipient"
        raise ProtocolViolation(request.guardian, "open-request", detail) from None
    name = _share_name(sealed, request.request, desk.index)

    def make() -> bytes:
        message = opening_share(sealed, desk.index, share, desk.me.key)
        return pyrage.encrypt(message.to_bytes(desk.group), [recipient])

    desk.box.send(name, make)
    return name


class Assembled(NamedTuple):
    """Names of the published files, and each ballot whose encrypted nonce was bad, in words."""

    names: tuple[str, ...]
    bad: tuple[str, ...]


def assemble(
    desk: Desk,
    record: SealedRecord,
    devices: tuple[SealedDevice, ...],
    without: Collection[int] = (),
) -> Assembled:
    """Open every ballot of `ballots_to_open` from the shares in the exchange, and publish.

    Every xi_B is in memory only, one at a time. without: guardians whose shares are left aside,
    as an earlier error named them. A ballot that its nonce does not give is left out: the shares
    are proved, so its box encrypted something else, and no share will ever open it.
    Raises ProgramError when another guardian assembles, QuorumNotReached, ProtocolViolation or
    InvalidProof that names the guardian of a wrong share, and DuplicateMessage for other openings
    after an earlier request; nothing is published then.
    """
    election = record.election
    assembling = desk.key.assembling
    if assembling is None or assembling.h_e != election.h_e:
        raise ProgramError(
            "this guardian does not assemble the openings of this election",
            "ask the guardian that the request names; if it is lost: dalel-guardian open request "
            "--new-request",
        )
    identity = x25519.Identity.from_str(assembling.identity)
    group = election.group
    tables = FixedBase(group, election.vote_key), FixedBase(group, election.data_key)
    openings: dict[str, list[Opening]] = {}
    bad: list[str] = []
    for sealed in ballots_to_open(record, devices):
        xi_b = recover_nonce(
            sealed,
            election.members.k,
            election.data_commitments,
            election.keys,
            list(_shares(desk, sealed, assembling.request, identity, without)),
        )
        try:
            opening = open_ballot(*tables, election.manifest, sealed.ballot, xi_b)
        except InvalidProof as exc:
            bad.append(f"{sealed.where}: {exc.detail} ({exc.item})")
        else:
            openings.setdefault(sealed.device, []).append(opening)
    files = {
        f"open/{election.h_e.hex()}/openings/{device}.ndjson": b"".join(
            line.to_bytes(group) for line in sorted(lines, key=lambda line: line.position)
        )
        for device, lines in openings.items()
    }
    for name, data in files.items():
        _require_same_openings(desk, name, data)
    for name, data in files.items():
        _send(desk, name, data)
    return Assembled(tuple(files), tuple(bad))


def _send(desk: Desk, name: str, data: bytes) -> None:
    desk.box.send(name, lambda: data)


def _require_same_openings(desk: Desk, name: str, data: bytes) -> None:
    """Require openings of an earlier request, if there are any, to be the same: xi_B is one."""
    found = desk.box.exchange.fetch(name)
    if found not in (None, data):
        raise DuplicateMessage(
            name,
            "open",
            "the openings that were published before are not those that the shares give",
        )


def _share_name(sealed: SealedBallot, request: int, index: int) -> str:
    ballot = f"{sealed.device}-{sealed.ballot.position}"
    return f"open/{sealed.h_e.hex()}/{request}/{ballot}-{index}.age"


def _shares(
    desk: Desk,
    sealed: SealedBallot,
    request: int,
    identity: x25519.Identity,
    without: Collection[int],
) -> Iterator[OpenShare]:
    for name in desk.box.names(f"open/{sealed.h_e.hex()}/{request}"):
        match = _SHARE.fullmatch(name)
        if match is None or name != _share_name(sealed, request, int(match[3])):
            continue
        if int(match[3]) not in without:
            yield _decrypted(desk, name, int(match[3]), identity, sealed.group)


def _decrypted(
    desk: Desk, name: str, index: int, identity: x25519.Identity, group: Group
) -> OpenShare:
    data = desk.box.fetch(name) or b""
    try:
        share = OpenShare.from_bytes(pyrage.decrypt(data, [identity]), group, name)
    except pyrage.DecryptError:
        raise MalformedRecord(name, "is not encrypted to this request's recipient") from None
    if share.guardian != index:
        raise ProtocolViolation(index, "open", f"{name} holds a share of {share.guardian}")
    return share
