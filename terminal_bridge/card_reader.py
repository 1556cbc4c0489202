"""The reader of the ballot box: from a card to selections, or a typed refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from terminal_bridge.card import CardFile
from terminal_bridge.card_record import (
    ballot_aad,
    open_marks,
    plaintext_bytes,
    read_ballot,
    seal_info,
)
from terminal_bridge.cose import holds
from terminal_bridge.encryption import InvalidSelection, Selections
from terminal_bridge.frames import read_frame
from terminal_bridge.marks import check_marks, selections_of
from terminal_bridge.permits import check_permit, shown_name
from terminal_bridge.refusals import (
    AnotherElection,
    ForeignBox,
    ForgedTerminal,
    InvalidMarks,
    MalformedCard,
    NotMarked,
    WithdrawnTerminal,
    WrongSignature,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from terminal_bridge.card import Card
    from terminal_bridge.card_record import Language, Permit
    from terminal_bridge.election_start import ElectionStart


@dataclass(frozen=True)
class ReadBallot:
    """What a card said; it exists until the ballot is encrypted."""

    selections: Selections = field(repr=False)
    language: Language


@dataclass(frozen=True)
class CardReader:
    """Checks cards for one box. Every method raises CardRefused and nothing else."""

    start: ElectionStart
    precinct: str
    box: str
    day_key: X25519PrivateKey

    def permit(self, card: Card) -> Permit:
        """Return the permit of a card that is for this box; whether it was used is not asked."""
        permit = check_permit(card, self.start, self.precinct)
        if permit.box != self.box:
            raise ForeignBox(shown_name(permit.box))
        return permit

    def ballot(self, card: Card, permit: Permit) -> ReadBallot:
        """Return the ballot of a card: signed by a terminal in use, sealed for this box, valid."""
        body = read_frame(card, CardFile.BALLOT)
        if body is None:
            raise NotMarked
        ballot, signed = read_ballot(body)
        if ballot.election != self.start.h_e:
            raise AnotherElection
        line = self.start.registry.find("terminal", signed.kid, self.precinct)
        if line is None:
            raise ForgedTerminal
        if line.id in self.start.registry.withdrawn:
            raise WithdrawnTerminal(line.id)
        if not holds(signed, line.key, ballot_aad(self.start.h_e)):
            raise WrongSignature("ballot")
        if ballot.permit != permit.id:
            raise MalformedCard("ballot of another permit")
        contests = [contest for _, contest in self.start.keys.contests(permit.style)]
        length = plaintext_bytes(permit.style, contests)
        marks = open_marks(ballot.sealed, length, self.day_key, seal_info(permit, line.id))
        if marks.style != permit.style:
            raise MalformedCard("ballot of another style")
        try:
            check_marks(contests, marks)
        except InvalidSelection as exc:
            raise InvalidMarks(f"contest {exc.contest}") from None
        return ReadBallot(selections_of(contests, marks), marks.language)
