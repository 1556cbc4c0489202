"""V24 on keys, numbers and files that no honest ceremony has: a finding or "not checked"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.verifier.signed_again import TRANSCRIPT, Signatory, contents, items_of
from tests.unit.verifier.whole_record import (
    findings_of,
    honest,
    sealed,
    statuses,
    verify,
    with_line,
    with_object,
)
from verifier.ceremony import ceremony_places
from verifier.guard import INTERNAL
from verifier.run_terms import quorum_faults

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.verifier.signed_again import Content

FALSE = "ab" * 32
HIGH = 10**9


def lines() -> list[Content]:
    return contents(honest()[TRANSCRIPT])


def of_kind(kind: str, guardian: int = 1) -> int:
    """The place of a line, from 0."""
    return next(
        place
        for place, line in enumerate(lines())
        if (line["kind"], line["guardian"]) == (kind, guardian)
    )


def test_the_lines_of_a_ceremony_by_hand() -> None:
    assert list(ceremony_places(2)) == [
        ("enrol", 1, None), ("enrol", 2, None), ("roster", 1, None), ("roster", 2, None),
        ("commit", 1, None), ("commit", 2, None), ("reveal", 1, None), ("reveal", 2, None),
        ("share", 1, 2), ("share", 2, 1), ("check", 1, None), ("check", 2, None),
        ("confirm", 1, None), ("confirm", 2, None),
    ]  # fmt: skip
    assert [place for place in ceremony_places(1) if place[0] == "share"] == []
    assert len(list(ceremony_places(100))) == 6 * 100 + 100 * 99


@pytest.mark.parametrize(
    "key", ["00" * 32, "01" + "00" * 31, "02" + "00" * 31, "ff" * 32, "ec" + "ff" * 30 + "7f"]
)
def test_24_b_an_enrolment_key_that_is_none(key: str, tmp_path: Path) -> None:
    def change(content: Content) -> None:
        if (content["kind"], content["guardian"]) == ("enrol", 2):
            content["key"] = key

    report = verify(Signatory().transcript(honest(), lines(), change), tmp_path)
    reasons = [found for _, expected, found in findings_of(report, "24.B") if "good" in expected]
    assert len(reasons) == 1
    # The roster lists another key than was enrolled.
    assert {item for item in report.failed_items if item.startswith("24.")} == {"24.B", "24.C"}


def test_24_b_two_guardians_with_one_key(tmp_path: Path) -> None:
    first = lines()[0]["key"]
    record = with_line(honest(), TRANSCRIPT, 1, lambda line: line.update(key=first))
    report = verify(record, tmp_path)
    found = [(expected, found) for _, expected, found in findings_of(report, "24.B")]
    assert ("a key of its own", "the key of guardian 1") in found


@pytest.mark.parametrize("kind", ["enrol", "roster", "commit", "reveal", "check", "confirm"])
def test_a_guardian_that_does_not_exist(kind: str, tmp_path: Path) -> None:
    record = with_line(honest(), TRANSCRIPT, of_kind(kind), lambda line: line.update(guardian=HIGH))
    report = verify(record, tmp_path)
    assert {"24.A", "24.B"} <= report.failed_items
    assert INTERNAL not in report.failed_items
    assert any(f"guardian {HIGH}" in found for _, _, found in findings_of(report, "24.A"))


@pytest.mark.parametrize("path", [TRANSCRIPT, "tally/plan.json", "tally/statements/1.json"])
def test_guardian_0_has_no_form(path: str, tmp_path: Path) -> None:
    """0 would be the secret itself: the reader refuses it, and V24 says that it did not look."""
    if path == TRANSCRIPT:
        record = with_line(honest(), path, 0, lambda line: line.update(guardian=0))
    elif path == "tally/plan.json":
        record = with_object(honest(), path, lambda plan: plan.update(guardians=[0, 1]))
    else:
        record = with_object(honest(), path, lambda statement: statement.update(guardian=0))
    report = verify(record, tmp_path)
    assert "0.C" in report.failed_items
    assert statuses(report)["V24"] != "pass"


@pytest.mark.parametrize(
    ("name", "value"),
    [("n", 4), ("k", 3), ("parameter_set", "standard-4096"), ("keys", []), ("ceremony", FALSE)],
)
def test_24_c_a_roster_that_differs(name: str, value: object, tmp_path: Path) -> None:
    def change(content: Content) -> None:
        if (content["kind"], content["guardian"]) == ("roster", 3):
            content[name] = value

    assert items_of(Signatory().transcript(honest(), lines(), change), tmp_path, 24) == {"24.C"}


def test_24_c_rosters_that_agree_on_another_ceremony(tmp_path: Path) -> None:
    """An identifier that is not EQ-X3, named by every line."""

    def change(content: Content) -> None:
        if "ceremony" in content:
            content["ceremony"] = FALSE

    report = verify(Signatory().transcript(honest(), lines(), change), tmp_path)
    assert len(findings_of(report, "24.C")) == 3  # the rosters; the others follow the first


@pytest.mark.parametrize("member", ["vote_key", "data_key"])
def test_24_g_other_keys(member: str, tmp_path: Path) -> None:
    def change(content: Content) -> None:
        if (content["kind"], content["guardian"]) == ("confirm", 1):
            content[member] = "0" * len(content[member])

    assert items_of(Signatory().transcript(honest(), lines(), change), tmp_path, 24) == {"24.G"}


def test_24_h_one_election_twice_and_none_at_all(tmp_path: Path) -> None:
    order = lines()
    twice = Signatory().transcript(honest(), [*order, *order[-3:]])
    assert items_of(twice, tmp_path / "twice", 24) == {"24.H"}
    none = Signatory().transcript(honest(), order[:-3])
    assert items_of(none, tmp_path / "none", 24) == {"24.H"}


def test_24_a_nothing_but_sign_offs_follows(tmp_path: Path) -> None:
    order = lines()
    late = Signatory().transcript(honest(), [*order, order[of_kind("confirm")]])
    assert items_of(late, tmp_path, 24) == {"24.A"}


@pytest.mark.parametrize(
    ("participants", "faults"),
    [
        ((1, 3), 0),
        ((1, 2, 3), 0),
        ((3, 1), 1),
        ((1, 1), 2),  # not ascending, and one alone
        ((3,), 1),
        ((), 1),
        ((1, HIGH), 1),
        ((0, 1), 1),
    ],
)
def test_24_j_quorum(participants: tuple[int, ...], faults: int) -> None:
    assert len(list(quorum_faults(participants, 3, 2))) == faults


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: plan.update(guardians=[3, 1]),
        lambda plan: plan.update(guardians=[]),
        lambda plan: plan.update(guardians=[1, HIGH]),
        lambda plan: plan.update(guardians=[1] * 1000),
        lambda plan: plan.update(signatures=[]),
        lambda plan: plan["signatures"].append({"guardian": HIGH, "sig": "00" * 64}),
    ],
)
def test_a_plan_of_strange_guardians_is_rejected(
    change: Callable[[Any], object], tmp_path: Path
) -> None:
    report = verify(with_object(honest(), "tally/plan.json", change), tmp_path)
    assert {"24.J", "24.K"} & report.failed_items
    assert INTERNAL not in report.failed_items


@pytest.mark.parametrize("path", [TRANSCRIPT, "tally/plan.json", "parameters.json"])
def test_without_a_file_the_guardians_are_not_checked(path: str, tmp_path: Path) -> None:
    record = honest()
    del record[path]
    assert statuses(verify(record, tmp_path))["V24"] == "not checked"


def test_a_sealed_record_demands_no_plan(tmp_path: Path) -> None:
    (result,) = [v for v in verify(sealed(), tmp_path, "sealed").verifications if v.id == "V24"]
    assert (result.status.value, result.demanded, result.checked) == ("pass", 3, 3)
