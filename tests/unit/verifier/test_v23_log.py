"""V23: what is said of a log that is not there, or that this version cannot check."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.verifier.small_election import SmallElection
from verifier.checks.v23_log import check
from verifier.report import Status, VerificationResult

NAME = ("V23", "Log and witnesses")


@pytest.fixture
def election() -> SmallElection:
    return SmallElection.load()


def test_without_a_log_there_is_nothing_to_check(election: SmallElection) -> None:
    note = "The manifest names no log: nobody has witnessed this record."
    expected = VerificationResult(*NAME, Status.NOT_APPLICABLE, 0, 0, (), note)
    assert check(election.context()) == expected


def test_a_log_is_owed_and_not_checked(election: SmallElection) -> None:
    board = replace(election.manifest.board, log="signed-note")
    found = check(election.context(manifest=replace(election.manifest, board=board)))
    note = "The manifest names a log, and this version does not check logs."
    assert found == VerificationResult(*NAME, Status.NOT_CHECKED, 1, 0, (), note)


def test_without_a_manifest_nobody_knows(election: SmallElection) -> None:
    found = check(election.context(manifest=None))
    assert found == VerificationResult(*NAME, Status.NOT_CHECKED, None, 0)
