"""Records of every kind: exact bytes in and out, closed, strict (items 0.B and 0.C)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from egcore.canonical import canonical
from egcore.errors import MalformedRecord
from egcore.parameters import STANDARD
from egcore.records.ballot import Ballot, EncryptedOption, ProofEntry
from egcore.records.ceremony import TRANSCRIPT_LINE, Enrol
from egcore.records.device import DEVICE_FILE, Closing, DeviceFile, LostDevice
from egcore.records.guardians import GuardiansFile
from egcore.records.opening import OpenedContest, Opening
from egcore.records.parameters import Parameters
from egcore.records.results import Results
from egcore.records.seal import LostBox, Seal, SealedBox
from egcore.records.tally import DecryptedLine, DecryptedOption, EmptyOption, PlanFile, Statement
from tests.record_samples import sample_ballot, samples
from tests.sample_values import Sample, Values
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from egcore.records.record import Record, RecordReader

SAMPLES = samples(TOY)
HEX = re.compile("[0-9a-f]+")
every_kind = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


def members_of(sample: Sample) -> Any:
    return json.loads(sample.record.to_bytes(TOY))


def refusal(reader: RecordReader[Any], members: object) -> str:
    with pytest.raises(MalformedRecord) as caught:
        reader.from_bytes(canonical(members), TOY, "a/file.json")
    assert caught.value.path == "a/file.json"
    return caught.value.reason


@every_kind
def test_bytes_are_canonical_and_read_back(sample: Sample) -> None:
    raw = sample.record.to_bytes(TOY)
    assert raw == canonical(sample.record.to_object(TOY))
    again = sample.reader.from_bytes(raw, TOY)
    assert again == sample.record
    assert type(again) is type(sample.record)
    assert again.to_bytes(TOY) == raw


@every_kind
def test_an_unknown_member_is_refused(sample: Sample) -> None:
    members = members_of(sample)
    members["zz"] = 1
    assert "zz is not a member" in refusal(sample.reader, members)


@every_kind
def test_each_member_is_needed(sample: Sample) -> None:
    for name in members_of(sample):
        members = members_of(sample)
        del members[name]
        assert f"{name} is missing" in refusal(sample.reader, members) or name == "kind"


@every_kind
def test_no_member_may_be_of_another_type(sample: Sample) -> None:
    for name, value in members_of(sample).items():
        members = members_of(sample)
        members[name] = 1 if isinstance(value, str) else "1"
        assert refusal(sample.reader, members)
        members[name] = [value]
        assert refusal(sample.reader, members)


@every_kind
def test_hex_has_one_width_and_one_case(sample: Sample) -> None:
    for name, value in members_of(sample).items():
        if not isinstance(value, str) or len(value) < 2 * TOY.lq or not HEX.fullmatch(value):
            continue
        for other in (value + "0", value[:-1], value.upper(), "0x" + value[2:], " " + value[1:]):
            members = members_of(sample)
            members[name] = other
            if other != value:
                assert f"{name} expected {len(value)}" in refusal(sample.reader, members)


@every_kind
def test_a_member_twice_is_refused(sample: Sample) -> None:
    raw = sample.record.to_bytes(TOY)
    name, value = next(iter(json.loads(raw).items()))
    first = canonical({name: value})[1:-2]
    twice = b"{" + first + b"," + raw[1:]
    with pytest.raises(MalformedRecord, match="stands twice"):
        sample.reader.from_bytes(twice, TOY, "x")


@every_kind
def test_a_record_cannot_be_changed(sample: Sample) -> None:
    name = next(iter(type(sample.record).model_fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(sample.record, name, getattr(sample.record, name))


def test_no_absent_member_is_null() -> None:
    ballot = SAMPLES["ballot"]
    members = members_of(ballot)
    assert "data" not in members["contests"][0]
    raw = ballot.record.to_bytes(TOY).replace(b'"limit_proof"', b'"data":null,"limit_proof"')
    with pytest.raises(MalformedRecord, match="null has no place"):
        Ballot.from_bytes(raw, TOY)
    opened = members_of(SAMPLES["opening"])["contests"]
    assert "data_nonce" in opened[0]
    assert "data_nonce" not in opened[1]


@pytest.mark.standard
def test_the_group_gives_the_widths() -> None:
    ballot = sample_ballot(Values(STANDARD))
    option = ballot.to_object(STANDARD)["contests"][0]["options"][0]  # type: ignore[index]
    assert len(option["alpha"]) == 1024
    assert len(option["proof"][0]["c"]) == 64
    assert Ballot.from_bytes(ballot.to_bytes(STANDARD), STANDARD) == ballot
    with pytest.raises(MalformedRecord, match=r"contest 1, option 1, alpha expected 64 hex digits"):
        Ballot.from_bytes(ballot.to_bytes(STANDARD), TOY)
    with pytest.raises(ValueError, match="bits in a field of 256"):
        ballot.to_bytes(TOY)


def test_width_is_all_that_parsing_proves_of_a_number() -> None:
    """0, p, p - 1 and q are read: 6.A, 6.B and their like are for whoever computes with them."""
    for alpha in (0, TOY.p, TOY.p - 1):
        option = EncryptedOption(alpha=alpha, beta=1, proof=(ProofEntry(c=TOY.q, v=0),))
        assert EncryptedOption.from_bytes(option.to_bytes(TOY), TOY) == option


def test_python_values_are_strict_too() -> None:
    proof = (ProofEntry(c=1, v=2),)
    for wrong in (True, -1, 1.0, "01", None, b"\x01"):
        with pytest.raises(ValidationError, match="at least 0"):
            EncryptedOption(alpha=wrong, beta=1, proof=proof)  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        EncryptedOption(alpha=1, beta=1, proof=[*proof])  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="expected 32 bytes"):
        Enrol(guardian=1, key=b"short", name="n", sig=bytes(64))
    with pytest.raises(ValidationError, match="expected 32 bytes"):
        Enrol(guardian=1, key="00" * 32, name="n", sig=bytes(64))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "at least 1"),
        (" a", "blank at its start"),
        ("a ", "blank at its start or end"),
        ("a\u00a0", "blank at its start or end"),
        ("\u3000a", "blank at its start or end"),
        ("a\x00", "category Cc"),
        ("a\u200bb", "character 2 is of the category Cf"),
        ("a\u2028b", "category Zl"),
        ("a\ue000", "category Co"),
        ("\u0438\u0306", "NFC"),
        ("a" * 201, "at most 200"),
    ],
)
def test_text_is_clean(name: str, reason: str) -> None:
    members = members_of(SAMPLES["Enrol"])
    members["name"] = name
    assert reason in refusal(TRANSCRIPT_LINE, members)


@pytest.mark.parametrize("name", ["a", "ә" * 200, "a\u00a0b", "№ 1, «қала» – 1", "\u0439"])
def test_text_of_any_language_is_read(name: str) -> None:
    members = members_of(SAMPLES["Enrol"])
    members["name"] = name
    assert TRANSCRIPT_LINE.from_bytes(canonical(members), TOY).to_object(TOY)["name"] == name


@pytest.mark.parametrize("value", [0, 2**31, -1, True, "1"])
def test_numbers_have_a_range(value: object) -> None:
    members = members_of(SAMPLES["Enrol"])
    members["guardian"] = value
    with pytest.raises(MalformedRecord):
        TRANSCRIPT_LINE.from_bytes(json.dumps(members).encode() + b"\n", TOY)
    with pytest.raises(ValidationError):
        Enrol.model_validate({**dict(SAMPLES["Enrol"].record), "guardian": value})


@pytest.mark.parametrize("value", ["", "Box", "box_1", "b" * 33, "box\n", "é", "a/b", ".."])
def test_device_ids_are_plain(value: str) -> None:
    members = members_of(SAMPLES["lost device"])
    members["device"] = value
    assert "device" in refusal(DEVICE_FILE, members)


def test_kinds_of_lines_are_told_apart() -> None:
    members = members_of(SAMPLES["Commit"])
    members["kind"] = "permit"
    assert "kind' is none of 'enrol'" in refusal(TRANSCRIPT_LINE, members)
    del members["kind"]
    assert "to tell its kind by" in refusal(TRANSCRIPT_LINE, members)
    alone = members_of(SAMPLES["Enrol"])
    del alone["kind"]
    assert refusal(Enrol, alone) == "kind is missing"


def test_a_closed_device_has_all_members_and_a_lost_one_the_start_alone() -> None:
    closed = members_of(SAMPLES["device"])
    assert isinstance(DEVICE_FILE.from_bytes(canonical(closed), TOY), DeviceFile)
    for name in ("closing", "files", "sig"):
        partial = {k: v for k, v in closed.items() if k not in {"closing", "files", "sig"} - {name}}
        assert "closed box" in refusal(DEVICE_FILE, partial)
    lost = {k: v for k, v in closed.items() if k not in {"closing", "files", "sig"}}
    assert isinstance(DEVICE_FILE.from_bytes(canonical(lost), TOY), LostDevice)


def test_a_box_of_the_seal_has_a_closing_or_a_loss() -> None:
    members = members_of(SAMPLES["seal"])
    seal = Seal.from_bytes(canonical(members), TOY)
    assert [type(box) for box in seal.boxes] == [SealedBox, LostBox]
    members["boxes"][0]["loss"] = members["boxes"][1]["loss"]
    assert "box 1, lost box, count is not a member" in refusal(Seal, members)


def test_an_empty_option_has_a_zero_and_nothing_else() -> None:
    members = members_of(SAMPLES["decrypted line"])
    line = DecryptedLine.from_bytes(canonical(members), TOY)
    assert isinstance(line.options[0], DecryptedOption)
    del members["options"][0]["power"]
    assert "option 1, decrypted, power is missing" in refusal(DecryptedLine, members)
    empty = members_of(SAMPLES["empty line"])
    assert isinstance(DecryptedLine.from_bytes(canonical(empty), TOY).options[0], EmptyOption)
    empty["options"][0]["count"] = 1
    assert "option 1, empty, count" in refusal(DecryptedLine, empty)


ORDERED: list[tuple[str, type[Record], list[str | int]]] = [
    ("device", DeviceFile, ["closing", "to_open"]),
    ("seal", Seal, ["registrar_sigs"]),
    ("seal", Seal, ["guardian_sigs"]),
    ("plan", PlanFile, ["guardians"]),
    ("statement", Statement, ["messages"]),
    ("opening", Opening, ["contests"]),
    ("guardians", GuardiansFile, ["guardians"]),
]


@pytest.mark.parametrize(("name", "model", "path"), ORDERED)
def test_arrays_ascend_strictly(name: str, model: type[Record], path: list[str | int]) -> None:
    for change in ("reverse", "repeat"):
        members = members_of(SAMPLES[name])
        array = members
        for part in path:
            array = array[part]
        if change == "reverse":
            array.reverse()
        else:
            array[1] = array[0]
        assert "order" in refusal(model, members) or "stands at place" in refusal(model, members)


def test_contests_of_a_ballot_ascend() -> None:
    members = members_of(SAMPLES["ballot"])
    members["contests"].append(members["contests"][0])
    assert "contests contest 1 stands after 1" in refusal(Ballot, members)


def test_data_and_data_nonce_stand_together() -> None:
    with pytest.raises(ValidationError, match="stand together"):
        OpenedContest(contest=1, selections=(1,), nonces=(1,), data=bytes(32))
    with pytest.raises(ValidationError, match="stand together"):
        OpenedContest(contest=1, selections=(1,), nonces=(1,), data_nonce=1)


@pytest.mark.parametrize("length", [0, 31, 33, 3232])
def test_contest_data_is_whole_blocks(length: int) -> None:
    members = members_of(SAMPLES["ballot with data"])
    members["contests"][0]["data"]["c1"] = "00" * length
    assert "contest 1, data, c1" in refusal(Ballot, members)
    with pytest.raises(ValidationError, match="expected 32 bytes"):
        OpenedContest(contest=1, selections=(), nonces=(), data_nonce=1, data=bytes(length))


@pytest.mark.parametrize("blocks", [1, 2, 100])
def test_contest_data_of_any_number_of_blocks_is_read(blocks: int) -> None:
    ballot = sample_ballot(Values(TOY), blocks=blocks)
    assert Ballot.from_bytes(ballot.to_bytes(TOY), TOY) == ballot


def test_only_version_2_1_0_is_read() -> None:
    members = members_of(SAMPLES["parameters"])
    members["version"] = "2.1.1"
    assert "version" in refusal(Parameters, members)


def test_every_fault_of_a_line_is_named_and_none_repeats_text() -> None:
    members = members_of(SAMPLES["ballot"])
    members["status"] = "spoiled <script>"
    members["h_i"] = "zz"
    members["<b>"] = 1
    reason = refusal(Ballot, members)
    assert "status" in reason
    assert "h_i expected 64 hex digits, found 2 characters" in reason
    assert "'<b>' is not a member" in reason
    assert "spoiled" not in reason


def test_a_flood_of_faults_makes_one_short_message() -> None:
    members = members_of(SAMPLES["results"])
    members["contests"] = [{}] * 500
    reason = refusal(Results, members)
    assert "more" in reason
    assert len(reason) < 1500
    members = members_of(SAMPLES["seal"])
    members["boxes"] = [1] * 100_000
    assert len(refusal(Seal, members)) < 200
    members = members_of(SAMPLES["device"])
    members["closing"]["to_open"] = [0] * 100_000
    assert len(refusal(DeviceFile, members)) < 200


def test_limits_of_arrays() -> None:
    closing: Closing = SAMPLES["device"].record.closing  # type: ignore[attr-defined]
    with pytest.raises(ValidationError):
        Closing(**{**dict(closing), "count": 10_000_001})
    members = members_of(SAMPLES["ballot"])
    option = members["contests"][0]["options"][0]
    option["proof"] = option["proof"][:1] * 102
    assert "contest 1, option 1, proof has more than 101 entries" in refusal(Ballot, members)
