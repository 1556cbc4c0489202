"""Whatever stands on a card, a reader gives one refusal or the vote of its voter.

3,000 mutated cards in every run, 100,000 among the long tests. A case is drawn from its number, so
that a failure names it; keys are fresh in every run, so the image is in the message.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from terminal_bridge import refusals
from terminal_bridge.card import MemoryCard
from terminal_bridge.card_reader import CardReader, ReadBallot
from terminal_bridge.encryption import check_selections
from terminal_bridge.refusals import CardRefused
from tests.property.card_mutations import WITH_KEYS, WITHOUT_KEYS, Workshop, bodies_of
from tests.simulator.card_table import CardTable

# What a reader says; the others are of the desk, of the box's memory and of writing.
REACHED = set(CardRefused.__subclasses__()) - {
    refusals.NotBlank,
    refusals.UsedPermit,
    refusals.CardSwapped,
    refusals.WriteFailed,
}
OUTCOMES = Counter[str]


@pytest.fixture(scope="module")
def shop() -> Workshop:
    return Workshop(CardTable(), random.Random())


def fuzz(shop: Workshop, cases: range) -> tuple[OUTCOMES, Counter[type[CardRefused]]]:
    """Read every case; return how often each way of working on a card was read, and refusals."""
    reader = shop.table.reader()
    good = MemoryCard(shop.cards[0])
    expected = shop.honest[bodies_of(good)]
    read: OUTCOMES = Counter()
    seen: Counter[type[CardRefused]] = Counter()
    for case in cases:
        shop.chance = random.Random(case)
        name, with_keys, card = shop.mutated()
        image = bytes(card.image)
        try:
            found = outcome(reader, card)
        except Exception as exc:
            raise AssertionError(f"case {case}, {name}: {exc!r}, image {image.hex()}") from exc
        assert bytes(card.image) == image, f"case {case}, {name}: the reader wrote"
        if isinstance(found, ReadBallot):
            read[name] += 1
            check_read(shop, card, found, with_keys=with_keys, case=f"case {case}, {name}")
        else:
            assert found in REACHED
            seen[found] += 1
        after = outcome(reader, good)
        assert isinstance(after, ReadBallot)
        assert after.selections.votes == expected
    return read, seen


def outcome(reader: CardReader, card: MemoryCard) -> ReadBallot | type[CardRefused]:
    try:
        return reader.ballot(card, reader.permit(card))
    except CardRefused as exc:
        return type(exc)


def check_read(
    shop: Workshop, card: MemoryCard, found: ReadBallot, *, with_keys: bool, case: str
) -> None:
    """Without a key nobody makes a ballot; with all of them nobody makes an invalid one."""
    if with_keys:
        check_selections(shop.table.start.keys, found.selections)
    else:
        assert found.selections.votes == shop.honest.get(bodies_of(card)), case


def test_three_thousand_mutated_cards_cause_nothing_but_refusals(shop: Workshop) -> None:
    read, seen = fuzz(shop, range(3_000))
    assert set(seen) == REACHED
    assert min(seen.values()) >= 5
    assert sum(read.values()) > 100
    assert sum(seen.values()) > 2_000


@pytest.mark.long
def test_a_hundred_thousand_mutated_cards_cause_nothing_but_refusals(shop: Workshop) -> None:
    read, seen = fuzz(shop, range(3_000, 103_000))
    print("read", dict(read), "refused", {kind.code: n for kind, n in seen.most_common()})
    assert set(seen) == REACHED
    assert sum(seen.values()) > 70_000


def test_every_way_of_working_on_a_card_changes_what_a_reader_says(shop: Workshop) -> None:
    """No mutation is empty: each is refused at least once within forty tries."""
    reader = shop.table.reader()
    for make in WITHOUT_KEYS + WITH_KEYS:
        found = set()
        for case in range(40):
            shop.chance = random.Random(case)
            found.add(type(outcome(reader, make(shop))))
        assert type in found, make.__name__


def test_a_box_takes_a_good_card_after_every_mutated_one(shop: Workshop) -> None:
    box = shop.table.box()
    position, refused = 0, 0
    for case in range(200):
        shop.chance = random.Random(case)
        _, _, card = shop.mutated()
        try:
            presented = box.present(card)
        except CardRefused:
            refused += 1
        else:
            position += 1
            assert presented.position == position
            box.decide(position, "cast")
        if case % 10 == 0:
            position += 1
            assert box.present(shop.table.marked()).position == position
            box.decide(position, "challenged")
    assert refused > 100
