"""Every page in Chromium, in three languages and two widths: rules of access, errors, origin."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from tests.browser.conftest import Boards

# Answers with little: a whole report of axe takes longer to hand over than to make.
AXE = """axe.run(document, {resultTypes: ['violations']}).then(found => [
    found.passes.length, found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 200)]),
    document.documentElement.scrollWidth
])"""
LANGUAGES = ("kk", "ru", "en")
WIDTHS = (1280, 360)
# Boards and pages by name. {cast} and {opened} are codes of ballots.
PAGES = {
    "home": ("published", ""),
    "find": ("published", "ballots"),
    "cast": ("published", "ballots?code={cast}"),
    "opened": ("published", "ballots?code={opened}"),
    "none": ("published", f"ballots?code={'00' * 32}"),
    "mistyped": ("published", "ballots?code=ZZZZB"),
    "long": ("published", f"ballots?code={'W' * 190}"),
    "results": ("published", "results"),
    "groups": ("published", "results/president"),
    "verify": ("published", "verify"),
    "missing": ("published", "nothing"),
    "lot": ("tied", "results"),
    "alarm": ("rejected", ""),
    "prepared": ("prepared", ""),
    "no result": ("prepared", "results"),
    "broken": ("broken", ""),
}
REPORTED = {"missing": 404, "broken": 503}  # the browser reports these on its console


def address(boards: Boards, name: str, language: str) -> str:
    board, path = PAGES[name]
    filled = path.format(cast=boards.cast, opened=boards.opened)
    return f"{getattr(boards, board)}/{language}/{filled}"


class Seen(NamedTuple):
    """One page as Chromium showed it, under the policy of the board."""

    status: int
    hosts: set[str]
    console: list[str]


class Measured(NamedTuple):
    """One page in a window of one width: rules that axe tried, those broken, and its own width."""

    passes: int
    violations: list[list[str]]
    wide: int


Key = tuple[str, str]


def look(context: BrowserContext, url: str) -> Seen:
    """The page of an address, in a tab of its own: a late request is nobody else's."""
    hosts: set[str] = set()
    console: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: console.append(message.text))
    page.on("pageerror", lambda error: console.append(str(error)))
    answer = page.goto(url)
    assert answer is not None
    page.close()
    return Seen(answer.status, hosts, console)


@pytest.fixture(scope="module")
def seen(browser: Browser, boards: Boards) -> dict[Key, Seen]:
    """Every page in every language, looked at once."""
    context = browser.new_context()
    pages = {
        (name, language): look(context, address(boards, name, language))
        for name in PAGES
        for language in LANGUAGES
    }
    context.close()
    return pages


@pytest.fixture(scope="module")
def measured(browser: Browser, boards: Boards) -> dict[tuple[Key, int], Measured]:
    """Every page in every language and width, judged by axe."""
    # axe is put into the page by the test; the page itself has no script, and allows none
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    found = {}
    for name in PAGES:
        for language in LANGUAGES:
            page.goto(address(boards, name, language))
            page.evaluate(Axe().axe_script)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                found[(name, language), width] = Measured(*page.evaluate(AXE))
    context.close()
    return found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(
    measured: dict[tuple[Key, int], Measured], language: str, width: int
) -> None:
    pages = {name: measured[(name, language), width] for name in PAGES}
    assert {name: page.violations for name, page in pages.items() if page.violations} == {}
    assert min(page.passes for page in pages.values()) > 10


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_its_window(
    measured: dict[tuple[Key, int], Measured], width: int
) -> None:
    assert [at for at, page in measured.items() if at[1] == width and page.wide > width] == []


def test_every_page_is_there(seen: dict[Key, Seen]) -> None:
    for (name, language), page in seen.items():
        assert page.status == REPORTED.get(name, 200), (name, language)


def test_no_page_asks_another_host(seen: dict[Key, Seen], boards: Boards) -> None:
    for (name, language), page in seen.items():
        assert page.hosts == {urlsplit(address(boards, name, language)).netloc}, (name, language)


def test_the_console_stays_silent(seen: dict[Key, Seen]) -> None:
    for (name, language), page in seen.items():
        if name in REPORTED:  # the browser itself reports the status, once
            (line,) = page.console
            assert str(REPORTED[name]) in line
        else:
            assert page.console == [], (name, language)


@pytest.mark.parametrize("name", ["home", "results"])
def test_the_style_and_the_fonts_arrive(browser: Browser, boards: Boards, name: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address(boards, name, "kk"))
    page.evaluate("document.fonts.ready.then(() => true)")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    )
    assert {family.strip('"') for family in loaded} >= {"Noto Sans", "Noto Serif"}
    context.close()


def test_bars_are_as_long_as_their_percentages(browser: Browser, boards: Boards) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address(boards, "results", "en"))
    rows = page.locator(".result-table tbody tr:has(.fill)")
    for place in range(rows.count()):
        row = rows.nth(place)
        percent = float(row.locator("td.n").first.inner_text().rstrip("%"))
        track = row.locator(".track-line").bounding_box()
        bar = row.locator(".fill").bounding_box()
        assert track is not None
        assert bar is not None
        assert bar["width"] == pytest.approx(track["width"] * percent / 100, abs=0.5)
    context.close()
