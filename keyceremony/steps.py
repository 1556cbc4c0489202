"""The guardian's own messages of a ceremony, each made when the round before it is complete.

Killed anywhere, `work` goes on where it stood: secrets are in the key file before anything that
depends on them is published, and an own message is in the home before it is in the exchange.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from egcore.errors import MalformedRecord, ProtocolViolation
from egcore.program import ProgramError
from egcore.randomness import random_bytes32
from egcore.records.ceremony import Roster, ShareMessage
from egcore.signed import signature_holds
from keyceremony import messages
from keyceremony.attempt import CheckFailed, accusing, message_name
from keyceremony.ceremony import joint_keys, receive_shares
from keyceremony.complaints import complain
from keyceremony.fingerprints import require_compared
from keyceremony.guardian_keys import CeremonySecrets, public_part
from keyceremony.home import send_enrolment
from keyceremony.key_file import Drawn, Kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.records.record import Record
    from keyceremony.attempt import Attempt
    from keyceremony.home import Desk

FINISHED: Final = "confirmed"


class Standing(NamedTuple):
    """Where a ceremony stands after this guardian's work.

    round: the round that others are awaited in, or FINISHED. awaited: those others.
    sent: names of the messages published now.
    """

    round: str
    awaited: tuple[int, ...]
    sent: tuple[str, ...]


def work(desk: Desk, attempt: Attempt) -> Standing:
    """Make every message that is due, and stop where somebody else is awaited.

    attempt: kept by the caller while it waits, so that no round is checked twice.
    Raises what Attempt.advance raises. For a CheckFailed the complaint is published first, unless
    the members are not yet known.
    """
    sent: list[str] = []
    try:
        while True:
            attempt.advance()
            if attempt.round is None:
                _forget_drawn(desk, attempt)
                return Standing(FINISHED, (), tuple(sent))
            if desk.index not in attempt.awaited:
                return Standing(attempt.round, attempt.awaited, tuple(sent))
            made = _MAKERS[attempt.round](desk, attempt)
            if not made:
                return Standing(attempt.round, (1,), tuple(sent))
            sent.extend(made)
    except CheckFailed as exc:
        if attempt.has_members:
            complain(desk, attempt, exc.cause)
        raise


def _send(desk: Desk, attempt: Attempt, kind: str, make: Callable[[], Record]) -> list[str]:
    name = message_name(attempt.terms.attempt, kind, desk.index)
    desk.box.send(name, lambda: make().to_bytes(desk.group))
    return [name]


def _enrol(desk: Desk, attempt: Attempt) -> list[str]:
    send_enrolment(desk, attempt.terms.attempt)
    return [message_name(attempt.terms.attempt, "enrol", desk.index)]


def _roster(desk: Desk, attempt: Attempt) -> list[str]:
    enrolments = attempt.transcript.enrolments
    if enrolments[desk.index - 1].key != desk.me.key.public:
        raise ProtocolViolation(desk.index, "enrol", "another key is enrolled under this index")
    require_compared(desk, enrolments)
    if desk.index == 1:
        nonce = random_bytes32()
    else:
        first = attempt.read(Roster, message_name(attempt.terms.attempt, "roster", 1), 1)
        if first is None:
            return []
        nonce = first.nonce
    keys = [line.key for line in enrolments]
    return _send(desk, attempt, "roster", lambda: messages.roster(desk.me, desk.key.k, keys, nonce))


def _commit(desk: Desk, attempt: Attempt) -> list[str]:
    members = attempt.members
    name = message_name(attempt.terms.attempt, "commit", desk.index)
    if desk.key.drawn is None or desk.key.drawn.ceremony != members.ceremony:
        if desk.box.fetch(name) is not None:
            raise _older_key_file()
        secrets = CeremonySecrets.draw(desk.group, members.k)
        public = public_part(desk.group, members.h_p, desk.index, secrets)
        desk.save(drawn=Drawn.of(members.ceremony, secrets, public))
    drawn = _drawn(desk, attempt)
    return _send(
        desk,
        attempt,
        "commit",
        lambda: messages.commit(desk.me, members.ceremony, drawn.public, drawn.secrets()),
    )


def _reveal(desk: Desk, attempt: Attempt) -> list[str]:
    drawn, ceremony = _drawn(desk, attempt), attempt.members.ceremony
    return _send(
        desk,
        attempt,
        "reveal",
        lambda: messages.reveal(desk.me, ceremony, drawn.public, drawn.secrets()),
    )


def _share(desk: Desk, attempt: Attempt) -> list[str]:
    return [_send_share(desk, attempt, to) for to in attempt.members.indices if to != desk.index]


def _send_share(desk: Desk, attempt: Attempt, to: int) -> str:
    """Publish the share for guardian `to`: the copy, else what is already there, else a new one.

    Its encryption is random, so one that this guardian has signed is never made a second time.
    """
    members, drawn = attempt.members, _drawn(desk, attempt)
    name = message_name(attempt.terms.attempt, "share", desk.index, to)
    kappa = attempt.transcript.reveals[to - 1].public.kappa

    def make() -> bytes:
        found = desk.box.exchange.fetch(name)
        if found is not None and _is_own_share(desk, found):
            return found
        return messages.share(
            desk.me, members.h_p, members.ceremony, drawn.secrets(), to, kappa
        ).to_bytes(desk.group)

    desk.box.send(name, make)
    return name


def _is_own_share(desk: Desk, data: bytes) -> bool:
    try:
        message = ShareMessage.from_bytes(data, desk.group)
    except MalformedRecord:
        return False
    return signature_holds(message, message.sig, desk.me.key.public, desk.group)


def _check(desk: Desk, attempt: Attempt) -> list[str]:
    """Open the shares, keep their sums, and only then say that all is well."""
    members, transcript = attempt.members, attempt.transcript
    with accusing():
        _, shares = receive_shares(
            members,
            desk.index,
            _drawn(desk, attempt).secrets(),
            transcript.reveals,
            [message for message in attempt.share_messages if message.to == desk.index],
            transcript.shares,
        )
        joint_keys(desk.group, transcript.reveals)
    kept = Kept.of(members.ceremony, shares)
    if desk.key.kept != kept:
        desk.save(kept=kept)
    view = transcript.view(desk.group)
    return _send(desk, attempt, "check", lambda: messages.check(desk.me, members.ceremony, view))


def _confirm(desk: Desk, attempt: Attempt) -> list[str]:
    members, transcript = attempt.members, attempt.transcript
    kept = desk.key.kept
    if kept is None or kept.ceremony != members.ceremony:
        raise _older_key_file()
    vote_key, data_key = joint_keys(desk.group, transcript.reveals)
    digest = transcript.digest(desk.group)
    return _send(
        desk,
        attempt,
        "confirm",
        lambda: messages.confirm(
            desk.me, members.ceremony, digest, members.h_p, vote_key, data_key
        ),
    )


def _forget_drawn(desk: Desk, attempt: Attempt) -> None:
    """The key file no longer has what the shares were made of."""
    kept = desk.key.kept
    if kept is None or kept.ceremony != attempt.members.ceremony:
        raise _older_key_file()
    if desk.key.drawn is not None:
        desk.save(drawn=None)


def _drawn(desk: Desk, attempt: Attempt) -> Drawn:
    drawn = desk.key.drawn
    if drawn is None or drawn.ceremony != attempt.members.ceremony:
        raise _older_key_file()
    return drawn


def _older_key_file() -> ProgramError:
    return ProgramError(
        "the key file does not have the secrets of what this guardian has published",
        "take the last good copy of the home folder; without one, complain and start the next "
        "attempt",
    )


_MAKERS: Final[dict[str, Callable[[Desk, Attempt], list[str]]]] = {
    "enrol": _enrol,
    "roster": _roster,
    "commit": _commit,
    "reveal": _reveal,
    "share": _share,
    "check": _check,
    "confirm": _confirm,
}
