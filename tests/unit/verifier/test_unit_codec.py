"""Every result survives its encoding, and no other bytes are a result."""

from __future__ import annotations

import json
import random
import tracemalloc
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.attacks.judge import write_folder as write_attack
from tests.attacks.museum.catalogue import BY_ID
from tests.attacks.museum.scene import build
from tests.toy_groups import TOY
from tests.unit.verifier.two_files import two_files
from tests.unit.verifier.units_of import results_of
from tests.unit.verifier.whole_record import sealed, write_folder
from verifier.ballot_checks import modules_of
from verifier.context import FINAL, SEALED
from verifier.findings import Finding
from verifier.guard import Fault
from verifier.report import MOST_FINDINGS_OF_AN_ITEM, Tally
from verifier.unit_result import Reported, UnitResult
from verifier.whole.codings import TEXT, members
from verifier.whole.part_codings import PARTS
from verifier.whole.unit_codec import MOST_BYTES, NotAResult, decode_result, encode_result

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[UnitResult]:
    """Those of a record of two boxes, one of which has two files, receipts included."""
    folder = write_folder(two_files(), tmp_path_factory.mktemp("record"))
    return [result for _, result in results_of(folder, receipts=True)]


def survives(result: UnitResult) -> None:
    raw = encode_result(result)
    back = decode_result(raw)
    assert back == result
    assert {id_: type(part.part) for id_, part in back.parts.items()} == {
        id_: type(part.part) for id_, part in result.parts.items()
    }
    assert encode_result(back) == raw
    assert raw.isascii()
    assert b"\n" not in raw


def test_results_of_an_accepted_record_survive(results: list[UnitResult]) -> None:
    assert [result.ballots for result in results] == [256, 4, 2]
    for result in results:
        survives(result)


@pytest.mark.parametrize("id_", list(BY_ID)[::12])
def test_results_of_an_attack_survive(id_: str, tmp_path: Path) -> None:
    folder = write_attack(build(BY_ID[id_], TOY), tmp_path)
    for _, result in results_of(folder):
        survives(result)


def test_results_at_stage_sealed_survive(tmp_path: Path) -> None:
    for _, result in results_of(write_folder(sealed(), tmp_path), SEALED):
        assert "V9" not in result.parts
        survives(result)


def test_a_fault_survives_with_its_traceback(results: list[UnitResult]) -> None:
    fault = Fault("KeyError", ("Traceback", '  File "x.py", line 1', "KeyError: 'é\\x1b'"))
    parts = {**results[0].parts, "V6": Reported(None, fault)}
    survives(replace(results[0], parts=parts))


def test_findings_beyond_the_bound_survive_with_their_number(results: list[UnitResult]) -> None:
    tally = Tally("V6", "title")
    many = (Finding("6.A", "place \ud800", "é", "\U0001f5f3", "") for _ in range(1_007))
    tally.add(many)
    tally.add([Finding("6.B", "", "", "", "")])
    result = replace(results[0], parts={**results[0].parts, "V6": Reported(tally, None)})
    survives(result)
    part = decode_result(encode_result(result)).parts["V6"].part
    assert isinstance(part, Tally)
    found = part.conclude(None).findings
    assert found == tally.conclude(None).findings
    assert len(found) == MOST_FINDINGS_OF_AN_ITEM + 2


def test_equal_results_have_equal_encodings(results: list[UnitResult]) -> None:
    first = results[0]
    backwards = replace(
        first,
        parts=dict(reversed(list(first.parts.items()))),
        statuses=dict(reversed(list(first.statuses.items()))),
        cells=dict(reversed(list(first.cells.items()))),
        digests=dict(reversed(list(first.digests.items()))),
    )
    assert backwards == first
    assert encode_result(backwards) == encode_result(first)


def test_there_is_a_coding_for_every_verification_of_ballots() -> None:
    assert {module.ID for module in modules_of(FINAL)} == set(PARTS)


def test_a_field_that_is_added_must_be_coded() -> None:
    names = [field.name for field in fields(Finding)]
    with pytest.raises(TypeError, match="fields"):
        members(Finding, dict.fromkeys(names[:-1], TEXT), None)


# What is no result


def is_refused_or_its_own(raw: bytes) -> bool:
    """Whether bytes are refused. Nothing but NotAResult may come, and nothing is read loosely."""
    try:
        result = decode_result(raw)
    except NotAResult:
        return True
    assert encode_result(result) == raw
    return False


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_refused(raw: bytes) -> None:
    assert is_refused_or_its_own(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=10) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=30,
)


@given(JSON)
def test_json_of_any_kind_is_refused(value: object) -> None:
    for content in (value, ["dalel/unit-result/1", value]):
        assert is_refused_or_its_own(json.dumps(content, separators=(",", ":")).encode())


@given(st.data())
def test_a_changed_encoding_is_refused_or_another_result(
    results: list[UnitResult], data: st.DataObject
) -> None:
    raw = bytearray(encode_result(results[2]))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        cut = data.draw(st.integers(0, 3))
        raw[at : at + cut] = data.draw(st.binary(max_size=3) | st.sampled_from([b'"', b"[", b"]"]))
    is_refused_or_its_own(bytes(raw))


def places(value: Any, at: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    found = [at]
    if isinstance(value, list):
        for number, one in enumerate(value):
            found += places(one, (*at, number))
    return found


def test_a_value_of_another_kind_anywhere_is_refused(results: list[UnitResult]) -> None:
    """Each value of a result in turn becomes another: never an exception but NotAResult."""
    raw = encode_result(results[1])
    chosen = random.Random(1)
    others: list[object] = [
        None, True, -1, 2**53, 10**400, 0.5, "", "é", "=", "AA", [], [[]], [1, 2], {}, {"a": 1},
    ]  # fmt: skip
    refused = 0
    for place in places(json.loads(raw))[1:]:
        content = json.loads(raw)
        inner = content
        for number in place[:-1]:
            inner = inner[number]
        inner[place[-1]] = chosen.choice(others)
        changed = json.dumps(content, separators=(",", ":")).encode()
        refused += is_refused_or_its_own(changed)
    assert refused > len(places(json.loads(raw))) / 2


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw + b"\n",
        lambda raw: b" " + raw,
        lambda raw: raw.replace(b",", b", ", 1),
        lambda raw: raw.replace(b"unit-result/1", b"unit-result/2"),
        lambda raw: raw.replace(b'"V5"', b'"V\\u0035"', 1),
        lambda raw: raw[:-1],
        lambda raw: raw + raw,
        lambda raw: raw.replace(b"[", b"[" * 100_000, 1),
        lambda _: b"[" * MOST_BYTES + b"]" * 8,
        lambda _: b"",
    ],
)
def test_only_the_one_encoding_is_read(results: list[UnitResult], change: Any) -> None:
    raw = encode_result(results[2])
    decode_result(raw)
    with pytest.raises(NotAResult):
        decode_result(change(raw))


def test_counts_that_are_not_those_of_the_findings_are_refused(results: list[UnitResult]) -> None:
    """They would be a fault of this program when results are added up."""
    finding = Finding("6.A", "a", "b", "c", "d")
    for kept, counts in (
        ([], {"6.A": 1}),
        ([finding], {}),
        ([finding], {"6.A": 2}),
        ([finding], {"6.B": 1}),
        ([finding] * 1_001, {"6.A": 1_001}),
    ):
        tally = Tally("V6", "title", 0, kept, counts)
        parts = {**results[2].parts, "V6": Reported(tally, None)}
        raw = encode_result(replace(results[2], parts=parts))
        with pytest.raises(NotAResult):
            decode_result(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"[" + b"[]," * 2**21 + b"[]]",
        b"[" + b'"ab",' * (MOST_BYTES // 5 - 1) + b"1]",
        b'["' + b"a" * (MOST_BYTES - 4) + b'"]',
        b"[" + b"1" * (MOST_BYTES - 2) + b"]",
        b"a" * (MOST_BYTES + 1),
    ],
    ids=["arrays", "texts", "one text", "one number", "too long"],
)
def test_what_is_large_needs_no_memory_beyond_the_bound(raw: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(NotAResult):
            decode_result(raw)
        assert tracemalloc.get_traced_memory()[1] < 200 * 2**20
    finally:
        tracemalloc.stop()
