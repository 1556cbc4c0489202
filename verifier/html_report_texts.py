"""The texts of the HTML report in one language, and how a value gets into them."""

from __future__ import annotations

import html
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from verifier.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Final = ("kk", "ru", "en")
ENGLISH: Final = "en"
_GROUP_OF_DIGITS: Final = {"kk": "\u00a0", "ru": "\u00a0", ENGLISH: ","}


class Html(str):
    """Text that is HTML already, of texts and values that were escaped."""

    __slots__ = ()


def escaped(text: str) -> Html:
    """Any text as HTML that shows it and does nothing: no markup, no character that acts."""
    return Html(html.escape(plain(text)))


@dataclass(frozen=True)
class Texts:
    """The texts of one language. reviewed: whether a native speaker has read them."""

    language: str
    reviewed: bool
    _by_key: Mapping[str, str]

    def say(self, key: str, /, **values: str | int) -> Html:
        """The text of a key as HTML; values are escaped unless they are Html. Raises KeyError."""
        filled = {name: self._value(value) for name, value in values.items()}
        return Html(html.escape(self._by_key[key], quote=False).format(**filled))

    def has(self, key: str) -> bool:
        """Whether there is a text of this key."""
        return key in self._by_key

    def say_or(self, key: str, otherwise: str) -> Html:
        """The text of a key, or else an English text that the program gives."""
        return self.say(key) if self.has(key) else self.english(otherwise)

    def english(self, text: str) -> Html:
        """An English text of the program or the record, marked where the page is not English."""
        if self.language == ENGLISH:
            return escaped(text)
        return Html(f'<span lang="en">{escaped(text)}</span>')

    def _value(self, value: str | int) -> str:
        if isinstance(value, int):
            return self.number(value)
        return value if isinstance(value, Html) else escaped(value)

    def number(self, value: int) -> str:
        """An integer with its digits in groups of three."""
        return f"{value:,}".replace(",", _GROUP_OF_DIGITS[self.language])


def texts_of(language: str, record_format: str = "") -> Texts:
    """The texts of a language, one of LANGUAGES, for a report on a record of a format.

    record_format: as the report names it; one that has texts of its own has them in place of those
    of the same key.
    """
    content = all_texts()
    entries = content["texts"] | content["formats"].get(record_format, {})
    by_key = {key: entry[language] for key, entry in entries.items()}
    return Texts(language, content["languages"][language]["reviewed"], by_key)


def all_texts() -> dict[str, Any]:
    """The file of texts: `languages`, `texts` by key, and `formats` with theirs."""
    return tomllib.loads((files("verifier") / "html" / "texts.toml").read_text("utf-8"))
