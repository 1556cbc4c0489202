"""What an explanation may not promise: a party's lawyer reads it as it stands."""

from __future__ import annotations

import pytest

from verifier.explanations import explanations

ABOUT = explanations()
ITEMS = {item.id: item for entry in ABOUT.values() for item in entry.items}
COUNTED = ["22.A", "22.B", "22.C", "22.D", "22.E"]


@pytest.mark.parametrize("id_", ["V6", "V7", "V9"])
def test_a_second_sum_beside_the_first_is_said_to_open_the_ballots_between(id_: str) -> None:
    said = ABOUT[id_].stands
    assert "how the ballots between the" in said
    assert "were marked" in said
    assert "refuse a second plan" in said


@pytest.mark.parametrize("id_", ["9.A", "9.B"])
def test_the_right_sum_is_not_said_to_be_decrypted_as_a_matter_of_course(id_: str) -> None:
    assert "shows how the ballots between the two were marked" in ITEMS[id_].stands
    assert "refuse a second plan" in ITEMS[id_].stands


@pytest.mark.parametrize("id_", COUNTED)
def test_votes_stand_only_where_they_were_proven(id_: str) -> None:
    assert "if V9 to V11" in ITEMS[id_].stands


@pytest.mark.parametrize("text", [ABOUT["V8"].meaning, ITEMS["8.E"].meaning, ITEMS["8.G"].meaning])
def test_a_chain_that_anybody_can_compute_is_not_said_to_bind_alone(text: str) -> None:
    assert "signature" in text


@pytest.mark.parametrize("id_", ["13.B", "13.P"])
def test_a_bad_encrypted_nonce_is_named_as_a_cause(id_: str) -> None:
    assert "a bad encrypted nonce, which alone does not show" in ITEMS[id_].fault


@pytest.mark.parametrize("id_", ["20.K", "24.K"])
def test_the_record_is_not_said_to_show_what_came_first(id_: str) -> None:
    assert "before the decryption began" not in ITEMS[id_].meaning
    assert "made before anything was decrypted, names" not in ITEMS[id_].meaning
    assert "guardians" in ITEMS[id_].meaning
