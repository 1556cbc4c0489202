"""Laws of the record's bytes: round trips, and one error for everything else (0.B, 0.C)."""

# ruff: noqa: PT017 -- whether bytes are read or refused is for the generator: both ways are checked

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egcore.canonical import MAX_INTEGER, canonical, parse_canonical
from egcore.errors import MalformedRecord
from egcore.records.ballot import Ballot
from egcore.records.manifest import InvalidManifest, object_faults, parse_manifest
from egcore.streams import read_lines
from tally.scenario import InvalidScenario, parse_scenario, scenario_bytes
from tests.record_samples import sample_ballot, sample_manifest, samples
from tests.sample_values import Values
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from egcore.records.record import RecordReader

SAMPLES = samples(TOY)
READERS = list({id(sample.reader): sample.reader for sample in SAMPLES.values()}.values())
RAW = {name: sample.record.to_bytes(TOY) for name, sample in SAMPLES.items()}
MANIFEST = sample_manifest().to_bytes()
SCENARIO = scenario_bytes("kz2022_president")

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
keys = st.text(st.characters(max_codepoint=0x7F), max_size=8)
values = st.recursive(
    st.booleans() | st.integers(0, MAX_INTEGER) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)
# Everything that a JSON reader of the usual kind lets through, and more.
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)


def read(reader: RecordReader[Any], raw: bytes) -> None:
    """Read `raw`: the record has exactly these bytes, or they are refused in one way."""
    try:
        record = reader.from_bytes(raw, TOY, "some/file")
    except MalformedRecord as exc:
        assert exc.path == "some/file"
        assert exc.reason
        assert len(str(exc)) < 3000
    else:
        assert record.to_bytes(TOY) == raw


@given(values)
def test_canonical_form_is_read_back(value: object) -> None:
    raw = canonical(value)
    assert parse_canonical(raw) == value
    assert raw.endswith(b"\n")
    assert json.loads(raw) == value


@given(st.dictionaries(keys, values, max_size=6), st.randoms())
def test_canonical_form_does_not_depend_on_the_order_of_keys(
    value: dict[str, object],
    random: Any,
) -> None:
    items = list(value.items())
    random.shuffle(items)
    assert canonical(dict(items)) == canonical(value)


@given(values, values)
def test_different_values_have_different_bytes(first: object, second: object) -> None:
    same = json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
    assert (canonical(first) == canonical(second)) is same


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_malformed(raw: bytes) -> None:
    try:
        value = parse_canonical(raw, "p")
    except MalformedRecord as exc:
        assert exc.path == "p"
    else:
        assert canonical(value) == raw


@settings(max_examples=200)
@given(anything)
def test_any_json_is_canonical_or_malformed(value: object) -> None:
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"
    try:
        found = parse_canonical(raw.encode("utf-8", "surrogatepass"), "p")
    except MalformedRecord:
        return
    assert found == value


@given(st.sampled_from(READERS), st.binary(max_size=300) | anything.map(json.dumps).map(str.encode))
def test_any_bytes_are_no_record(reader: RecordReader[Any], raw: bytes) -> None:
    read(reader, raw)


@given(st.sampled_from(READERS), values.map(canonical))
def test_canonical_values_of_another_shape_are_malformed(
    reader: RecordReader[Any], raw: bytes
) -> None:
    with pytest.raises(MalformedRecord):
        reader.from_bytes(raw, TOY)


@settings(max_examples=400)
@given(st.sampled_from(sorted(RAW)), st.data())
def test_changed_bytes_are_another_record_or_malformed(name: str, data: st.DataObject) -> None:
    """Bytes are replaced, put in and taken out; what is still read has exactly these bytes."""
    raw = bytearray(RAW[name])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(raw) - 1))
        removed = data.draw(st.integers(0, 3))
        alphabet = st.sampled_from(list(b'{}[]",:0129afgz\\\n \x00\xff'))
        raw[place : place + removed] = bytes(data.draw(st.lists(alphabet, max_size=3)))
    changed = bytes(raw)
    read(SAMPLES[name].reader, changed)
    if changed != RAW[name]:
        try:
            again = SAMPLES[name].reader.from_bytes(changed, TOY)
        except MalformedRecord:
            return
        assert again != SAMPLES[name].record, "two texts of one record"


@settings(max_examples=300)
@given(st.sampled_from(sorted(RAW)), st.data())
def test_changed_members_are_malformed_or_kept(name: str, data: st.DataObject) -> None:
    """Any member, at any depth, becomes any value of JSON."""
    members = json.loads(RAW[name])
    at, holder = members, None
    while isinstance(at, dict | list) and at and (holder is None or data.draw(st.booleans())):
        holder = at
        if isinstance(at, dict):
            key: Any = data.draw(st.sampled_from(sorted(at)))
        else:
            key = data.draw(st.integers(0, len(at) - 1))
        at = at[key]
    assert holder is not None
    holder[key] = data.draw(anything)
    text_of = json.dumps(members, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    read(SAMPLES[name].reader, (text_of + "\n").encode("utf-8", "surrogatepass"))


@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(0, 3))
def test_ballots_of_any_values_are_read_back(seed: int, options: int, blocks: int) -> None:
    ballot = sample_ballot(Values(TOY, seed), options, blocks)
    raw = ballot.to_bytes(TOY)
    assert Ballot.from_bytes(raw, TOY) == ballot
    assert parse_canonical(raw) == ballot.to_object(TOY)


@given(st.lists(st.binary(max_size=40) | st.just(RAW["ballot"]), max_size=4).map(b"".join))
def test_any_bytes_are_a_stream_or_malformed(raw: bytes) -> None:
    found = 0
    try:
        for ballot in read_lines(io.BytesIO(raw), Ballot, TOY, "b"):
            assert ballot == SAMPLES["ballot"].record
            found += 1
    except MalformedRecord as exc:
        assert exc.path in {"b", f"b, line {found + 1}"}
    else:
        assert raw == RAW["ballot"] * found


def changed_json(raw: bytes, data: st.DataObject) -> bytes:
    """The JSON with one member anywhere set to anything, or taken away."""
    members = json.loads(raw)
    at = members
    while True:
        key: Any = data.draw(
            st.sampled_from(sorted(at)) if isinstance(at, dict) else st.integers(0, len(at) - 1)
        )
        inner = at[key]
        if not (isinstance(inner, dict | list) and inner and data.draw(st.booleans())):
            break
        at = inner
    if data.draw(st.booleans()):
        del at[key]
    else:
        at[key] = data.draw(anything)
    text_of = json.dumps(members, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return (text_of + "\n").encode("utf-8", "surrogatepass")


@settings(max_examples=200)
@given(st.data())
def test_a_changed_manifest_is_read_or_its_faults_are_listed(data: st.DataObject) -> None:
    raw = changed_json(MANIFEST, data)
    try:
        manifest = parse_manifest(raw)
    except InvalidManifest as exc:
        assert exc.faults
        assert all(fault.rule and fault.detail for fault in exc.faults)
    else:
        assert manifest.to_bytes() == raw


@given(values)
def test_any_value_has_faults_as_a_manifest(value: object) -> None:
    assert object_faults(value)


@settings(max_examples=200)
@given(st.data())
def test_a_changed_scenario_is_read_or_its_faults_are_listed(data: st.DataObject) -> None:
    raw = changed_json(SCENARIO, data)
    try:
        parse_scenario(raw)
    except InvalidScenario as exc:
        assert exc.faults


@given(st.binary(max_size=100))
def test_any_bytes_are_no_scenario(raw: bytes) -> None:
    with pytest.raises(InvalidScenario):
        parse_scenario(raw)
