"""A ballot box as a chain of events: start, submitted, decided (specs/07, specs/12).

Values in, values out: whoever calls stores each event durably before it shows anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from egcore.hashing import (
    ConfirmationCode,
    ExtendedBaseHash,
    chain_start_field,
    chain_start_hash,
    device_hash,
    next_field,
)
from egcore.hints import Noted
from egcore.records.ballot import (
    Ballot,
    Decided,
    DecidedBy,
    EncryptedBallot,
    ReceiptLine,
    Status,
    Submitted,
)
from egcore.records.device import ChainStart
from terminal_bridge.encryption import ElectionKeys, Selections, encrypt_ballot

if TYPE_CHECKING:
    from egcore.secret import Secret
    from egcore.signing import SigningKey
    from terminal_bridge.pool import BallotPool


@dataclass(frozen=True)
class Device:
    """A registered ballot box: its place, its id, its signing key."""

    precinct: str
    device: str
    key: SigningKey

    @property
    def description(self) -> str:
        """S_device (specs/12)."""
        return f"dalel/1 {self.precinct} {self.device}"


@dataclass(frozen=True)
class ChainHead:
    """How far the chain of a device has come: position of the last ballot and its H_C.

    position 0 and H_0 before the first ballot.
    """

    position: int
    h_last: ConfirmationCode


@dataclass(frozen=True)
class SubmittedBallot:
    """A ballot that is in the chain and undecided.

    sig_submit: over (H_E, device, position, id_B, H_C, digest of the encrypted part).
    xi_b: in memory only; None after a restart. hint: the commitments of its proofs, lp bytes each;
    empty where they are not at hand.
    """

    ballot: EncryptedBallot
    sig_submit: bytes
    xi_b: Secret[bytes] | None
    hint: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class DecidedBallot:
    """A ballot with its final status and both signatures for the voter's receipt."""

    ballot: Ballot
    receipt: ReceiptLine


def start_chain(h_e: ExtendedBaseHash, device: Device) -> ChainStart:
    """Return H_DI, B_C0 and H_0 of a device (EQ-72, EQ-73, EQ-74)."""
    h_di = device_hash(h_e, device.description)
    b_c0 = chain_start_field(h_di)
    return ChainStart(h_di=h_di, b_c0=b_c0, h_0=chain_start_hash(h_e, b_c0))


def first_head(start: ChainStart) -> ChainHead:
    """Return the head of a chain without a ballot."""
    return ChainHead(0, ConfirmationCode(start.h_0))


def submit(
    keys: ElectionKeys,
    device: Device,
    head: ChainHead,
    selections: Selections,
    pool: BallotPool | None = None,
) -> tuple[SubmittedBallot, ChainHead]:
    """Encrypt a ballot, put it in the chain and sign it.

    pool: of these keys; where it has no slot of the style, as without it, all is computed now.
    Returns the submitted ballot, which must be durable before its code is shown, and the new
    head. Raises InvalidSelection; the head is unchanged then.
    Cost: that of encrypt_ballot, or of encrypt_in_slot. Source: EQ-75, EQ-X7.
    """
    position, b_c = head.position + 1, next_field(head.h_last)
    noted = Noted(keys.group)
    if pool is None:
        ballot, xi_b = encrypt_ballot(keys, selections, position, b_c, noted)
    else:
        ballot, xi_b = pool.encrypt(selections, position, b_c, noted)
    return enter_chain(keys, device, ballot, xi_b, noted.joined())


def enter_chain(
    keys: ElectionKeys,
    device: Device,
    ballot: EncryptedBallot,
    xi_b: Secret[bytes],
    hint: bytes = b"",
) -> tuple[SubmittedBallot, ChainHead]:
    """Sign an encrypted ballot as submitted; its H_C is the new head.

    ballot: made for the position after the last one and for its chaining field. hint: the
    commitments of its proofs. Source: EQ-X7.
    """
    event = Submitted(
        h_e=keys.h_e,
        device=device.device,
        position=ballot.position,
        id_b=ballot.id_b,
        h_c=ballot.h_c,
        digest=ballot.encrypted_part_digest(keys.group),
    )
    signature = device.key.sign(event.purpose, event.to_object(keys.group))
    submitted = SubmittedBallot(ballot, signature, xi_b, hint)
    return submitted, ChainHead(ballot.position, ConfirmationCode(ballot.h_c))


def decide(
    keys: ElectionKeys,
    device: Device,
    submitted: SubmittedBallot,
    status: Status,
    decided_by: DecidedBy,
) -> DecidedBallot:
    """Give a submitted ballot its status, once; the signature covers status and decided.

    status: cast or challenged by the voter; cast or void by the closing. Raises ValueError else.
    """
    if status == "challenged" and decided_by != "voter":
        raise ValueError("a challenge is the voter's: at closing a ballot becomes cast or void")
    if status == "void" and decided_by != "closing":
        raise ValueError("a voter casts or challenges: void is what a closing makes of a ballot")
    return sign_decision(keys, device, submitted, status, decided_by)


def sign_decision(
    keys: ElectionKeys,
    device: Device,
    submitted: SubmittedBallot,
    status: Status,
    decided_by: DecidedBy,
) -> DecidedBallot:
    """Sign a status that `decide` has allowed. Cost: one signature."""
    ballot = submitted.ballot.decide(status, decided_by)
    event = Decided(
        h_e=keys.h_e,
        device=device.device,
        position=ballot.position,
        h_c=ballot.h_c,
        status=status,
        decided=decided_by,
    )
    signature = device.key.sign(event.purpose, event.to_object(keys.group))
    receipt = ReceiptLine(position=ballot.position, submit=submitted.sig_submit, status=signature)
    return DecidedBallot(ballot, receipt)
