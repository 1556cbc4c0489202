"""Untrusted JSON seen through the types that a rule expects of it.

A rule across members passes over what has the wrong shape, which is reported apart: so that an
object with faults of both kinds shows all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from egcore.records.faults import Fault, place_in_words


class JsonText(NamedTuple):
    """Text that stands at entry `place` (from 0) of an array."""

    place: int
    value: str


@dataclass(frozen=True)
class JsonView:
    """Object of untrusted JSON at a place; a member of another type than asked for is absent."""

    place: tuple[str | int, ...]
    members: Mapping[str, object]

    def text(self, name: str) -> str | None:
        """Text of a member."""
        value = self.members.get(name)
        return value if isinstance(value, str) else None

    def number(self, name: str) -> int | None:
        """Number of at least 1: below it is a fault of shape, reported as such."""
        value = self.members.get(name)
        return value if type(value) is int and value >= 1 else None

    def entries(self, name: str) -> list[object]:
        """Entries of an array, of whatever type."""
        value = self.members.get(name)
        return value if isinstance(value, list) else []

    def texts(self, name: str) -> list[JsonText]:
        """Entries of an array that are text, each with its place."""
        entries = enumerate(self.entries(name))
        return [JsonText(place, entry) for place, entry in entries if isinstance(entry, str)]

    def views(self, name: str) -> list[JsonView]:
        """Entries of an array that are objects."""
        entries = enumerate(self.entries(name))
        return [
            JsonView((*self.place, name, place), entry)
            for place, entry in entries
            if isinstance(entry, dict)
        ]

    def view(self, name: str) -> JsonView:
        """Object of a member; one without members if there is none."""
        value = self.members.get(name)
        return JsonView((*self.place, name), value if isinstance(value, dict) else {})

    def fault(self, rule: str, detail: str, *at: str | int) -> Fault:
        """Fault at this object, or at a member of it."""
        return Fault(rule, place_in_words((*self.place, *at)), detail)


def repeated(
    entries: Iterable[tuple[JsonView, str | None]],
) -> Iterator[tuple[JsonView, str, JsonView]]:
    """Each entry whose text an earlier entry has, with the text and that earlier entry."""
    first: dict[str, JsonView] = {}
    for view, text in entries:
        if text is None:
            continue
        if text in first:
            yield view, text, first[text]
        else:
            first[text] = view
