"""The HTML report in Chromium: rules of access, width, silence, and paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.browser.test_pages import AXE, Measured
from tests.unit.verifier.test_html_report import finding, report_of
from tests.unit.verifier.whole_record import BALLOTS, honest, sealed, verify, with_line
from verifier.html_report import html_report

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

LANGUAGES = ("kk", "ru", "en")
WIDTHS = (1280, 390)
NAMES = ("accepted", "sealed", "rejected", "many", "nothing", "incomplete")


class Seen(NamedTuple):
    """What one page asked for, and said on the console."""

    requests: list[str]
    console: list[str]


Key = tuple[str, str]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[Key, Path]:
    """The pages of six reports in three languages."""
    folder = tmp_path_factory.mktemp("reports")
    fault = with_line(honest(), BALLOTS, 0, lambda ballot: ballot.update(h_i="00" * 32))
    reports = {
        "accepted": verify(honest(), folder / "a"),
        "sealed": verify(sealed(), folder / "s", "sealed"),
        "rejected": verify(fault, folder / "r"),
        "many": report_of("rejected", *(finding(i) for i in range(1, 31))),
        "incomplete": report_of("incomplete"),
    }
    (folder / "n").mkdir()
    reports["nothing"] = verify({}, folder / "n")
    written = {}
    for name, report in reports.items():
        for language in LANGUAGES:
            file = folder / f"{name}.{language}.html"
            file.write_bytes(html_report(report, language, "dalel-verify 0"))
            written[name, language] = file
    return written


@pytest.fixture(scope="module")
def measured(browser: Browser, files: dict[Key, Path]) -> dict[tuple[Key, int], Measured]:
    # axe is put into the page by the test; the page itself has no script, and allows none
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    found = {}
    for key, file in files.items():
        page.goto(file.as_uri())
        page.evaluate(Axe().axe_script)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found[key, width] = Measured(*page.evaluate(AXE))
    context.close()
    return found


@pytest.fixture(scope="module")
def seen(browser: Browser, files: dict[Key, Path]) -> dict[Key, Seen]:
    context = browser.new_context()
    pages = {key: look(context, file.as_uri()) for key, file in files.items()}
    context.close()
    return pages


def look(context: BrowserContext, url: str) -> Seen:
    seen = Seen([], [])
    page = context.new_page()
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", lambda message: seen.console.append(message.text))
    page.on("pageerror", lambda error: seen.console.append(str(error)))
    page.goto(url)
    page.close()
    return seen


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(
    measured: dict[tuple[Key, int], Measured], language: str, width: int
) -> None:
    pages = {name: measured[(name, language), width] for name in NAMES}
    assert {name: page.violations for name, page in pages.items() if page.violations} == {}
    assert min(page.passes for page in pages.values()) > 10


def test_no_page_is_wider_than_its_window(measured: dict[tuple[Key, int], Measured]) -> None:
    assert [at for at, page in measured.items() if page.wide > at[1]] == []


def test_a_page_asks_for_nothing_and_is_silent(
    seen: dict[Key, Seen], files: dict[Key, Path]
) -> None:
    for key, page in seen.items():
        assert page == Seen([files[key].as_uri()], []), key


def test_the_policy_lets_the_style_in(browser: Browser, files: dict[Key, Path]) -> None:
    context = browser.new_context(java_script_enabled=True)
    page = context.new_page()
    page.goto(files["rejected", "kk"].as_uri())
    colour = page.evaluate("getComputedStyle(document.querySelector('.statement')).borderTopColor")
    assert colour == "rgb(155, 33, 23)"
    context.close()


def test_the_keyboard_skips_to_the_main_text(browser: Browser, files: dict[Key, Path]) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(files["accepted", "ru"].as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    context.close()


def test_on_paper_a_rehearsal_is_called_one_and_rows_stay_rows(
    browser: Browser, files: dict[Key, Path]
) -> None:
    context = browser.new_context(viewport={"width": 680, "height": 900})  # A4 less its margins
    page = context.new_page()
    page.goto(files["accepted", "kk"].as_uri())
    page.emulate_media(media="print")
    assert page.locator(".rehearsal").is_visible()
    assert page.locator(".unreviewed").is_visible()
    assert not page.locator(".skip").is_visible()
    assert page.locator("thead th").last.is_visible()
    boxes = page.locator("table tbody tr").first.locator("th, td")
    tops = {round(box["y"]) for one in boxes.all() if (box := one.bounding_box()) is not None}
    assert len(tops) == 1
    context.close()


def test_five_hundred_findings_print_on_few_sheets(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    report = report_of("rejected", *(finding(i) for i in range(1, 501)))
    file.write_bytes(html_report(report, "ru", "dalel-verify 0"))
    context = browser.new_context()
    page = context.new_page()
    page.goto(file.as_uri())
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert 20 < sheets < 60
    context.close()
