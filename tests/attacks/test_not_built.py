"""T99: a verification that is not built says so, and nothing is accepted over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.records.manifest import Log
from tests.attacks.judge import judge
from tests.attacks.museum.base import (
    four_ballots,
    museum_manifest,
    new_election,
    publish,
    registrars_of,
)
from tests.toy_groups import TOY
from verifier.report import Status, Verdict

if TYPE_CHECKING:
    from pathlib import Path


def test_a_record_with_a_log_is_incomplete_and_never_accepted(tmp_path: Path) -> None:
    """V23 is the one that is not built. Everything else of the record is right."""
    log = Log(origin="origin", key="key", witnesses=("one", "two"), quorum=1)
    manifest = museum_manifest(registrars_of(TOY)).model_copy(update={"board": log})
    election = new_election(TOY, manifest=manifest)
    four_ballots(election)
    report = judge(publish(election), TOY, tmp_path)
    assert report.failed_items == set()
    assert report.verdict is Verdict.INCOMPLETE
    left = [result.id for result in report.verifications if result.status is Status.NOT_CHECKED]
    assert left == ["V23"]
