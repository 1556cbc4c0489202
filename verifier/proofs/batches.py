"""The seam between the run over a unit and those who check the proofs of many ballots at once.

They answer *yes* or nothing: a ballot of which they do not say that all its proofs hold is looked
at by V6 and V7 themselves, so findings have one source, and no verdict depends on batches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from verifier.election import Election
from verifier.model import Ballot
from verifier.proofs.statements import BallotStatements, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verifier.ballot_files import BallotFile
    from verifier.context import Context
    from verifier.reader.ballot_stream import Gap

    Item = Ballot | Gap | BallotFile

MOST_BALLOTS: Final = 256  # those of a ballot file
_MOST_ENTRIES: Final = 16_384  # of proofs in one batch, so that memory is bounded


class Batches(Protocol):
    """Checks the proofs of ballots that all belong to one election."""

    needs_hints: bool
    """Whether nothing is said of a ballot without hints."""

    def holding(
        self,
        election: Election,
        ballots: Sequence[BallotStatements],
        hints: Sequence[bytes],
    ) -> list[bool]:
        """For each ballot whether every item of V6 and V7 is known to hold; False says nothing.

        hints: of each ballot the elements of its entry, `commitments` times lp bytes; empty where
        there are none. Untrusted.
        """
        ...


class Hints(Protocol):
    """The hints of one unit, asked for in the order of its lines."""

    def of(self, line: int, elements: int) -> bytes:
        """Those of the ballot in this line, from 1; empty when there are none of this number."""
        ...


class Proven:
    """Says of the items of a unit, as they pass by, whether all proofs of a ballot hold."""

    def __init__(self, batches: Batches | None, context: Context, hints: Hints | None) -> None:
        election = Election.of(context)
        of_use = batches is not None and (hints is not None or not batches.needs_hints)
        self._batches = batches if of_use and election is not None else None
        self._election = election
        self._context = context
        self._hints = hints

    def of(self, items: Iterable[Item]) -> Iterator[tuple[Item, bool]]:
        """Each item, in order; with True only for a ballot of which V6 and V7 find nothing.

        Memory: the ballots of a file, or fewer of more than 256 proof entries.
        """
        if self._batches is None:
            yield from ((item, False) for item in items)
            return
        held: list[Item] = []
        ballots = entries = 0
        for item in items:
            held.append(item)
            if isinstance(item, Ballot):
                ballots += 1
                entries += sum(
                    len(contest.limit_proof) + sum(len(option.proof) for option in contest.options)
                    for contest in item.contests
                )
            if ballots >= MOST_BALLOTS or entries >= _MOST_ENTRIES:
                yield from self._decided(held)
                held, ballots, entries = [], 0, 0
        yield from self._decided(held)

    def _decided(self, held: list[Item]) -> Iterator[tuple[Item, bool]]:
        places, ballots, hints = list[int](), list[BallotStatements](), list[bytes]()
        if self._election is None or self._batches is None:
            return
        for place, item in enumerate(held):
            if not isinstance(item, Ballot):
                continue
            statements = statements_of(self._election, self._context, item)
            if statements is None:
                continue
            places.append(place)
            ballots.append(statements)
            elements = statements.commitments
            hints.append(b"" if self._hints is None else self._hints.of(item.line, elements))
        known = self._batches.holding(self._election, ballots, hints) if ballots else []
        proven = {place for place, holds in zip(places, known, strict=True) if holds}
        yield from ((item, place in proven) for place, item in enumerate(held))
