"""The terminal: what it shows, refuses, writes, and does not keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore.errors import ElectionError
from terminal_bridge.card import CardFile, MemoryCard
from terminal_bridge.encryption import InvalidSelection
from terminal_bridge.frames import write_frame
from terminal_bridge.refusals import (
    CardSwapped,
    ForeignBox,
    ForeignPrecinct,
    NoPermit,
    WrongSignature,
)
from terminal_bridge.terminal import Terminal
from tests.simulator.card_table import (
    BOX,
    CHOICES,
    CONTESTS,
    STYLE,
    TERMINAL,
    CardTable,
    body_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@pytest.fixture(scope="module")
def table() -> CardTable:
    return CardTable()


def votes_of(table: CardTable, card: MemoryCard) -> dict[str, list[int]]:
    reader = table.reader()
    read = reader.ballot(card, reader.permit(card))
    return {name: list(votes) for name, votes in read.selections.votes.items()}


def test_a_terminal_shows_the_contests_of_the_permit_and_no_others(table: CardTable) -> None:
    terminal = table.terminal()
    assert terminal.contests(terminal.read(table.issued())) == list(CONTESTS)
    assert terminal.contests(terminal.read(table.issued(style="first"))) == [CONTESTS[0]]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_mark_reaches_the_box_with_the_language_of_the_voter(
    table: CardTable, language: str
) -> None:
    card, terminal, reader = table.issued(), table.terminal(), table.reader()
    terminal.mark(card, terminal.read(card), language, CHOICES)  # type: ignore[arg-type]
    assert reader.ballot(card, reader.permit(card)).language == language


def test_choices_may_come_in_any_order(table: CardTable) -> None:
    card = table.marked({"two": (3, 1, 1), "one": (4,)})
    assert votes_of(table, card) == {"one": [0, 0, 0, 1], "two": [2, 0, 1, 0, 0]}


def test_the_last_mark_on_a_card_counts(table: CardTable) -> None:
    card = table.marked()
    for name in ("terminal-2", TERMINAL):
        terminal = table.terminal(name)
        terminal.mark(card, terminal.read(card), "ru", {"one": (2,), "two": (5,)})
    assert votes_of(table, card) == {"one": [0, 1, 0, 0], "two": [0, 0, 0, 0, 1]}


@pytest.mark.parametrize(
    "choices",
    [
        {"one": (1, 2), "two": (1,)},
        {"one": (1,), "two": (1, 1, 1)},
        {"one": (1,), "two": (1, 1, 2, 2, 3)},
        {"one": (1,), "two": (1, 5)},
        {"one": (5,), "two": (1,)},
        {"one": (0,), "two": (1,)},
        {"one": (), "two": (1,)},
        {"one": (1,)},
        {"one": (1,), "two": (1,), "three": (1,)},
    ],
    ids=["over", "option", "limit", "blank", "unknown", "zero", "none", "left out", "stray"],
)
def test_what_breaks_the_rules_is_refused_before_anything_is_written(
    table: CardTable, choices: dict[str, tuple[int, ...]]
) -> None:
    card, terminal = table.issued(), table.terminal()
    before = bytes(card.image)
    with pytest.raises(InvalidSelection) as caught:
        terminal.mark(card, terminal.read(card), "kk", choices)
    assert isinstance(caught.value, ElectionError)
    assert bytes(card.image) == before


def test_a_card_for_a_box_whose_day_key_is_not_here_is_refused(table: CardTable) -> None:
    terminal = Terminal(table.start, table.device(TERMINAL), {})
    with pytest.raises(ForeignBox, match=BOX):
        terminal.read(table.issued())


def test_a_card_without_a_valid_permit_is_refused(table: CardTable) -> None:
    with pytest.raises(NoPermit):
        table.terminal().read(MemoryCard())
    with pytest.raises(ForeignPrecinct):
        table.terminal("terminal-far").read(table.issued())
    card = table.issued()
    body = bytearray(body_of(card, CardFile.PERMIT))
    body[-1] ^= 1
    write_frame(card, CardFile.PERMIT, bytes(body))
    with pytest.raises(WrongSignature):
        table.terminal().read(card)


def test_a_card_swapped_before_the_mark_is_not_written(table: CardTable) -> None:
    terminal, other = table.terminal(), table.marked()
    permit = terminal.read(table.issued())
    before = bytes(other.image)
    with pytest.raises(CardSwapped):
        terminal.mark(other, permit, "kk", CHOICES)
    assert bytes(other.image) == before


def test_marking_changes_the_ballot_file_and_nothing_else(table: CardTable) -> None:
    card, terminal = table.issued(), table.terminal()
    before = bytes(card.image)
    terminal.mark(card, terminal.read(card), "kk", CHOICES)
    start = CardFile.INFO.size + CardFile.PERMIT.size
    assert bytes(card.image)[:start] == before[:start]


def test_two_choices_give_cards_of_one_size_and_unlike_seals(table: CardTable) -> None:
    choices: list[Mapping[str, Sequence[int]]] = [
        {"one": (1,), "two": (1,)},
        {"one": (4,), "two": (5,)},
        CHOICES,
        CHOICES,
    ]
    bodies = [body_of(table.marked(entry), CardFile.BALLOT) for entry in choices]
    assert len({len(body) for body in bodies}) == 1
    assert len(set(bodies)) == len(bodies)


def test_a_terminal_keeps_nothing(table: CardTable) -> None:
    terminal, before = table.terminal(), set(vars(table.terminal()))
    card = table.issued(style=STYLE)
    terminal.mark(card, terminal.read(card), "kk", CHOICES)
    assert set(vars(terminal)) == before == {"start", "device", "day_keys"}
