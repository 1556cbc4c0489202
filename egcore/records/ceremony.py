"""Lines of `ceremony/transcript.ndjson`, and the share message (specs/12, Ceremony)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal

from pydantic import Field

from egcore.canonical import labelled_hash
from egcore.records.fields import H, Id, N, P, Q, S, ShareBytes, Text
from egcore.records.guardians import PublicPart
from egcore.records.limits import MAX_GUARDIANS
from egcore.records.record import Record, RecordUnion, Signed

if TYPE_CHECKING:
    from egcore.group import Group


class Enrol(Signed):
    """The enrolment key of a guardian, signed with itself, and its holder's name."""

    purpose: ClassVar[str] = "ceremony-enrol"
    kind: Literal["enrol"] = "enrol"
    guardian: N
    key: H
    name: Text
    sig: S


class Roster(Signed):
    """What all guardians agree on before the ceremony; `ceremony` is EQ-X3 of the rest."""

    purpose: ClassVar[str] = "ceremony-roster"
    kind: Literal["roster"] = "roster"
    guardian: N
    ceremony: H
    n: N
    k: N
    parameter_set: Id
    keys: Annotated[tuple[H, ...], Field(max_length=MAX_GUARDIANS)]
    nonce: H
    sig: S


class Commit(Signed):
    """Commitment to a public part not yet shown (EQ-X4)."""

    purpose: ClassVar[str] = "ceremony-commit"
    kind: Literal["commit"] = "commit"
    guardian: N
    ceremony: H
    digest: H
    sig: S


class Reveal(Signed):
    """The public part, and the 32 random bytes that open its commitment."""

    purpose: ClassVar[str] = "ceremony-reveal"
    kind: Literal["reveal"] = "reveal"
    guardian: N
    ceremony: H
    public: PublicPart
    opening: H
    sig: S


class Share(Signed):
    """Public line of a share message: its ciphertext by digest only (EQ-X5)."""

    purpose: ClassVar[str] = "ceremony-share"
    kind: Literal["share"] = "share"
    guardian: N
    to: N
    ceremony: H
    digest: H
    sig: S


class Check(Signed):
    """Word of a guardian that it checked every reveal, proof and share, and saw `view` (EQ-X6)."""

    purpose: ClassVar[str] = "ceremony-check"
    kind: Literal["check"] = "check"
    guardian: N
    ceremony: H
    view: H
    sig: S


class Confirm(Signed):
    """End of the ceremony for this guardian: transcript digest (EQ-X6), H_P, K and K-hat."""

    purpose: ClassVar[str] = "ceremony-confirm"
    kind: Literal["confirm"] = "confirm"
    guardian: N
    ceremony: H
    transcript: H
    h_p: H
    vote_key: P
    data_key: P
    sig: S


class SignOff(Signed):
    """The keys of this transcript are bound to one election."""

    purpose: ClassVar[str] = "ceremony-sign-off"
    kind: Literal["sign_off"] = "sign_off"
    guardian: N
    transcript: H
    h_b: H
    h_g: H
    h_e: H
    sig: S


TranscriptLine = Enrol | Roster | Commit | Reveal | Share | Check | Confirm | SignOff
TRANSCRIPT_LINE: Final[RecordUnion[TranscriptLine]] = RecordUnion(
    Annotated[TranscriptLine, Field(discriminator="kind")]
)


class ShareCiphertextRecord(Record):
    """Encrypted pair of shares: C0, C1 (64 bytes) and the proof (c, v) of EQ-22."""

    c0: P
    c1: ShareBytes
    c: Q
    v: Q

    def digest(self, group: Group) -> bytes:
        """SHA-256 that the public line names (EQ-X5)."""
        return labelled_hash("share-ciphertext", self.to_object(group))


class ShareMessage(Signed):
    """What travels from `guardian` to `to`: the public line with its ciphertext.

    `sig` is that of the public line, so covers the ciphertext by its digest.
    """

    purpose: ClassVar[str] = "ceremony-share"
    kind: Literal["share"] = "share"
    guardian: N
    to: N
    ceremony: H
    digest: H
    ciphertext: ShareCiphertextRecord
    sig: S

    def public_line(self) -> Share:
        """The line of the transcript, with the same signature."""
        return Share(
            guardian=self.guardian,
            to=self.to,
            ceremony=self.ceremony,
            digest=self.digest,
            sig=self.sig,
        )

    def signed_object(self, group: Group) -> dict[str, object]:
        """The object that `sig` covers: that of the public line."""
        return self.public_line().signed_object(group)
