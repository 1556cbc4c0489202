"""V13: an opening that does not fit the ballot is not encrypted again (V14 says what is wrong)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.verifier.small_election import SmallElection
from verifier.checks.v13_challenged_ballots import has_shape_of

if TYPE_CHECKING:
    from verifier.model import BallotContest, OpeningContest


def opened_contests() -> list[tuple[BallotContest, OpeningContest]]:
    """The contests of a challenged ballot, each with its opening."""
    election = SmallElection.load()
    opening = election.openings[0]
    (ballot,) = (
        ballot
        for ballot in election.ballots
        if (ballot.device, ballot.position) == (opening.device, opening.position)
    )
    return list(zip(ballot.contests, opening.contests, strict=True))


WITH_DATA = next(pair for pair in opened_contests() if pair[0].data is not None)
WITHOUT = next(pair for pair in opened_contests() if pair[0].data is None)


@pytest.mark.parametrize("pair", [WITH_DATA, WITHOUT], ids=["data", "no data"])
def test_an_honest_opening_fits(pair: tuple[BallotContest, OpeningContest]) -> None:
    assert has_shape_of(*pair) is True


@pytest.mark.parametrize("pair", [WITH_DATA, WITHOUT], ids=["data", "no data"])
@pytest.mark.parametrize("name", ["contest", "selections", "nonces"])
def test_another_contest_or_number_of_options_does_not(
    name: str, pair: tuple[BallotContest, OpeningContest]
) -> None:
    contest, opened = pair
    other: Any = opened.contest + 1 if name == "contest" else getattr(opened, name)[:-1]
    assert has_shape_of(contest, replace(opened, **{name: other})) is False


def test_data_that_are_missing_or_too_many_do_not() -> None:
    contest, opened = WITH_DATA
    assert opened.data is not None
    missing: list[dict[str, Any]] = [{"data": None}, {"data_nonce": None}]
    for changes in (*missing, {**missing[0], **missing[1]}):
        assert has_shape_of(contest, replace(opened, **changes)) is False
    for data in (b"", opened.data[:-1], opened.data + bytes(32)):
        assert has_shape_of(contest, replace(opened, data=data)) is False


@pytest.mark.parametrize(
    "changes",
    [{"data": bytes(32)}, {"data_nonce": 1}, {"data": bytes(32), "data_nonce": 1}],
    ids=["data", "nonce", "both"],
)
def test_data_of_a_contest_without_data_do_not(changes: dict[str, Any]) -> None:
    contest, opened = WITHOUT
    assert has_shape_of(contest, replace(opened, **changes)) is False


def test_data_of_a_ballot_without_them_do_not() -> None:
    contest, opened = WITH_DATA
    assert has_shape_of(replace(contest, data=None), opened) is False
