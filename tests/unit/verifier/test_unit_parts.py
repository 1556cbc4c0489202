"""What the ballots of one unit amount to, for every verification that looks at each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.verifier.small_election import MODULES, SmallElection, unit_of
from verifier.checks import v09_aggregation
from verifier.report import Status, Tally

if TYPE_CHECKING:
    from verifier.report import VerificationResult

TALLIED = [module for module in MODULES if module is not v09_aggregation]  # that one has sums alone


def concluded(module: Any, election: SmallElection) -> VerificationResult:
    """The result of a unit of which no ballot has been taken."""
    part = module.OfUnit(election.context(), unit_of(election.devices[0])).part()
    tally = part if isinstance(part, Tally) else part.tally
    assert isinstance(tally, Tally)
    return tally.conclude(0)


@pytest.mark.parametrize("module", TALLIED, ids=lambda module: module.ID)
def test_a_unit_without_a_ballot_bears_the_name_of_its_verification(module: Any) -> None:
    result = concluded(module, SmallElection.load())
    assert (result.id, result.title) == (module.ID, module.TITLE)
    assert (result.status, result.checked) == (Status.PASS, 0)
