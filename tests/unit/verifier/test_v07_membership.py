"""V7: each alpha and beta is tested, and the sums of what passed are not tested once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.verifier.small_election import FIRST, SmallElection
from verifier.algebra import Group
from verifier.checks.v07_contest_limits import check_limit
from verifier.hashing import ExtendedBaseHash, identifier_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from verifier.core.back_end import Powers, Request


def test_the_sums_are_not_tested_for_membership(monkeypatch: pytest.MonkeyPatch) -> None:
    """A product of elements is one: a test of it would cost each contest what adds nothing."""
    asked: list[Request] = []
    raise_each = Group.powers_of_each

    def listening(group: Group, requests: Sequence[Request]) -> list[Powers]:
        asked.extend(requests)
        return raise_each(group, requests)

    monkeypatch.setattr(Group, "powers_of_each", listening)
    election = SmallElection.load()
    ballot = election.ballots[FIRST]
    contest = ballot.contests[0]
    pairs = [(selection.alpha, selection.beta) for selection in contest.options]
    findings = check_limit(
        election.group,
        election.guardians.vote_key,
        identifier_hash(ExtendedBaseHash(election.parameters.h_e), ballot.id_b),
        contest.contest,
        pairs,
        contest.limit_proof,
        election.manifest.contests[0].contest_limit,
        ballot.at,
    )
    assert list(findings) == []
    sums = [election.group.product(pair[side] for pair in pairs) for side in (0, 1)]
    assert [request.base for request in asked] == sums
    assert [request.test for request in asked] == [False, False]
