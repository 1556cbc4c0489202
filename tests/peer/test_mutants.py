"""Records of the peer with one thing changed: the verifier refuses each for exactly what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.peer import mutants_ballots, mutants_proofs, mutants_setup, mutants_tally
from tests.peer.judged import failed_items, judge, remember_powers
from tests.specification import REPOSITORY
from verifier.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.peer.mutant import Mutant
    from tests.peer.record import PeerRecord

pytestmark = pytest.mark.standard

SPECIFICATION: Final = REPOSITORY / "specs" / "23-electionguard-1x.md"

MUTANTS: list[Mutant] = [
    *mutants_setup.FORM,
    *mutants_setup.PARAMETERS,
    *mutants_setup.GUARDIANS,
    *mutants_proofs.SELECTIONS,
    *mutants_proofs.LIMITS,
    *mutants_ballots.HASHES,
    *mutants_ballots.STRUCTURE,
    *mutants_ballots.CHAIN,
    *mutants_ballots.SUMS,
    *mutants_tally.SHARES,
    *mutants_tally.PARTS,
    *mutants_tally.COEFFICIENTS,
    *mutants_tally.COUNTS,
    *mutants_tally.SPOILED,
]


@pytest.fixture(scope="module", autouse=True)
def _powers() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        remember_powers(patch)
        yield


def test_the_record_itself_is_accepted(small: PeerRecord, tmp_path: Path) -> None:
    """What is read, copied and written again is still the record that the package exported."""
    report = judge(small.copy().write(tmp_path / "record"))
    assert report.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_refused(small: PeerRecord, tmp_path: Path, mutant: Mutant) -> None:
    record = small.copy()
    mutant.change(record)
    report = judge(record.write(tmp_path / "record"))
    assert failed_items(report) == set(mutant.items.split())
    assert report.verdict is Verdict.REJECTED


def test_every_mutant_has_a_name_of_its_own() -> None:
    names = [mutant.name for mutant in MUTANTS]
    assert len(names) == len(set(names)) >= 60


def test_every_item_of_the_format_is_failed_by_a_mutant() -> None:
    """No check of the verifier is without a record of the package that it alone speaks about."""
    defined = re.findall(r"^### (1x\.\d+\.[A-Z]) ", SPECIFICATION.read_text("utf-8"), re.MULTILINE)
    assert set(defined) == {item for mutant in MUTANTS for item in mutant.items.split()}
