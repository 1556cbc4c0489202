"""How far a run goes: what it takes over from earlier ones, and what it leaves out (specs/27)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_PERCENT: Final = re.compile(r"(0|[1-9][0-9]?)(?:\.([0-9]{1,4}))?%")
_SEED: Final = re.compile(r"[!-~](?:[ -~]{0,62}[!-~])?")
_RANGE: Final = re.compile(r"(0|[1-9][0-9]{0,9})\.\.(0|[1-9][0-9]{0,9})")


@dataclass(frozen=True, slots=True)
class Sample:
    """A share of the ballot files, in percent as it was written, and what decides which.

    seed: 1 to 64 printable characters of ASCII, no blank at either end.
    """

    percent: str
    seed: str

    def __post_init__(self) -> None:
        """Refuse what is no share or no seed. Raises ValueError."""
        if _PERCENT.fullmatch(self.percent) is None or self.share == 0:
            raise ValueError(
                f"{self.percent!a} is not a share above 0% and below 100%, with at most 4 digits "
                "after the point"
            )
        if _SEED.fullmatch(self.seed) is None:
            raise ValueError(
                f"{self.seed!a} is not a seed of 1 to 64 printable characters of ASCII"
            )

    @property
    def share(self) -> Fraction:
        """Between 0 and 1."""
        return Fraction(self.percent.removesuffix("%")) / 100


@dataclass(frozen=True, slots=True)
class FileRange:
    """Ballot files by their number in the order of the record, from 0; both ends belong to it."""

    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> FileRange:
        """From `A..B`. Raises ValueError."""
        found = _RANGE.fullmatch(text)
        if found is None or int(found[1]) > int(found[2]):
            raise ValueError(f"{text!a} is not A..B with 0 <= A <= B")
        return cls(int(found[1]), int(found[2]))

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"


@dataclass(frozen=True, slots=True)
class Scope:
    """resume: the journal to go on with, and to write. known: the results that were kept earlier.

    sample, files: what is looked at; None for all. part: where the results of `files` go.
    parts: partial results to be joined; None for a run that joins none.
    """

    resume: Path | None = None
    known: Path | None = None
    sample: Sample | None = None
    files: FileRange | None = None
    part: Path | None = None
    parts: tuple[Path, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse what has no meaning together. Raises ValueError."""
        if (self.files is None) != (self.part is None):
            raise ValueError("--files and --part go together")
        if sum(one is not None for one in (self.sample, self.files, self.parts)) > 1:
            raise ValueError("--sample, --files and merge exclude each other")

    @property
    def options(self) -> tuple[str, ...]:
        """The options by which a user asks for this scope."""
        named = (
            ("--resume", self.resume),
            ("--known", self.known),
            ("--sample", self.sample),
            ("--files", self.files),
            ("merge", self.parts),
        )
        return tuple(name for name, value in named if value is not None)

    @property
    def remembers(self) -> bool:
        """Whether results are read from files, or written to some."""
        return any(name != "--sample" for name in self.options)


WHOLE_RECORD: Final = Scope()
