"""The registration table: what a permit says, what is counted, which cards are free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore.program import ProgramError
from egcore.signing import SigningKey
from terminal_bridge.card import CardFile, MemoryCard
from terminal_bridge.card_record import sign_permit
from terminal_bridge.frames import write_frame
from terminal_bridge.permits import PermitsDesk, check_permit, issued, issued_by_box
from terminal_bridge.refusals import (
    CardUnreadable,
    ForeignPrecinct,
    MalformedCard,
    NotBlank,
    WrongSignature,
)
from tests.simulator.card_table import (
    BOX,
    DESK,
    OTHER_BOX,
    PRECINCT,
    STYLE,
    CardTable,
    body_of,
    permit_of,
)
from tests.simulator.manifests import contest
from tests.simulator.pulled_card import CountingCard, PulledCard
from tests.unit.keyceremony.desks import MemoryStorage

if TYPE_CHECKING:
    from terminal_bridge.card_record import Permit


@pytest.fixture(scope="module")
def table() -> CardTable:
    return CardTable()


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def desk(table: CardTable, storage: MemoryStorage) -> PermitsDesk:
    return PermitsDesk(table.start, table.device(DESK), storage)


def test_a_permit_says_election_precinct_box_and_style(table: CardTable, desk: PermitsDesk) -> None:
    card = MemoryCard()
    desk.issue(card, OTHER_BOX, "first")
    permit = check_permit(card, table.start, PRECINCT)
    found = (permit.election, permit.precinct, permit.box, permit.style)
    assert found == (table.start.h_e, PRECINCT, OTHER_BOX, "first")
    assert card.read(CardFile.BALLOT, 0, 1024) == b"\xff" * 1024


def test_every_permit_has_an_id_of_its_own(desk: PermitsDesk) -> None:
    permits: list[Permit] = []
    for _ in range(20):
        card = MemoryCard()
        desk.issue(card, BOX, STYLE)
        permits.append(permit_of(card))
    assert len({permit.id for permit in permits}) == 20
    assert {len(permit.id) for permit in permits} == {16}


def test_permits_are_counted_by_box_and_nothing_else_is_kept(
    desk: PermitsDesk, storage: MemoryStorage
) -> None:
    for box in (BOX, OTHER_BOX, BOX):
        desk.issue(MemoryCard(), box, STYLE)
    assert issued_by_box(storage) == {BOX: 2, OTHER_BOX: 1}
    assert (issued(storage, BOX), issued(storage, "box-none")) == (2, 0)
    assert storage.files == {f"issued/{BOX}": b"..", f"issued/{OTHER_BOX}": b"."}


@pytest.mark.parametrize("kind", ["issued", "marked"])
def test_a_card_with_a_permit_is_not_written_over(
    table: CardTable, desk: PermitsDesk, storage: MemoryStorage, kind: str
) -> None:
    card = table.issued() if kind == "issued" else table.marked()
    before = bytes(card.image)
    with pytest.raises(NotBlank):
        desk.issue(card, BOX, STYLE)
    assert bytes(card.image) == before
    assert storage.files == {}


def test_a_ballot_without_a_permit_is_not_written_over(table: CardTable, desk: PermitsDesk) -> None:
    card = table.marked()
    card.erase(CardFile.PERMIT)
    with pytest.raises(NotBlank):
        desk.issue(card, BOX, STYLE)


def test_a_card_pulled_while_it_was_issued_can_be_issued_again(
    table: CardTable, storage: MemoryStorage, desk: PermitsDesk
) -> None:
    """Torn at any byte; each try is counted, so that the lost permits are outstanding."""
    blank = bytes(MemoryCard().image)
    desk.issue(whole := CountingCard(blank), BOX, STYLE)
    cuts = range(0, whole.written - 4, 7)  # the end of the CRC may be what stood there
    for budget in cuts:
        card = PulledCard(blank, budget)
        with pytest.raises(CardUnreadable):
            desk.issue(card, BOX, STYLE)
        desk.issue(again := MemoryCard(bytes(card.image)), BOX, STYLE)
        check_permit(again, table.start, PRECINCT)
    assert issued(storage, BOX) == 1 + 2 * len(cuts)


def test_a_card_that_is_not_there_is_unreadable_and_not_counted(
    desk: PermitsDesk, storage: MemoryStorage
) -> None:
    other = MemoryCard()
    other.image[0] ^= 1
    for card in (CountingCard(bytes(MemoryCard().image), 0), other):
        with pytest.raises(CardUnreadable):
            desk.issue(card, BOX, STYLE)
    assert storage.files == {}


@pytest.mark.parametrize(
    ("box", "style", "reason"),
    [
        ("box-p-2-1", STYLE, "precinct p-1 has no box box-p-2-1"),
        ("none", STYLE, "precinct p-1 has no box none"),
        (BOX, "none", "precinct p-1 has no ballot style none"),
    ],
)
def test_a_box_or_style_that_the_precinct_has_not_is_an_error(
    desk: PermitsDesk, storage: MemoryStorage, box: str, style: str, reason: str
) -> None:
    card = MemoryCard()
    before = bytes(card.image)
    with pytest.raises(ProgramError, match=reason):
        desk.issue(card, box, style)
    assert (bytes(card.image), storage.files) == (before, {})


def test_a_style_that_no_card_can_carry_is_an_error_before_anything_is_counted() -> None:
    table = CardTable((contest("huge", 900, contest_limit=400),), {"huge": ("huge",)})
    with pytest.raises(
        ProgramError, match=r"a ballot of style huge takes \d+ bytes, a card has 1016"
    ):
        table.desk().issue(MemoryCard(), BOX, "huge")
    assert table.storage.files == {}


def test_a_permit_is_for_its_precinct(table: CardTable) -> None:
    with pytest.raises(ForeignPrecinct, match="p-1"):
        check_permit(table.issued(), table.start, "p-2")


def test_every_member_of_a_permit_is_signed(table: CardTable) -> None:
    """The signature of one permit under the payload of another does not hold."""
    card = table.issued()
    body = body_of(card, CardFile.PERMIT)
    other = sign_permit(permit_of(table.issued()), SigningKey.generate(), DESK)
    write_frame(card, CardFile.PERMIT, other[:-64] + body[-64:])
    with pytest.raises(WrongSignature, match="permit"):
        check_permit(card, table.start, PRECINCT)


def test_a_signed_permit_for_a_style_of_no_precinct_is_malformed(table: CardTable) -> None:
    card = table.card(table.permit(style="none"), b"sealed")
    with pytest.raises(MalformedCard, match="permit, style"):
        check_permit(card, table.start, PRECINCT)


def test_a_permit_has_no_bytes_of_a_clock_or_a_counter(table: CardTable) -> None:
    """Two permits for one box and style differ in their ids and signatures and nowhere else."""
    first, second = (body_of(table.issued(), CardFile.PERMIT) for _ in range(2))
    signature, head_of_signature, permit_id = 64, 2, 16
    end = len(first) - signature - head_of_signature
    assert first[: end - permit_id] == second[: end - permit_id]
    assert first[end:-signature] == second[end:-signature]
    assert first[end - permit_id : end] != second[end - permit_id : end]
