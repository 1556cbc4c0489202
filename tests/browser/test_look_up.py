"""A voter looks a code up: without script, by keyboard alone, and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Boards

WORDS = {
    "kk": ("Растау коды", "Іздеу", "қосындыға енгізілген", "Таңдалғаны:"),
    "ru": ("Код подтверждения", "Найти", "вошёл в сумму", "Выбрано:"),
    "en": ("Confirmation code", "Find", "in the sum", "Chosen:"),
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 800}, locale="ru-RU"
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", WORDS)
def test_a_code_is_looked_up_without_script(page: Page, boards: Boards, language: str) -> None:
    label, button, in_sum, chosen = WORDS[language]
    page.goto(f"{boards.published}/{language}/")
    page.get_by_label(label).fill(f" {boards.cast.lower().replace('-', ' ')} ")
    page.get_by_role("button", name=button).click()
    assert in_sum in page.locator("h1").inner_text()
    page.get_by_label(label).fill(boards.opened)
    page.get_by_role("button", name=button).click()
    assert chosen in page.locator("main").inner_text()


def test_the_keyboard_alone_is_enough(page: Page, boards: Boards) -> None:
    page.goto(f"{boards.published}/en/ballots")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the link that skips to the main text
    page.keyboard.press("Tab")
    page.keyboard.type(boards.cast)
    page.keyboard.press("Enter")
    assert "in the sum" in page.locator("h1").inner_text()


def test_the_front_follows_the_language_of_the_browser(page: Page, boards: Boards) -> None:
    page.goto(f"{boards.published}/")
    assert page.url == f"{boards.published}/ru/"


def test_the_language_changes_and_the_code_stays(page: Page, boards: Boards) -> None:
    page.goto(f"{boards.published}/ru/ballots?code={boards.cast}")
    page.get_by_role("link", name="Қазақша").click()
    assert "қосындыға енгізілген" in page.locator("h1").inner_text()


def test_on_paper_the_navigation_and_the_form_are_gone(page: Page, boards: Boards) -> None:
    page.goto(f"{boards.published}/en/ballots?code={boards.cast}")
    page.emulate_media(media="print")
    for selector in (".nav", ".langs", "form"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.locator(".rehearsal").is_visible()
    assert page.locator("dd.hash").first.is_visible()
