"""Permit and sealed ballot: what a length may tell, what opens for whom, what has no place."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from egcore.signing import SigningKey
from terminal_bridge import card_record
from terminal_bridge.card import CardFile
from terminal_bridge.card_record import (
    SEAL_BYTES,
    Marks,
    Permit,
    SealedBallot,
    ballot_bytes,
    open_marks,
    plaintext_bytes,
    read_ballot,
    read_permit,
    seal_info,
    seal_marks,
    sign_ballot,
    sign_permit,
)
from terminal_bridge.encryption import InvalidSelection
from terminal_bridge.frames import room
from terminal_bridge.marks import check_marks
from terminal_bridge.refusals import MalformedCard, NotForThisBox
from tests.simulator.card_table import CONTESTS, marks
from tests.simulator.manifests import contest
from tests.simulator.presidential import presidential_election
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.records.manifest import Contest
    from terminal_bridge.card_record import Language

KEY = SigningKey.generate()
DAY = X25519PrivateKey.generate()
PUBLIC = DAY.public_key().public_bytes_raw()
PERMIT = Permit(bytes(32), "p-1", "box-1", "both", bytes(16))
INFO = seal_info(PERMIT, "terminal-1")
LENGTH = plaintext_bytes("both", CONTESTS)
LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")
# Around the places where CBOR heads grow: 24 entries, options 24 and 256.
STYLES: dict[str, tuple[Contest, ...]] = {
    "both": CONTESTS,
    "long-list": (contest("long", 298, contest_limit=3),),
    "many-marks": (contest("many", 28, contest_limit=26),),
    "repeated": (contest("repeated", 2, option_limit=30, contest_limit=30),),
    "five": tuple(contest(f"c-{place}", 11) for place in range(5)),
    "z" * 32: (contest("one"),),
}


def valid_marks(contests: Sequence[Contest]) -> list[tuple[tuple[int, ...], ...]]:
    """Every way to mark these contests."""
    return list(product(*(every_choice(entry) for entry in contests)))


def every_choice(entry: Contest) -> list[tuple[int, ...]]:
    found = []
    for size in range(1, entry.contest_limit + 1):
        for chosen in combinations_with_replacement(range(1, len(entry.options) + 1), size):
            try:
                check_marks([entry], Marks("any", "kk", (chosen,)))
            except InvalidSelection:
                continue
            found.append(chosen)
    return found


def sealed(marked: Marks, contests: Sequence[Contest] = CONTESTS) -> bytes:
    return seal_marks(marked, plaintext_bytes(marked.style, contests), PUBLIC, INFO)


def test_every_presidential_ballot_has_one_length() -> None:
    manifest = presidential_election(TOY, floor=1, n=1, k=1).manifest
    for style in manifest.styles:
        contests = [entry for entry in manifest.contests if entry.id in style.contests]
        choices = valid_marks(contests)
        assert len(choices) == 8
        lengths = {
            len(sealed(Marks(style.id, language, chosen), contests))
            for chosen in choices
            for language in LANGUAGES
        }
        assert lengths == {SEAL_BYTES + plaintext_bytes(style.id, contests)}
        # the figures of specs/19
        assert plaintext_bytes(style.id, contests) == 16
        assert ballot_bytes(style.id, contests) == 232


def test_every_way_to_mark_two_contests_has_one_length() -> None:
    choices = valid_marks(CONTESTS)
    assert len(choices) > 150
    assert {len(sealed(marks(*chosen))) for chosen in choices} == {SEAL_BYTES + LENGTH}


@pytest.mark.parametrize("style", list(STYLES))
@given(data=st.data())
def test_no_choice_changes_the_length_of_its_style(style: str, data: st.DataObject) -> None:
    contests = STYLES[style]
    chosen = tuple(data.draw(choice_of(entry)) for entry in contests)
    marked = Marks(style, data.draw(st.sampled_from(LANGUAGES)), chosen)
    check_marks(contests, marked)
    found = sealed(marked, contests)
    assert len(found) == SEAL_BYTES + plaintext_bytes(style, contests)
    assert open_marks(found, plaintext_bytes(style, contests), DAY, INFO) == marked


def choice_of(entry: Contest) -> st.SearchStrategy[tuple[int, ...]]:
    """Marks that keep the rules of a contest; its last option is the blank one."""
    blank = len(entry.options)
    named = [place for place in range(1, blank) for _ in range(entry.option_limit)]
    some = st.lists(
        st.sampled_from(range(len(named))), min_size=1, max_size=entry.contest_limit, unique=True
    )
    return some.map(lambda at: tuple(sorted(named[i] for i in at))) | st.just((blank,))


@pytest.mark.parametrize("style", list(STYLES))
def test_the_fullest_ballot_fits_on_a_card(style: str) -> None:
    contests = STYLES[style]
    fullest = bytes(SEAL_BYTES + plaintext_bytes(style, contests))
    body = sign_ballot(SealedBallot(bytes(32), bytes(16), fullest), KEY, "z" * 32)
    assert len(body) == ballot_bytes(style, contests)
    assert len(body) <= room(CardFile.BALLOT)


def test_the_longest_permit_fits_on_a_card() -> None:
    name = "z" * 32
    body = sign_permit(Permit(bytes(32), name, name, name, bytes(16)), KEY, name)
    assert len(body) <= room(CardFile.PERMIT)


def test_marks_without_room_are_not_sealed() -> None:
    with pytest.raises(ValueError, match=f"do not fit a plaintext of {LENGTH} bytes"):
        seal_marks(marks((1,), (1, 1, 2, 2, 3)), LENGTH, PUBLIC, INFO)


def test_two_ballots_with_the_same_marks_share_no_bytes_of_the_seal() -> None:
    first, second = sealed(marks((1,), (1,))), sealed(marks((1,), (1,)))
    assert first[:32] != second[:32]
    assert first[32:] != second[32:]


@pytest.mark.parametrize(
    "other",
    [
        seal_info(replace(PERMIT, election=b"\x01" * 32), "terminal-1"),
        seal_info(replace(PERMIT, precinct="p-2"), "terminal-1"),
        seal_info(replace(PERMIT, box="box-2"), "terminal-1"),
        seal_info(replace(PERMIT, id=b"\x01" * 16), "terminal-1"),
        seal_info(PERMIT, "terminal-2"),
    ],
    ids=["election", "precinct", "box", "permit", "terminal"],
)
def test_a_ballot_opens_for_its_names_and_no_others(other: bytes) -> None:
    found = sealed(marks((1,), (1,)))
    assert open_marks(found, LENGTH, DAY, INFO) == marks((1,), (1,))
    with pytest.raises(NotForThisBox):
        open_marks(found, LENGTH, DAY, other)


def test_a_ballot_opens_with_the_day_key_and_no_other() -> None:
    with pytest.raises(NotForThisBox):
        open_marks(sealed(marks((1,), (1,))), LENGTH, X25519PrivateKey.generate(), INFO)


@pytest.mark.parametrize("point", [0, 1, 2**255 - 19, 2**256 - 1])
def test_an_encapsulated_key_of_small_order_or_form_does_not_open(point: int) -> None:
    found = point.to_bytes(32, "little") + bytes(LENGTH + 16)
    with pytest.raises(NotForThisBox):
        open_marks(found, LENGTH, DAY, INFO)


@pytest.mark.parametrize("length", [0, 1, 31, 32, 47, 48, SEAL_BYTES + LENGTH - 1, 900])
def test_a_seal_of_another_length_is_not_opened(length: int) -> None:
    with pytest.raises(MalformedCard, match="ballot, length"):
        open_marks(bytes(length), LENGTH, DAY, INFO)


def sealed_text(text: bytes) -> bytes:
    public = DAY.public_key()
    return card_record._SUITE.encrypt(text.ljust(LENGTH, b"\x00"), public, INFO)


def with_length(encoded: bytes) -> bytes:
    return len(encoded).to_bytes(2, "big") + encoded


RIGHT = cbor2.dumps({1: "both", 2: "kk", 3: [[1], [1]]}, canonical=True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (with_length(RIGHT) + b"\x01", "padding"),
        (with_length(RIGHT).ljust(LENGTH - 1, b"\x00") + b"\x80", "padding"),
        ((LENGTH - 1).to_bytes(2, "big") + RIGHT, "padding"),
        (b"\xff\xff" + RIGHT, "padding"),
        (b"\x00\x00", "marks"),
        (with_length(RIGHT + b"\x00"), "marks"),
        (with_length(RIGHT[:-1]), "marks"),
        (with_length(cbor2.dumps([1])), "marks"),
        (with_length(cbor2.dumps({1: "both", 2: "kk"})), "marks"),
        (with_length(cbor2.dumps({1: "both", 2: "kk", 4: [[1]]})), "marks"),
        (with_length(cbor2.dumps({1: "both", 2: "tr", 3: [[1]]})), "language"),
        (with_length(cbor2.dumps({1: "both", 2: "k\n", 3: [[1]]})), "member 2"),
        (with_length(cbor2.dumps({1: b"both", 2: "kk", 3: [[1]]})), "member 1"),
        (with_length(cbor2.dumps({1: "both", 2: "kk", 3: 1})), "member 3"),
        (with_length(cbor2.dumps({1: "both", 2: "kk", 3: [1]})), "member 3"),
        (with_length(cbor2.dumps({1: "both", 2: "kk", 3: [["1"]]})), "member 3"),
        (with_length(cbor2.dumps({1: "both", 2: "kk", 3: [[True]]})), "marks"),
    ],
)
def test_a_plaintext_of_another_form_is_malformed(text: bytes, reason: str) -> None:
    with pytest.raises(MalformedCard, match=reason):
        open_marks(sealed_text(text), LENGTH, DAY, INFO)


def test_the_plaintext_of_these_tests_opens() -> None:
    assert open_marks(sealed_text(with_length(RIGHT)), LENGTH, DAY, INFO) == marks((1,), (1,))


def test_nothing_prints_a_permit_id_a_ballot_or_a_mark() -> None:
    permit = replace(PERMIT, id=b"0123456789abcdef")
    ballot = SealedBallot(bytes(32), permit.id, b"sealed")
    shown = f"{permit!r} {ballot!r} {marks((1,), (3, 3))!r}"
    for hidden in ("0123456789abcdef", "sealed=", "3, 3"):
        assert hidden not in shown


MEMBERS = {1: bytes(32), 2: "p-1", 3: "box-1", 4: "both", 5: bytes(16)}


def body_with(payload: object) -> bytes:
    raw = payload if isinstance(payload, bytes) else cbor2.dumps(payload, canonical=True)
    protected = cbor2.dumps({1: -8, 4: b"d"})
    return cbor2.dumps(cbor2.CBORTag(18, [protected, {}, raw, bytes(64)]))


@pytest.mark.parametrize(
    "payload",
    [
        {**MEMBERS, 1: bytes(31)},
        {**MEMBERS, 1: "a" * 32},
        {**MEMBERS, 2: ""},
        {**MEMBERS, 2: "z" * 33},
        {**MEMBERS, 2: "P-1"},
        {**MEMBERS, 2: "p 1"},
        {**MEMBERS, 2: "p-1\n"},
        {**MEMBERS, 3: "жәшік"},
        {**MEMBERS, 3: b"box-1"},
        {**MEMBERS, 4: 4},
        {**MEMBERS, 5: bytes(15)},
        {**MEMBERS, 5: [0]},
        {**MEMBERS, 6: 0},
        {key: MEMBERS[key] for key in (1, 2, 3, 4)},
        {**{key: MEMBERS[key] for key in (1, 2, 3, 4)}, 6: bytes(16)},
        [bytes(32), "p-1", "box-1", "both", bytes(16)],
        {},
        b"",
    ],
)
def test_a_permit_of_another_form_is_malformed(payload: object) -> None:
    assert read_permit(body_with(MEMBERS))[0] == PERMIT
    with pytest.raises(MalformedCard):
        read_permit(body_with(payload))


@pytest.mark.parametrize(
    "payload",
    [
        {1: bytes(32), 2: bytes(16), 3: "sealed"},
        {1: bytes(33), 2: bytes(16), 3: b""},
        {1: bytes(32), 2: bytes(17), 3: b""},
        {1: bytes(32), 2: bytes(16)},
        {1: bytes(32), 2: bytes(16), 3: b"", 4: 0},
        MEMBERS,
    ],
)
def test_a_ballot_of_another_form_is_malformed(payload: object) -> None:
    good = {1: bytes(32), 2: bytes(16), 3: b""}
    assert read_ballot(body_with(good))[0] == SealedBallot(bytes(32), bytes(16), b"")
    with pytest.raises(MalformedCard):
        read_ballot(body_with(payload))
