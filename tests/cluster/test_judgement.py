"""What a verdict may rest on: nothing that only workers of a cluster have said, unless trusted."""

from __future__ import annotations

import pytest

from verifier.cluster.facts import ClusterFacts
from verifier.cluster.judgement import REST_ON_UNITS, weighed
from verifier.report import (
    Finding,
    RecordInfo,
    Report,
    Status,
    Verdict,
    VerificationResult,
    not_applicable,
)
from verifier.sources import SOURCES
from verifier.table import TABLE

FOUND = Finding("6.D", "ballots/b/000000.ndjson, line 1", "a proof", "another", "It is false.")
ADDED_UP = Finding("9.A", "contest one", "a product", "another", "It is false.")
OWN = Finding("1.A", "parameters.json", "a version", "another", "It is false.")


def report(*findings: Finding) -> Report:
    """A report in which all passes but what the findings are of; V12 is not applicable."""
    results = []
    for entry in TABLE:
        mine = tuple(one for one in findings if one.item.split(".")[0] == entry.id[1:])
        status = Status.FAIL if mine else Status.PASS
        results.append(VerificationResult(entry.id, entry.title, status, 5, 5, mine))
    results.append(not_applicable("V12", "nothing", "no place for it"))
    return Report("final", RecordInfo("e", None, None, {}), tuple(results))


def facts(*confirmed: Finding, trust: bool = False) -> ClusterFacts:
    return ClusterFacts("tcp://127.0.0.1:1", trust, confirmed=set(confirmed))


def never() -> Report:
    raise AssertionError("there is nothing to look at again")


def test_what_rests_on_units_is_what_takes_ballots_or_sums() -> None:
    """Those that the table of sources has build on boxes or statuses; V0 reads ballots, too."""
    building = {id_ for id_, items in SOURCES.items() if "20.A" in items}
    assert building | {"V0", "V20"} == REST_ON_UNITS


def test_with_trust_only_notes_are_added() -> None:
    for before in (report(), report(FOUND), report(ADDED_UP)):
        after = weighed(before, facts(trust=True), never)
        assert after == before.with_notes(*facts(trust=True).notes())


def test_without_trust_nothing_is_accepted() -> None:
    after = weighed(report(), facts(), never)
    assert after.verdict is Verdict.INCOMPLETE
    unchecked = {one.id for one in after.verifications if one.status is Status.NOT_CHECKED}
    assert unchecked == REST_ON_UNITS
    assert {(one.demanded, one.checked) for one in after.verifications} == {(5, 5), (0, 0)}
    assert len([note for note in after.notes if "without --cluster" in note]) == len(unchecked)


@pytest.mark.parametrize("finding", [FOUND, OWN])
def test_a_finding_of_this_process_stands(finding: Finding) -> None:
    after = weighed(report(finding), facts(*{finding} - {OWN}), never)
    assert after.verdict is Verdict.REJECTED
    assert after.failed_items == {finding.item}


@pytest.mark.parametrize("findings", [(FOUND,), (ADDED_UP,), (OWN, ADDED_UP)])
def test_for_any_other_this_process_looks_at_everything(findings: tuple[Finding, ...]) -> None:
    for alone in (report(), report(FOUND)):
        after = weighed(report(*findings), facts(), lambda alone=alone: alone)  # type: ignore[misc]
        assert after.failed_items == alone.failed_items
        assert after.verdict is not Verdict.ACCEPTED
        assert any("looked at the whole record" in note for note in after.notes)


def test_one_confirmed_finding_does_not_cover_another() -> None:
    after = weighed(report(FOUND, ADDED_UP), facts(FOUND), lambda: report(FOUND))
    assert after.failed_items == {"6.D"}
