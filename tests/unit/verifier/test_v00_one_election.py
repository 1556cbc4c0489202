"""V0: every part of a record names its election, its box and its guardian (0.F), and where not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.attacks.judge import write_folder
from tests.attacks.museum.base import honest_record
from tests.toy_groups import TOY
from verifier.algebra import Group
from verifier.checks.v00_form import (
    check_ballot_file_signature,
    check_closings,
    check_one_election,
)
from verifier.model import BallotFileSignature, Loss
from verifier.reader.form import MEANING, Form
from verifier.reader.layout import is_folder_of_a_record
from verifier.reader.record import read_context
from verifier.reader.record_files import RecordFiles
from verifier.reader.zip_folder import open_record
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verifier.context import Context
    from verifier.report import Finding

OTHER = b"\xee" * 32
BOXES = tuple(f"box-p-{i}-1" for i in range(1, 6))
LOSS = Loss(OTHER, BOXES[4], 0, 0, 0, bytes(32), (), "lost", (), {})


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """An accepted record: ten lines of registry, five boxes, two statements and one lot."""
    folder = write_folder(honest_record(TOY), tmp_path_factory.mktemp("one") / "record")
    files, form = open_record(folder), Form()
    listing = files.listing(is_folder_of_a_record)
    group = Group(TOY.name, TOY.p, TOY.q, TOY.g)
    return read_context(RecordFiles(files, listing, form), listing, form, group, "final")


def said(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    """Where, expected and found; every item and its meaning are those of 0.F."""
    listed = list(findings)
    assert all((each.item, each.meaning) == ("0.F", MEANING["0.F"]) for each in listed)
    return [(each.where, each.expected, each.found) for each in listed]


def with_first(items: tuple[Any, ...], **changes: Any) -> tuple[Any, ...]:
    """The same nouns, the first one changed."""
    return (replace(items[0], **changes), *items[1:])


def test_everything_of_an_honest_record_is_of_one_election(context: Context) -> None:
    assert said(check_one_election(context)) == []


def test_every_part_that_names_an_election_is_compared(context: Context) -> None:
    assert context.parameters is not None
    assert context.seal is not None
    own = context.parameters.h_e
    boxes = tuple(replace(box, loss=replace(LOSS, h_e=own)) for box in context.seal.boxes[4:])
    changed = replace(
        context,
        parameters=replace(context.parameters, h_e=OTHER),
        seal=replace(context.seal, boxes=(*context.seal.boxes[:4], *boxes)),
    )
    places = [
        *(f"registry.ndjson, line {i}" for i in range(1, 11)),
        *(f"devices/{box}.json" for box in BOXES),
        "seal.json",
        f"seal.json, device {BOXES[4]}",
        "tally/plan.json",
        *(f"tally/statements/{i}.json, guardian {i}" for i in (1, 3)),
        "results.json",
        "results.json, contest one",
    ]
    words = (f"h_e {OTHER.hex()}", f"h_e {own.hex()}")
    assert said(check_one_election(changed)) == [(place, *words) for place in places]


def test_without_parameters_no_election_is_compared(context: Context) -> None:
    assert context.seal is not None
    changed = replace(context, parameters=None, seal=replace(context.seal, h_e=OTHER))
    assert said(check_one_election(changed)) == []


@pytest.mark.parametrize("missing", ["seal", "plan_file", "results", "manifest"])
def test_a_part_that_is_not_there_hides_no_other(missing: str, context: Context) -> None:
    changes: dict[str, Any] = {missing: None}
    statements = with_first(context.statements, guardian=2)
    changed = replace(context, statements=statements, **changes)
    assert said(check_one_election(changed)) == [
        ("tally/statements/1.json, guardian 1", "guardian 1", "guardian 2")
    ]


def test_a_box_without_its_file_hides_no_other(context: Context) -> None:
    devices = list(context.devices)
    second = devices[1]
    assert second.file is not None
    devices[0] = replace(devices[0], file=None)
    file = replace(second.file, device="box-x", precinct="p-x")
    devices[1] = replace(second, file=file)
    assert said(check_one_election(replace(context, devices=tuple(devices)))) == [
        (f"devices/{BOXES[1]}.json", f"device {BOXES[1]}", "device box-x"),
        (f"devices/{BOXES[1]}.json", "precinct p-2", "precinct p-x"),
    ]


def test_a_loss_names_its_box(context: Context) -> None:
    assert context.seal is not None
    assert context.parameters is not None
    loss = replace(LOSS, h_e=context.parameters.h_e)
    boxes = with_first(context.seal.boxes, loss=loss)
    changed = replace(context, seal=replace(context.seal, boxes=boxes))
    assert said(check_one_election(changed)) == [
        (f"seal.json, device {BOXES[0]}", f"device {BOXES[0]}", f"device {BOXES[4]}")
    ]


def test_results_say_whether_it_was_a_rehearsal(context: Context) -> None:
    assert context.results is not None
    assert context.manifest is not None
    is_one = context.manifest.rehearsal
    changed = replace(context, results=replace(context.results, rehearsal=not is_one))
    assert said(check_one_election(changed)) == [
        ("results.json", f"rehearsal {is_one}", f"rehearsal {not is_one}")
    ]


SIGNATURE = BallotFileSignature(
    at=Location(file="ballots/a/000001.sig"),
    h_e=OTHER,
    device="a",
    file=1,
    first=257,
    count=256,
    ballots=bytes(32),
    receipts=bytes(32),
    h_last=bytes(32),
    signature=bytes(64),
    content={},
    digest=bytes(32),
)


@pytest.mark.parametrize("h_e", [OTHER, None], ids=["known", "unknown"])
def test_a_signature_of_its_file(h_e: bytes | None) -> None:
    assert said(check_ballot_file_signature(h_e, "a", 1, SIGNATURE)) == []


def test_a_signature_of_another_file() -> None:
    other = bytes(32)
    assert said(check_ballot_file_signature(other, "b", 2, SIGNATURE)) == [
        ("ballots/a/000001.sig", f"h_e {other.hex()}", f"h_e {OTHER.hex()}"),
        ("ballots/a/000001.sig", "device b", "device a"),
        ("ballots/a/000001.sig", "file 2", "file 1"),
    ]


def test_only_a_lost_box_may_lack_its_closing(context: Context) -> None:
    """Neither is one judged that the seal does not name; each other one is, by its place."""
    without = [
        replace(device, file=replace(device.file, closing=None))
        for device in context.devices
        if device.file is not None
    ]
    assert without[0].sealed is not None
    devices = (
        replace(without[0], file=None),
        replace(without[1], sealed=None),
        replace(without[2], sealed=replace(without[0].sealed, loss=LOSS)),
        *without[3:],
    )
    assert list(check_closings(context)) == []
    found = list(check_closings(replace(context, devices=devices)))
    assert [each.where for each in found] == [f"devices/{box}.json" for box in BOXES[3:]]
    for each in found:
        assert (each.item, each.meaning) == ("0.C", MEANING["0.C"])
        assert each.expected == "the members closing, files and sig"
        assert each.found == "the file of a lost box, which this one is not"
