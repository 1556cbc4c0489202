"""The checks of a reader come in the order of specs/19: of several faults the first is named."""

from __future__ import annotations

from typing import Final

import pytest

from egcore.signing import SigningKey
from terminal_bridge.card import CardFile, MemoryCard
from terminal_bridge.card_record import SealedBallot, sign_ballot, sign_permit
from terminal_bridge.frames import write_frame
from terminal_bridge.refusals import CardRefused
from tests.simulator.card_table import BOX, DESK, OTHER_BOX, STYLE, TERMINAL, CardTable, marks

# What is wrong, in the order in which a reader looks, and what it says.
FAULTS: Final = (
    ("layout", "card_unreadable"),
    ("permit frame", "broken_frame"),
    ("permit election", "another_election"),
    ("precinct", "foreign_precinct"),
    ("desk", "forged_permit"),
    ("permit signature", "wrong_signature"),
    ("style", "malformed_card"),
    ("box", "foreign_box"),
    ("ballot frame", "broken_frame"),
    ("ballot election", "another_election"),
    ("terminal", "forged_terminal"),
    ("withdrawn", "withdrawn_terminal"),
    ("ballot signature", "wrong_signature"),
    ("permit id", "malformed_card"),
    ("seal", "not_for_this_box"),
    ("marks", "invalid_marks"),
)


@pytest.fixture(scope="module")
def table() -> CardTable:
    return CardTable()


def card_with(table: CardTable, faults: set[str]) -> MemoryCard:
    card, stranger = MemoryCard(), SigningKey.generate()
    permit = table.permit(
        election=b"\x01" * 32 if "permit election" in faults else table.start.h_e,
        precinct="p-2" if "precinct" in faults else "p-1",
        style="none" if "style" in faults else STYLE,
        box=OTHER_BOX if "box" in faults else BOX,
    )
    desk = "desk-unknown" if "desk" in faults else DESK
    key = stranger if "permit signature" in faults else table.keys[DESK]
    write_frame(card, CardFile.PERMIT, sign_permit(permit, key, desk))
    terminal = "terminal-withdrawn" if "withdrawn" in faults else TERMINAL
    key = stranger if "ballot signature" in faults else table.keys[terminal]
    terminal = "terminal-unknown" if "terminal" in faults else terminal
    marked = marks((1, 2), (1,)) if "marks" in faults else marks((1,), (1,))
    sealed = table.seal(marked, table.permit(), terminal, OTHER_BOX if "seal" in faults else BOX)
    ballot = SealedBallot(
        b"\x01" * 32 if "ballot election" in faults else table.start.h_e,
        b"\x01" * 16 if "permit id" in faults else permit.id,
        sealed,
    )
    write_frame(card, CardFile.BALLOT, sign_ballot(ballot, key, terminal))
    for name, file, offset in (
        ("layout", CardFile.INFO, 0),
        ("permit frame", CardFile.PERMIT, 5),
        ("ballot frame", CardFile.BALLOT, 5),
    ):
        if name in faults:
            card.update(file, offset, bytes([card.read(file, offset, 1)[0] ^ 1]))
    return card


@pytest.mark.parametrize("first", range(len(FAULTS)), ids=lambda at: FAULTS[at][0])
def test_of_all_faults_from_here_on_the_first_is_named(table: CardTable, first: int) -> None:
    card = card_with(table, {name for name, _ in FAULTS[first:]})
    assert refusal(table, card) == FAULTS[first][1]


@pytest.mark.parametrize(("name", "code"), FAULTS)
def test_each_fault_alone_is_named(table: CardTable, name: str, code: str) -> None:
    assert refusal(table, card_with(table, {name})) == code


def test_without_a_fault_the_card_is_read(table: CardTable) -> None:
    assert refusal(table, card_with(table, set())) == "read"


def refusal(table: CardTable, card: MemoryCard) -> str:
    reader = table.reader()
    try:
        reader.ballot(card, reader.permit(card))
    except CardRefused as exc:
        return exc.code
    return "read"
