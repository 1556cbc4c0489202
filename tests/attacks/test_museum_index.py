"""The index in specs/20 is the one of the code, and nothing is left out of it without a reason."""

from __future__ import annotations

import re

from tests.attacks.museum.catalogue import CASES, ELSEWHERE, WITHOUT_CASE
from tests.attacks.museum.index import by_number, tables
from tests.specification import SPECS, defined

ITEM = re.compile(r"\d+\.[A-Z]")
NUMBER = re.compile(r"T(\d+)[a-z]?")
CHAPTER = SPECS / "20-museum.md"
START = "<!-- index -->\n"


def test_the_chapter_holds_the_index_of_the_code() -> None:
    """`python -m tests.museum --chapter` writes it."""
    assert CHAPTER.read_text("utf-8").partition(START)[2] == tables()


def test_every_number_of_the_list_of_attacks_is_somewhere() -> None:
    ids = [case.id for case in CASES] + [entry.id for entry in ELSEWHERE]
    numbers = {int(match[1]) for id_ in ids if (match := NUMBER.fullmatch(id_))}
    assert sorted(set(range(1, 107)) - numbers) == []


def test_no_id_is_used_twice() -> None:
    ids = [case.id for case in CASES]
    assert len(ids) == len(set(ids))


def test_there_are_enough_cases() -> None:
    own = [case for case in CASES if case.id.startswith("M")]
    assert len(CASES) >= 110
    assert len(own) >= 40


def test_every_item_stops_a_case_or_says_why_it_stops_none() -> None:
    items = {name for name in defined() if ITEM.fullmatch(name)}
    stopping = {item for case in CASES for item in case.expected}
    assert by_number(items - stopping - set(WITHOUT_CASE)) == []
    assert by_number(stopping & set(WITHOUT_CASE)) == []
    assert by_number(stopping - items) == []


def test_every_case_says_what_it_would_reach_and_what_remains() -> None:
    for case in CASES:
        assert case.title, case.id
        assert case.reach, case.id
        assert case.remains, case.id
        assert "|" not in f"{case.title}{case.reach}{case.remains}", case.id
