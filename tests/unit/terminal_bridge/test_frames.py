"""Frames: a head that is written last, and a wipe that knows its card."""

from __future__ import annotations

from zlib import crc32

import pytest

from terminal_bridge.card import CardFile, MemoryCard
from terminal_bridge.frames import read_frame, room, take_snapshot, wipe, write_frame
from terminal_bridge.refusals import (
    BrokenFrame,
    CardRefused,
    CardSwapped,
    CardUnreadable,
    TornWrite,
    WriteFailed,
)
from tests.simulator.pulled_card import CountingCard, PulledCard, Rest

BALLOT = CardFile.BALLOT
OLD, NEW = b"old body", b"the new body of this card"


def card_with(body: bytes | None) -> MemoryCard:
    card = MemoryCard()
    if body is not None:
        write_frame(card, BALLOT, body)
    return card


def content(image: bytes | bytearray) -> bytes | type[CardRefused] | None:
    try:
        return read_frame(MemoryCard(bytes(image)), BALLOT)
    except CardRefused as exc:
        return type(exc)


def test_a_frame_is_magic_length_crc_and_body() -> None:
    start = b"\xda\x01\x00\x08"
    expected = start + crc32(start + OLD).to_bytes(4, "big") + OLD
    assert card_with(OLD).read(BALLOT, 0, 17) == expected + b"\xff"


@pytest.mark.parametrize("file", [CardFile.PERMIT, BALLOT])
@pytest.mark.parametrize("length", [1, 255, 256, -1])
def test_a_body_of_any_length_that_fits_comes_back(file: CardFile, length: int) -> None:
    body = bytes(range(256)) * 4
    body = body[: length if length > 0 else room(file)]
    card = MemoryCard()
    write_frame(card, file, body)
    assert read_frame(card, file) == body


@pytest.mark.parametrize("length", [0, 1017])
def test_a_body_that_has_no_room_is_not_written(length: int) -> None:
    card = card_with(OLD)
    with pytest.raises(ValueError, match=f"a body of {length} bytes"):
        write_frame(card, BALLOT, bytes(length))
    assert content(card.image) == OLD


def test_every_bit_of_a_frame_counts() -> None:
    card = card_with(OLD)
    start = CardFile.INFO.size + CardFile.PERMIT.size
    for place in range(8 * (8 + len(OLD))):
        image = bytearray(card.image)
        image[start + place // 8] ^= 1 << place % 8
        assert content(image) is BrokenFrame


@pytest.mark.parametrize("length", [b"\x00\x00", b"\x03\xf9", b"\xff\xff"])
def test_a_length_outside_the_file_is_not_followed(length: bytes) -> None:
    card = CountingCard(bytes(card_with(OLD).image))
    card.update(BALLOT, 2, length)
    made = card.made
    with pytest.raises(BrokenFrame):
        read_frame(card, BALLOT)
    assert card.made == made + 1, "only the head is read"


@pytest.mark.parametrize("before", [None, OLD])
@pytest.mark.parametrize("rest", ["old", "erased"])
def test_a_write_torn_at_any_byte_never_reads_as_another_body(
    before: bytes | None, rest: Rest
) -> None:
    image = bytes(card_with(before).image)
    whole = CountingCard(image)
    write_frame(whole, BALLOT, NEW)
    assert whole.written == 8 + len(NEW) + 8
    seen = set()
    for budget in range(whole.written):
        card = PulledCard(image, budget, rest)
        with pytest.raises(CardUnreadable):
            write_frame(card, BALLOT, NEW)
        found = content(card.image)
        assert found in {before, None, TornWrite, BrokenFrame}
        assert found != before or before is None or budget == 0
        seen.add(found)
        write_frame(again := MemoryCard(bytes(card.image)), BALLOT, NEW)
        assert content(again.image) == NEW
    assert {TornWrite, BrokenFrame} <= seen


def test_a_card_pulled_before_any_call_of_a_write_is_unreadable_and_not_committed() -> None:
    image = bytes(card_with(OLD).image)
    whole = CountingCard(image)
    write_frame(whole, BALLOT, NEW)
    for calls in range(whole.made):
        card = CountingCard(image, calls)
        with pytest.raises(CardUnreadable):
            write_frame(card, BALLOT, NEW)
        # only the read after the head may fail with everything written
        expected = {0: OLD, whole.made - 1: NEW}.get(calls, TornWrite)
        assert content(card.image) == expected


class WornCard(MemoryCard):
    """One byte of the ballot file no longer changes."""

    worn = 0

    def update(self, file: CardFile, offset: int, data: bytes) -> None:
        place = CardFile.INFO.size + CardFile.PERMIT.size + self.worn
        kept = self.image[place]
        super().update(file, offset, data)
        self.image[place] = kept


@pytest.mark.parametrize("worn", [0, 7, 8, 20])
def test_a_write_that_does_not_read_back_is_an_error(worn: int) -> None:
    card = WornCard()
    card.worn = worn
    with pytest.raises(WriteFailed, match="ballot"):
        write_frame(card, BALLOT, NEW)
    assert content(card.image) != NEW


def full_card() -> MemoryCard:
    card = card_with(OLD)
    write_frame(card, CardFile.PERMIT, b"permit")
    return card


def test_a_wiped_card_is_as_new_with_its_serial() -> None:
    card = full_card()
    info = card.read(CardFile.INFO, 0, 64)
    wipe(card, take_snapshot(card))
    assert bytes(card.image) == info + b"\xff" * (512 + 1024)


@pytest.mark.parametrize("place", [10, 64, 600])
def test_another_card_is_not_wiped(place: int) -> None:
    card = full_card()
    seen = take_snapshot(card)
    card.image[place] ^= 1
    before = bytes(card.image)
    with pytest.raises(CardSwapped):
        wipe(card, seen)
    assert bytes(card.image) == before


def test_a_wipe_that_does_not_read_back_is_an_error() -> None:
    card = WornCard(bytes(full_card().image))
    card.worn = 30
    card.image[64 + 512 + 30] = 0
    with pytest.raises(WriteFailed, match="ballot"):
        wipe(card, take_snapshot(card))


@pytest.mark.parametrize("rest", ["old", "erased"])
def test_a_wipe_torn_at_any_byte_leaves_no_permit_with_another_ballot(rest: Rest) -> None:
    image = bytes(full_card().image)
    for budget in range(0, 1024 + 512, 1):
        card = PulledCard(image, budget, rest)
        with pytest.raises(CardUnreadable):
            wipe(card, take_snapshot(card))
        after = MemoryCard(bytes(card.image))
        ballot = content(after.image)
        assert ballot in {OLD, None, BrokenFrame}
        if after.read(CardFile.PERMIT, 0, 512) != image[64 : 64 + 512]:
            assert ballot is None, "the permit goes last"
