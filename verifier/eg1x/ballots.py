"""The one pass over the ballots of a 1.x record: blocks of files, in the order of their names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from verifier.eg1x import batch
from verifier.eg1x.model import CAST, SPOILED
from verifier.reader.shape import shown
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from verifier.eg1x.election import Election
    from verifier.eg1x.model import Ballot, BallotContest, Selection
    from verifier.eg1x.record import Record
    from verifier.guard import Guard
    from verifier.report import VerificationResult

    Progress = Callable[[int, int | None], None]

# Equations are checked by blocks: more of them make a product of powers cheaper for each. Ballots
# and contests count as well, so that what is held is bounded whatever a file has.
_BLOCK_PARTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class BallotInHand:
    """A ballot with its place. is_proven: all its equations hold, by a batch."""

    ballot: Ballot
    is_proven: bool

    @property
    def at(self) -> Location:
        """The place of the ballot: its file."""
        return Location(file=self.ballot.file)

    def contests(self) -> Iterator[tuple[BallotContest, Location]]:
        """The contests, each with its place."""
        for contest in self.ballot.contests:
            yield contest, self.at.at(contest=shown(contest.id))

    def selections(
        self, contest: BallotContest, at: Location
    ) -> Iterator[tuple[Selection, Location]]:
        """The selections of a contest at that place, each with its own."""
        for selection in contest.selections:
            yield selection, at.at(option=shown(selection.id))


@dataclass
class Totals:
    """What the ballots amounted to.

    files: in the folder. read: given to the verifications. cast, spoiled: by state. carried: cast
    ballots with each contest.
    """

    files: int
    read: int = 0
    cast: int = 0
    spoiled: int = 0
    carried: Counter[str] = field(default_factory=Counter)

    def add(self, ballot: Ballot) -> None:
        """Count a ballot that was read."""
        self.read += 1
        self.spoiled += ballot.state == SPOILED
        if ballot.state == CAST:
            self.cast += 1
            self.carried.update({contest.id for contest in ballot.contests})


class OverBallots(Protocol):
    """A verification that looks at each ballot."""

    def check(self, hand: BallotInHand) -> None:
        """Take one ballot."""

    def finish(self, totals: Totals) -> VerificationResult:
        """The result."""


class BallotPass:
    """Gives every ballot to every verification, and counts.

    verifications: with the guard of each, by id.
    """

    def __init__(
        self,
        record: Record,
        election: Election | None,
        verifications: dict[str, tuple[Guard, OverBallots]],
        progress: Progress | None,
    ) -> None:
        self._record = record
        self._election = election
        self._verifications = verifications
        self._progress = progress

    def run(self, paths: Sequence[str], read: Callable[[str], Ballot | None]) -> Totals:
        """Read all ballots once. read: the ballot in a file, or None if it cannot be read.

        Memory: one block, of a thousand parts and one ballot, and what verifications keep.
        """
        totals = Totals(len(paths))
        block: list[Ballot] = []
        parts = 0
        for number, path in enumerate(paths, 1):
            ballot = read(path)
            if ballot is not None:
                totals.add(ballot)
                block.append(ballot)
                parts += 1 + sum(1 + len(contest.selections) for contest in ballot.contests)
            if parts >= _BLOCK_PARTS or number == len(paths):
                self._check(block)
                block, parts = [], 0
            if self._progress is not None:
                self._progress(number, len(paths))
        return totals

    def _check(self, block: Sequence[Ballot]) -> None:
        for ballot, is_proven in zip(block, self._proven(block), strict=True):
            hand = BallotInHand(ballot, is_proven)
            for guard, verification in self._verifications.values():
                guard.call(verification.check, hand)

    def _proven(self, block: Sequence[Ballot]) -> list[bool]:
        """For each ballot whether its equations hold by a batch.

        A batch that fails is halved until the ballot is found: one bad ballot among good ones
        costs some more batches, and not every equation of all of them.
        """
        election = self._election
        if election is None or not block or not election.admits_batches:
            return [False] * len(block)
        if batch.holds(election, self._record.contests, block):
            return [True] * len(block)
        if len(block) == 1:
            return [False]
        half = len(block) // 2
        return self._proven(block[:half]) + self._proven(block[half:])
