"""The three languages of the board: catalogues, choice by Accept-Language, numbers and dates.

Texts are gettext catalogues (`catalogues/<code>.po`, read at start), the English text being the
key. `reviewed` is false until a native speaker has read a catalogue; pages of such a language say
so.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

from babel.core import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

NO_BREAK_SPACE: Final = "\u00a0"


@dataclass(frozen=True)
class Language:
    """One language of the board. code: on the path and in `lang`; name: in the language itself."""

    code: str
    name: str
    locale: str
    reviewed: bool

    def number(self, value: int) -> str:
        """Return an integer with the language's grouping, such as 7 940 478 or 7,940,478."""
        return str(format_decimal(value, locale=self.locale))

    def percent(self, hundredths: int) -> str:
        """Return hundredths of a percent with two decimals, such as 81,31 % or 81.31%."""
        value = Decimal(hundredths).scaleb(-2)
        text = str(format_decimal(value, format="#,##0.00", locale=self.locale))
        return f"{text}%" if self.code == "en" else f"{text}{NO_BREAK_SPACE}%"

    def date(self, value: str) -> str:
        """Return a day, YYYY-MM-DD, in words."""
        return str(format_date(date.fromisoformat(value), "long", locale=self.locale))


LANGUAGES: Final = (
    Language("kk", "Қазақша", "kk", reviewed=False),
    Language("ru", "Русский", "ru", reviewed=False),
    Language("en", "English", "en_GB", reviewed=True),
)
BY_CODE: Final = {language.code: language for language in LANGUAGES}


def read_catalogue(code: str) -> Catalog:
    """Return the catalogue of a language of the board, as its file has it."""
    raw = pkgutil.get_data("tally.board", f"catalogues/{code}.po")
    if raw is None:
        raise FileNotFoundError(f"catalogues/{code}.po")
    return read_po(BytesIO(raw), locale=Locale.parse(code))


@cache
def translations(code: str) -> Translations:
    """Return the texts of a language of the board."""
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(code))
    compiled.seek(0)
    return Translations(compiled)


def choose_language(accept: str) -> Language:
    """Return the language that an Accept-Language header likes best; Kazakh in doubt.

    accept: untrusted; what is not understood is passed over. Among equals the order is Kazakh,
    Russian, English.
    """
    liked = {language.code: 0.0 for language in LANGUAGES}
    for entry in accept[:1000].split(","):
        tag, _, weight = entry.partition(";")
        code = tag.strip().lower().partition("-")[0]
        if code in liked:
            liked[code] = max(liked[code], _quality(weight))
    best = max(liked.values())
    return next(language for language in LANGUAGES if liked[language.code] == best)


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if not weight.strip():
        return 1.0
    try:
        quality = float(value) if name.strip().lower() == "q" else 0.0
    except ValueError:
        return 0.0
    return quality if 0.0 <= quality <= 1.0 else 0.0
