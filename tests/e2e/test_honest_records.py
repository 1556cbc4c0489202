"""Every kind of honest record in one list: each is accepted, with the exact figures that are due.

Made by the producing packages on a toy group (tests/e2e/honest_elections.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from terminal_bridge.closing import BALLOTS_A_FILE
from tests.attacks.judge import judge
from tests.attacks.museum.base import publish
from tests.e2e import honest_elections
from tests.e2e.honest_elections import FIRST, SECOND
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulator.election import ElectionSimulator


@dataclass(frozen=True)
class Honest:
    """What a record is made of, and the figures that the report on it must give.

    boxes, ballots, cast, challenged, void, openings, groups, boxes_lost: counts of the report.
    votes: by contest, in option order. participants: guardians who decrypt.
    """

    make: Callable[[], ElectionSimulator]
    ballots: tuple[int, int, int]  # cast, challenged, void
    votes: dict[str, list[int]]
    boxes: int = 1
    precincts: int = 1
    groups: int = 1
    boxes_lost: int = 0
    guardians: tuple[int, int] = (3, 2)
    participants: tuple[int, ...] = (1, 3)
    to_open: tuple[int, ...] = ()  # of the first box, by guardians
    note: str = "Nobody witnessed this record"

    @property
    def counts(self) -> dict[str, int]:
        cast, challenged, void = self.ballots
        return {
            "boxes": self.boxes,
            "boxes_lost": self.boxes_lost,
            "ballots": cast + challenged + void,
            "ballots_unreadable": 0,
            "cast": cast,
            "challenged": challenged,
            "void": void,
            "openings": challenged,
            "guardians": self.guardians[0],
            "quorum": self.guardians[1],
            "precincts": self.precincts,
            "groups": self.groups,
        }


USUAL = {"one": [2, 1, 0, 0]}  # the cast ballots of three_and_a_challenge


def guardians(n: int, k: int, *participants: int) -> Honest:
    return Honest(
        lambda: honest_elections.by_guardians(n, k),
        (3, 1, 0),
        USUAL,
        guardians=(n, k),
        participants=participants,
    )


HONEST: dict[str, Honest] = {
    "1 of 1 guardians": guardians(1, 1, 1),
    "2 of 3 guardians": guardians(3, 2, 2, 3),
    "all of 2 of 3 guardians": guardians(3, 2, 1, 2, 3),
    "4 of 7 guardians": guardians(7, 4, 2, 3, 5, 7),
    "7 of 7 guardians": guardians(7, 7, *range(1, 8)),
    "one contest and style": Honest(
        honest_elections.no_challenge, (2, 0, 0), {"one": [1, 0, 0, 1]}
    ),
    "several contests and styles": Honest(
        honest_elections.several_contests_and_styles,
        (3, 1, 0),
        {"one": [1, 0, 0, 0], "two": [0, 1, 2, 0, 0]},
        boxes=2,
        precincts=2,
        groups=3,
    ),
    "option limits above 1": Honest(
        honest_elections.limits_above_one, (3, 1, 0), {"one": [3, 3, 2, 0]}
    ),
    "with contest data": Honest(
        honest_elections.with_contest_data,
        (2, 1, 0),
        {"one": [2, 0, 0, 0], "two": [0, 1, 0, 1]},
        groups=2,
    ),
    "without contest data": guardians(3, 2, 1, 2),
    "no challenged ballot": Honest(honest_elections.no_challenge, (2, 0, 0), {"one": [1, 0, 0, 1]}),
    "only challenged ballots in one device of a precinct": Honest(
        lambda: honest_elections.only_challenges(beside=True),
        (2, 2, 0),
        {"one": [1, 1, 0, 0]},
        boxes=3,
        precincts=2,
        groups=2,
    ),
    "only challenged ballots in the one device of a precinct": Honest(
        lambda: honest_elections.only_challenges(beside=False),
        (1, 2, 0),
        {"one": [1, 0, 0, 0]},
        boxes=2,
        precincts=2,
        groups=2,
    ),
    "a precinct without a ballot": Honest(
        honest_elections.precinct_without_a_ballot, (3, 1, 0), USUAL, boxes=2, precincts=2, groups=2
    ),
    "no ballot at all": Honest(
        honest_elections.no_ballot_at_all,
        (0, 0, 0),
        {"one": [0, 0, 0, 0]},
        boxes=2,
        precincts=2,
        groups=2,
    ),
    "undecided ballots that are cast": Honest(
        lambda: honest_elections.undecided("cast"), (4, 1, 0), {"one": [2, 1, 0, 1]}
    ),
    "undecided ballots that are void": Honest(
        lambda: honest_elections.undecided("void"), (3, 1, 1), USUAL
    ),
    "a challenge after a restart": Honest(
        honest_elections.challenge_after_a_restart, (1, 2, 0), {"one": [1, 0, 0, 0]}, to_open=(2,)
    ),
    "a signed loss of a device, nothing saved": Honest(
        lambda: honest_elections.lost(0),
        (1, 0, 0),
        {"one": [0, 1, 0, 0]},
        boxes=2,
        precincts=2,
        groups=2,
        boxes_lost=1,
        note=f"Box {SECOND} of precinct p-2 was lost (burnt): 0 ballots of closed files were "
        "saved, and 2 permits are not accounted for.",
    ),
    "a signed loss of a device, one file saved": Honest(
        lambda: honest_elections.lost(BALLOTS_A_FILE),
        (256, 1, 0),
        {"one": [255, 1, 0, 0]},
        boxes=2,
        precincts=2,
        groups=2,
        boxes_lost=1,
        note=f"Box {SECOND} of precinct p-2 was lost (burnt): 256 ballots of closed files were "
        "saved, and 2 permits are not accounted for.",
    ),
    "precincts below the floor": Honest(
        honest_elections.groups_joined,
        (2, 0, 0),
        {"one": [1, 1, 0, 0]},
        boxes=2,
        precincts=2,
        groups=1,
    ),
    "several boxes in a precinct": Honest(
        honest_elections.several_boxes, (4, 1, 0), {"one": [2, 2, 0, 0]}, boxes=2
    ),
}


def votes_in(record: dict[str, bytes]) -> dict[str, Any]:
    contests = json.loads(record["results.json"])["contests"]
    return {entry["contest"]: entry["votes"] for entry in contests}


def before_the_tally(record: dict[str, bytes]) -> dict[str, bytes]:
    return {
        path: raw
        for path, raw in record.items()
        if not path.startswith("tally/") and path != "results.json"
    }


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_record_is_accepted_with_exact_figures(name: str, tmp_path: Path) -> None:
    """At the end and as it was sealed, receipts included."""
    honest = HONEST[name]
    election = honest.make()
    record = publish(election, honest.participants)
    report = judge(record, TOY, tmp_path / "final", receipts=True)
    assert report.failed_items == set()
    report.require_accepted()
    assert report.record.counts == honest.counts
    assert votes_in(record) == honest.votes
    assert any(honest.note in note for note in report.notes), report.notes
    statements = sorted(path for path in record if path.startswith("tally/statements/"))
    assert statements == [f"tally/statements/{i}.json" for i in honest.participants]
    assert tuple(election.boxes[FIRST].figures.to_open) == honest.to_open
    assert all(item.checked == item.demanded for item in report.verifications)
    sealed = judge(before_the_tally(record), TOY, tmp_path / "sealed", "sealed", receipts=True)
    sealed.require_accepted()
    assert sealed.record.counts == {k: v for k, v in honest.counts.items() if k != "groups"}


def test_the_elections_are_what_their_names_say() -> None:
    """Facts that no figure of a report shows."""
    with_data = honest_elections.with_contest_data().manifest.contests
    assert [contest.data_blocks for contest in with_data] == [2, 0]
    usual = honest_elections.by_guardians(3, 2).manifest.contests
    assert [contest.data_blocks for contest in usual] == [0]
    (points,) = honest_elections.limits_above_one().manifest.contests
    assert (points.option_limit, points.contest_limit) == (3, 4)
    for status in ("cast", "void"):
        record = publish(HONEST[f"undecided ballots that are {status}"].make(), (1, 3))
        closing = json.loads(record[f"devices/{FIRST}.json"])["closing"]
        assert (closing["undecided"], closing["outstanding"]) == (1, 1)
    assert f"openings/{FIRST}.ndjson" not in publish(honest_elections.no_challenge(), (1, 3))
