"""V6: how much is computed of a selection whose proof has the right number of entries, or not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.small_election import FIRST, SmallElection
from verifier.algebra import Group
from verifier.checks.v06_selection_encryptions import check_selection
from verifier.hashing import ExtendedBaseHash, identifier_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.core.back_end import Powers, Request


@pytest.mark.parametrize(
    ("entries", "items", "powers"),
    [(2, [], 2), (1, ["6.P"], 0), (400, ["6.P"], 0)],
    ids=["right", "too few", "too many"],
)
def test_a_proof_of_another_length_is_not_raised(
    entries: int, items: list[str], powers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of thousands of entries in a line nothing is computed; alpha and beta are tested anyway."""
    asked: list[Request] = []
    raise_each = Group.powers_of_each

    def listening(group: Group, requests: Sequence[Request]) -> list[Powers]:
        asked.extend(requests)
        return raise_each(group, requests)

    monkeypatch.setattr(Group, "powers_of_each", listening)
    election = SmallElection.load()
    ballot = election.ballots[FIRST]
    selection = ballot.contests[0].options[0]
    selection = replace(selection, proof=(selection.proof * entries)[:entries])
    h_i = identifier_hash(ExtendedBaseHash(election.parameters.h_e), ballot.id_b)
    place, limit = (1, 1), election.manifest.contests[0].option_limit
    findings = check_selection(
        election.group, election.guardians.vote_key, h_i, place, selection, limit, ballot.at
    )
    assert [finding.item for finding in findings] == items
    assert [request.base for request in asked] == [selection.alpha, selection.beta]
    assert [(len(request.exponents), request.test) for request in asked] == [(powers, True)] * 2
