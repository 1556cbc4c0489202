"""Texts: every one of the templates in every language, with the same values in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment

import tally.board
from tally.board.languages import read_catalogue
from tests.unit.board.records import LANGUAGES

FOLDER = Path(tally.board.__file__).parent
VALUE = re.compile(r"%\((\w+)\)s")
CYRILLIC = re.compile("[а-яёәғқңөұүһі]", re.IGNORECASE)


def texts_of_templates() -> set[str]:
    """Every text that a template asks for."""
    reader = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found: set[str] = set()
    for template in (FOLDER / "templates").glob("*.html"):
        for _, _, text in reader.extract_translations(template.read_text("utf-8")):  # type: ignore[attr-defined]
            found.add(text if isinstance(text, str) else text[0])
    return found


def catalogue(language: str) -> dict[str, str]:
    return {str(entry.id): str(entry.string) for entry in read_catalogue(language) if entry.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_exactly_the_texts_of_the_templates(language: str) -> None:
    assert set(catalogue(language)) == texts_of_templates()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_keeps_its_values(language: str) -> None:
    for english, text in catalogue(language).items():
        assert sorted(VALUE.findall(text)) == sorted(VALUE.findall(english)), english


def test_the_english_text_is_its_own_key() -> None:
    assert [text for english, text in catalogue("en").items() if text != english] == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_text_is_left_in_english(language: str) -> None:
    words = {
        english: VALUE.sub("", text)
        for english, text in catalogue(language).items()
        if re.search("[a-z]{3}", VALUE.sub("", english))
    }
    left = [english for english, text in words.items() if not CYRILLIC.search(text)]
    assert left in ([], ["SHA-256 of seal.json"])


def test_a_kazakh_text_glues_no_ending_to_a_value() -> None:
    for text in catalogue("kk").values():
        assert not re.search(r"%\(\w+\)s[-\u2011]?[а-яәғқңөұүһі]", text, re.IGNORECASE), text
