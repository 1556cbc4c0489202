"""A voter's receipt: what a ballot box gave in the hand, judged alone and against a record.

Form and meaning: specs/21-trust-and-papers.md. A receipt says nothing about how anybody voted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.json_strict import parse
from verifier.reader.shape import (
    device_id,
    digest,
    member,
    members,
    positive,
    signature,
)
from verifier.receipt_pass import decided, is_status, is_submit, submitted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MEMBERS: Final = frozenset({"h_e", "device", "position", "id_b", "h_c", "digest", "submit"})
# Every status that a box may sign, with who decided (20.I).
DECISIONS: Final = (
    ("cast", "voter"),
    ("challenged", "voter"),
    ("cast", "closing"),
    ("void", "closing"),
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the QR code of a receipt holds; nothing of it is judged yet.

    content: what `submit` is a signature over. submit, sig_status: hex; the second is None when the
    voter did not get one.
    """

    content: Mapping[str, object]
    submit: str
    sig_status: str | None

    @property
    def device(self) -> str:
        """The box that it names."""
        return str(self.content["device"])

    @property
    def position(self) -> int:
        """The place in the box's chain, from 1."""
        return int(str(self.content["position"]))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that was looked at. holds: None when it says something without judging."""

    text: str
    holds: bool | None

    def to_json(self) -> dict[str, object]:
        """`text`, and `holds` unless it judges nothing."""
        judged = {} if self.holds is None else {"holds": self.holds}
        return {"text": self.text, **judged}


def parse_receipt(raw: bytes) -> Receipt:
    """The receipt in a file. raw: any bytes; the newline may be missing, as in a QR code.

    Raises MalformedJson, ShapeFault.
    """
    found = members(parse(raw.rstrip(b"\n") + b"\n"), _MEMBERS, frozenset({"sig_status"}))
    for name in ("h_e", "id_b", "h_c", "digest"):
        member(found, name, digest)
    member(found, "device", device_id)
    member(found, "position", positive)
    member(found, "submit", signature)
    status = None
    if "sig_status" in found:
        member(found, "sig_status", signature)
        status = str(found["sig_status"])
    content = {name: found[name] for name in _MEMBERS if name != "submit"}
    return Receipt(content, str(found["submit"]), status)


def decision(receipt: Receipt, key: bytes) -> tuple[str, str] | None:
    """Status and who decided, of which `sig_status` is the box's signature; None if of none."""
    if receipt.sig_status is None:
        return None
    for status, by in DECISIONS:
        content = _status_content(receipt.content, status, by)
        if is_status(content, key, receipt.sig_status):
            return status, by
    return None


def _status_content(content: Mapping[str, object], status: str, by: str) -> dict[str, object]:
    names = ("h_e", "device", "position", "h_c")
    return {**{name: content[name] for name in names}, "status": status, "decided": by}


def judge_alone(receipt: Receipt, key: bytes) -> Iterator[Sentence]:
    """What the receipt proves without a record. key: of the box, from wherever. EQ-X2."""
    holds = is_submit(receipt.content, key, receipt.submit)
    yield Sentence(
        "the box signed that it holds this ballot (sig_submit)"
        if holds
        else "sig_submit is not a signature of this box over this ballot",
        holds,
    )
    if receipt.sig_status is None:
        yield Sentence("the receipt has no sig_status: it does not say what was decided", None)
        return
    found = decision(receipt, key)
    if found is None:
        yield Sentence("sig_status is not a signature of this box over any status", holds=False)
    else:
        status, by = found
        yield Sentence(f"the box signed that it is {status}, decided by the {by}", holds=True)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a record has at the place that a receipt names.

    h_e: of the record. ballot: the line, of the shape of 11; None if there is none. signatures:
    `submit` and `status` of the line in receipts/, in hex; None if there is none. lost: how many
    ballots of the box were saved, if the seal states its loss.
    """

    h_e: str
    ballot: Mapping[str, object] | None
    signatures: tuple[str, str] | None
    lost: int | None = None


def compare(receipt: Receipt, key: bytes, recorded: Recorded) -> Iterator[Sentence]:
    """The receipt against the record; a contradiction that is evidence is said to be one.

    key: of the box. Two statements of a box are evidence when the key has signed both: then no
    trust in record, voter or verifier is needed to see that the box said two things.
    """
    is_genuine = is_submit(receipt.content, key, receipt.submit)
    if receipt.content["h_e"] != recorded.h_e:
        yield Sentence("the receipt is of another election than the record (H_E)", holds=False)
        return
    if recorded.ballot is None:
        yield from _missing(receipt, recorded, is_genuine=is_genuine)
        return
    there = submitted(recorded.h_e, receipt.device, recorded.ballot)
    differing = [name for name in ("id_b", "h_c", "digest") if there[name] != receipt.content[name]]
    if differing:
        yield Sentence(
            f"the record has another ballot at position {receipt.position} ({_names(differing)})",
            holds=False,
        )
        signed = recorded.signatures is not None and is_submit(there, key, recorded.signatures[0])
        what = "two ballots for one position"
        yield _evidence(what, is_genuine=is_genuine, is_signed=signed)
        return
    yield Sentence("the record has this ballot at this position", holds=True)
    yield from _compare_status(receipt, key, recorded)


def _names(names: list[str]) -> str:
    shown = {"id_b": "id_B", "h_c": "H_C", "digest": "the digest of the encrypted part"}
    verb = "differs" if len(names) == 1 else "differ"
    return f"{', '.join(shown[name] for name in names)} {verb}"


def _missing(receipt: Receipt, recorded: Recorded, *, is_genuine: bool) -> Iterator[Sentence]:
    place = f"box {receipt.device} at position {receipt.position}"
    text = f"the record has no ballot of {place} that can be read"
    yield Sentence(text, holds=False)
    if recorded.lost is not None:
        is_saved = receipt.position <= recorded.lost
        yield Sentence(
            f"the seal states the loss of this box: {recorded.lost} of its ballots were saved, and "
            f"this one {'must be' if is_saved else 'is not'} among them",
            None,
        )
    if is_genuine:
        yield Sentence(
            "EVIDENCE: the box signed for a ballot that this copy of the record does not hold; "
            "with the box's key anyone can check it, and a second copy shows whether this one is "
            "damaged",
            holds=False,
        )


def _evidence(what: str, *, is_genuine: bool, is_signed: bool) -> Sentence:
    if is_genuine and is_signed:
        text = (
            f"EVIDENCE: the box signed {what}, one on the receipt and one in the record; with the "
            "box's key anyone can check it"
        )
    elif is_genuine:
        text = (
            "EVIDENCE: the box signed what the receipt says, and no signature of the box stands "
            "behind what the record says"
        )
    else:
        text = "no evidence: the box did not sign what the receipt says"
    return Sentence(text, holds=False if is_genuine else None)


def _compare_status(receipt: Receipt, key: bytes, recorded: Recorded) -> Iterator[Sentence]:
    ballot = recorded.ballot
    if ballot is None:
        return
    status, by = str(ballot["status"]), str(ballot["decided"])
    yield Sentence(f"its status in the record is {status}, decided by the {by}", None)
    found = decision(receipt, key)
    if found is None:
        return
    if found == (status, by):
        yield Sentence("it is the status that the receipt says", holds=True)
        return
    text = f"the receipt says {found[0]}, decided by the {found[1]}"
    yield Sentence(text, holds=False)
    there = decided(recorded.h_e, receipt.device, ballot)
    signed = recorded.signatures is not None and is_status(there, key, recorded.signatures[1])
    yield _evidence("two statuses of one ballot", is_genuine=True, is_signed=signed)
