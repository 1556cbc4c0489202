"""V10: a proof that is there in part is no proof, and memberships are tested in two batches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.verifier.small_election import SmallElection
from verifier.algebra import Group
from verifier.checks import v09_aggregation, v10_tally_decryption
from verifier.report import Status


@pytest.mark.parametrize("name", ["power", "c", "v"])
def test_a_proof_that_lacks_a_number_is_not_checked(name: str) -> None:
    election = SmallElection.load()
    line = election.decrypted[0]
    nothing: dict[str, Any] = {name: None}
    bare = replace(line.options[1], **nothing)
    election.decrypted[0] = replace(line, options=(line.options[0], bare, line.options[2]))
    result = election.verify()["V10"]
    assert (result.status, result.demanded, result.checked) == (Status.NOT_CHECKED, 5, 4)


def test_powers_and_then_quotients_of_a_line_are_tested_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    election, together = SmallElection.load(), list[list[int]]()
    context, groups = election.context(), election.groups()
    sums = v09_aggregation.Verification(context)
    sums.finish(groups)
    # Sums of no ballot: each B is 1, so each M is 1 / T.
    monkeypatch.setattr(Group, "foresee", lambda _, values: together.append(list(values)))
    v10_tally_decryption.check(context, groups, sums.products)
    powers = [
        [option.power for option in line.options if option.power is not None]
        for line in election.decrypted
    ]
    expected = []
    for of_line in filter(None, powers):
        expected += [of_line, [election.group.divide(1, T) for T in of_line]]
    assert together == expected
    assert len(together) == 4
