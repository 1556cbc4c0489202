"""V20 of one unit: item and place of each fault, and which file of a box must be full."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.verifier.small_election import CHALLENGED, FIRST, SmallElection
from verifier.ballot_files import BallotFile
from verifier.checks.v20_devices import OfUnit
from verifier.model import BallotFileSignature
from verifier.report import Location
from verifier.units import Unit

DIGEST = bytes(range(32))
PATH = "ballots/box-1/000000.ndjson"
SIGNED = "ballots/box-1/000000.sig"
SIG = BallotFileSignature(
    Location(file=SIGNED), DIGEST, "box-1", 0, 1, 2, DIGEST, DIGEST, DIGEST, bytes(64), {}, DIGEST
)
FILE = BallotFile(Location(file=PATH), "box-1", 0, DIGEST, 2, (1, 2), DIGEST, SIG, DIGEST, 1, (1,))
SHORT = ("20.F", SIGNED, "256 ballots in this file", "2")
UNSIGNED = ("20.E", SIGNED, "a valid signature of the box", "a signature that does not verify")
RECEIPTS = ("20.G", "receipts/box-1/000000.ndjson", "2 lines", "1 lines")


def half(sealed: int | None = None, *to_open: int) -> OfUnit:
    unit = Unit("box-1", "p-1", bytes(32), 0, 1, path=PATH, sealed=sealed, to_open=to_open)
    return OfUnit(SmallElection.load().context(), unit)


def said(unit: OfUnit) -> list[tuple[str, str, str, str]]:
    findings = unit.part().tally.conclude(None).findings
    return [(x.item, x.where, x.expected, x.found) for x in findings]


def test_20_i_names_the_ballot_and_what_the_manifest_says() -> None:
    unit, ballots = half(None, 1, 2), SmallElection.load().ballots
    unit.check(replace(ballots[FIRST], decided="closing"))
    unit.check(replace(ballots[CHALLENGED], decided="closing"))
    voided = "status void of a ballot undecided at closing"
    assert said(unit) == [
        ("20.I", str(ballots[FIRST].at), voided, "status cast"),
        (
            "20.I",
            str(ballots[CHALLENGED].at),
            "a challenge decided by the voter",
            "decided by closing",
        ),
    ]
    figures = unit.part().figures
    assert (figures.ballots, figures.undecided, figures.to_open) == (2, 2, {1})


def test_a_unit_speaks_for_its_verification() -> None:
    result = half().part().tally.conclude(None)
    assert (result.id, result.title) == ("V20", "Devices")


@pytest.mark.parametrize(("sealed", "full"), [(None, []), (2, []), (256, []), (257, [SHORT])])
def test_20_e_f_g_name_their_files(sealed: int | None, full: list[tuple[str, ...]]) -> None:
    unit = half(sealed)
    unit.check_file(FILE)
    assert said(unit) == [UNSIGNED, *full, RECEIPTS]
    assert unit.part().file == replace(FILE, positions=(), receipt_positions=())
    assert (unit.part().figures.files, unit.part().figures.lines) == (1, 2)


def test_the_last_file_need_not_be_full() -> None:
    unit = half(257)
    unit.check_file(replace(FILE, number=1, signature=replace(SIG, file=1, first=257)))
    assert [item for item, *_ in said(unit)] == ["20.E", "20.G"]


def test_without_its_signature_a_file_has_its_receipts() -> None:
    unit = half(257)
    unit.check_file(replace(FILE, signature=None))
    assert said(unit) == [RECEIPTS]
