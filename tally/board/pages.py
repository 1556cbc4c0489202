"""Pages: Jinja2 templates with the texts of one language and what every page shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from tally.board.languages import LANGUAGES, Language, translations
from tally.board.snapshot import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from egcore.records.manifest import Manifest
    from tally.board.snapshot import Snapshot

OK: Final = 200


@dataclass(frozen=True)
class Place:
    """Where a page stands: its section in the navigation, and its path behind the language."""

    section: str
    path: str
    query: str = ""

    def in_language(self, code: str) -> str:
        """Address of the same page in another language."""
        return f"/{code}/{self.path}{'?' if self.query else ''}{self.query}"


class Pages:
    """Renders templates; one environment a language in a process, HTML escaped everywhere."""

    def __init__(self) -> None:
        self._environments = {language.code: _environment(language) for language in LANGUAGES}

    def render(
        self,
        template: str,
        language: Language,
        place: Place,
        snapshot: Snapshot | None,
        content: Mapping[str, object],
        status: int = OK,
        manifest: Manifest | None = None,
    ) -> HTMLResponse:
        """Return a page.

        snapshot: None where the record cannot be read; the page then says no more of it than
        the manifest that was read before, which names the election and calls a rehearsal one.
        content: the variables of the template; an unknown one is an error.
        """
        text = (
            self._environments[language.code]
            .get_template(template)
            .render(
                {
                    "language": language,
                    "languages": LANGUAGES,
                    "place": place,
                    "record": snapshot,
                    "manifest": snapshot.manifest if snapshot else manifest,
                    "Stage": Stage,
                    **content,
                }
            )
        )
        return HTMLResponse(text, status, {"Content-Language": language.code})


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("tally.board"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]  # of the extension
        translations(language.code), newstyle=True
    )
    environment.filters["number"] = language.number
    environment.filters["percent"] = language.percent
    environment.filters["day"] = language.date
    environment.filters["text"] = lambda label: getattr(label, language.code)
    return environment
