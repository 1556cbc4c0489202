"""Outcomes, sums by area, and lots (EQ-X13, EQ-X14, EQ-X15, EQ-X16), on cases worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore.hashing import ExtendedBaseHash
from egcore.records.results import Elected, Lot, NoOutcome, RunOff
from egcore.records.tally import DecryptedLine, DecryptedOption, PlanLine, PlanOption
from egcore.signing import SigningKey
from tally.results import LotNeeded, compute_results, majority_outcome, valid_votes
from tests.simulator.manifests import contest, manifest

if TYPE_CHECKING:
    from egcore.records.manifest import Contest, Manifest

H_E = ExtendedBaseHash(bytes(32))
FOUR = contest("one", 4)  # c1 c2 c3 c4 against blank


@pytest.mark.parametrize(
    ("votes", "ballots", "outcome", "tied"),
    [
        ((6, 2, 1, 1, 0, 0), 10, Elected(option="c1"), ()),
        ((1, 2, 6, 1, 0, 0), 10, Elected(option="c3"), ()),
        ((5, 3, 1, 1, 0, 0), 10, RunOff(options=("c1", "c2")), ()),  # half is not more than half
        ((1, 3, 5, 1, 0, 0), 10, RunOff(options=("c3", "c2")), ()),
        ((4, 4, 1, 1, 0, 0), 10, RunOff(options=("c1", "c2")), ()),  # both go on, no lot
        ((1, 4, 1, 4, 0, 0), 10, RunOff(options=("c2", "c4")), ()),
        ((4, 2, 2, 1, 1, 0), 10, None, ("c2", "c3")),
        ((3, 3, 3, 1, 0, 0), 10, None, ("c1", "c2", "c3")),
        ((0, 0, 0, 0, 9, 1), 10, NoOutcome(), ()),  # against all can never win
        ((2, 1, 0, 0, 7, 0), 10, RunOff(options=("c1", "c2")), ()),
        ((5, 0, 0, 0, 0, 4), 9, Elected(option="c1"), ()),
        ((0, 0, 0, 0, 0, 0), 0, NoOutcome(), ()),
        ((1, 0, 0, 0, 1, 0), 2, None, ("c2", "c3", "c4")),
    ],
)
def test_majority_with_run_off(
    votes: tuple[int, ...],
    ballots: int,
    outcome: Elected | RunOff | NoOutcome | None,
    tied: tuple[str, ...],
) -> None:
    found, open_tie = majority_outcome(FOUR, votes, ballots)
    assert open_tie == tied
    if outcome is not None:
        assert found == outcome


@pytest.mark.parametrize(
    ("votes", "order", "outcome"),
    [
        ((4, 2, 2, 1, 1, 0), ("c3", "c2"), RunOff(options=("c1", "c3"))),
        ((3, 3, 3, 1, 0, 0), ("c3", "c2", "c1"), RunOff(options=("c2", "c3"))),
        ((3, 3, 3, 1, 0, 0), ("c1", "c3", "c2"), RunOff(options=("c1", "c3"))),
    ],
)
def test_a_lot_fills_the_open_places(
    votes: tuple[int, ...], order: tuple[str, ...], outcome: RunOff
) -> None:
    found, _ = majority_outcome(FOUR, votes, 10, order)
    assert found == outcome


def test_the_base_of_the_threshold_decides() -> None:
    votes, ballots = (5, 1, 0, 0, 0, 4), 10
    assert majority_outcome(FOUR, votes, ballots)[0] == RunOff(options=("c1", "c2"))
    valid = contest("one", 4, threshold_base="valid")
    assert valid_votes(valid, votes) == 6
    assert majority_outcome(valid, votes, ballots)[0] == Elected(option="c1")


def test_two_above_half_with_limits_above_one() -> None:
    two = contest("one", 3, contest_limit=3)
    assert majority_outcome(two, (8, 7, 0, 0, 0), 10)[0] == Elected(option="c1")
    found, tied = majority_outcome(two, (7, 7, 0, 0, 0), 10, ("c2", "c1"))
    assert (found, tied) == (Elected(option="c2"), ("c1", "c2"))


def test_one_candidate_without_a_majority_wins_nothing() -> None:
    assert majority_outcome(contest("one", 1), (3, 4, 0), 7) == (NoOutcome(), ())


def _manifest(chosen: Contest, regions: tuple[str, ...]) -> Manifest:
    precincts = [(f"p-{i}", region, ("s-1",)) for i, region in enumerate(regions, start=1)]
    keys = [SigningKey.generate().public, SigningKey.generate().public]
    return manifest(keys, contests=(chosen,), precincts=precincts)


def _plan_line(precincts: tuple[str, ...], ballots: int) -> PlanLine:
    return PlanLine(
        contest="one",
        group=precincts[0],
        precincts=precincts,
        ballots=ballots,
        options=(PlanOption(option="c1", a=1, b=1),),
    )


def _decrypted(group: str, votes: tuple[int, ...]) -> DecryptedLine:
    """Counts only: the results do not look at proofs."""
    options = tuple(DecryptedOption(option="x", count=count, power=1, c=0, v=0) for count in votes)
    return DecryptedLine(contest="one", group=group, options=options)


def test_areas_that_share_a_group_are_reported_together() -> None:
    chosen = contest("one", 1)
    regions = ("north", "north", "south", "west", "east")
    plan = [
        _plan_line(("p-1",), 4),
        _plan_line(("p-2", "p-3"), 5),
        _plan_line(("p-4", "p-5"), 6),
    ]
    decrypted = [
        _decrypted("p-1", (3, 1, 0)),
        _decrypted("p-2", (4, 0, 1)),
        _decrypted("p-4", (5, 1, 0)),
    ]
    result = compute_results(_manifest(chosen, regions), H_E, plan, decrypted).contests[0]
    assert (result.ballots, result.votes) == (15, (12, 2, 1))
    entries = [(entry.areas, entry.ballots, entry.votes) for entry in result.areas]
    assert entries == [(("north", "south"), 9, (7, 1, 1)), (("west", "east"), 6, (5, 1, 0))]


def _lot(contest_id: str, order: tuple[str, ...]) -> Lot:
    return Lot(
        h_e=H_E, contest=contest_id, options=("c1", "c2"), order=order, body="court", sigs=()
    )


def test_a_tie_without_its_lot_asks_for_one() -> None:
    chosen = contest("one", 3)
    plan, decrypted = [_plan_line(("p-1",), 4)], [_decrypted("p-1", (2, 1, 1, 0, 0))]
    with pytest.raises(LotNeeded, match="contest one: options c2, c3 are tied; draw a lot"):
        compute_results(_manifest(chosen, ("north",)), H_E, plan, decrypted)
    wrong = [_lot("one", ("c2", "c1"))]
    with pytest.raises(LotNeeded, match="options c2, c3"):
        compute_results(_manifest(chosen, ("north",)), H_E, plan, decrypted, wrong)


def test_a_lot_that_nothing_demands_is_refused() -> None:
    plan, decrypted = [_plan_line(("p-1",), 4)], [_decrypted("p-1", (3, 1, 0, 0))]
    made = _manifest(contest("one"), ("north",))
    with pytest.raises(ValueError, match="no tie decides anything"):
        compute_results(made, H_E, plan, decrypted, [_lot("one", ("c1", "c2"))])
