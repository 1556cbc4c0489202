"""Ballot lines, the signature of a ballot file, receipts (specs/11, specs/12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from egcore.canonical import labelled_hash
from egcore.records.fields import C36, N0, DataBytes, Dev, H, Id, N, P, Position, Q, S
from egcore.records.limits import (
    MAX_CONTEST_LIMIT,
    MAX_CONTESTS,
    MAX_OPTION_LIMIT,
    MAX_OPTIONS,
)
from egcore.records.record import Record, Signed
from egcore.records.signatures import require_ascending

if TYPE_CHECKING:
    from egcore.group import Group

Status = Literal["cast", "challenged", "void"]
DecidedBy = Literal["voter", "closing"]


class ProofEntry(Record):
    """One challenge and response of a range proof; entry j argues "the value is j", j from 0."""

    c: Q
    v: Q


class EncryptedOption(Record):
    """Ciphertext of one option with its range proof of R + 1 entries (EQ-59)."""

    alpha: P
    beta: P
    proof: Annotated[tuple[ProofEntry, ...], Field(max_length=MAX_OPTION_LIMIT + 1)]


class ContestDataRecord(Record):
    """Encrypted contest data, 32 bytes of C1 for each block, with its proof (EQ-69)."""

    c0: P
    c1: DataBytes
    c: Q
    v: Q


class EncryptedContest(Record):
    """One contest of a ballot; `contest` is its 1-based position in the manifest.

    Option io stands at place io. `data` is there exactly when the manifest has data blocks for it.
    """

    contest: N
    options: Annotated[tuple[EncryptedOption, ...], Field(max_length=MAX_OPTIONS)]
    limit_proof: Annotated[tuple[ProofEntry, ...], Field(max_length=MAX_CONTEST_LIMIT + 1)]
    chi: H
    data: ContestDataRecord | None = None


def _ascending(contests: tuple[EncryptedContest, ...]) -> tuple[EncryptedContest, ...]:
    require_ascending([entry.contest for entry in contests], "contest")
    return contests


class NonceRecord(Record):
    """Encrypted ballot nonce with its proof (EQ-38)."""

    c0: P
    c1: H
    c: Q
    v: Q


class EncryptedBallot(Record):
    """What the box encrypted for one voter, before anybody decides. Position is from 1."""

    position: Position
    style: Id
    id_b: H
    h_i: H
    contests: Annotated[
        tuple[EncryptedContest, ...], Field(max_length=MAX_CONTESTS), AfterValidator(_ascending)
    ]
    nonce: NonceRecord
    b_c: C36
    h_c: H

    def encrypted_part(self, group: Group) -> dict[str, object]:
        """The ballot's line without `status` and `decided` (EQ-X7)."""
        members = self.to_object(group)
        members.pop("status", None)
        members.pop("decided", None)
        return members

    def encrypted_part_digest(self, group: Group) -> bytes:
        """Digest of the encrypted part (EQ-X7)."""
        return labelled_hash("encrypted-part", self.encrypted_part(group))

    def decide(self, status: Status, decided: DecidedBy) -> Ballot:
        """The ballot line with its final status."""
        members = {name: getattr(self, name) for name in EncryptedBallot.model_fields}
        return Ballot(**members, status=status, decided=decided)


class Ballot(EncryptedBallot):
    """One ballot of a device, whatever its status, as its ballot file holds it."""

    status: Status
    decided: DecidedBy


class Submitted(Record):
    """Object that `sig_submit` covers, purpose `submit`; `digest` is EQ-X7."""

    purpose: ClassVar[str] = "submit"
    h_e: H
    device: Dev
    position: Position
    id_b: H
    h_c: H
    digest: H


class Decided(Record):
    """Object that `sig_status` covers, purpose `status`."""

    purpose: ClassVar[str] = "status"
    h_e: H
    device: Dev
    position: Position
    h_c: H
    status: Status
    decided: DecidedBy


class BallotFileSignature(Signed):
    """`ballots/<device>/<f>.sig`: one device signature over a closed ballot file.

    file is from 0, first is the position of its first ballot, h_last is H_C of its last.
    """

    purpose: ClassVar[str] = "ballot-file"
    h_e: H
    device: Dev
    file: N0
    first: Position
    count: N
    ballots: H
    receipts: H
    h_last: H
    sig: S


class ReceiptLine(Record):
    """`receipts/<device>/<f>.ndjson`: both signatures of one position."""

    position: Position
    submit: S
    status: S
