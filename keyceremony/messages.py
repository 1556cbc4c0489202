"""The signed messages that one guardian makes, round by round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.ceremony_rounds import ceremony_id, commit_digest
from egcore.records.ceremony import (
    Check,
    Commit,
    Confirm,
    Enrol,
    Reveal,
    Roster,
    ShareCiphertextRecord,
    ShareMessage,
    SignOff,
)
from egcore.share_encryption import encrypt_shares
from egcore.signed import UNSIGNED, sign_record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.group import Group
    from egcore.hashing import BaseHash, ExtendedBaseHash, ParameterBaseHash
    from egcore.records.guardians import PublicPart
    from egcore.signing import SigningKey
    from keyceremony.guardian_keys import CeremonySecrets


@dataclass(frozen=True)
class Enrolled:
    """A guardian at its desk: group, own index (1..n), enrolment key."""

    group: Group
    index: int
    key: SigningKey


def enrol(me: Enrolled, name: str) -> Enrol:
    """Return the line that introduces this guardian's enrolment key under a name."""
    line = Enrol(guardian=me.index, key=me.key.public, name=name, sig=UNSIGNED)
    return sign_record(line, me.key, me.group)


def roster(me: Enrolled, quorum: int, keys: Sequence[bytes], nonce: bytes) -> Roster:
    """Return this guardian's line on who takes part.

    keys: enrolment keys of all n guardians in order, whose fingerprints this guardian has
    compared with their holders. nonce: the same 32 bytes for all.
    """
    name = me.group.name
    line = Roster(
        guardian=me.index,
        ceremony=ceremony_id(len(keys), quorum, name, keys, nonce),
        n=len(keys),
        k=quorum,
        parameter_set=name,
        keys=tuple(keys),
        nonce=nonce,
        sig=UNSIGNED,
    )
    return sign_record(line, me.key, me.group)


def commit(me: Enrolled, ceremony: bytes, public: PublicPart, secrets: CeremonySecrets) -> Commit:
    """Return the commitment to this guardian's public part (EQ-X4)."""
    digest = commit_digest(me.group, ceremony, me.index, public, secrets.opening.reveal())
    line = Commit(guardian=me.index, ceremony=ceremony, digest=digest, sig=UNSIGNED)
    return sign_record(line, me.key, me.group)


def reveal(me: Enrolled, ceremony: bytes, public: PublicPart, secrets: CeremonySecrets) -> Reveal:
    """Return the public part with its opening; only after all commits are in."""
    line = Reveal(
        guardian=me.index,
        ceremony=ceremony,
        public=public,
        opening=secrets.opening.reveal(),
        sig=UNSIGNED,
    )
    return sign_record(line, me.key, me.group)


def share(
    me: Enrolled,
    h_p: ParameterBaseHash,
    ceremony: bytes,
    secrets: CeremonySecrets,
    receiver: int,
    kappa: int,
) -> ShareMessage:
    """Return this guardian's encrypted shares for another one.

    receiver: 1..n, not the own index. kappa: the receiver's communication key from its
    reveal, already checked.
    Raises ValueError when asked for a message to oneself.
    """
    if receiver == me.index:
        raise ValueError(f"guardian {me.index} keeps its own share and sends none to itself")
    ciphertext = encrypt_shares(
        me.group,
        h_p,
        me.index,
        receiver,
        kappa,
        secrets.vote.share(me.group, receiver).reveal(),
        secrets.data.share(me.group, receiver).reveal(),
    )
    record = ShareCiphertextRecord(
        c0=ciphertext.c0, c1=ciphertext.c1, c=ciphertext.c, v=ciphertext.v
    )
    message = ShareMessage(
        guardian=me.index,
        to=receiver,
        ceremony=ceremony,
        digest=record.digest(me.group),
        ciphertext=record,
        sig=UNSIGNED,
    )
    return sign_record(message, me.key, me.group)


def check(me: Enrolled, ceremony: bytes, view: bytes) -> Check:
    """Return the line that says: every reveal, proof and share that I received is right.

    view: EQ-X6 of the lines before the first check, as this guardian has them.
    """
    line = Check(guardian=me.index, ceremony=ceremony, view=view, sig=UNSIGNED)
    return sign_record(line, me.key, me.group)


def confirm(
    me: Enrolled,
    ceremony: bytes,
    transcript: bytes,
    h_p: ParameterBaseHash,
    vote_key: int,
    data_key: int,
) -> Confirm:
    """Return the line that ends the ceremony for this guardian.

    vote_key, data_key: K and K-hat as this guardian computed them from the reveals.
    """
    line = Confirm(
        guardian=me.index,
        ceremony=ceremony,
        transcript=transcript,
        h_p=h_p,
        vote_key=vote_key,
        data_key=data_key,
        sig=UNSIGNED,
    )
    return sign_record(line, me.key, me.group)


def sign_off(
    me: Enrolled, transcript: bytes, h_b: BaseHash, h_g: bytes, h_e: ExtendedBaseHash
) -> SignOff:
    """Return the line that binds the keys to one election.

    h_b, h_g, h_e: computed by this guardian from the manifest's bytes and its own view.
    """
    line = SignOff(
        guardian=me.index,
        transcript=transcript,
        h_b=h_b,
        h_g=h_g,
        h_e=h_e,
        sig=UNSIGNED,
    )
    return sign_record(line, me.key, me.group)
