"""Every bad card at a whole ballot box: one typed refusal, nothing stored, ready for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cbor2
import pytest

from egcore.signing import SigningKey
from terminal_bridge import refusals
from terminal_bridge.card import CardFile, MemoryCard
from terminal_bridge.card_record import (
    SealedBallot,
    permit_aad,
    sign_ballot,
    sign_permit,
)
from terminal_bridge.cose import sign1
from terminal_bridge.frames import write_frame
from terminal_bridge.refusals import CardRefused
from tests.simulator.card_table import (
    BOX,
    DESK,
    OTHER_BOX,
    STYLE,
    TERMINAL,
    CardTable,
    body_of,
    marks,
    permit_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from terminal_bridge.box import Box

PERMIT_AT = CardFile.INFO.size
BALLOT_AT = PERMIT_AT + CardFile.PERMIT.size
GOOD = marks((1,), (1, 1, 3))


@pytest.fixture(scope="module")
def table() -> CardTable:
    return CardTable()


@pytest.fixture
def box(table: CardTable) -> Box:
    return table.box()


def changed(place: int) -> Callable[[CardTable], MemoryCard]:
    """One bit of a good card is another; the CRC stays as it was."""

    def make(table: CardTable) -> MemoryCard:
        card = table.marked()
        card.image[place] ^= 1
        return card

    return make


def spoilt(file: CardFile) -> Callable[[CardTable], MemoryCard]:
    """The last bit of a signature is another, in a frame with the right CRC."""

    def make(table: CardTable) -> MemoryCard:
        card = table.marked()
        body = bytearray(body_of(card, file))
        body[-1] ^= 1
        write_frame(card, file, bytes(body))
        return card

    return make


def honest(**other: str | bytes) -> Callable[[CardTable], MemoryCard]:
    """Permit and ballot that registered devices signed, for other terms."""

    def make(table: CardTable) -> MemoryCard:
        permit = table.permit(**other)
        return table.card(permit, table.seal(GOOD, permit, TERMINAL))

    return make


def signed_by(desk: str = DESK, terminal: str = TERMINAL) -> Callable[[CardTable], MemoryCard]:
    def make(table: CardTable) -> MemoryCard:
        permit = table.permit()
        return table.card(permit, table.seal(GOOD, permit, terminal), desk, terminal)

    return make


def impostor(file: CardFile) -> Callable[[CardTable], MemoryCard]:
    """A key that was never registered signs under the id of one that was."""

    def make(table: CardTable) -> MemoryCard:
        card, permit, key = table.marked(), table.permit(), SigningKey.generate()
        if file is CardFile.PERMIT:
            write_frame(card, file, sign_permit(permit, key, DESK))
        else:
            ballot = SealedBallot(table.start.h_e, permit_of(card).id, b"sealed")
            write_frame(card, file, sign_ballot(ballot, key, TERMINAL))
        return card

    return make


def unregistered(file: CardFile) -> Callable[[CardTable], MemoryCard]:
    def make(table: CardTable) -> MemoryCard:
        card, permit, key = table.marked(), table.permit(), SigningKey.generate()
        if file is CardFile.PERMIT:
            write_frame(card, file, sign_permit(permit, key, "desk-unknown"))
        else:
            ballot = SealedBallot(table.start.h_e, permit_of(card).id, b"sealed")
            write_frame(card, file, sign_ballot(ballot, key, "terminal-unknown"))
        return card

    return make


def sealed_for(**other: str | bytes) -> Callable[[CardTable], MemoryCard]:
    """Signed for this permit, sealed for another one."""

    def make(table: CardTable) -> MemoryCard:
        sealed = table.seal(GOOD, table.permit(**other), TERMINAL)
        return table.card(table.permit(), sealed)

    return make


def sealed_to_another_key(table: CardTable) -> MemoryCard:
    permit = table.permit()
    return table.card(permit, table.seal(GOOD, permit, TERMINAL, OTHER_BOX))


def sealed_as_another_terminal(table: CardTable) -> MemoryCard:
    permit = table.permit()
    return table.card(permit, table.seal(GOOD, permit, "terminal-2"))


def with_marks(*contests: tuple[int, ...], style: str = STYLE) -> Callable[[CardTable], MemoryCard]:
    """An enrolled terminal signs and seals what its screen would have refused."""

    def make(table: CardTable) -> MemoryCard:
        permit = table.permit()
        return table.card(permit, table.seal(marks(*contests, style=style), permit, TERMINAL))

    return make


def with_payload(file: CardFile, payload: bytes) -> Callable[[CardTable], MemoryCard]:
    """Hostile CBOR, well signed, in a right frame."""

    def make(table: CardTable) -> MemoryCard:
        card = table.marked()
        kid, purpose = (DESK, "permit") if file is CardFile.PERMIT else (TERMINAL, "ballot")
        aad = f"dalel/card-{purpose}/1\0".encode() + table.start.h_e
        write_frame(card, file, sign1(table.keys[kid], kid, aad, payload))
        return card

    return make


def with_body(file: CardFile, body: bytes) -> Callable[[CardTable], MemoryCard]:
    def make(table: CardTable) -> MemoryCard:
        card = table.marked()
        write_frame(card, file, body)
        return card

    return make


def permit_as_ballot(table: CardTable) -> MemoryCard:
    card = table.marked()
    write_frame(card, CardFile.BALLOT, body_of(card, CardFile.PERMIT))
    return card


def ballot_of_another_card(table: CardTable) -> MemoryCard:
    card, other = table.marked(), table.marked()
    write_frame(card, CardFile.BALLOT, body_of(other, CardFile.BALLOT))
    return card


def signed_for_the_other_record(table: CardTable) -> MemoryCard:
    """The purpose is in the external data: a permit's signature is none of a ballot."""
    card = table.marked()
    payload = cbor2.loads(body_of(card, CardFile.BALLOT)).value[2]
    aad = permit_aad(table.start.h_e)
    write_frame(card, CardFile.BALLOT, sign1(table.keys[TERMINAL], TERMINAL, aad, payload))
    return card


def torn(file: CardFile) -> Callable[[CardTable], MemoryCard]:
    def make(table: CardTable) -> MemoryCard:
        card = table.marked()
        card.update(file, 0, bytes(8))
        return card

    return make


HOSTILE = {
    "indefinite-map": b"\xbf\x01\x00\xff",
    "duplicate-key": b"\xa2\x01\x00\x01\x00",
    "wrong-order": b"\xa2\x02\x00\x01\x00",
    "long-integer": b"\xa1\x18\x01\x00",
    "tag": b"\xc1\x1a\x00\x00\x00\x01",
    "float": b"\xfb" + bytes(8),
    "deep": b"\x81" * 300 + b"\x00",
    "huge-array": b"\x9b" + b"\xff" * 8,
    "huge-string": b"\x5b" + b"\xff" * 8,
    "trailing": b"\xa0\x00",
    "undefined": b"\xf7",
    "nothing": b"",
}
BAD: dict[str, tuple[Callable[[CardTable], MemoryCard], type[CardRefused]]] = {
    "another layout": (changed(8), refusals.CardUnreadable),
    "blank": (lambda _table: MemoryCard(), refusals.NoPermit),
    "not marked": (lambda table: table.issued(), refusals.NotMarked),
    "frame of the permit": (changed(PERMIT_AT + 30), refusals.BrokenFrame),
    "frame of the ballot": (changed(BALLOT_AT + 30), refusals.BrokenFrame),
    "head of the ballot": (changed(BALLOT_AT + 3), refusals.BrokenFrame),
    "torn permit": (torn(CardFile.PERMIT), refusals.TornWrite),
    "torn ballot": (torn(CardFile.BALLOT), refusals.TornWrite),
    "signature of the permit": (spoilt(CardFile.PERMIT), refusals.WrongSignature),
    "signature of the ballot": (spoilt(CardFile.BALLOT), refusals.WrongSignature),
    "impostor of the desk": (impostor(CardFile.PERMIT), refusals.WrongSignature),
    "impostor of the terminal": (impostor(CardFile.BALLOT), refusals.WrongSignature),
    "purpose of the signature": (signed_for_the_other_record, refusals.WrongSignature),
    "another election": (honest(election=b"\x01" * 32), refusals.AnotherElection),
    "foreign precinct": (honest(precinct="p-2"), refusals.ForeignPrecinct),
    "foreign box": (honest(box=OTHER_BOX), refusals.ForeignBox),
    "unregistered desk": (unregistered(CardFile.PERMIT), refusals.ForgedPermit),
    "withdrawn desk": (signed_by(desk="desk-withdrawn"), refusals.ForgedPermit),
    "desk of another precinct": (signed_by(desk="desk-far"), refusals.ForgedPermit),
    "terminal as desk": (signed_by(desk=TERMINAL), refusals.ForgedPermit),
    "box as desk": (signed_by(desk=BOX), refusals.ForgedPermit),
    "style of no precinct": (
        lambda table: table.card(table.permit(style="none"), b"sealed"),
        refusals.MalformedCard,
    ),
    "unregistered terminal": (unregistered(CardFile.BALLOT), refusals.ForgedTerminal),
    "terminal of another precinct": (signed_by(terminal="terminal-far"), refusals.ForgedTerminal),
    "desk as terminal": (signed_by(terminal=DESK), refusals.ForgedTerminal),
    "withdrawn terminal": (signed_by(terminal="terminal-withdrawn"), refusals.WithdrawnTerminal),
    "ballot of another card": (ballot_of_another_card, refusals.MalformedCard),
    "permit as ballot": (permit_as_ballot, refusals.MalformedCard),
    "day key of another box": (sealed_to_another_key, refusals.NotForThisBox),
    "sealed for another box": (sealed_for(box=OTHER_BOX), refusals.NotForThisBox),
    "sealed for another permit": (sealed_for(id=b"\x01" * 16), refusals.NotForThisBox),
    "sealed for another precinct": (sealed_for(precinct="p-2"), refusals.NotForThisBox),
    "sealed for another election": (sealed_for(election=b"\x01" * 32), refusals.NotForThisBox),
    "sealed by another terminal": (sealed_as_another_terminal, refusals.NotForThisBox),
    "seal without a key": (
        lambda table: table.card(table.permit(), b"short"),
        refusals.MalformedCard,
    ),
    "marks of another style": (with_marks((1,), (1,), style="nope"), refusals.MalformedCard),
    "overvote": (with_marks((1, 2), (1,)), refusals.InvalidMarks),
    "too many on an option": (with_marks((1,), (1, 1, 1)), refusals.InvalidMarks),
    "blank beside another": (with_marks((1,), (1, 5)), refusals.InvalidMarks),
    "blank twice": (with_marks((1,), (5, 5)), refusals.InvalidMarks),
    "no such option": (with_marks((5,), (1,)), refusals.InvalidMarks),
    "option 0": (with_marks((0,), (1,)), refusals.InvalidMarks),
    "option below 0": (with_marks((-1,), (1,)), refusals.InvalidMarks),
    "out of order": (with_marks((1,), (3, 1)), refusals.InvalidMarks),
    "nothing marked": (with_marks((), (1,)), refusals.InvalidMarks),
    "a contest left out": (with_marks((1,)), refusals.InvalidMarks),
    "a contest too many": (with_marks((1,), (1,), (1,)), refusals.InvalidMarks),
    **{
        f"{file.name.lower()} payload: {name}": (with_payload(file, raw), refusals.MalformedCard)
        for file in (CardFile.PERMIT, CardFile.BALLOT)
        for name, raw in HOSTILE.items()
    },
    **{
        f"{file.name.lower()} body: {name}": (
            with_body(file, raw or b"\x00"),
            refusals.MalformedCard,
        )
        for file in (CardFile.PERMIT, CardFile.BALLOT)
        for name, raw in HOSTILE.items()
    },
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_card_gives_one_refusal_and_leaves_the_box_ready(
    name: str, table: CardTable, box: Box
) -> None:
    make, expected = BAD[name]
    card = make(table)
    before = bytes(card.image)
    with pytest.raises(CardRefused) as caught:
        box.present(card)
    assert type(caught.value) is expected
    assert bytes(card.image) == before
    assert box.present(table.marked()).position == 1, "the refused card took a position"


def test_a_good_card_gives_the_choices_of_its_voter(table: CardTable) -> None:
    card, reader = table.marked(), table.reader()
    read = reader.ballot(card, reader.permit(card))
    assert read.selections.votes == {"one": [1, 0, 0, 0], "two": [2, 0, 1, 0, 0]}
    assert (read.selections.style, read.language) == (STYLE, "kk")


def test_no_refusal_of_marks_says_what_was_marked(table: CardTable, box: Box) -> None:
    said = set()
    for chosen in ((1, 2), (2, 3), (1, 4)):
        with pytest.raises(refusals.InvalidMarks) as caught:
            box.present(with_marks(chosen, (1,))(table))
        said.add(str(caught.value))
    assert len(said) == 1
