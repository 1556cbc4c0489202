"""The unit of work: one ballot file of a box with what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.ballot_files import BALLOTS_A_FILE
from verifier.report import Location

if TYPE_CHECKING:
    from verifier.reader.opening_slices import OpeningSlice


@dataclass(frozen=True, slots=True)
class Unit:
    """One ballot file of a box, or a run of ballot files that the record does not hold.

    A unit is small and holds no big integer: it is sent to other processes. What it says does not
    depend on the content of any ballot file, so that units can be looked at in any order.

    device, precinct, key: of the box, as registered. first: number of the file, or of the first
    one of the run; upto: one more than that of the last. path: the ballot file; None for a run.
    files: those of the unit that the folder lists: ballots, signature, receipts, openings.
    sealed: ballots of the box by the seal, None when that is unknown. missing: ballots that the
    files of a run should hold. to_open: positions of this file that the closing lists for it.
    openings: where the openings of these positions lie; None when the box has none.
    hints: the hint file (specs/25), when the folder lists one; no verdict depends on it.
    """

    device: str
    precinct: str
    key: bytes
    first: int
    upto: int
    path: str | None = None
    files: frozenset[str] = frozenset()
    sealed: int | None = None
    missing: int = 0
    to_open: tuple[int, ...] = ()
    openings: OpeningSlice | None = None
    hints: str | None = None

    @property
    def before(self) -> int:
        """How many ballots of the box lie in the files before this one."""
        return BALLOTS_A_FILE * self.first

    @property
    def expected(self) -> int:
        """Ballots that the seal says lie in the ballot file; 1 where it says there are none."""
        if self.sealed is None:
            return BALLOTS_A_FILE
        return min(BALLOTS_A_FILE, max(1, self.sealed - self.before))

    @property
    def name(self) -> str:
        """The unit as a message to a person names it."""
        return self.path or f"ballots/{self.device}"

    def place(self, line: int) -> Location:
        """The place of the ballot in this line, from 1, of the ballot file."""
        at = Location(file=self.path, line=line)
        return at.at(device=self.device, ballot=self.before + line)
