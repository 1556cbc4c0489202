"""Every case of the museum is refused, by the items that its index names and by no other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from egcore.parameters import STANDARD
from tests.attacks.judge import judge
from tests.attacks.museum.base import BOX, honest_record
from tests.attacks.museum.case import Power
from tests.attacks.museum.catalogue import BY_ID, CASES
from tests.attacks.museum.lies import lie, true_values
from tests.attacks.museum.scene import BeyondItsMeansError, Scene, build
from tests.attacks.museum.verdict import differences
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.group import Group
    from tests.attacks.museum.case import Case

ON_STANDARD = [case.id for case in CASES if case.standard]


def judged(case: Case, group: Group, folder: Path) -> list[str]:
    report = judge(build(case, group), group, folder)
    return differences(case, json.loads(report.to_json_bytes()))


@pytest.mark.parametrize("id_", BY_ID)
def test_the_attack_is_stopped_by_its_items_alone(id_: str, tmp_path: Path) -> None:
    assert judged(BY_ID[id_], TOY, tmp_path) == []


@pytest.mark.standard
@pytest.mark.parametrize("id_", ON_STANDARD)
def test_the_attack_is_stopped_on_the_standard_group(id_: str, tmp_path: Path) -> None:
    assert judged(BY_ID[id_], STANDARD, tmp_path) == []


def test_the_record_that_cases_start_from_is_accepted(tmp_path: Path) -> None:
    judge(honest_record(TOY), TOY, tmp_path).require_accepted()


@pytest.mark.standard
def test_the_record_on_the_standard_group_is_accepted(tmp_path: Path) -> None:
    judge(honest_record(STANDARD), STANDARD, tmp_path).require_accepted()


def test_an_honest_ballot_made_by_a_liars_means_is_accepted(tmp_path: Path) -> None:
    """The means alone change nothing: only the lie does."""
    record = lie(true_values)(Scene(TOY, frozenset({Power.BOX})))
    judge(record, TOY, tmp_path).require_accepted()


def test_an_operator_has_nobodys_secrets() -> None:
    """What a case may use is what its means say: the scene hands out nothing else."""
    scene = Scene(TOY, frozenset({Power.OPERATOR}))
    assert scene.box_key(BOX) is None
    assert scene.registrar_keys() is None
    assert [scene.guardian_key(i) for i in (1, 2, 3)] == [None, None, None]
    with pytest.raises(BeyondItsMeansError):
        scene.lying(scene.election.boxes[BOX])
    with pytest.raises(BeyondItsMeansError):
        scene.require(Power.GUARDIANS, Power.PLOT)


def test_one_guardian_has_its_own_key_alone() -> None:
    scene = Scene(TOY, frozenset({Power.GUARDIAN}))
    assert [scene.guardian_key(i) is not None for i in (1, 2, 3)] == [False, False, True]
