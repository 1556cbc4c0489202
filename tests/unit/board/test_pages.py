"""What every page has: language, headers, the rehearsal strip, text that stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tally.board.languages import LANGUAGES as BOARD_LANGUAGES
from tests.unit.board.records import (
    LANGUAGES,
    SECTIONS,
    Visitor,
    small_election,
    visit,
    vote,
    write_record,
)

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [f"/{language}/{section}" for language in LANGUAGES for section in SECTIONS]
OTHERS = [
    f"/{language}/{rest}" for language in LANGUAGES for rest in ("nothing", "results/president")
]
REHEARSAL = {"kk": "Сынақ сайлау.", "ru": "Репетиция.", "en": "Rehearsal."}
UNREVIEWED = {"kk": "тіл иесі әлі тексерген жоқ", "ru": "ещё не проверен носителем языка"}


@pytest.fixture(scope="module")
def visitor(folder: Path) -> Visitor:
    return visit(folder)


class Tags(HTMLParser):
    """Names and attributes of all tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "kk"),
        ("ru", "ru"),
        ("en-GB,en;q=0.9", "en"),
        ("de", "kk"),
        ("kk;q=0.3, ru;q=0.8, en;q=0.5", "ru"),
        ("ru;q=0", "kk"),
        ("en;q=nan, ru;q=0.1", "ru"),
        ("*", "kk"),
        (",;;=,;q=;" * 500, "kk"),
    ],
)
def test_the_front_goes_to_the_language_asked_for(
    visitor: Visitor, accept: str, language: str
) -> None:
    answer = visitor.get("/", accept_language=accept)
    assert (answer.status_code, answer.headers["location"]) == (307, f"/{language}/")
    assert answer.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize("page", PAGES + OTHERS)
def test_a_page_is_in_the_language_of_its_path(visitor: Visitor, page: str) -> None:
    answer = visitor.get(page, accept_language="fr")
    language = page.split("/")[1]
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize("page", PAGES + OTHERS)
def test_a_rehearsal_is_called_one_on_every_page(visitor: Visitor, page: str) -> None:
    assert REHEARSAL[page.split("/")[1]] in visitor.get(page).text


def test_an_election_is_not_called_a_rehearsal(tmp_path: Path, record: dict[str, bytes]) -> None:
    raw = record["manifest.json"].replace(b'"rehearsal":true', b'"rehearsal":false')
    raw = raw.replace(b'"floor":5', b'"floor":30')
    visitor = visit(write_record(tmp_path / "record", {"manifest.json": raw}))
    assert REHEARSAL["en"] not in visitor.get("/en/").text


@pytest.mark.parametrize("page", PAGES + OTHERS)
def test_a_page_of_an_unreviewed_language_says_so(visitor: Visitor, page: str) -> None:
    language = page.split("/")[1]
    text = visitor.get(page).text
    for code, words in UNREVIEWED.items():
        assert (words in text) == (code == language)


def test_only_english_is_reviewed() -> None:
    assert {one.code: one.reviewed for one in BOARD_LANGUAGES} == {
        "kk": False,
        "ru": False,
        "en": True,
    }


@pytest.mark.parametrize("page", PAGES + OTHERS)
def test_a_page_holds_nothing_that_the_policy_forbids(visitor: Visitor, page: str) -> None:
    for tag, attributes in Tags(visitor.get(page).text).tags:
        assert tag not in {"script", "style", "iframe", "object", "embed", "base"}, page
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "formaction"):
            assert re.match(r"/(?!/)|#", attributes.get(name) or "/"), (page, tag, attributes)


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/kk", "/kk/", "/xx/", "/kk/nothing", "/healthz", "/files.txt"),
        *("/api/election", "/api/nothing", "/record/seal.json", "/record/none"),
        *("/static/style.css", "/static/none"),
    ],
)
def test_every_answer_carries_the_headers(visitor: Visitor, path: str) -> None:
    headers = visitor.get(path).headers
    policy = headers["content-security-policy"].split("; ")
    assert policy[0] == "default-src 'none'"
    assert not [part for part in policy if "unsafe" in part or "http" in part or "*" in part]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert "set-cookie" not in headers
    assert headers["cache-control"]


def test_an_answer_about_a_code_is_kept_nowhere(visitor: Visitor) -> None:
    for path in ("/kk/ballots?code=2222", "/api/ballots?code=2222"):
        assert visitor.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_is_not_there_is_missed_in_its_language(
    visitor: Visitor, language: str
) -> None:
    words = {"kk": "Мұндай бет жоқ", "ru": "Нет такой страницы", "en": "No such page"}[language]
    by_path, by_header = (
        visitor.get(f"/{language}/x/y"),
        visitor.get("/x", accept_language=language),
    )
    assert (by_path.status_code, by_header.status_code) == (404, 404)
    assert words in by_path.text
    assert words in by_header.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_method_is_refused_in_words(visitor: Visitor, language: str) -> None:
    words = {"kk": "Мұндай сұрау жоқ", "ru": "Нет такого запроса", "en": "No such request"}
    answer = visitor.ask("POST", f"/{language}/", {})
    assert answer.status_code == 405
    assert words[language] in answer.text


def test_a_link_to_another_language_keeps_the_page_and_the_code(visitor: Visitor) -> None:
    text = visitor.get("/kk/ballots?code=2222+%26x").text
    assert 'href="/ru/ballots?code=2222+%26x"' in text


@pytest.fixture(scope="module")
def marked_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Visitor, str]:
    election = small_election(marked_up=True)
    vote(election, 0)
    code = vote(election, 1, "challenged")
    folder = tmp_path_factory.mktemp("markup") / "record"
    return visit(write_record(folder, election.record((1, 2)))), code.hex()


@pytest.mark.parametrize("section", [*SECTIONS, "results/one"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_markup_in_a_manifest_shows_as_text(
    marked_up: tuple[Visitor, str], language: str, section: str
) -> None:
    visitor, code = marked_up
    query = f"?code={code}" if section == "ballots" else ""
    answer = visitor.get(f"/{language}/{section}{query}")
    assert answer.status_code == 200
    assert "<b onclick" not in answer.text
    assert "&lt;b onclick=alert(1)&gt;&#34;R&amp;D&#34;" in answer.text
    assert "{{7*7}}%(n)s" in answer.text


def test_markup_in_an_entry_shows_as_text(visitor: Visitor) -> None:
    answer = visitor.get("/en/ballots?code=%3Cb%20onclick%3Dalert(1)%3E%22")
    assert "<b onclick" not in answer.text
    assert "&lt;b onclick=alert(1)&gt;&#34;" in answer.text
