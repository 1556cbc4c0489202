"""Every item fails, exactly, for a record with that one thing wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.specification import defined
from tests.unit.verifier_eg1x.faults import FAULTS, Fault
from tests.unit.verifier_eg1x.judged import judge
from tests.unit.verifier_eg1x.test_items_alone import ALONE
from tests.unit.verifier_eg1x.toy_tally import honest
from verifier.eg1x import batch
from verifier.eg1x.checks import v04_selections
from verifier.report import Status, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from verifier.eg1x.ballots import BallotInHand


def test_the_honest_record_is_accepted(tmp_path: Path) -> None:
    report = judge(honest(), tmp_path)
    assert report.verdict is Verdict.ACCEPTED
    assert {result.status for result in report.verifications} == {Status.PASS}
    assert dict(report.record.counts) == {
        "devices": 2,
        "ballots": 4,
        "ballots_unreadable": 0,
        "cast": 3,
        "spoiled": 1,
        "guardians": 3,
        "quorum": 2,
        "guardians_that_decrypted": 2,
    }


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_fails_its_items_and_no_other(fault: Fault, tmp_path: Path) -> None:
    report = judge(fault.make(), tmp_path)
    assert report.verdict is Verdict.REJECTED
    assert report.failed_items == fault.items


IN_BATCHES = [f for f in FAULTS if any(item.startswith(("1x.4.", "1x.5.")) for item in f.items)]


@pytest.mark.parametrize("fault", IN_BATCHES, ids=lambda fault: fault.name)
def test_a_fault_is_found_without_batches_as_with_them(
    fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = fault.make()
    report = judge(files, tmp_path)
    monkeypatch.setattr(batch, "holds", lambda *_: False)
    assert judge(files, tmp_path).to_json_bytes() == report.to_json_bytes()


def test_one_bad_ballot_leaves_the_others_to_their_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of four ballots three are proven together, and only the bad one by each of its equations."""
    proven: list[bool] = []
    check = v04_selections.Verification.check

    def watched(self: v04_selections.Verification, hand: BallotInHand) -> None:
        proven.append(hand.is_proven)
        check(self, hand)

    monkeypatch.setattr(v04_selections.Verification, "check", watched)
    (fault,) = (fault for fault in FAULTS if fault.name == "a0 wrong")
    assert judge(fault.make(), tmp_path).failed_items == {"1x.4.E"}
    assert proven == [False, True, True, True]


def test_every_item_of_the_specification_fails_alone_somewhere() -> None:
    items = {name for name in defined() if name.startswith("1x.")}
    alone = {item for fault in FAULTS if len(fault.items) == 1 for item in fault.items}
    assert sorted(items - alone - ALONE) == []
    assert sorted(alone | ALONE) == sorted(items)


def test_names_of_faults_are_unique() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
