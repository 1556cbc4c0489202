"""A pass needs what it builds on: no item of it failed, and nothing of it was left out."""

from __future__ import annotations

import pytest

from verifier.report import Finding, Status, Tally, VerificationResult
from verifier.sources import without_unfounded_passes


def result(id_: str, checked: int, demanded: int | None, *items: str) -> VerificationResult:
    tally = Tally(id_, "", checked)
    tally.add(Finding(item, "somewhere", "a", "b", "c") for item in items)
    return tally.conclude(demanded)


def statuses(*results: VerificationResult) -> dict[str, Status]:
    return {found.id: found.status for found in without_unfounded_passes(results)}


FORM = result("V0", 9, 9)
SUMS = result("V9", 4, 4)


def test_a_pass_stays_where_everything_below_it_holds() -> None:
    assert statuses(FORM, result("V20", 5, 5), SUMS)["V9"] is Status.PASS


def test_a_finding_of_another_item_takes_no_pass_away() -> None:
    assert statuses(FORM, result("V20", 5, 5, "20.I"), SUMS)["V9"] is Status.PASS


def test_a_finding_of_a_source_does() -> None:
    assert statuses(FORM, result("V20", 5, 5, "20.J"), SUMS)["V9"] is Status.NOT_CHECKED


@pytest.mark.parametrize("demanded", [6, None])
def test_a_finding_of_another_item_does_not_hide_what_was_left_out(demanded: int | None) -> None:
    """V20 fails by 20.I, and a box whose 20.H nobody could judge stands behind it."""
    found = statuses(FORM, result("V20", 5, demanded, "20.I"), SUMS)
    assert found == {"V0": Status.PASS, "V20": Status.FAIL, "V9": Status.NOT_CHECKED}


def test_a_guardian_left_out_is_not_hidden_by_a_finding_on_another_one() -> None:
    found = statuses(FORM, result("V2", 2, 3, "2.A"), result("V3", 1, 1))
    assert found["V3"] is Status.NOT_CHECKED


def test_a_file_that_cannot_be_read_takes_nothing_from_what_does_not_need_it() -> None:
    found = statuses(result("V0", 8, 9, "0.A"), result("V1", 1, 1))
    assert found["V1"] is Status.PASS
    found = statuses(result("V0", 9, 9, "0.D"), result("V1", 1, 1))
    assert found["V1"] is Status.NOT_CHECKED
