"""Results of a decrypted record, and the lots that a tie demands."""

from __future__ import annotations

import pytest

from egcore.errors import ElectionError
from egcore.program import ProgramError
from egcore.records.results import Lot, Results, RunOff
from tally.publishing import lots_needed, make_lot, publish_results, tied_options
from tally.results import LotNeeded
from terminal_bridge.encryption import Selections
from tests.attacks.elections import ceremony_for
from tests.attacks.judge import judge
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY
from tests.unit.tally.steps import STEPS, Desk, voted_election

BODY = "the commission in open session"
TIED = ("c2", "c3")


def tied_election() -> ElectionSimulator:
    """Contest one: c1 leads, c2 and c3 are tied for the run-off. Contest two: nobody is tied."""
    registrars = Registrars.generate(3)
    made = manifest(registrars.public, contests=(contest("one", 3), contest("two")))
    election = ElectionSimulator(made, ceremony_for(TOY), registrars)
    (box,) = election.boxes.values()
    for place in (0, 0, 1, 2):
        votes = {"one": [int(place == option) for option in range(5)], "two": [1, 0, 0, 0]}
        box.vote(Selections("s-1", votes))
    return election


@pytest.fixture(scope="module")
def tie() -> Desk:
    desk = Desk(tied_election())
    for name in STEPS[: STEPS.index("results")]:
        getattr(desk, name)()
    return desk


@pytest.fixture
def desk(tie: Desk) -> Desk:
    return tie.copy()


def lot(desk: Desk, order: tuple[str, ...] = ("c3", "c2"), name: str = "one", need: int = 3) -> Lot:
    keys = {p: key for p, key in desk.election.registrars.keys.items() if p <= need}
    return make_lot(desk.record, desk.terms, name, order, BODY, keys)


def refused(desk: Desk, error: type[Exception], match: str, *lots: Lot) -> None:
    with pytest.raises(error, match=match):
        publish_results(desk.record, desk.terms, lots)
    assert "results.json" not in desk.files


def test_a_tie_without_its_lot_is_named(desk: Desk) -> None:
    refused(desk, LotNeeded, "contest one: options c2, c3 are tied")
    assert [(n.contest, n.options) for n in lots_needed(desk.record, desk.terms)] == [("one", TIED)]
    assert tied_options(desk.record, desk.terms, "one") == TIED


@pytest.mark.parametrize(("order", "second"), [(("c3", "c2"), "c3"), (("c2", "c3"), "c2")])
def test_the_first_drawn_goes_on(desk: Desk, order: tuple[str, ...], second: str) -> None:
    drawn = lot(desk, order)
    results = publish_results(desk.record, desk.terms, [drawn])
    assert results.contests[0].outcome == RunOff(options=("c1", second))
    assert Results.from_bytes(desk.files["results.json"], TOY) == results
    assert results.lots == (drawn,)
    before = dict(desk.files)
    assert publish_results(desk.record, desk.terms, [lot(desk, order)]) == results
    assert desk.files == before


def test_a_record_with_a_lot_is_accepted(desk: Desk, tmp_path: object) -> None:
    publish_results(desk.record, desk.terms, [lot(desk)])
    judge(desk.files, TOY, tmp_path).require_accepted()  # type: ignore[arg-type]


def test_another_lot_does_not_replace_published_results(desk: Desk) -> None:
    publish_results(desk.record, desk.terms, [lot(desk)])
    before = dict(desk.files)
    with pytest.raises(ProgramError, match=r"results\.json is published with SHA-256"):
        publish_results(desk.record, desk.terms, [lot(desk, ("c2", "c3"))])
    assert desk.files == before


@pytest.mark.parametrize(
    "order", [("c2",), ("c2", "c2"), ("c1", "c2"), ("c2", "c3", "c1"), (), ("c2", "c9")]
)
def test_a_lot_is_drawn_among_the_tied_options(desk: Desk, order: tuple[str, ...]) -> None:
    with pytest.raises(ProgramError, match="the lot is drawn among c2, c3, found"):
        lot(desk, order)


@pytest.mark.parametrize("name", ["two", "three"])
def test_no_lot_where_no_tie_decides(desk: Desk, name: str) -> None:
    with pytest.raises(ProgramError, match=f"contest {name}: no tie decides anything here"):
        lot(desk, name=name)


def test_a_lot_by_too_few_registrars(desk: Desk) -> None:
    with pytest.raises(ElectionError, match="expected 2 signatures, found 1"):
        lot(desk, need=1)


def change(drawn: Lot, part: str) -> Lot:
    changes: dict[str, dict[str, object]] = {
        "election": {"h_e": bytes(32)},
        "body": {"body": "somebody else"},
        "order": {"order": ("c3", "c3")},
        "options": {"options": ("c1", "c3"), "order": ("c1", "c3")},
        "few": {"sigs": drawn.sigs[:1]},
        "contest": {"contest": "three"},
    }
    return drawn.model_copy(update=changes[part])


@pytest.mark.parametrize(
    ("part", "match"),
    [
        ("election", "the lot of contest one: it was drawn for another election"),
        ("body", "the lot of contest one: the signature of registrar 1 is not valid"),
        ("order", "its order is no permutation of its options"),
        ("options", "the signature of registrar 1 is not valid"),
        ("few", "expected 2 signatures of registrars, found 1"),
        ("contest", "the lot of contest three: the manifest has no such contest"),
    ],
)
def test_a_lot_that_does_not_hold_is_refused(desk: Desk, part: str, match: str) -> None:
    refused(desk, ElectionError, match, change(lot(desk), part))


def test_two_lots_of_one_contest(desk: Desk) -> None:
    refused(desk, ElectionError, "a contest has two lots", lot(desk), lot(desk, ("c2", "c3")))


def test_a_lot_where_none_is_due(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is signed, of this election, and of a contest in which nobody is tied."""
    with monkeypatch.context() as patched:
        patched.setattr("tally.publishing.tied_options", lambda *_: ("c1", "c2"))
        stray = lot(desk, ("c1", "c2"), "two")
    match = "the lot of contest two: it is among c1, c2, no tie demands one"
    refused(desk, ElectionError, match, lot(desk), stray)


def test_nothing_is_decrypted_yet() -> None:
    desk = Desk(voted_election())
    desk.run("collect_openings")
    with pytest.raises(ProgramError, match=r"tally/plan\.json is not in the record") as caught:
        desk.results()
    assert caught.value.hint == "run first: dalel-tally combine"
