"""One round of messages: each guardian exactly once, signed, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from egcore.errors import DuplicateMessage, MissingMessage, ProtocolViolation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class FromGuardian(Protocol):
    """A message that names its sender (1..n)."""

    @property
    def guardian(self) -> int:
        """Index of the sender, from 1."""
        ...


SHOWN = 80  # characters of a value in an error

Message = TypeVar("Message", bound=FromGuardian)


def party(index: int) -> str:
    """Name a guardian the way every error does."""
    return f"guardian {index}"


def complete_round(
    messages: Iterable[Message], guardians: Sequence[int], kind: str
) -> tuple[Message, ...]:
    """Return the messages of a round ascending by sender, one from each of `guardians`.

    messages: signatures not yet checked. guardians: indices expected, ascending. kind: the
    round's name, for the errors.
    Raises DuplicateMessage, MissingMessage, or ProtocolViolation for a sender that is not
    expected; each names the guardian.
    """
    by_sender: dict[int, Message] = {}
    for message in messages:
        sender = message.guardian
        if sender not in guardians:
            raise ProtocolViolation(
                party(sender), kind, f"is not one of the guardians {list(guardians)} of this round"
            )
        if sender in by_sender:
            raise DuplicateMessage(
                party(sender), kind, "sent this message twice; keep the first and ask why"
            )
        by_sender[sender] = message
    missing = [index for index in guardians if index not in by_sender]
    if missing:
        raise MissingMessage(
            ", ".join(party(index) for index in missing),
            kind,
            f"expected {len(guardians)} messages, found {len(by_sender)}; ask for it again",
        )
    return tuple(by_sender[index] for index in sorted(by_sender))


def require_equal(
    messages: Sequence[Message],
    field: str,
    expected: object,
    kind: str,
    name: str,
) -> None:
    """Require one field to have the expected value in every message of a round.

    field: its name in the record. name: what the error calls it.
    Raises ProtocolViolation that names the first guardian whose value differs.
    """
    for message in messages:
        found = getattr(message, field)
        if found != expected:
            raise ProtocolViolation(
                party(message.guardian),
                kind,
                f"{name} differs: expected {_shown(expected)}, found {_shown(found)}",
            )


def _shown(value: object) -> str:
    text = value.hex() if isinstance(value, bytes) else str(value)
    return text if len(text) <= SHOWN else f"{text[:32]}... ({len(text)} characters)"
