"""The manifest of a 1.x record as read, with all that its hash covers (specs/23)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Annotated = tuple[str, str]  # annotation, value
LanguageString = tuple[str, str]  # value, language
Internationalized = tuple[LanguageString, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """Contact information. A missing list is None."""

    name: str | None
    addresses: tuple[str, ...] | None
    emails: tuple[Annotated, ...] | None
    phones: tuple[Annotated, ...] | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A geopolitical unit."""

    id: str
    name: str
    type: str
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class Party:
    """A party."""

    id: str
    name: Internationalized | None
    abbreviation: str | None
    color: str | None
    logo: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate: what no hash covers, as far as references go."""

    id: str
    party: str | None


@dataclass(frozen=True, slots=True)
class Option:
    """A selection description, of the manifest or of a placeholder."""

    id: str
    order: int
    candidate: str
    is_placeholder: bool = False


@dataclass(frozen=True)
class Contest:
    """A contest. elected: s, 1 to 1,000. options: in the manifest's order, without placeholders."""

    id: str
    order: int
    district: str
    variation: str
    title: Internationalized | None
    subtitle: Internationalized | None
    name: str
    elected: int
    allowed: int | None
    options: tuple[Option, ...]

    @cached_property
    def placeholders(self) -> tuple[Option, ...]:
        """The s placeholders, ascending by order."""
        last = max((option.order for option in self.options), default=0)
        return tuple(
            Option(
                f"{self.id}-{order}-placeholder",
                order,
                f"{self.id}-{order}-candidate",
                is_placeholder=True,
            )
            for order in range(last + 1, last + 1 + self.elected)
        )


@dataclass(frozen=True, slots=True)
class Style:
    """A ballot style."""

    id: str
    units: tuple[str, ...] | None
    parties: tuple[str, ...] | None
    image: str | None


@dataclass(frozen=True)
class Manifest:
    """`manifest.json`. start, end: in UTC as they are hashed."""

    scope: str
    type: str
    start: str
    end: str
    name: Internationalized | None
    contact: Contact | None
    units: tuple[Unit, ...]
    parties: tuple[Party, ...]
    candidates: tuple[Candidate, ...]
    contests: tuple[Contest, ...]
    styles: tuple[Style, ...]

    @cached_property
    def contests_by_id(self) -> Mapping[str, Contest]:
        """The contests by their id; 1x.0.E says whether that is unique."""
        return {contest.id: contest for contest in self.contests}

    @cached_property
    def contests_of_style(self) -> Mapping[str, frozenset[str]]:
        """The ids of the contests of each style: those whose district is a unit of it."""
        return {
            style.id: frozenset(
                contest.id for contest in self.contests if contest.district in (style.units or ())
            )
            for style in self.styles
        }
