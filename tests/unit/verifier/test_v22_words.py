"""V22: a finding names a dozen groups, areas or votes, and says how many there are."""

from __future__ import annotations

import pytest

from verifier.checks.v22_results import check_contests
from verifier.report import Location

TWELVE = ", ".join(f"c-{i}" for i in range(1, 13))


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "c-1"), (12, TWELVE), (13, f"{TWELVE}, ... (13)")],
)
def test_not_more_than_a_dozen_names(number: int, words: str) -> None:
    contests = [f"c-{i}" for i in range(1, number + 1)]
    (finding,) = check_contests(contests, (), Location())
    assert finding.item == "22.B"
    assert (finding.expected, finding.found) == (f"contests {words}", "contests none")
