"""The manifest as a verifier holds it: shape only; its rules are item 0.D (manifest_rules)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A text in Kazakh, Russian and English."""

    kk: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True)
class Area:
    """A region, district or any other kind of area."""

    id: str
    kind: str
    label: Label


@dataclass(frozen=True, slots=True)
class Precinct:
    """A precinct: its areas and the styles voted on there; `opens` and `closes` as recorded."""

    id: str
    areas: tuple[str, ...]
    label: Label
    opens: str
    closes: str
    styles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a contest; role is candidate, against_all or blank."""

    id: str
    label: Label
    role: str


@dataclass(frozen=True, slots=True)
class Rule:
    """How the result of a contest is found (specs/17-results.md)."""

    kind: str
    threshold_base: str
    percent_base: str


@dataclass(frozen=True, slots=True)
class Contest:
    """A contest; option_limit is R, contest_limit is L."""

    id: str
    label: Label
    area_kind: str
    option_limit: int
    contest_limit: int
    data_blocks: int
    options: tuple[Option, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Style:
    """A ballot style: the contests on it, by id."""

    id: str
    contests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registrars:
    """The keys that sign the registry; registrar i is keys[i - 1]."""

    need: int
    keys: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The log of the election: `none`, or `tlog` with the other members."""

    log: str
    origin: str | None = None
    key: str | None = None
    witnesses: tuple[str, ...] = ()
    quorum: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """`manifest.json`; contest index ic is contests[ic - 1]."""

    election: str
    title: Label
    date: str
    rehearsal: bool
    n: int
    k: int
    areas: tuple[Area, ...]
    precincts: tuple[Precinct, ...]
    contests: tuple[Contest, ...]
    styles: tuple[Style, ...]
    floor: int
    undecided: str
    registrars: Registrars
    board: Board
