"""V22: each fault in the results fails its own item and no other."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import pytest

from egcore.records.results import Lot
from egcore.signed import registrar_signatures
from terminal_bridge.encryption import Selections
from tests.attacks.elections import PARTICIPANTS, ceremony_for
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY
from tests.unit.verifier.signed_again import Signatory, items_of
from tests.unit.verifier.whole_record import honest, statuses, verify, with_object
from verifier.json_strict import canonical

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.verifier.signed_again import Content
    from tests.unit.verifier.whole_record import Record

RESULTS = "results.json"


def with_first(change: Callable[[Content], object]) -> Record:
    """The honest results with a change in contest one: ONE twice, OTHER once."""
    return with_object(honest(), RESULTS, lambda results: change(results["contests"][0]))


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry["groups"][0].update(ballots=3),
        lambda entry: entry["groups"][0]["votes"].reverse(),
        lambda entry: entry["groups"][1].update(votes=[]),
        lambda entry: entry["groups"][1].update(votes=[0, 1, 0, 0, 0]),
        lambda entry: entry["groups"].pop(),
        lambda entry: entry["groups"].clear(),
        lambda entry: entry["groups"].reverse(),
        lambda entry: entry["groups"][0].update(group="p-9"),
        lambda entry: entry["groups"].append(entry["groups"][0]),
    ],
)
def test_22_a_groups(change: Callable[[Content], object], tmp_path: Path) -> None:
    assert items_of(with_first(change), tmp_path, 22) == {"22.A"}


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.update(ballots=5),
        lambda entry: entry["votes"].reverse(),
        lambda entry: entry.update(votes=[]),
        lambda entry: entry["areas"][0].update(ballots=0),
        lambda entry: entry["areas"][1]["votes"].reverse(),
        lambda entry: entry["areas"].reverse(),
        lambda entry: entry["areas"].pop(),
        lambda entry: entry["areas"][0].update(areas=["north", "south"]),
        lambda entry: entry["areas"][0].update(areas=[]),
        lambda entry: entry["areas"][0].update(areas=["nowhere"]),
    ],
)
def test_22_b_sums(change: Callable[[Content], object], tmp_path: Path) -> None:
    assert items_of(with_first(change), tmp_path, 22) == {"22.B"}


@pytest.mark.parametrize(
    "change",
    [
        lambda contests: contests.pop(),
        lambda contests: contests.reverse(),
        lambda contests: contests.append(contests[0]),
        lambda contests: contests[1].update(contest="nothing"),
        lambda contests: contests.clear(),
    ],
)
def test_22_b_contests(change: Callable[[list[Content]], object], tmp_path: Path) -> None:
    record = with_object(honest(), RESULTS, lambda results: change(results["contests"]))
    assert items_of(record, tmp_path, 22) == {"22.B"}


@pytest.mark.parametrize(
    "outcome",
    [
        {"kind": "none"},
        {"kind": "elected", "option": "c2"},
        {"kind": "elected", "option": "nobody"},
        {"kind": "runoff", "options": ["c1", "c2"]},
    ],
)
def test_22_c_outcome(outcome: Content, tmp_path: Path) -> None:
    results = json.loads(honest()[RESULTS])
    assert results["contests"][0]["outcome"] == {"kind": "elected", "option": "c1"}
    record = with_first(lambda entry: entry.update(outcome=outcome))
    assert items_of(record, tmp_path, 22) == {"22.C"}


# Lots


@cache
def tied_election() -> tuple[Signatory, dict[str, bytes]]:
    """Four candidates: c1 has two votes; c2 and c4 one each, and c2 is drawn."""
    registrars = Registrars.generate(3)
    contests = (contest("tied", 4), contest("other", 1))
    made = manifest(registrars.public, contests=contests, precincts=(("p-1", "north", ("s-1",)),))
    election = ElectionSimulator(made, ceremony_for(TOY), registrars)
    (box,) = election.boxes.values()
    for choice in (0, 0, 1, 3):
        votes = [int(place == choice) for place in range(6)]
        box.vote(Selections("s-1", {"tied": votes, "other": [1, 0, 0]}))
    return Signatory(election), election.record(PARTICIPANTS, [lot_of(election)])


def lot_of(election: ElectionSimulator) -> Lot:
    lot = Lot(
        h_e=election.h_e,
        contest="tied",
        options=("c2", "c4"),
        order=("c2", "c4"),
        body="the commission",
        sigs=(),
    )
    return lot.model_copy(update={"sigs": registrar_signatures(lot, election.registrars.keys, TOY)})


def with_lots(change: Callable[[list[Content]], object], *, signed: bool = True) -> Record:
    """Change the lots; unless it is the signatures that change, the registrars sign each again."""
    by, record = tied_election()
    results = json.loads(record[RESULTS])
    change(results["lots"])
    if signed:
        for lot in results["lots"]:
            lot["sigs"] = by.by_registrars("lot", lot)
    return {**record, RESULTS: canonical(results)}


def test_a_lot_that_is_needed_is_accepted(tmp_path: Path) -> None:
    by, record = tied_election()
    outcome = json.loads(record[RESULTS])["contests"][0]["outcome"]
    assert outcome == {"kind": "runoff", "options": ["c1", "c2"]}
    verify(record, tmp_path / "one").require_accepted()
    verify(with_lots(lambda _: None), tmp_path / "two").require_accepted()
    assert len(by.registrars) == 3


def test_22_c_follows_the_lot(tmp_path: Path) -> None:
    record = with_lots(lambda lots: lots[0].update(order=["c4", "c2"]))
    assert items_of(record, tmp_path, 22) == {"22.C"}


@pytest.mark.parametrize(
    "change",
    [
        lambda lots: lots.clear(),
        lambda lots: lots.append(lots[0]),
        lambda lots: lots[0].update(options=["c4", "c2"]),
        lambda lots: lots[0].update(options=["c2", "c3", "c4"]),
        lambda lots: lots[0].update(options=[], order=[]),
        lambda lots: lots[0].update(order=["c2"]),
        lambda lots: lots[0].update(order=["c2", "c2"]),
        lambda lots: lots[0].update(order=["c2", "c3"]),
        lambda lots: lots[0].update(order=["nobody", "c2"]),
        lambda lots: lots.append({**lots[0], "contest": "nothing"}),
        lambda lots: lots.append({**lots[0], "contest": "other"}),  # nothing is tied there
        lambda lots: lots.insert(0, {**lots[0], "contest": "other"}),
    ],
)
def test_22_d_lots(change: Callable[[list[Content]], object], tmp_path: Path) -> None:
    assert items_of(with_lots(change), tmp_path, 22) == {"22.D"}


@pytest.mark.parametrize(
    "change",
    [
        lambda sigs: sigs[0].update(sig="00" * 64),
        lambda sigs: sigs.__delitem__(slice(1, None)),
        lambda sigs: sigs.clear(),
        lambda sigs: sigs.append({"registrar": 10**9, "sig": sigs[0]["sig"]}),
    ],
)
def test_22_e_registrars(change: Callable[[list[Content]], object], tmp_path: Path) -> None:
    record = with_lots(lambda lots: change(lots[0]["sigs"]), signed=False)
    assert items_of(record, tmp_path, 22) == {"22.E"}


def test_22_e_another_bodys_lot(tmp_path: Path) -> None:
    record = with_lots(lambda lots: lots[0].update(body="somebody"), signed=False)
    assert items_of(record, tmp_path, 22) == {"22.E"}


@pytest.mark.parametrize("path", [RESULTS, "tally/decrypted.ndjson"])
def test_without_a_file_nothing_passes(path: str, tmp_path: Path) -> None:
    record = honest()
    del record[path]
    assert statuses(verify(record, tmp_path))["V22"] == "not checked"
