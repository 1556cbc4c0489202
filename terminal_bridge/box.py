"""The ballot box: read, check, encrypt, append, show the code, cast or challenge, wipe.

Submitted is durable before the code is returned; decided is durable before the card is wiped.
In memory it keeps xi_B of undecided ballots and nothing else of a vote; on disk nothing.
"""

from __future__ import annotations

import hmac
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from egcore.ballot_opening import open_ballot
from egcore.codes import typed_code
from egcore.hashing import ConfirmationCode
from egcore.hints import hint_entry
from egcore.program import ProgramError
from egcore.records.limits import MAX_HINT
from terminal_bridge.box_folder import BoxFolder, file_of
from terminal_bridge.box_records import DecidedLine, Receipt, UndecidedLine
from terminal_bridge.box_state import recover
from terminal_bridge.card_reader import CardReader
from terminal_bridge.closing import close_file
from terminal_bridge.device import DecidedBallot, SubmittedBallot, decide, submit
from terminal_bridge.frames import take_snapshot, wipe
from terminal_bridge.refusals import CardRefused, UsedPermit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from egcore.records.ballot import Ballot, DecidedBy, Status
    from egcore.records.opening import Opening
    from egcore.secret import Secret
    from egcore.storage import Storage
    from terminal_bridge.card import Card
    from terminal_bridge.card_record import Language, Permit
    from terminal_bridge.device import Device
    from terminal_bridge.device_home import Day
    from terminal_bridge.election_start import ElectionStart
    from terminal_bridge.frames import Snapshot
    from terminal_bridge.pool import BallotPool


@dataclass(frozen=True)
class Presented:
    """A ballot that is durable and waits for cast or challenge.

    code: the typed form of its H_C. resumed: it was submitted before this card was read.
    card: what is wiped after the decision; None for a ballot shown again without its card.
    language: of the voter, from the card.
    """

    position: int
    code: str
    receipt: Receipt
    resumed: bool
    card: Snapshot | None = None
    language: Language | None = None


@dataclass(frozen=True)
class Decision:
    """A decided ballot. opening: of a challenged one whose nonce was at hand."""

    ballot: Ballot
    sig_status: bytes
    opening: Opening | None


class UndecidedFirst(ProgramError):  # noqa: N818 - named as its siblings in errors.py
    """A ballot from before a restart is shown before any new card is read."""


class Box:
    """One open ballot box. Cards come one after another; nothing here is for two threads."""

    def __init__(
        self,
        start: ElectionStart,
        device: Device,
        day: Day,
        storage: Storage,
        pool: BallotPool | None = None,
    ) -> None:
        """storage: the box's own folder, which is brought to order after a crash.

        pool: slots for ballots to come, filled and erased by the caller.
        Raises ProgramError for a closed or damaged box.
        """
        self._start = start
        self._device = device
        self._day = day
        self._folder = BoxFolder(storage, device.device, start.group)
        self._folder.settle()
        if self._folder.device_file() is not None:
            raise ProgramError(
                f"box {device.device} is closed", "a closed box takes no card; use another one"
            )
        self._state = recover(self._folder, start.h_e, device)
        self._reader = CardReader(start, device.precinct, device.device, day.key)
        self._nonces: dict[int, Secret[bytes]] = {}
        self._unanswered = set(self._state.undecided)
        self._halted = False
        self._pool = pool
        with self._durable():
            self._close_full_files()

    @property
    def unanswered(self) -> tuple[Presented, ...]:
        """Ballots from before the restart that must be cast, challenged or left, in order."""
        lines = [self._state.undecided[position] for position in sorted(self._unanswered)]
        return tuple(self._presented(line) for line in lines)

    def present(self, card: Card) -> Presented:
        """Return the ballot of a card, submitted; durable before this returns.

        A card whose ballot is undecided gives that ballot again, whatever else is on it now.
        Raises CardRefused, after which the box is ready for the next card; UndecidedFirst; and
        OSError of the storage, after which the box must be started again.
        """
        self._require_open()
        seen = take_snapshot(card)
        permit = self._reader.permit(card)
        tag = self._tag(permit)
        if tag in self._state.permits:
            with suppress(CardRefused):
                wipe(card, seen)
            raise UsedPermit
        known = self._undecided_of(tag, seen)
        if known is not None:
            return known
        self._require_answered()
        return self._submit(card, permit, tag, seen)

    def recognise(self, card: Card) -> Presented | None:
        """Return the undecided ballot of a card, None for any other; nothing is submitted.

        Raises CardRefused.
        """
        seen = take_snapshot(card)
        return self._undecided_of(self._tag(self._reader.permit(card)), seen)

    def decide(self, position: int, status: Literal["cast", "challenged"]) -> Decision:
        """Decide an undecided ballot, once; durable before this returns.

        Raises ProgramError for a position that is not undecided, and OSError as `present`.
        """
        self._require_open()
        return self._decide(position, status, "voter")

    def leave(self, position: int) -> None:
        """The voter has gone; the ballot stays undecided, for its card or for the closing."""
        self._line(position)
        self._unanswered.discard(position)

    def wipe(self, card: Card, presented: Presented) -> None:
        """The card of a decided ballot is blank. Raises CardRefused; the decision stands."""
        if presented.position in self._state.undecided:
            raise RuntimeError(f"position {presented.position} is wiped before it is decided")
        if presented.card is not None:
            wipe(card, presented.card)

    def _undecided_of(self, tag: bytes, seen: Snapshot) -> Presented | None:
        for line in self._state.undecided.values():
            if line.permit == tag:
                return self._presented(line, seen)
        return None

    def _submit(self, card: Card, permit: Permit, tag: bytes, seen: Snapshot) -> Presented:
        read = self._reader.ballot(card, permit)
        submitted, head = submit(
            self._start.keys, self._device, self._state.head, read.selections, self._pool
        )
        position = submitted.ballot.position
        line = UndecidedLine(
            permit=tag,
            ballot=submitted.ballot,
            submit=submitted.sig_submit,
            hint=submitted.hint if 0 < len(submitted.hint) <= MAX_HINT else None,
        )
        undecided = {**self._state.undecided, position: line}
        with self._durable():
            self._folder.write_undecided(undecided.values())
        self._state.undecided = undecided
        self._state.head = head
        if submitted.xi_b is not None:
            self._nonces[position] = submitted.xi_b
        return self._presented(line, seen, read.language, resumed=False)

    def _decide(self, position: int, status: Status, by: DecidedBy) -> Decision:
        line = self._line(position)
        submitted = SubmittedBallot(line.ballot, line.submit, self._nonces.get(position))
        entry = decide(self._start.keys, self._device, submitted, status, by)
        opening = None
        if status == "challenged" and submitted.xi_b is not None:
            keys = self._start.keys
            opening = open_ballot(
                keys.vote_key, keys.data_key, keys.manifest, entry.ballot, submitted.xi_b
            )
        decided = DecidedLine(
            ballot=entry.ballot, receipt=entry.receipt, opening=opening, hint=line.hint
        )
        rest = {at: other for at, other in self._state.undecided.items() if at != position}
        permits = {*self._state.permits, line.permit}
        with self._durable():
            self._folder.append_decided(file_of(position), decided)
            self._folder.write_permits(permits)
            self._folder.write_undecided(rest.values())
            self._state.undecided, self._state.permits = rest, permits
            self._state.add_decided(decided)
            self._nonces.pop(position, None)
            self._unanswered.discard(position)
            self._close_full_files()
        return Decision(entry.ballot, entry.receipt.status, opening)

    def _close_full_files(self) -> None:
        while (number := self._state.next_complete()) is not None:
            self._close_file(number)

    def _close_file(self, number: int) -> None:
        """A file whose ballots are all decided is public, and its journal is erased."""
        lines = self._state.journals.pop(number)
        ordered = [lines[position] for position in sorted(lines)]
        closed = close_file(
            self._start.group,
            self._start.h_e,
            self._device,
            number,
            [DecidedBallot(line.ballot, line.receipt) for line in ordered],
        )
        openings = {
            line.ballot.position: line.opening for line in ordered if line.opening is not None
        }
        hints = b"".join(hint_entry(self._start.group, line.hint or b"") for line in ordered)
        self._folder.write_closed(closed, openings, hints)
        self._folder.erase_journal(number)
        self._state.files = number + 1

    def _presented(
        self,
        line: UndecidedLine,
        card: Snapshot | None = None,
        language: Language | None = None,
        *,
        resumed: bool = True,
    ) -> Presented:
        ballot = line.ballot
        receipt = Receipt(
            h_e=self._start.h_e,
            device=self._device.device,
            position=ballot.position,
            id_b=ballot.id_b,
            h_c=ballot.h_c,
            digest=ballot.encrypted_part_digest(self._start.group),
            submit=line.submit,
        )
        code = typed_code(ConfirmationCode(ballot.h_c))
        return Presented(ballot.position, code, receipt, resumed, card, language)

    def _tag(self, permit: Permit) -> bytes:
        return hmac.digest(self._day.permit_key.reveal(), permit.id, "sha256")

    def _line(self, position: int) -> UndecidedLine:
        line = self._state.undecided.get(position)
        if line is None:
            raise ProgramError(
                f"position {position} is not undecided", "see the undecided ones: dalel-box status"
            )
        return line

    def _require_in_step(self) -> None:
        if self._halted:
            raise ProgramError(
                "the box could not write to its folder", "check the disk, then start the box again"
            )

    def _require_open(self) -> None:
        self._require_in_step()
        if self._state.closing:
            raise ProgramError("the closing of this box has begun", "finish it: dalel-box close")

    def _require_answered(self) -> None:
        if self._unanswered:
            first = self.unanswered[0]
            raise UndecidedFirst(
                f"the ballot at position {first.position}, code {first.code}, is undecided",
                "ask its voter first: cast, challenge, or leave it to the closing",
            )

    @contextmanager
    def _durable(self) -> Iterator[None]:
        """A write that failed leaves the folder ahead of or behind memory: nothing follows."""
        try:
            yield
        except BaseException:
            self._halted = True
            raise
