"""Refusals: each has a name of its own and words in three languages."""

from __future__ import annotations

import re

import pytest

from terminal_bridge.refusals import WORDS_REVIEWED, CardRefused
from tests.specification import SPECS

REFUSALS = CardRefused.__subclasses__()


def test_every_refusal_has_a_name_and_words_of_its_own() -> None:
    assert len(REFUSALS) == 19
    for part in (
        [kind.code for kind in REFUSALS],
        [kind.words.kk for kind in REFUSALS],
        [kind.words.ru for kind in REFUSALS],
        [kind.words.error for kind in REFUSALS],
    ):
        assert len(set(part)) == len(REFUSALS)


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_the_words_are_in_their_languages(kind: type[CardRefused]) -> None:
    assert re.fullmatch(r"[А-Яа-яЁёӘәІіҢңҒғҮүҰұҚқӨөҺһ ,.-]+", kind.words.kk)
    assert re.fullmatch(r"[А-Яа-яЁё ,.-]+", kind.words.ru)
    assert kind.words.kk.endswith(".")
    assert kind.words.ru.endswith(".")
    assert kind.words.error.isascii()
    assert kind.words.hint.isascii()


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_a_refusal_says_where_and_what_to_do(kind: type[CardRefused]) -> None:
    assert kind().error == kind.words.error
    assert kind("place").error == f"{kind.words.error}: place"
    assert kind("place").hint == kind.words.hint


def test_no_speaker_has_read_the_words_yet() -> None:
    assert WORDS_REVIEWED == {"kk": False, "ru": False}


def test_the_chapter_names_every_refusal_and_no_other() -> None:
    text = (SPECS / "19-card-record.md").read_text("utf-8")
    table = text[text.index("## Refusals") :]
    named = re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE)
    assert sorted(named) == sorted(kind.code for kind in REFUSALS)
