"""V1 to V4 and V12 of a record: what they demand, and what they say when a file is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.verifier.small_election import SmallElection
from verifier.checks import (
    v01_parameters,
    v02_guardian_keys,
    v03_joint_keys,
    v04_extended_base_hash,
    v12_contest_data_decryption,
)
from verifier.report import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.context import Context
    from verifier.report import VerificationResult

DEMANDED = [
    (v01_parameters.check, 7),
    (v02_guardian_keys.check, 3),
    (v03_joint_keys.check, 3),
    (v04_extended_base_hash.check, 2),
]


@pytest.fixture
def election() -> SmallElection:
    return SmallElection.load()


@pytest.mark.parametrize(("check", "demanded"), DEMANDED, ids=["V1", "V2", "V3", "V4"])
def test_passes_an_honest_record(
    check: Callable[[Context], VerificationResult], demanded: int, election: SmallElection
) -> None:
    result = check(election.context())
    assert result.status is Status.PASS
    assert result.demanded == result.checked == demanded


@pytest.mark.parametrize(
    ("check", "missing"),
    [
        (v01_parameters.check, "parameters"),
        (v01_parameters.check, "manifest"),
        (v01_parameters.check, "manifest_bytes"),
        (v02_guardian_keys.check, "guardians"),
        (v02_guardian_keys.check, "parameters"),
        (v02_guardian_keys.check, "manifest"),
        (v03_joint_keys.check, "guardians"),
        (v04_extended_base_hash.check, "guardians"),
        (v04_extended_base_hash.check, "parameters"),
    ],
)
def test_a_missing_file_leaves_it_unchecked(
    check: Callable[[Context], VerificationResult], missing: str, election: SmallElection
) -> None:
    changes: dict[str, Any] = {missing: None}
    result = check(election.context(**changes))
    assert result.status is Status.NOT_CHECKED
    assert result.demanded is None
    assert not result.findings


def test_v1_compares_with_the_group_demanded(election: SmallElection) -> None:
    group = replace(election.group, p=election.group.p - 2, name="other")
    result = v01_parameters.check(election.context(group=group))
    assert result.failed_items == {"1.B", "1.E", "1.P"}


def test_v1_takes_n_and_k_from_the_manifest(election: SmallElection) -> None:
    manifest = replace(election.manifest, n=4)
    result = v01_parameters.check(election.context(manifest=manifest))
    assert result.failed_items == {"1.E", "1.P"}


def test_v2_demands_the_guardians_of_the_manifest(election: SmallElection) -> None:
    election.guardians = replace(election.guardians, guardians=election.guardians.guardians[:2])
    result = v02_guardian_keys.check(election.context())
    assert result.failed_items == {"2.P"}
    assert (result.demanded, result.checked) == (3, 2)


def test_v2_names_every_bad_guardian(election: SmallElection) -> None:
    guardians = list(election.guardians.guardians)
    for place in (0, 2):
        public = replace(guardians[place].public, kappa=0)
        guardians[place] = replace(guardians[place], public=public)
    election.guardians = replace(election.guardians, guardians=tuple(guardians))
    result = v02_guardian_keys.check(election.context())
    assert [finding.where for finding in result.findings if finding.item == "2.A"] == [
        "guardian 1",
        "guardian 3",
    ]
    assert result.failed_items == {"2.A", "2.R"}


def test_v3_cannot_multiply_what_is_not_there(election: SmallElection) -> None:
    guardians = list(election.guardians.guardians)
    public = replace(guardians[1].public, commitments=())
    guardians[1] = replace(guardians[1], public=public)
    election.guardians = replace(election.guardians, guardians=tuple(guardians))
    result = v03_joint_keys.check(election.context())
    assert result.status is Status.NOT_CHECKED
    assert (result.demanded, result.checked) == (3, 2)
    assert v02_guardian_keys.check(election.context()).failed_items == {"2.P"}


@pytest.mark.parametrize(
    ("changes", "items"),
    [
        ({"vote_key": 1}, {"3.A", "3.P"}),
        ({"data_key": 1}, {"3.B", "3.P"}),
    ],
)
def test_v3_looks_at_both_joint_keys(
    changes: dict[str, Any], items: set[str], election: SmallElection
) -> None:
    election.guardians = replace(election.guardians, **changes)
    result = v03_joint_keys.check(election.context())
    assert result.failed_items == items
    names = {"3.A": "K = ", "3.B": "Kh = "}
    for finding in result.findings:
        if finding.item in names:
            assert finding.expected.startswith(names[finding.item])


@pytest.mark.parametrize(("member", "item"), [("h_e", "4.A"), ("h_g", "4.P")])
def test_v4_looks_at_both_hashes(member: str, item: str, election: SmallElection) -> None:
    changes: dict[str, Any] = {member: bytes(32)}
    election.parameters = replace(election.parameters, **changes)
    result = v04_extended_base_hash.check(election.context())
    assert result.failed_items == {item}
    assert (result.demanded, result.checked) == (2, 2)


def test_v12_is_not_applicable_whatever_the_record_holds(election: SmallElection) -> None:
    result = v12_contest_data_decryption.check(election.context())
    assert result.status is Status.NOT_APPLICABLE
    assert result.note == "the record has no place for decrypted contest data of cast ballots"
