"""The shares that come out of a ceremony, for the one guardian that holds their secrets.

The checks of the rounds need no secret and stand in egcore.ceremony_rounds; they are offered here
too. A failed ceremony is restarted from the roster with a new nonce; keys are never kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.ceremony_rounds import (
    Members,
    check_checks,
    check_commits,
    check_confirms,
    check_enrolments,
    check_reveals,
    check_rosters,
    check_share_lines,
    check_sign_offs,
    joint_keys,
    keys_of,
)
from egcore.errors import InconsistentShare, ProtocolViolation, WrongRecipient
from egcore.rounds import complete_round, party
from egcore.secret import Secret
from egcore.share_encryption import ShareCiphertext, decrypt_shares
from keyceremony.polynomial import share_matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from egcore.group import Group
    from egcore.records.ceremony import Reveal, Share, ShareMessage
    from keyceremony.guardian_keys import CeremonySecrets

__all__ = [
    "KeyShares",
    "Members",
    "check_checks",
    "check_commits",
    "check_confirms",
    "check_enrolments",
    "check_reveals",
    "check_rosters",
    "check_share_lines",
    "check_sign_offs",
    "joint_keys",
    "keys_of",
    "receive_shares",
]


@dataclass(frozen=True)
class KeyShares:
    """z_l and zh_l of one guardian: its shares of the joint secret keys.

    The only secrets that it keeps until the decryption.
    """

    vote: Secret[int]
    data: Secret[int]


def receive_shares(
    members: Members,
    index: int,
    secrets: CeremonySecrets,
    reveals: Sequence[Reveal],
    messages: Iterable[ShareMessage],
    public_lines: Iterable[Share],
) -> tuple[tuple[Share, ...], KeyShares]:
    """Open and check every share sent to guardian `index`; return its shares of the joint keys.

    reveals: the checked round. messages: those sent to `index`. public_lines: the share lines
    of all pairs that stand in the transcript.
    Raises WrongRecipient, InvalidProof, InconsistentShare, DuplicateMessage, MissingMessage.
    Cost: n - 1 proof checks and 2n share checks. Source: EQ-16, EQ-22; section 4 of 2.1.
    """
    group = members.group
    others = [sender for sender in members.indices if sender != index]
    received = complete_round(messages, others, "share")
    lines = check_share_lines(members, public_lines)
    kappa = reveals[index - 1].public.kappa
    zeta = secrets.zeta.reveal()
    vote = secrets.vote.share(group, index).reveal()
    data = secrets.data.share(group, index).reveal()
    for message in received:
        _check_share_message(members, index, message, lines)
        record = message.ciphertext
        ciphertext = ShareCiphertext(record.c0, record.c1, record.c, record.v)
        shares = decrypt_shares(
            group, members.h_p, message.guardian, index, zeta, kappa, ciphertext
        )
        _check_against_commitments(group, index, message.guardian, reveals, shares)
        vote = (vote + shares[0]) % group.q
        data = (data + shares[1]) % group.q
    return lines, KeyShares(Secret(vote), Secret(data))


def _check_share_message(
    members: Members, index: int, message: ShareMessage, lines: Sequence[Share]
) -> None:
    sender = party(message.guardian)
    if message.to != index:
        raise WrongRecipient(
            sender, "share", f"is addressed to {party(message.to)}, not to {party(index)}"
        )
    digest = message.ciphertext.digest(members.group)
    if digest != message.digest:
        raise ProtocolViolation(
            sender,
            "share",
            f"signed digest {message.digest.hex()}, its ciphertext has {digest.hex()}",
        )
    public = next(line for line in lines if (line.guardian, line.to) == (message.guardian, index))
    if message.public_line() != public:
        raise ProtocolViolation(
            sender, "share", f"sent {party(index)} another message than the one it published"
        )


def _check_against_commitments(
    group: Group, index: int, sender: int, reveals: Sequence[Reveal], shares: tuple[int, int]
) -> None:
    public = reveals[sender - 1].public
    for name, commitments, share in (
        ("vote", public.commitments, shares[0]),
        ("data", public.data_commitments, shares[1]),
    ):
        if not share_matches(group, commitments, index, share):
            raise InconsistentShare(
                party(sender),
                "share",
                f"its {name} share for {party(index)} does not match its commitments; "
                "complain to all and restart the ceremony",
            )
