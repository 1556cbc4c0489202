"""What each verification looked at, when a file of the record is missing or cannot be read.

Units checked of units demanded are as approved (`approved_texts`): what was not looked at is never
counted, and what is there is looked at though something else is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.approved_texts import approved_accounts
from tests.unit.verifier.damaged import account, before_decryption, changed, damages

if TYPE_CHECKING:
    from pathlib import Path

APPROVED = approved_accounts()
WHOLE = APPROVED["nothing"]
NAMES = [name for name in APPROVED if name != "nothing"]


def test_the_whole_record(tmp_path: Path) -> None:
    assert account(damages()["nothing"], tmp_path) == WHOLE


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_record(name: str, tmp_path: Path) -> None:
    assert changed(WHOLE, account(damages()[name], tmp_path)) == APPROVED[name]


def test_every_damage_has_an_account() -> None:
    assert sorted(damages()) == sorted(APPROVED)


def test_before_anything_was_decrypted(tmp_path: Path) -> None:
    found = changed(WHOLE, account(before_decryption(damages()["nothing"]), tmp_path, "sealed"))
    later = ("V9", "V10", "V11", "V21", "V22")
    assert {id_: found.pop(id_).split(": ")[1] for id_ in later} == dict.fromkeys(
        later, "not applicable, 0 of 0"
    )
    assert found == {
        "V0": "Form of the record: pass, 23 of 23",
        "V24": "Guardians: pass, 3 of 3",
    }
