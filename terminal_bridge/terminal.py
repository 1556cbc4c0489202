"""The simulated voting terminal: shows the contests, refuses an overvote, signs the card.

It keeps nothing: no file, no counter, no choice after the card was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from terminal_bridge.card import CardFile
from terminal_bridge.card_record import (
    Marks,
    SealedBallot,
    plaintext_bytes,
    seal_info,
    seal_marks,
    sign_ballot,
)
from terminal_bridge.frames import write_frame
from terminal_bridge.marks import WrongMarks, check_marks
from terminal_bridge.permits import check_permit
from terminal_bridge.refusals import CardSwapped, ForeignBox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from egcore.records.manifest import Contest
    from terminal_bridge.box_records import DayKey
    from terminal_bridge.card import Card
    from terminal_bridge.card_record import Language, Permit
    from terminal_bridge.device import Device
    from terminal_bridge.election_start import ElectionStart


@dataclass(frozen=True)
class Terminal:
    """A registered terminal, and the checked day keys of the boxes of its precinct by box id."""

    start: ElectionStart
    device: Device
    day_keys: Mapping[str, DayKey]

    def read(self, card: Card) -> Permit:
        """Return the permit of a card that can be marked here. Raises CardRefused."""
        permit = check_permit(card, self.start, self.device.precinct)
        if permit.box not in self.day_keys:
            raise ForeignBox(permit.box)
        return permit

    def contests(self, permit: Permit) -> list[Contest]:
        """Return the contests to show, in the manifest's order."""
        return [contest for _, contest in self.start.keys.contests(permit.style)]

    def mark(
        self,
        card: Card,
        permit: Permit,
        language: Language,
        choices: Mapping[str, Sequence[int]],
    ) -> None:
        """The card holds these choices, sealed for the box and signed.

        permit: from `read`. choices: contest id to the chosen options, 1-based, an option with
        two votes twice.
        Raises WrongMarks for a contest left out, an overvote, or a blank vote beside
        another, before anything is written; CardRefused for a card that cannot be written.
        """
        contests = self.contests(permit)
        stray = sorted(set(choices) - {contest.id for contest in contests})
        if stray:
            raise WrongMarks(stray[0], "contests", "the ballot has no such contest")
        marks = Marks(
            permit.style,
            language,
            tuple(tuple(sorted(choices.get(contest.id, ()))) for contest in contests),
        )
        check_marks(contests, marks)
        if self.read(card) != permit:  # readers poll: a quick swap of cards goes unseen
            raise CardSwapped
        length = plaintext_bytes(permit.style, contests)
        info = seal_info(permit, self.device.device)
        sealed = seal_marks(marks, length, self.day_keys[permit.box].key, info)
        ballot = SealedBallot(self.start.h_e, permit.id, sealed)
        body = sign_ballot(ballot, self.device.key, self.device.device)
        write_frame(card, CardFile.BALLOT, body)
