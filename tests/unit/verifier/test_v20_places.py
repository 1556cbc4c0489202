"""V20 of a record: item and place of each fault, and what is counted when something is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.verifier.small_election import SmallElection, lost, unit_of
from tests.unit.verifier.test_ballot_pass import to_open
from tests.unit.verifier.test_v20_units import DIGEST, FILE
from verifier.box_checks import BoxFigures
from verifier.checks.v20_devices import Part, Verification
from verifier.context import NO_LINES
from verifier.model import RegistryLine, Seal
from verifier.report import Location, Tally

if TYPE_CHECKING:
    from verifier.context import Context
    from verifier.report import VerificationResult

REGISTRY, TRANSCRIPT = "registry.ndjson", "ceremony/transcript.ndjson"
WHOLE = {REGISTRY: DIGEST, TRANSCRIPT: DIGEST}
NOBODY = ("valid signatures of at least 1 registrars", "0")


def line_of(number: int, kind: str, **values: Any) -> RegistryLine:
    at = Location(file=REGISTRY, line=number)
    usual: dict[str, Any] = {"id": None, "precinct": None, "key": None, "sigs": (), "content": {}}
    named = {**usual, **values}
    return RegistryLine(at, kind, number, bytes(32), DIGEST, digest=bytes(32), **named)


LINES = (line_of(1, "withdrawn", id="nobody"), line_of(2, "end"))


def seal_of(election: SmallElection) -> Seal:
    boxes = tuple(device.sealed for device in election.devices if device.sealed is not None)
    return Seal(Location(file="seal.json"), DIGEST, bytes(32), boxes, (), (), {}, DIGEST)


def context_of(election: SmallElection, **changes: Any) -> Context:
    lines = replace(NO_LINES, registry=lambda: iter(LINES))
    usual = {"seal": seal_of(election), "digests": WHOLE, "lines": lines}
    return election.context(**{**usual, **changes})


def verified(election: SmallElection, **changes: Any) -> VerificationResult:
    """V20 without a unit: nothing was counted of any box."""
    return Verification(context_of(election, **changes)).finish(election.totals())


def said(result: VerificationResult) -> list[tuple[str, ...]]:
    return [(x.item, x.where, x.expected, x.found) for x in result.findings]


REGISTRY_FAULTS = [
    ("20.B", f"{REGISTRY}, line 1", *NOBODY),
    ("20.C", f"{REGISTRY}, line 1", "an id of an earlier line", "id nobody"),
    ("20.B", f"{REGISTRY}, line 2", *NOBODY),
    *(("20.D", REGISTRY, f"a box of precinct p-{i}", "none") for i in (1, 2, 3)),
]
SEAL_FAULTS = [
    ("20.K", "seal.json", f"registry {DIGEST.hex()}, its SHA-256", bytes(32).hex()),
    ("20.L", "seal.json", *NOBODY),
    ("20.M", "seal.json", "valid signatures of at least 2 guardians", "0"),
]


def box_faults(device: str, count: int) -> list[tuple[str, ...]]:
    place = f"devices/{device}.json"
    return [
        ("20.H", place, "a valid signature of the box", "a signature that does not verify"),
        ("20.I", place, "count 0, by the ballots", f"count {count}"),
        ("20.I", place, "issued 0, the sum of the other figures", f"issued {count}"),
        ("20.J", place, f"1 files for {count} ballots", "0 files"),
    ]


def test_registry_and_seal_are_judged_line_by_line() -> None:
    election = SmallElection.load()
    result = verified(election, devices=())
    boxes = ("20.K", "seal.json", "0 boxes, those of the registry", "2 boxes")
    first, *rest = SEAL_FAULTS
    assert said(result) == [*REGISTRY_FAULTS, first, boxes, *rest]
    assert (result.id, result.title) == ("V20", "Devices")
    assert (result.demanded, result.checked) == (2, 2)


def test_a_registry_without_an_end_and_a_seal_in_another_order() -> None:
    election = SmallElection.load()
    lines = replace(NO_LINES, registry=lambda: iter([line_of(7, "withdrawn", id="nobody")]))
    seal = seal_of(election)
    seal = replace(seal, boxes=(seal.boxes[1], seal.boxes[0], seal.boxes[0]))
    findings = said(verified(election, lines=lines, seal=seal))
    assert [x for x in findings if x[0] == "20.A"] == [
        ("20.A", f"{REGISTRY}, line 7", "number 1", "number 7"),
        ("20.A", REGISTRY, "a last line of kind end", "none after line 1"),
    ]
    assert [x for x in findings if x[0] == "20.K"][1:] == [
        ("20.K", "seal.json", "box box-1 at place 1", "box box-2"),
        ("20.K", "seal.json", "2 boxes, those of the registry", "3 boxes"),
    ]


def test_every_box_is_judged_by_its_own_file() -> None:
    election = SmallElection.load()
    result = verified(election)
    boxes = [*box_faults("box-1", 3), *box_faults("box-2", 2)]
    assert said(result) == [*REGISTRY_FAULTS, *SEAL_FAULTS, *boxes]
    assert (result.demanded, result.checked) == (6, 4)


def test_the_digest_of_a_device_file_is_the_sealed_one() -> None:
    digests = {**WHOLE, "devices/box-2.json": DIGEST}
    (_, found) = [
        x for x in said(verified(SmallElection.load(), digests=digests)) if x[0] == "20.K"
    ]
    expected = f"digest {DIGEST.hex()} of the device file"
    assert found == ("20.K", "seal.json", expected, f"digest {bytes(32).hex()}")


def test_a_lost_box_is_judged_by_its_statement() -> None:
    election = SmallElection.load()
    election.devices[1] = lost(election.devices[1], 2)
    assert election.devices[1].file is not None
    h_0 = election.devices[1].file.start.h_0.hex()
    result = verified(election)
    assert said(result)[len([*REGISTRY_FAULTS, *SEAL_FAULTS, *box_faults("box-1", 3)]) :] == [
        ("20.N", "seal.json", "count 0, which 0 full files hold", "count 2"),
        ("20.N", "seal.json", *NOBODY),
        ("20.N", "seal.json", "count 0", "count 2"),
        ("20.N", "seal.json", f"h_last {h_0}", f"h_last {bytes(32).hex()}"),
    ]
    assert (result.demanded, result.checked) == (6, 4)


def test_of_a_box_with_an_unreadable_ballot_the_figures_are_not_judged() -> None:
    election = SmallElection.load()
    whole = verified(election)
    election.unreadable = {("box-2", 1)}
    result = verified(election)
    gone = {("20.I", "devices/box-2.json", "count 0, by the ballots", "count 2")}
    assert set(said(whole)) - set(said(result)) == gone
    assert (whole.checked, result.checked) == (4, 3)


def test_of_a_lost_box_with_an_unreadable_ballot_the_statement_alone_is_judged() -> None:
    election = SmallElection.load()
    election.devices[1] = lost(election.devices[1], 2)
    whole = verified(election)
    election.unreadable = {("box-2", 1)}
    result = verified(election)
    gone = [x for x in said(whole) if x not in said(result)]
    assert [x[2].split()[0] for x in gone] == ["count", "h_last"]
    assert [x[3] for x in said(result) if x[0] == "20.N"] == ["count 2", "0"]
    assert (whole.checked, result.checked) == (4, 3)


@pytest.mark.parametrize(
    ("changes", "gone", "checked"),
    [
        ({"faulty": frozenset({REGISTRY})}, {"20.D"}, 2),
        ({"digests": {TRANSCRIPT: DIGEST}}, {"20.B", "20.C", "20.D", "20.K"}, 2),
        ({"digests": {REGISTRY: DIGEST}}, {"20.M"}, 3),
        ({"seal": None}, {"20.K", "20.L", "20.M"}, 3),
        ({"manifest": None}, {f"20.{letter}" for letter in "BCDHIJKLM"}, 0),
    ],
)
def test_what_is_not_there_is_not_judged_and_not_counted(
    changes: dict[str, Any], gone: set[str], checked: int
) -> None:
    election = SmallElection.load()
    result = verified(election, **changes)
    assert verified(election).failed_items - result.failed_items == gone
    assert result.checked == checked
    assert (result.demanded is None) == ("seal" in changes or "manifest" in changes)


@pytest.mark.parametrize("name", ["closing", "files"])
def test_half_a_closing_is_not_compared(name: str) -> None:
    election = SmallElection.load()
    file = election.devices[1].file
    assert file is not None
    nothing: dict[str, Any] = {name: None}
    election.devices[1] = replace(election.devices[1], file=replace(file, **nothing))
    found = [x for x in said(verified(election)) if x[1] == "devices/box-2.json"]
    assert found == box_faults("box-2", 2)[:1]


# The files of a box, without anything of the record as a whole (there is no manifest).


def added(election: SmallElection, part: Part, sealed: int | None) -> VerificationResult:
    verification = Verification(context_of(election, manifest=None))
    for device in election.devices[:1]:
        verification.add(replace(unit_of(device), sealed=sealed), part)
    return verification.finish(election.totals())


def part_with(**changes: Any) -> Part:
    return Part(Tally("V20", "Devices"), BoxFigures(), replace(FILE, **changes))


def test_a_file_that_the_closing_does_not_name() -> None:
    result = added(SmallElection.load(), part_with(), 2)
    assert said(result) == [
        ("20.J", "devices/box-1.json", "0 files, as the closing names", "file 000000")
    ]
    assert result.checked == 1
    before = replace(part_with(), tally=Tally("V20", "Devices", checked=1))
    assert added(SmallElection.load(), before, 2).checked == 2


def test_a_file_that_was_saved_of_a_lost_box() -> None:
    election = SmallElection.load()
    election.devices[0] = lost(election.devices[0], 3)
    path = "ballots/box-1/000000.ndjson"
    assert said(added(election, part_with(), 3)) == [
        ("20.N", path, "256 ballots in a saved file", "2"),
        ("20.N", path, "0 files, as the statement names", "file 000000"),
    ]


@pytest.mark.parametrize(
    ("changes", "sealed", "checked"),
    [
        ({}, 1, 1),
        ({}, 0, 0),
        ({}, None, 0),
        ({"number": 1}, 256, 0),
        ({"number": 1}, 257, 1),
        *(({name: None}, 2, 0) for name in ("ballots", "receipts", "h_last", "signature")),
    ],
)
def test_a_file_counts_when_it_is_sealed_and_complete(
    changes: dict[str, Any], sealed: int | None, checked: int
) -> None:
    assert added(SmallElection.load(), part_with(**changes), sealed).checked == checked


def test_a_run_without_files_has_figures_alone() -> None:
    election = SmallElection.load()
    part = Part(Tally("V20", "Devices", checked=1), BoxFigures(ballots=3))
    assert said(added(election, part, 3)) == []
    verification = Verification(context_of(election))
    verification.add(unit_of(election.devices[0]), part)
    verification.add(unit_of(election.devices[1]), Part(Tally("V20", "Devices"), BoxFigures()))
    result = verification.finish(election.totals())
    assert result.checked == 1 + 4
    counts = [x for x in said(result) if "by the ballots" in x[2]]
    assert counts == [("20.I", "devices/box-2.json", "count 0, by the ballots", "count 2")]


def test_positions_to_open_that_no_challenged_ballot_has() -> None:
    election = SmallElection.load()
    to_open(election, 2, 9)
    verification = Verification(context_of(election))
    part = Part(Tally("V20", "Devices"), BoxFigures({9}))
    verification.add(replace(unit_of(election.devices[0]), to_open=(2, 9)), part)
    found = [x for x in said(verification.finish(election.totals())) if "to_open" in x[2]]
    assert [x[3] for x in found] == ["position 9"]
