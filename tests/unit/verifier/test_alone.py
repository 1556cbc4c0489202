"""Records that fail one item and no other: those that no case of the museum leaves alone.

Whoever makes such a record holds every key: what hangs on the fault is computed and signed again.
The names of these tests stand in specs/22-items.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.attacks.elections import PARTICIPANTS, honest_ballots, small_election
from tests.simulator.ceremony import hold_ceremony
from tests.toy_groups import TOY
from tests.unit.verifier.signed_again import (
    PLAN,
    TRANSCRIPT,
    Content,
    Signatory,
    contents,
    joined,
    sha256,
)
from tests.unit.verifier.whole_record import (
    BOX,
    DEVICE,
    SIGNATURE,
    honest,
    sealed,
    verify,
    with_object,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.verifier.whole_record import Record

PARAMETERS = "parameters.json"
PLAN_LINES = "tally/plan.ndjson"
FALSE = "1f" * 32
OTHER_ELEMENT = f"{TOY.power_g(7):0{2 * TOY.lp}x}"


def failed(record: Record, folder: Path, stage: str = "final") -> frozenset[str]:
    return verify(record, folder, stage).failed_items


def broken(digits: str) -> str:
    return ("0" if digits[0] != "0" else "1") + digits[1:]


def held() -> Record:
    """An election held by the producing packages as they are at this moment."""
    election = small_election(TOY, hold_ceremony(TOY, 3, 2))
    honest_ballots(election)
    return election.record(PARTICIPANTS)


# V1 and V4


def test_another_version_is_1_a_alone(tmp_path: Path) -> None:
    record = with_object(honest(), PARAMETERS, lambda it: it.update(version="2.0.0"))
    assert failed(record, tmp_path) == {"1.A"}


def test_an_election_under_another_h_p_is_1_e_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("tests.simulator.ceremony", "egcore.ceremony_rounds"):
        monkeypatch.setattr(f"{module}.parameter_base_hash", lambda *_: bytes.fromhex(FALSE))
    assert failed(held(), tmp_path) == {"1.E"}


def test_another_name_of_the_group_is_1_p_alone(tmp_path: Path) -> None:
    def rename(parameters: Content) -> None:
        parameters["parameter_set"]["name"] = "standard"

    assert failed(with_object(honest(), PARAMETERS, rename), tmp_path) == {"1.P"}


@pytest.mark.parametrize("number", ["n", "k"])
def test_other_numbers_of_guardians_are_1_p_alone(number: str, tmp_path: Path) -> None:
    record = with_object(honest(), PARAMETERS, lambda it: it.update({number: it[number] + 1}))
    assert failed(record, tmp_path) == {"1.P"}


def test_an_election_under_another_h_e_is_4_a_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    false = bytes.fromhex(FALSE)
    monkeypatch.setattr("tests.simulator.ceremony.extended_base_hash", lambda *_: false)
    assert failed(held(), tmp_path) == {"4.A"}


def test_a_signed_h_g_of_other_keys_is_4_p_alone(tmp_path: Path) -> None:
    def sign_off(line: Content) -> None:
        if line["kind"] == "sign_off":
            line["h_g"] = FALSE

    record = with_object(honest(), PARAMETERS, lambda it: it.update(h_g=FALSE))
    record = Signatory().transcript(record, contents(record[TRANSCRIPT]), sign_off)
    assert failed(record, tmp_path) == {"4.P"}


# V8 and V20, at the stage where a change of a box's file has least to follow it


def _start(**members: str) -> Callable[[Content], object]:
    return lambda file: file["start"].update(members)


def test_another_device_hash_is_8_c_alone(tmp_path: Path) -> None:
    by = Signatory()
    record = by.seal(by.closing(sealed(), BOX, _start(h_di=FALSE)))
    assert failed(record, tmp_path, "sealed") == {"8.C"}


@pytest.mark.parametrize("member", [{"b_c0": "00000001" + FALSE}, {"h_0": FALSE}])
def test_another_start_of_a_chain_is_8_f_alone(member: dict[str, str], tmp_path: Path) -> None:
    by = Signatory()
    record = by.seal(by.closing(sealed(), BOX, _start(**member)))
    assert failed(record, tmp_path, "sealed") == {"8.F"}


def test_an_unsigned_ballot_file_is_20_e_alone(tmp_path: Path) -> None:
    by = Signatory()
    record = with_object(sealed(), SIGNATURE, lambda sig: sig.update(sig=broken(sig["sig"])))
    record = by.seal(by.closing(record, BOX))
    assert failed(record, tmp_path, "sealed") == {"20.E"}


def test_an_unsigned_closing_is_20_h_alone(tmp_path: Path) -> None:
    record = with_object(sealed(), DEVICE, lambda file: file.update(sig=broken(file["sig"])))
    assert failed(Signatory().seal(record), tmp_path, "sealed") == {"20.H"}


# V9: the guardians sign a plan with another sum, and decrypt the right one


def _planned(**members: str) -> Record:
    lines = contents(honest()[PLAN_LINES])
    lines[0]["options"][0].update(members)
    record = {**honest(), PLAN_LINES: joined(lines)}
    digest = sha256(record[PLAN_LINES])
    return Signatory().plan(record, lambda plan: plan.update(plan=digest))


def test_another_a_in_the_plan_is_9_a_alone(tmp_path: Path) -> None:
    assert failed(_planned(a=OTHER_ELEMENT), tmp_path) == {"9.A"}


def test_another_b_in_the_plan_is_9_b_alone(tmp_path: Path) -> None:
    assert failed(_planned(b=OTHER_ELEMENT), tmp_path) == {"9.B"}


# V24


def test_another_proof_in_a_reveal_is_24_e_alone(tmp_path: Path) -> None:
    """The revealed proof is not the published one; the commit line fits what was revealed."""
    lines = contents(honest()[TRANSCRIPT])
    reveal = next(line for line in lines if line["kind"] == "reveal")
    reveal["public"]["proof"]["c"] = broken(reveal["public"]["proof"]["c"])
    assert failed(Signatory().transcript(honest(), lines), tmp_path) == {"24.E"}


def test_the_hand_that_signs_again_changes_nothing(tmp_path: Path) -> None:
    """Each record above starts from one that is accepted when nothing but signatures is new."""
    by = Signatory()
    record = by.transcript(honest(), contents(honest()[TRANSCRIPT]))
    assert PLAN in record
    assert failed(by.plan(record), tmp_path / "final") == frozenset()
    assert failed(by.seal(by.closing(sealed(), BOX)), tmp_path / "sealed", "sealed") == frozenset()
    assert failed(held(), tmp_path / "held") == frozenset()
    assert json.loads(record[PARAMETERS])["version"] == "2.1.0"
