"""V21: a finding names a dozen precincts or options, and says how many there are."""

from __future__ import annotations

import pytest

from tests.vectors.vector_nouns import contest_of
from verifier.checks.v21_plan import check_line
from verifier.groups import TallyGroup
from verifier.model import PlanLine
from verifier.report import Location

TWELVE = ", ".join(f"p-{i}" for i in range(1, 13))
AT = Location()


def found_with(number: int) -> str:
    """What is said of a line that names so many precincts, when there is one more."""
    names = tuple(f"p-{i}" for i in range(1, number + 1))
    group = TallyGroup(1, "council", "p-1", (*names, "p-0"), 5)
    line = PlanLine(AT, "council", "p-1", names, 5, ())
    (finding,) = check_line(group, contest_of("council", ()), line)
    assert finding.item == "21.A"
    return finding.found


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "none"), (1, "p-1"), (12, TWELVE), (13, f"{TWELVE}, ... (13)")],
)
def test_not_more_than_a_dozen_names(number: int, words: str) -> None:
    assert found_with(number) == f"precincts {words}"
