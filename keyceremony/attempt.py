"""One attempt at a ceremony as the exchange holds it, checked round by round.

Nothing here needs a secret: `dalel-guardian status` reads with it, and `next` stands on it. An
error about a message whose signature does not hold accuses nobody: the exchange may have changed
or replayed the file. What fails in messages that are truly signed is a CheckFailed, and ends the
attempt with a complaint.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from egcore.errors import (
    ElectionError,
    InvalidProof,
    MalformedRecord,
    ProtocolViolation,
    WrongRecipient,
)
from egcore.records.ceremony import Check, Commit, Confirm, Enrol, Reveal, Roster, ShareMessage
from egcore.records.messages import Complaint
from egcore.rounds import party
from egcore.signed import signature_holds
from egcore.signing import screen_public_key
from keyceremony import ceremony as rounds
from keyceremony.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from egcore.group import Group
    from keyceremony.ceremony import Members
    from keyceremony.mailbox import Mailbox

ROUNDS: Final = ("enrol", "roster", "commit", "reveal", "share", "check", "confirm")

RoundMessage = Enrol | Roster | Commit | Reveal | ShareMessage | Check | Confirm
MessageT = TypeVar(
    "MessageT", Enrol, Roster, Commit, Reveal, ShareMessage, Check, Confirm, Complaint
)


class Terms(NamedTuple):
    """What a guardian knows before a ceremony: group, n and k, and which attempt it is."""

    group: Group
    n: int
    k: int
    attempt: int


class CheckFailed(ElectionError):  # noqa: N818 - named as its siblings in errors.py
    """A guardian's own, signed message is wrong: this attempt cannot go on.

    cause: says who and why.
    """

    def __init__(self, cause: ProtocolViolation | InvalidProof) -> None:
        super().__init__(cause)
        self.cause = cause

    def __str__(self) -> str:
        return str(self.cause)


class Ended(ProtocolViolation):
    """A complaint has ended the attempt."""


@contextmanager
def accusing() -> Iterator[None]:
    """Turn what fails in signed messages into CheckFailed."""
    try:
        yield
    except (ProtocolViolation, InvalidProof) as exc:
        raise CheckFailed(exc) from exc


@dataclass(frozen=True)
class Earlier:
    """What this guardian has seen of earlier attempts: their keys and identifiers."""

    keys: frozenset[int] = frozenset()
    ceremonies: frozenset[bytes] = frozenset()


def prefix(attempt: int) -> str:
    """Return where the messages of an attempt are."""
    return f"ceremony/{attempt}"


def message_name(attempt: int, kind: str, index: int, to: int | None = None) -> str:
    """Return the name of a message of guardian `index`, for `to` if it is a share."""
    place = f"{index}" if to is None else f"{index}-{to}"
    return f"{prefix(attempt)}/{kind}/{place}.json"


class Attempt:
    """The rounds of one attempt; `advance` reads on as far as they are complete.

    round: the first round that is not complete, None after the last. transcript: the complete
    rounds, checked. senders: who has sent in the current round; a sender of shares counts when
    it has sent all of them.
    """

    def __init__(self, box: Mailbox, terms: Terms, earlier: Earlier) -> None:
        self.box = box
        self.terms = terms
        self.earlier = earlier
        self.transcript = Transcript()
        self.share_messages: tuple[ShareMessage, ...] = ()
        self.senders: tuple[int, ...] = ()
        self._members: Members | None = None
        self._place = 0
        self._read: dict[str, tuple[bytes, object]] = {}

    @property
    def round(self) -> str | None:
        """The first round that is not complete."""
        return ROUNDS[self._place] if self._place < len(ROUNDS) else None

    @property
    def members(self) -> Members:
        """Who takes part; RuntimeError before the rosters are complete."""
        if self._members is None:
            raise RuntimeError("the members are known after the rosters")
        return self._members

    @property
    def has_members(self) -> bool:
        """Whether the rosters are complete."""
        return self._members is not None

    @property
    def awaited(self) -> tuple[int, ...]:
        """Guardians whose message of the current round is not there, ascending."""
        if self.round is None:
            return ()
        return tuple(i for i in self._indices if i not in self.senders)

    def advance(self) -> None:
        """Read what has come, and check every round that is complete.

        Raises Ended after a complaint, CheckFailed for a signed message that is wrong, and
        MalformedRecord or ProtocolViolation for a file that accuses nobody. Once all have
        confirmed, no complaint ends the attempt: a single guardian could else take the keys away
        from an election that has begun.
        """
        try:
            self._advance()
        except ElectionError:
            self._require_not_ended()
            raise
        if self.round is not None:
            self._require_not_ended()

    def _advance(self) -> None:
        later = self._present()
        steps = (
            self._enrol,
            self._roster,
            self._commit,
            self._reveal,
            self._share,
            self._check,
            self._confirm,
        )
        while self.round is not None:
            if not steps[self._place]():
                self._require_in_order(later)
                return
            self._place += 1
            self.senders = ()

    def read(self, kind: type[MessageT], name: str, index: int) -> MessageT | None:
        """Return a message of guardian `index` whose form and signature hold; None without one.

        Raises MalformedRecord, DuplicateMessage or ProtocolViolation; none of them is the
        guardian's doing for certain.
        """
        data = self.box.fetch(name)
        if data is None:
            return None
        before = self._read.get(name)
        if before is not None and before[0] == data and isinstance(before[1], kind):
            return before[1]
        message = kind.from_bytes(data, self.terms.group, name)
        self._require_genuine(message, name, index)
        self.box.keep(name, data)
        self._read[name] = (data, message)
        return message

    def complaints(self) -> tuple[Complaint, ...]:
        """Return the complaints of this attempt, signatures checked."""
        if self._members is None:
            return ()
        read = (
            self.read(Complaint, message_name(self.terms.attempt, "complaint", i), i)
            for i in self._indices
        )
        return tuple(complaint for complaint in read if complaint is not None)

    @property
    def _indices(self) -> range:
        return range(1, self.terms.n + 1)

    def _require_genuine(self, message: RoundMessage | Complaint, name: str, index: int) -> None:
        if message.guardian != index:
            detail = f"{name} holds a message of {party(message.guardian)}"
            raise ProtocolViolation(party(index), message.kind, detail)
        key = self._key_of(index, message)
        if not signature_holds(message, message.sig, key, self.terms.group):
            detail = f"the signature in {name} is not valid under its enrolment key"
            raise ProtocolViolation(party(index), message.kind, detail)
        if isinstance(message, (Enrol, Roster)):
            return
        if message.ceremony != self.members.ceremony:
            detail = (
                f"{name} is a message of another ceremony: expected "
                f"{self.members.ceremony.hex()}, found {message.ceremony.hex()}"
            )
            raise ProtocolViolation(party(index), message.kind, detail)
        if isinstance(message, ShareMessage):
            if name != message_name(self.terms.attempt, "share", index, message.to):
                detail = f"{name} holds its share for {party(message.to)}"
                raise WrongRecipient(party(index), "share", detail)
            found = message.ciphertext.digest(self.terms.group)
            if found != message.digest:
                raise MalformedRecord(name, "the ciphertext is not the one that was signed for")

    def _key_of(self, index: int, message: RoundMessage | Complaint) -> bytes:
        if isinstance(message, Enrol):
            screen_public_key(message.key)
            return message.key
        return self.transcript.enrolments[index - 1].key

    def _names(self, kind: str, index: int) -> list[str]:
        attempt = self.terms.attempt
        if kind != "share":
            return [message_name(attempt, kind, index)]
        others = (to for to in self._indices if to != index)
        return [message_name(attempt, kind, index, to) for to in others]

    def _complete(self, kind: type[MessageT], name: str) -> list[MessageT] | None:
        """Return the messages of a round when all are there, and note who has sent."""
        read = [
            self.read(kind, message, index)
            for index in self._indices
            for message in self._names(name, index)
        ]
        messages = [message for message in read if message is not None]
        sent = [message.guardian for message in messages]
        due = self.terms.n - 1 if name == "share" else 1
        self.senders = tuple(i for i in self._indices if sent.count(i) >= due)
        return None if self.awaited else messages

    def _enrol(self) -> bool:
        messages = self._complete(Enrol, "enrol")
        if messages is None:
            return False
        with accusing():
            checked = rounds.check_enrolments(messages, self.terms.n, self.terms.group)
        self.transcript = replace(self.transcript, enrolments=checked)
        return True

    def _roster(self) -> bool:
        messages = self._complete(Roster, "roster")
        if messages is None:
            return False
        enrolments = self.transcript.enrolments
        with accusing():
            lines, members = rounds.check_rosters(
                messages, enrolments, self.terms.k, self.terms.group
            )
            if members.ceremony in self.earlier.ceremonies:
                raise ProtocolViolation(1, "roster", "its nonce is that of an earlier attempt")
        self.transcript, self._members = replace(self.transcript, rosters=lines), members
        return True

    def _commit(self) -> bool:
        messages = self._complete(Commit, "commit")
        if messages is None:
            return False
        with accusing():
            checked = rounds.check_commits(self.members, messages)
        self.transcript = replace(self.transcript, commits=checked)
        return True

    def _reveal(self) -> bool:
        messages = self._complete(Reveal, "reveal")
        if messages is None:
            return False
        with accusing():
            checked = rounds.check_reveals(
                self.members, self.transcript.commits, messages, self.earlier.keys
            )
        self.transcript = replace(self.transcript, reveals=checked)
        return True

    def _share(self) -> bool:
        messages = self._complete(ShareMessage, "share")
        if messages is None:
            return False
        with accusing():
            checked = rounds.check_share_lines(
                self.members, [message.public_line() for message in messages]
            )
        self.transcript = replace(self.transcript, shares=checked)
        self.share_messages = tuple(messages)
        return True

    def _check(self) -> bool:
        messages = self._complete(Check, "check")
        if messages is None:
            return False
        with accusing():
            view = self.transcript.view(self.terms.group)
            checked = rounds.check_checks(self.members, messages, view)
        self.transcript = replace(self.transcript, checks=checked)
        return True

    def _confirm(self) -> bool:
        messages = self._complete(Confirm, "confirm")
        if messages is None:
            return False
        with accusing():
            checked = rounds.check_confirms(self.members, self.transcript, messages)
        self.transcript = replace(self.transcript, confirms=checked)
        return True

    def _require_not_ended(self) -> None:
        for complaint in self.complaints():
            detail = (
                f"complains about {complaint.against}: {complaint.detail}; attempt "
                f"{self.terms.attempt} has ended"
            )
            raise Ended(party(complaint.guardian), complaint.rule, detail)

    def _present(self) -> dict[str, set[int]]:
        """Who has sent something in each later round.

        The later rounds are listed first, before anything of the earlier ones is read: so what
        is missing then was missing when the later message was already there.
        """
        present: dict[str, set[int]] = {}
        for kind in reversed(ROUNDS[self._place + 1 :]):
            listed = set(self.box.names(f"{prefix(self.terms.attempt)}/{kind}"))
            present[kind] = {i for i in self._indices if listed.intersection(self._names(kind, i))}
        return present

    def _require_in_order(self, later: dict[str, set[int]]) -> None:
        for kind in ROUNDS[self._place + 1 :]:
            for index in sorted(later[kind]):
                missing = ", ".join(party(i) for i in self.awaited)
                detail = (
                    f"its {kind} came before the {self.round} of {missing}; if that was published, "
                    "fetch it, and if not, complain"
                )
                raise ProtocolViolation(party(index), "order of rounds", detail)
