"""What passes the seam between a unit and those who look at many ballots at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.small_election import FIRST, SmallElection
from verifier.checks import v06_selection_encryptions, v07_contest_limits
from verifier.model import Ballot
from verifier.proofs import batches
from verifier.proofs.batches import MOST_BALLOTS, Proven
from verifier.reader.ballot_stream import Gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.election import Election
    from verifier.proofs.batches import Item
    from verifier.proofs.statements import BallotStatements

ELECTION = SmallElection.load()
CONTEXT = ELECTION.context()


@dataclass
class Odd:
    """Says yes of every second ballot that it is given."""

    needs_hints: bool = False
    sizes: list[int] = field(default_factory=list)
    hints: list[bytes] = field(default_factory=list)

    def holding(
        self, _election: Election, ballots: Sequence[BallotStatements], hints: Sequence[bytes]
    ) -> list[bool]:
        assert len(ballots) == len(hints)
        self.sizes.append(len(ballots))
        self.hints += hints
        return [number % 2 == 0 for number in range(len(ballots))]


class Named:
    """Hints that say for which line and how many elements they were asked."""

    def of(self, line: int, elements: int) -> bytes:
        return f"{line} {elements}".encode()


def ballots(number: int) -> list[Ballot]:
    first = ELECTION.ballots[FIRST]
    return [replace(first, ordinal=ordinal) for ordinal in range(1, number + 1)]


def test_items_keep_their_order_and_only_ballots_are_answered() -> None:
    one, two, three = ballots(3)
    spoilt = replace(two, nonce=replace(two.nonce, c0=1))
    gap = Gap(9, 1)
    items: list[Item] = [gap, one, spoilt, gap, three]
    answers = list(Proven(Odd(), CONTEXT, None).of(items))
    assert [item for item, _ in answers] == items
    assert [holds for _, holds in answers] == [False, True, False, False, False]


def test_a_batch_has_the_ballots_of_a_file_at_most() -> None:
    odd = Odd()
    assert len(list(Proven(odd, CONTEXT, None).of(ballots(MOST_BALLOTS + 3)))) == MOST_BALLOTS + 3
    assert odd.sizes == [MOST_BALLOTS, 3]


def test_ballots_with_many_entries_make_smaller_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line has room for thousands of entries, and a file for 256 of such lines."""
    first = ELECTION.ballots[FIRST]
    entries = sum(
        len(contest.limit_proof) + sum(len(option.proof) for option in contest.options)
        for contest in first.contests
    )
    monkeypatch.setattr(batches, "_MOST_ENTRIES", 4 * entries)
    odd = Odd()
    list(Proven(odd, CONTEXT, None).of(ballots(10)))
    assert odd.sizes == [4, 4, 2]


def test_hints_are_asked_for_by_line() -> None:
    odd = Odd(needs_hints=True)
    three = ballots(3)
    list(Proven(odd, CONTEXT, Named()).of([three[0], three[2]]))
    elements = odd.hints[0].split()[1]
    assert odd.hints == [b"1 " + elements, b"3 " + elements]


@pytest.mark.parametrize("what", ["nobody looks", "no hints where they are needed", "no keys"])
def test_nothing_is_held_back_where_nobody_would_answer(what: str) -> None:
    """Then each ballot passes as it is read, and memory is one ballot."""
    odd = Odd(needs_hints=what == "no hints where they are needed")
    context = ELECTION.context(guardians=None) if what == "no keys" else CONTEXT
    proven = Proven(None if what == "nobody looks" else odd, context, None)
    read = 0

    def reading() -> list[Ballot]:
        nonlocal read
        read += 1
        return ballots(1)

    for item, holds in proven.of(ballot for _ in range(5) for ballot in reading()):
        assert read == 1
        read = 0
        assert isinstance(item, Ballot)
        assert not holds
    assert not odd.sizes


def test_v6_and_v7_count_a_proven_ballot_and_find_nothing() -> None:
    """Whoever says yes is believed: V6 and V7 do not look a second time."""
    first = ELECTION.ballots[FIRST]
    outside = replace(first, nonce=replace(first.nonce, c0=ELECTION.group.p - 1))
    for module in (v06_selection_encryptions, v07_contest_limits):
        half = module.OfUnit(CONTEXT, None)
        half.count(outside)
        assert half.part().conclude(1).status.value == "pass"
        unknown = module.OfUnit(ELECTION.context(guardians=None), None)
        unknown.count(outside)
        assert unknown.part().checked == 0
