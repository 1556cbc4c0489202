"""V6 and V7 of many ballots by plans of products in rows (specs/24, Rows and lanes).

Everything is computed and nothing is drawn: the answers are exact. Whoever imports this needs numpy
(the extra `fast`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from verifier.core.row_chains import RowChains
from verifier.core.row_members import Equation
from verifier.core.row_tables import RowTables
from verifier.core.row_trees import multiply_lists
from verifier.core.windows import window_after
from verifier.proofs.compact_questions import Questions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.algebra import Group
    from verifier.core.row_digits import Indices
    from verifier.core.rows import RowEngine
    from verifier.core.shape import Shape
    from verifier.election import Election
    from verifier.proofs.statements import BallotStatements

MOST_ROWS: Final = 90_000  # 60 MiB of the kernel's rows, beside the tables
_ROWS_OF_A_SLICE: Final = 32_768  # 20 MiB; from 16,384 to 50,000 it takes the same time


class CompactBatches:
    """Computes the commitments of every proof and hashes them, eight products side by side.

    It keeps tables of g and of the vote key that it was asked for last, some 11 MiB and 120 MiB
    after a while. For one thread at a time.
    """

    needs_hints = False

    def __init__(self, engine: RowEngine, shape: Shape, expected: int = 0) -> None:
        """expected: powers of each base that are sure to come, so that no table has to grow.

        Raises ValueError when the engine multiplies modulo another number.
        """
        if engine.p != shape.p:
            raise ValueError(f"the engine {engine.name} has another modulus than the group")
        self._engine = engine
        self._shape = shape
        self._member = Equation(shape)
        self._chains = RowChains(shape.bits, self._member.places)
        self._expected = expected
        self._asked = expected
        self._tables: RowTables | None = None

    def holding(
        self,
        election: Election,
        ballots: Sequence[BallotStatements],
        hints: Sequence[bytes],  # noqa: ARG002 -- those who do not need hints do not look at them
    ) -> list[bool]:
        """For each ballot whether every item of V6 and V7 holds.

        What its statements say of ranges is relied on: 0 and p satisfy the equation of membership.
        False is said without a look where the vote key is not from 1 to p - 1, and of a ballot
        that needs more than 90,000 rows, which is one of 3,000 commitments at least.
        Raises ValueError for another group than that of the shape.
        Cost in products: for each alpha, beta, C0 and each sum 256 squarings, for each commitment
        58 and 22 (more until some 560 ballots were seen), for each membership 3.
        """
        group, shape = election.group, self._shape
        if (group.p, group.q) != (shape.p, shape.q):
            raise ValueError(f"the group {group.name} is not that of the batches")
        if not 1 <= election.vote_key < shape.p:
            return [False] * len(ballots)
        tables = self._tables_of(election, ballots)
        known = [False] * len(ballots)
        for places in self._slices(ballots):
            said = self._look_at(group, tables, [ballots[place] for place in places])
            for place, holds in zip(places, said, strict=True):
                known[place] = holds
        return known

    def _tables_of(self, election: Election, ballots: Sequence[BallotStatements]) -> RowTables:
        """Those of g and K, wider as they are used."""
        bases = election.group.g, election.vote_key
        if self._tables is None or self._tables.bases != bases:
            self._tables, self._asked = None, self._expected
        self._asked += sum(ballot.commitments // 2 for ballot in ballots)
        window = window_after(self._asked)
        if self._tables is None or self._tables.window < window:
            self._tables = None  # before there are new ones: memory
            self._tables = RowTables(self._engine, bases, self._shape.bits, window, MOST_ROWS)
        return self._tables

    def _slices(self, ballots: Sequence[BallotStatements]) -> Iterator[list[int]]:
        """Places of ballots that are looked at together; none of those that need too many rows.

        Slices are of one size, or the last one would be planned for few ballots.
        """
        needed = {place: self._rows_of(ballot) for place, ballot in enumerate(ballots)}
        needed = {place: rows for place, rows in needed.items() if rows <= MOST_ROWS}
        total = sum(needed.values())
        enough = total / max(1, round(total / _ROWS_OF_A_SLICE))
        places, rows = list[int](), 0
        for place, more in needed.items():
            if places and (rows + more // 2 > enough or rows + more > MOST_ROWS):
                yield places
                places, rows = [], 0
            places.append(place)
            rows += more
        if places:
            yield places

    def _rows_of(self, ballot: BallotStatements) -> int:
        """The most rows that its elements, sums and commitments take."""
        keys = 1 + sum(contest.data is not None for contest in ballot.contests)
        elements, sums = 2 * ballot.options + keys, 2 * len(ballot.contests)
        equations = elements * (1 + self._member.rows)
        chains = self._chains.rows_for(elements + sums, ballot.commitments)
        return 2 * ballot.options + equations + chains

    def _look_at(
        self, group: Group, tables: RowTables, ballots: Sequence[BallotStatements]
    ) -> list[bool]:
        """holding: of ballots that fit into the rows."""
        asked, arena = Questions(group, ballots), tables.arena
        raw = asked.elements
        elements = _rows(tables.free, len(raw))
        arena.load(elements, raw)
        factors, counts = asked.factors
        free = tables.free + len(raw)
        sums = multiply_lists(arena, elements[factors], counts, free)
        free += len(factors)
        bases, of = np.concatenate([elements, sums]), asked.of
        raised = self._chains.raise_bases(arena, bases, of, asked.challenges, free)
        free += self._chains.rows_for(len(bases), len(of))
        members = self._member.holds(arena, raised.squares[:, : len(raw)], free)
        tables.multiply(raised.powers, asked.fixed, asked.responses)
        octets = arena.store(np.concatenate([sums, raised.powers]))
        of_sums, of_powers = octets[: len(sums)], octets[len(sums) :]
        failing = asked.failing(of_sums.tobytes(), of_powers.tobytes())
        failing.update(asked.owners[~members].tolist())
        return [place not in failing for place in range(len(ballots))]


def _rows(first: int, number: int) -> Indices:
    return np.arange(first, first + number)
