"""1x.0.E: each rule for a manifest is broken by one change, and the change is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.verifier_eg1x.toy_manifest import make_manifest
from verifier.eg1x.manifest_rules import manifest_faults
from verifier.eg1x.reader.manifest import manifest
from verifier.reader.shape import ShapeFault

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[Any], object]


def faults_of(change: Change) -> list[tuple[str, str]]:
    found = make_manifest()
    change(found)
    return list(manifest_faults(manifest(found)))


def test_the_manifest_of_the_toy_election_has_none() -> None:
    assert faults_of(lambda _: None) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda m: m["contests"][1].update(sequence_order=0), "order of a contest 0 once"),
        (lambda m: m["parties"].append(m["parties"][0]), "party 'party' once"),
        (lambda m: m["ballot_styles"].append(m["ballot_styles"][0]), "style-all' once"),
        (lambda m: m["candidates"].append(m["candidates"][0]), "candidate 'pair-candidate-0' once"),
        (lambda m: m["geopolitical_units"].append(m["geopolitical_units"][0]), "unit 'all' once"),
        (
            lambda m: m["contests"][0]["ballot_selections"][0].update(object_id="yesno-1"),
            "selection 'yesno-1' once",
        ),
        (
            lambda m: m["contests"][1]["ballot_selections"][0].update(
                object_id="pair-3-placeholder"
            ),
            "selection 'pair-3-placeholder' once",
        ),
        (
            lambda m: m["contests"][0]["ballot_selections"][0].update(sequence_order=1),
            "contest 'pair': order 1 once",
        ),
        (lambda m: m["contests"][0].update(electoral_district_id="nowhere"), "a geopolitical unit"),
        (
            lambda m: m["contests"][0]["ballot_selections"][0].update(candidate_id="nobody"),
            "a candidate of the manifest",
        ),
        (lambda m: m["ballot_styles"][0].update(geopolitical_unit_ids=["x"]), "a geopolitical"),
        (lambda m: m["ballot_styles"][0].update(party_ids=["x"]), "a party of the manifest"),
        (lambda m: m["candidates"][0].update(party_id="x"), "a party of the manifest"),
        (lambda m: m.update(election_scope_id="a|b"), "an id without a bar"),
        (lambda m: m["contests"][0].update(vote_variation="a|b"), "an id without a bar"),
        (lambda m: m["contests"][0].update(ballot_selections=[]), "contest 'pair': a selection"),
        (lambda m: m["contests"][0].update(votes_allowed=1), "votes_allowed not below"),
        (lambda m: m.update(contests=[m["contests"][0] | {"number_elected": 1_000}] * 10), "10000"),
    ],
)
def test_a_rule_is_broken(change: Change, expected: str) -> None:
    found = faults_of(change)
    assert len(found) == 1
    assert expected in found[0][0]


def test_more_votes_allowed_than_elected_is_no_fault() -> None:
    """The proofs state the lower number, which is then the limit."""
    assert faults_of(lambda m: m["contests"][0].update(votes_allowed=3)) == []
    assert faults_of(lambda m: m["contests"][0].update(votes_allowed=None)) == []


@pytest.mark.parametrize("elected", [0, 1_001, None, "2", True])
def test_the_number_elected_is_bounded_before_placeholders_are_made(elected: Any) -> None:
    with pytest.raises(ShapeFault):
        faults_of(lambda m: m["contests"][0].update(number_elected=elected))


@pytest.mark.parametrize(
    ("text", "hashed"),
    [
        ("2026-11-03T20:00:00+02:00", "2026-11-03T18:00:00Z"),
        ("2026-11-03T20:00:00Z", "2026-11-03T20:00:00Z"),
        ("2026-11-03T20:00:00", "2026-11-03T20:00:00Z"),
        ("2026-11-03T20:00:00.999999-05:30", "2026-11-04T01:30:00Z"),
    ],
)
def test_dates_are_hashed_in_utc_without_fractions(text: str, hashed: str) -> None:
    found = make_manifest()
    found["start_date"] = text
    assert manifest(found).start == hashed


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03",
        "2026-13-03T20:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "2026-11-03 20:00:00",
        "20261103T200000",
        7,
    ],
)
def test_what_is_no_date(text: Any) -> None:
    found = make_manifest()
    found["start_date"] = text
    with pytest.raises(ShapeFault):
        manifest(found)
