"""The registry, the files of the boxes and the seal."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from verifier.model import (
    BallotFileSignature,
    Closing,
    DeviceFile,
    DeviceStart,
    FileDigests,
    IndexedSignature,
    Loss,
    RegistryLine,
    Seal,
    SealedBox,
)
from verifier.reader.shape import (
    ShapeFault,
    array,
    array_of,
    ascending,
    between,
    chain_field,
    closed,
    device_id,
    digest,
    member,
    natural,
    positive,
    refuse,
    signature,
    text,
)

if TYPE_CHECKING:
    from verifier.report import Location

BOX: Final = "box"
WITHDRAWN: Final = "withdrawn"
END: Final = "end"
_KEYED: Final = (BOX, "terminal", "permits")
_MAX_BALLOTS: Final = 10_000_000  # of a device
_count = between(0, _MAX_BALLOTS)


def _signatures(value: object, signer: str) -> tuple[IndexedSignature, ...]:
    def entry(inner: object) -> IndexedSignature:
        m = closed(inner, signer, "sig")
        return IndexedSignature(member(m, signer, positive), member(m, "sig", signature))

    sigs = array(value, entry)
    if any(x.signer >= y.signer for x, y in pairwise(sigs)):
        raise ShapeFault(f"{signer} strictly ascending", "signers out of order or repeated")
    return sigs


def registrar_signatures(value: object) -> tuple[IndexedSignature, ...]:
    """`sigs`: signatures of registrars, ascending."""
    return _signatures(value, "registrar")


def guardian_signatures(value: object) -> tuple[IndexedSignature, ...]:
    """`gsigs`: signatures of guardians, ascending."""
    return _signatures(value, "guardian")


def parse_registry_line(value: object, at: Location, line: bytes) -> RegistryLine:
    """A line of `registry.ndjson`. Raises ShapeFault."""
    kind = value.get("kind") if isinstance(value, dict) else None
    common = ("kind", "number", "previous", "h_e", "sigs")
    if isinstance(kind, str) and kind in _KEYED:
        m = closed(value, *common, "id", "precinct", "key")
    elif kind == WITHDRAWN:
        m = closed(value, *common, "id")
    elif kind == END:
        m = closed(value, *common)
    else:
        refuse("a kind: box, terminal, permits, withdrawn or end", kind or value)
    return RegistryLine(
        at=at,
        kind=str(kind),
        number=member(m, "number", positive),
        previous=member(m, "previous", digest),
        h_e=member(m, "h_e", digest),
        id=member(m, "id", device_id) if "id" in m else None,
        precinct=member(m, "precinct", device_id) if "precinct" in m else None,
        key=member(m, "key", digest) if "key" in m else None,
        sigs=member(m, "sigs", registrar_signatures),
        content=m,
        digest=hashlib.sha256(line).digest(),
    )


def _start(value: object) -> DeviceStart:
    m = closed(value, "h_di", "b_c0", "h_0")
    return DeviceStart(
        member(m, "h_di", digest), member(m, "b_c0", chain_field), member(m, "h_0", digest)
    )


def _closing(value: object) -> Closing:
    m = closed(
        value,
        *("count", "issued", "cast", "challenged", "void", "undecided", "outstanding"),
        *("to_open", "staff", "field", "hash"),
    )
    first, second = member(m, "staff", array_of(text, least=2, most=2))
    return Closing(
        count=member(m, "count", _count),
        issued=member(m, "issued", natural),
        cast=member(m, "cast", natural),
        challenged=member(m, "challenged", natural),
        void=member(m, "void", natural),
        undecided=member(m, "undecided", natural),
        outstanding=member(m, "outstanding", natural),
        to_open=member(m, "to_open", ascending),
        staff=(first, second),
        field=member(m, "field", chain_field),
        hash=member(m, "hash", digest),
    )


def _file_digests(value: object) -> FileDigests:
    m = closed(value, "ballots", "sig", "receipts")
    return FileDigests(
        member(m, "ballots", digest), member(m, "sig", digest), member(m, "receipts", digest)
    )


def parse_device_file(value: object, at: Location, raw: bytes) -> DeviceFile:
    """`devices/<device>.json`, whole or in the form of a lost box. Raises ShapeFault."""
    short = ("h_e", "device", "precinct", "start")
    is_short = isinstance(value, dict) and value.keys() == set(short)
    m = closed(value, *short) if is_short else closed(value, *short, "closing", "files", "sig")
    return DeviceFile(
        at=at,
        h_e=member(m, "h_e", digest),
        device=member(m, "device", device_id),
        precinct=member(m, "precinct", device_id),
        start=member(m, "start", _start),
        closing=None if is_short else member(m, "closing", _closing),
        files=None if is_short else member(m, "files", array_of(_file_digests)),
        signature=None if is_short else member(m, "sig", signature),
        content=m,
        digest=hashlib.sha256(raw).digest(),
    )


def parse_ballot_file_signature(value: object, at: Location, raw: bytes) -> BallotFileSignature:
    """`ballots/<device>/<f>.sig`. Raises ShapeFault."""
    m = closed(
        value,
        *("h_e", "device", "file", "first", "count", "ballots", "receipts", "h_last", "sig"),
    )
    return BallotFileSignature(
        at=at,
        h_e=member(m, "h_e", digest),
        device=member(m, "device", device_id),
        file=member(m, "file", natural),
        first=member(m, "first", positive),
        count=member(m, "count", positive),
        ballots=member(m, "ballots", digest),
        receipts=member(m, "receipts", digest),
        h_last=member(m, "h_last", digest),
        signature=member(m, "sig", signature),
        content=m,
        digest=hashlib.sha256(raw).digest(),
    )


def _loss(value: object) -> Loss:
    m = closed(
        value,
        *("h_e", "device", "issued", "files", "count", "h_last", "sig_files", "reason", "sigs"),
    )
    return Loss(
        h_e=member(m, "h_e", digest),
        device=member(m, "device", device_id),
        issued=member(m, "issued", natural),
        files=member(m, "files", natural),
        count=member(m, "count", _count),
        h_last=member(m, "h_last", digest),
        sig_files=member(m, "sig_files", array_of(digest)),
        reason=member(m, "reason", text),
        sigs=member(m, "sigs", registrar_signatures),
        content=m,
    )


def _sealed_box(value: object, at: Location) -> SealedBox:
    is_lost = isinstance(value, dict) and "loss" in value
    m = closed(value, *(("device", "loss", "digest") if is_lost else _CLOSED_BOX))
    device = member(m, "device", device_id)
    return SealedBox(
        at=at.at(device=device),
        device=device,
        digest=member(m, "digest", digest),
        count=None if is_lost else member(m, "count", _count),
        hash=None if is_lost else member(m, "hash", digest),
        loss=member(m, "loss", _loss) if is_lost else None,
    )


_CLOSED_BOX: Final = ("device", "count", "hash", "digest")


def parse_seal(value: object, at: Location, raw: bytes) -> Seal:
    """`seal.json`. Raises ShapeFault."""
    m = closed(value, "h_e", "registry", "boxes", "registrar_sigs", "guardian_sigs")
    return Seal(
        at=at,
        h_e=member(m, "h_e", digest),
        registry=member(m, "registry", digest),
        boxes=member(m, "boxes", array_of(lambda box: _sealed_box(box, at))),
        registrar_sigs=member(m, "registrar_sigs", registrar_signatures),
        guardian_sigs=member(m, "guardian_sigs", guardian_signatures),
        content=m,
        digest=hashlib.sha256(raw).digest(),
    )
