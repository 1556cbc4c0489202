"""Findings, results and reports: what they refuse to say."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.report import (
    MOST_FINDINGS_OF_AN_ITEM,
    Finding,
    Location,
    RecordInfo,
    RejectedRecord,
    Report,
    Status,
    Tally,
    Verdict,
    VerificationResult,
    brief,
    not_applicable,
)

FINDING = Finding("6.A", "ballot 1", "alpha is in G", "alpha = 0", "It is no encryption.")
INFO = RecordInfo("e-1", "ab" * 32, rehearsal=True, counts={"ballots": 3, "boxes": 1})


def result(
    status: Status, demanded: int | None = 1, checked: int = 1, *findings: Finding
) -> VerificationResult:
    return VerificationResult("V6", "Selections", status, demanded, checked, findings)


PASS = result(Status.PASS)
FAIL = result(Status.FAIL, 1, 1, FINDING)
OPEN = result(Status.NOT_CHECKED, 2, 1)
ASIDE = not_applicable("V12", "Contest data", "no place for it")


@pytest.mark.parametrize(("demanded", "checked"), [(2, 1), (1, 2), (None, 0), (None, 5)])
def test_a_pass_needs_all_that_was_demanded(demanded: int | None, checked: int) -> None:
    with pytest.raises(ValueError, match="cannot pass"):
        result(Status.PASS, demanded, checked)


@pytest.mark.parametrize("status", [Status.PASS, Status.NOT_CHECKED, Status.NOT_APPLICABLE])
def test_a_finding_is_a_failure(status: Status) -> None:
    with pytest.raises(ValueError, match=r"cannot pass|its status is fail"):
        result(status, 1, 1, FINDING)


def test_a_failure_has_a_finding() -> None:
    with pytest.raises(ValueError, match="without a finding"):
        result(Status.FAIL)


@pytest.mark.parametrize(
    ("demanded", "checked", "findings", "expected"),
    [
        (2, 2, [], Status.PASS),
        (0, 0, [], Status.PASS),
        (2, 1, [], Status.NOT_CHECKED),
        (1, 2, [], Status.NOT_CHECKED),
        (None, 0, [], Status.NOT_CHECKED),
        (2, 2, [FINDING], Status.FAIL),
        (2, 0, [FINDING], Status.FAIL),
        (None, 0, [FINDING], Status.FAIL),
    ],
)
def test_conclusions(
    demanded: int | None, checked: int, findings: list[Finding], expected: Status
) -> None:
    tally = Tally("V6", "Selections", checked)
    assert tally.add(findings) == bool(findings)
    concluded = tally.conclude(demanded)
    assert concluded.status is expected
    assert (concluded.demanded, concluded.checked) == (demanded, checked)
    assert list(concluded.findings) == findings


def test_findings_beyond_the_bound_are_counted() -> None:
    tally = Tally("V6", "Selections", 1)
    more = MOST_FINDINGS_OF_AN_ITEM + 7
    tally.add(FINDING for _ in range(more))
    tally.add([Finding("6.D", "ballot 2", "a", "b", "c")])
    concluded = tally.conclude(1)
    assert concluded.failed_items == {"6.A", "6.D"}
    assert len(concluded.findings) == MOST_FINDINGS_OF_AN_ITEM + 2
    assert concluded.findings[-1].item == "6.A"
    assert concluded.findings[-1].found == "7 more findings of this item"


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([PASS], Verdict.ACCEPTED),
        ([PASS, ASIDE], Verdict.ACCEPTED),
        ([PASS, OPEN], Verdict.INCOMPLETE),
        ([PASS, OPEN, FAIL], Verdict.REJECTED),
        ([FAIL], Verdict.REJECTED),
        ([ASIDE], Verdict.INCOMPLETE),
        ([], Verdict.INCOMPLETE),
    ],
)
def test_verdicts(results: list[VerificationResult], expected: Verdict) -> None:
    report = Report("final", INFO, tuple(results))
    assert report.verdict is expected
    if expected is Verdict.ACCEPTED:
        report.require_accepted()
    else:
        with pytest.raises(RejectedRecord, match=expected.value):
            report.require_accepted()


def test_a_report_has_no_truth_value() -> None:
    report = Report("final", INFO, (PASS,))
    with pytest.raises(TypeError, match="no truth value"):
        bool(report)
    with pytest.raises(TypeError):
        _ = not report


def test_the_json_report() -> None:
    report = Report("sealed", INFO, (FAIL, ASIDE), ("one",)).with_notes("two")
    raw = report.to_json_bytes()
    assert raw == Report("sealed", INFO, (FAIL, ASIDE), ("one", "two")).to_json_bytes()
    assert raw.endswith(b"}\n")
    content = json.loads(raw)
    assert set(content) == {
        "format",
        "verdict",
        "stage",
        "record",
        "verifications",
        "notes",
    }
    assert content["format"] == "electionguard-2.1"
    assert (content["verdict"], content["stage"]) == ("rejected", "sealed")
    assert content["record"] == {
        "election": "e-1",
        "digest": "ab" * 32,
        "results": None,
        "rehearsal": True,
        "counts": {"ballots": 3, "boxes": 1},
    }
    assert content["notes"] == ["one", "two"]
    failed, aside = content["verifications"]
    assert failed == {
        "id": "V6",
        "title": "Selections",
        "status": "fail",
        "demanded": 1,
        "checked": 1,
        "findings": [
            {
                "item": "6.A",
                "where": "ballot 1",
                "expected": "alpha is in G",
                "found": "alpha = 0",
                "meaning": "It is no encryption.",
            }
        ],
    }
    assert aside["status"] == "not applicable"


def test_a_report_survives_text_that_is_no_text() -> None:
    odd = Finding("0.B", "\ud800", "a", "b", "c")
    raw = Report("final", INFO, (result(Status.FAIL, 1, 1, odd),)).to_json_bytes()
    assert json.loads(raw)["verifications"][0]["findings"][0]["where"]


def test_locations() -> None:
    assert str(Location()) == "the whole record"
    at = Location(file="ballots/a/000000.ndjson", line=3)
    coded = at.at(device="a", ballot=3, code=bytes(31) + b"\x01").at(contest=1)
    assert str(coded) == (
        "ballots/a/000000.ndjson, line 3, device a, ballot 3, "
        "code 22222-22222-22222-22222-22222, contest 1"
    )
    assert str(at) == "ballots/a/000000.ndjson, line 3"
    narrow = at.at(device="a", ballot=3).at(contest=1, option="ada")
    assert str(narrow) == (
        "ballots/a/000000.ndjson, line 3, device a, ballot 3, contest 1, option ada"
    )
    assert str(narrow.at(option=2)).endswith("contest 1, option 2")
    assert str(at.at(guardian=0, group="p-1")).endswith("guardian 0, group p-1")
    finding = at.fails("6.A", expected="x", found="y", meaning="z")
    assert (finding.item, finding.where, finding.found) == ("6.A", str(at), "y")


def test_brief_values() -> None:
    assert brief(0) == "0"
    assert brief(2**64 - 1) == str(2**64 - 1)
    assert brief(bytes(2)) == "0000"
    shown = brief(2**4095 + 1)
    assert shown.startswith("8000000000000000... (4096 bits, SHA-256 ")
    assert len(shown) < 80
    assert brief(2**4095) != shown


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 700)), max_size=4), max_size=4
    )
)
def test_parts_that_are_merged_are_as_if_they_came_one_by_one(
    parts: list[list[tuple[str, int]]],
) -> None:
    merged, alone = Tally("V6", "x"), Tally("V6", "x")
    for place, part in enumerate(parts):
        tally = Tally("V6", "x", checked=len(part))
        alone.checked += len(part)
        for item, number in part:
            found = [
                Location(line=place).fails(item, expected="", found=str(i), meaning="")
                for i in range(number)
            ]
            tally.add(found)
            alone.add(found)
        merged.merge(tally)
    assert merged.conclude(1) == alone.conclude(1)
