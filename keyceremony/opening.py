"""Opening a challenged ballot whose nonce the box no longer has, from its encrypted nonce.

k guardians each send m_i with a proof (EQ-X10); whoever assembles them learns xi_B, so the
shares are never published. A cast ballot is refused whatever the request says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.ballot_nonce import NonceCiphertext, recover_ballot_nonce, verify_ballot_nonce
from egcore.errors import ProtocolViolation, QuorumNotReached
from egcore.hashing import ExtendedBaseHash, IdentifierHash, identifier_hash
from egcore.lagrange import public_share, weight
from egcore.proofs.opening_proof import (
    OpeningStatement,
    prove_opening_share,
    verify_opening_share,
)
from egcore.proofs.range_proof import Proof
from egcore.records.tally import OpenShare
from egcore.rounds import party
from egcore.secret import Secret
from egcore.signed import UNSIGNED, sign_record, signature_holds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from egcore.group import Group
    from egcore.records.ballot import Ballot
    from egcore.records.device import Closing
    from egcore.signing import SigningKey


@dataclass(frozen=True)
class SealedBallot:
    """A ballot as the sealed record holds it.

    closing: of its device, from the device file that the seal names. ballot: from the ballot
    file that the closing names, so its status is the sealed one.
    """

    group: Group
    h_e: ExtendedBaseHash
    device: str
    closing: Closing
    ballot: Ballot

    @property
    def where(self) -> str:
        """Name the ballot in errors."""
        return f"device {self.device}, position {self.ballot.position}"

    @property
    def nonce(self) -> NonceCiphertext:
        """The encrypted ballot nonce."""
        record = self.ballot.nonce
        return NonceCiphertext(record.c0, record.c1, record.c, record.v)

    def statement(self, guardian: int, key: int, m: int) -> OpeningStatement:
        """Return what guardian `guardian` proves about its m; key is Zh_i = g^zh_i."""
        return OpeningStatement(
            h_e=self.h_e,
            device=self.device,
            position=self.ballot.position,
            id_b=self.ballot.id_b,
            guardian=guardian,
            c0=self.ballot.nonce.c0,
            key=key,
            m=m,
        )


def check_may_be_opened(sealed: SealedBallot) -> None:
    """Refuse every ballot but a challenged one that its closing lists under `to_open`.

    Then check that H_I is that of its own id_B (5.B), the proof 0x23 and that C0 is in G, before
    a secret touches C0. A nonce copied from a cast ballot has another id_B, or the same one: that
    it stands nowhere else in the record is for the caller to see (`ballots_to_open`).
    Raises ProtocolViolation, InvalidProof.
    """
    ballot = sealed.ballot
    if ballot.status != "challenged":
        detail = f"{sealed.where}: its sealed status is {ballot.status}; only challenged is opened"
        raise ProtocolViolation("the request", "open", detail)
    if ballot.position not in sealed.closing.to_open:
        detail = f"{sealed.where}: the closing does not list it under to_open"
        raise ProtocolViolation("the request", "open", detail)
    h_i = identifier_hash(sealed.h_e, ballot.id_b)
    if h_i != ballot.h_i:
        detail = (
            f"{sealed.where}: expected H_I {h_i.hex()} of its id_B, found {ballot.h_i.hex()}; its "
            "encrypted nonce may be that of another ballot"
        )
        raise ProtocolViolation("the request", "5.B", detail)
    verify_ballot_nonce(sealed.group, h_i, sealed.nonce)


def opening_share(
    sealed: SealedBallot, index: int, share: Secret[int], key: SigningKey
) -> OpenShare:
    """Return m_i = C0^zh_i of guardian `index` with its proof, signed.

    share: zh_i. Raises what check_may_be_opened raises.
    Cost: two exponentiations, two fixed-base. Source: EQ-X10.
    """
    check_may_be_opened(sealed)
    group = sealed.group
    m = group.power(sealed.ballot.nonce.c0, share.reveal())
    statement = sealed.statement(index, group.power_g(share.reveal()), m)
    proof = prove_opening_share(group, statement, share.reveal())
    message = OpenShare(
        h_e=sealed.h_e,
        device=sealed.device,
        position=sealed.ballot.position,
        guardian=index,
        m=m,
        c=proof.c,
        v=proof.v,
        sig=UNSIGNED,
    )
    return sign_record(message, key, group)


def recover_nonce(
    sealed: SealedBallot,
    quorum: int,
    data_commitments: Sequence[Sequence[int]],
    keys: Mapping[int, bytes],
    messages: Sequence[OpenShare],
) -> Secret[bytes]:
    """Return xi_B from at least k opening shares.

    data_commitments: Kh_ij of all guardians in order. keys: enrolment keys by index.
    Raises ProtocolViolation or InvalidProof that names the guardian of a wrong share, and
    QuorumNotReached. Cost: 4 exponentiations a share and one more for each.
    """
    check_may_be_opened(sealed)
    by_index: dict[int, OpenShare] = {}
    for message in messages:
        _check_share(sealed, message, keys, data_commitments)
        if message.guardian in by_index:
            raise ProtocolViolation(party(message.guardian), "open", "sent two shares")
        by_index[message.guardian] = message
    if len(by_index) < quorum:
        raise QuorumNotReached(len(by_index), quorum)
    group = sealed.group
    participants = tuple(sorted(by_index))
    beta = group.product(
        group.power(by_index[i].m, weight(i, participants, group.q)) for i in participants
    )
    h_i = IdentifierHash(sealed.ballot.h_i)
    return Secret(recover_ballot_nonce(group, h_i, sealed.nonce, beta))


def _check_share(
    sealed: SealedBallot,
    message: OpenShare,
    keys: Mapping[int, bytes],
    data_commitments: Sequence[Sequence[int]],
) -> None:
    sender = party(message.guardian)
    if message.guardian not in keys:
        raise ProtocolViolation(sender, "open", f"is not one of the {len(keys)} guardians")
    about = (message.h_e, message.device, message.position)
    if about != (sealed.h_e, sealed.device, sealed.ballot.position):
        raise ProtocolViolation(sender, "open", f"its share is not about {sealed.where}")
    group = sealed.group
    if not signature_holds(message, message.sig, keys[message.guardian], group):
        raise ProtocolViolation(sender, "open", "its signature is not valid")
    key = public_share(group, data_commitments, message.guardian)
    statement = sealed.statement(message.guardian, key, message.m)
    verify_opening_share(group, statement, Proof(message.c, message.v))
