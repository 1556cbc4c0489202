"""Cards that come back, are copied, swapped or pulled: no vote counts twice, none is another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from terminal_bridge import refusals
from terminal_bridge.card import CardFile, MemoryCard
from terminal_bridge.refusals import CardRefused, CardUnreadable
from tests.simulator.card_table import BOX, CHOICES, STYLE, CardTable
from tests.simulator.pulled_card import CountingCard, PulledCard, Rest

if TYPE_CHECKING:
    from terminal_bridge.box import Box


@pytest.fixture(scope="module")
def table() -> CardTable:
    return CardTable()


@pytest.fixture
def box(table: CardTable) -> Box:
    return table.box()


@pytest.mark.parametrize("status", ["cast", "challenged"])
def test_a_used_permit_is_refused_and_its_card_wiped(
    table: CardTable, box: Box, status: str
) -> None:
    card = table.marked()
    copy = MemoryCard(bytes(card.image))
    presented = box.present(card)
    box.decide(presented.position, status)  # type: ignore[arg-type]
    box.wipe(card, presented)
    with pytest.raises(refusals.UsedPermit):
        box.present(copy)
    for blank in (card, copy):
        with pytest.raises(refusals.NoPermit):
            box.present(blank)
    assert box.present(table.marked()).position == 2


def test_a_used_permit_with_another_ballot_is_refused(table: CardTable, box: Box) -> None:
    card = table.marked()
    copy = MemoryCard(bytes(card.image))
    box.decide(box.present(card).position, "challenged")
    terminal = table.terminal("terminal-2")
    terminal.mark(copy, terminal.read(copy), "ru", {"one": (2,), "two": (2,)})
    with pytest.raises(refusals.UsedPermit):
        box.present(copy)


def test_another_card_is_not_wiped_in_the_place_of_the_one_read(table: CardTable, box: Box) -> None:
    presented = box.present(table.marked())
    box.decide(presented.position, "cast")
    other = table.marked()
    before = bytes(other.image)
    with pytest.raises(refusals.CardSwapped):
        box.wipe(other, presented)
    assert bytes(other.image) == before
    assert box.present(other).position == 2


@pytest.mark.parametrize("rest", ["old", "erased"])
@pytest.mark.parametrize("before", ["issued", "marked"])
def test_a_mark_torn_at_any_byte_is_refused_or_one_of_the_two_ballots(
    table: CardTable, rest: Rest, before: str
) -> None:
    """Whatever the card says afterwards, the voter can mark it again."""
    reader, terminal = table.reader(), table.terminal()
    again = before == "marked"
    start = table.marked({"one": (2,), "two": (2,)}) if again else table.issued()
    permit = terminal.read(start)
    total = CountingCard(bytes(start.image))
    terminal.mark(total, permit, "kk", CHOICES)
    old = reader.ballot(start, permit).selections.votes if again else None
    new = reader.ballot(total, permit).selections.votes
    seen = set()
    for budget in range(total.written):
        card = PulledCard(bytes(start.image), budget, rest)
        with pytest.raises(CardUnreadable):
            terminal.mark(card, permit, "kk", CHOICES)
        after = MemoryCard(bytes(card.image))
        try:
            votes = reader.ballot(after, reader.permit(after)).selections.votes
        except CardRefused as exc:
            seen.add(type(exc))
        else:
            # untouched, or the last bytes of the new head are what stood there
            assert (votes, budget) == (old, 0) or (votes == new and budget >= total.written - 4)
    assert {refusals.TornWrite, refusals.BrokenFrame} <= seen
    assert seen <= {refusals.TornWrite, refusals.BrokenFrame, refusals.NotMarked}
    terminal.mark(after, terminal.read(after), "kk", CHOICES)
    assert reader.ballot(after, reader.permit(after)).selections.votes == new


@pytest.mark.parametrize("rest", ["old", "erased"])
def test_a_wipe_torn_at_any_byte_lets_no_vote_count_twice(table: CardTable, rest: Rest) -> None:
    box, card = table.box(), table.marked()
    presented = box.present(card)
    box.decide(presented.position, "cast")
    allowed = {
        refusals.UsedPermit,
        refusals.NoPermit,
        refusals.TornWrite,
        refusals.BrokenFrame,
    }
    seen = set()
    for budget in range(0, CardFile.BALLOT.size + CardFile.PERMIT.size, 3):
        pulled = PulledCard(bytes(card.image), budget, rest)
        with pytest.raises(CardUnreadable):
            box.wipe(pulled, presented)
        with pytest.raises(CardRefused) as caught:
            box.present(after := MemoryCard(bytes(pulled.image)))
        seen.add(type(caught.value))
        table.desk().issue(after, BOX, STYLE)
    assert seen <= allowed
    assert refusals.UsedPermit in seen
    assert box.present(table.marked()).position == 2


def test_a_card_pulled_at_any_call_of_the_reader_is_unreadable(table: CardTable, box: Box) -> None:
    image = bytes(table.marked().image)
    box.present(whole := CountingCard(image))
    fresh = table.box()
    for calls in range(whole.made):
        with pytest.raises(CardUnreadable):
            fresh.present(CountingCard(image, calls))
    assert fresh.present(MemoryCard(image)).position == 1
