"""Which ballot files of a record a scope asks for, and how many those are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.ballot_files import BALLOTS_A_FILE
from verifier.cannot_run import CannotRun
from verifier.commands import USAGE
from verifier.reader.layout import BALLOTS, files_demanded, numbered_path
from verifier.whole.sampling import draw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verifier.context import Context
    from verifier.reader.layout import Layout
    from verifier.whole.part_file import Part
    from verifier.whole.scope import FileRange, Scope


@dataclass(frozen=True, slots=True)
class Extent:
    """The ballot files of one record, and the scope over them.

    files: how many the record should have by its seal; their numbers are from 0, box by box in the
    order of the registry. there: how many are there. drawn: the paths of a sample. ballots: that
    the seal names, None when unknown.
    """

    scope: Scope
    files: int
    there: int
    ballots: int | None
    drawn: frozenset[str] | None = None

    @classmethod
    def of(cls, context: Context, layout: Layout, scope: Scope) -> Extent:
        """Of a record whose small files have been read. Raises CannotRun for files it has not."""
        files, paths = 0, []
        for box in context.devices:
            numbers = layout.numbers(BALLOTS, box)
            demanded = files_demanded(box)
            files += (numbers[-1] + 1 if numbers else 0) if demanded is None else demanded
            paths += [numbered_path(BALLOTS, box.id, number) for number in numbers]
        drawn = None
        if scope.sample is not None:
            drawn = draw(paths, scope.sample, context.digests.get("seal.json"))
        extent = cls(scope, files, len(paths), context.ballots_demanded, drawn)
        if scope.files is not None:
            extent.require_range(scope.files, "--files asks for", USAGE)
        return extent

    def require_range(self, files: FileRange, what: str, code: int) -> None:
        """Raise CannotRun for numbers that the record does not have. what: who names them."""
        if files.last >= self.files:
            numbers = f"from 0 to {self.files - 1}" if self.files else "none"
            raise CannotRun(
                f"the record has {self.files} ballot files ({numbers}), and {what} {files}",
                "A and B are numbers of ballot files in the order of the record, from 0",
                code,
            )

    @property
    def wanted(self) -> int:
        """How many ballot files are asked for."""
        if self.drawn is not None:
            return len(self.drawn)
        if self.scope.files is not None:
            return min(self.there, self.scope.files.last - self.scope.files.first + 1)
        return self.there

    @property
    def most_ballots(self) -> int | None:
        """How many ballots may lie in those; None when the seal does not say."""
        if self.ballots is None:
            return None
        return min(self.ballots, BALLOTS_A_FILE * self.wanted)

    def wants(self, parts: Sequence[Part]) -> Callable[[int, str], bool]:
        """Whether a ballot file, by number and path, is asked for. parts: that are joined."""
        if self.drawn is not None:
            drawn = self.drawn
            return lambda _, path: path in drawn
        if self.scope.files is not None:
            files = self.scope.files
            return lambda number, _: number in files
        if self.scope.parts is not None:
            return lambda number, _: any(number in part.files for part in parts)
        return lambda _number, _path: True

    def known(self, found: int, seen: int) -> str:
        """A line for people: how many ballot files needed no work. seen: all that counted."""
        if self.scope.parts is None:
            return f"{found} of {seen} ballot files were known already"
        line = f"{found} of {self.there} ballot files come from partial results"
        if seen > found:
            line += (
                f"; {seen - found} were looked at here, since those have no result for the bytes "
                "that lie here"
            )
        return line
