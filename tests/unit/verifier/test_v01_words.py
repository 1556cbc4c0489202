"""V1: how a version that is not the known one is shown: 60 characters of it, and never nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.verifier.small_election import SmallElection
from verifier.checks.v01_parameters import check_group


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("", "an empty string"),
        ("v2.1", "v2.1"),
        ("v" * 60, "v" * 60),
        ("v" * 61, "v" * 60 + "..."),
    ],
    ids=["empty", "short", "the longest", "too long"],
)
def test_a_version_is_shown_in_short(version: str, words: str) -> None:
    election = SmallElection.load()
    parameters = replace(election.parameters, version=version)
    (finding,) = check_group(election.group, parameters, parameters.at)
    assert (finding.item, finding.found) == ("1.A", words)
