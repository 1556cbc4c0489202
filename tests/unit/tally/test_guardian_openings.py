"""Openings that guardians assembled: no signature, so each must give the recorded ciphertexts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from egcore.canonical import canonical
from egcore.errors import ElectionError
from tally.guardian_openings import Opened, collect_openings
from tally.registration import read_registry
from tests.unit.tally.steps import BOX, LEFT, Desk, voted_election

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = f"openings/{BOX}.ndjson"


@pytest.fixture(scope="module")
def played() -> Desk:
    desk = Desk(voted_election())
    desk.run("finish_seal")
    return desk


@pytest.fixture(scope="module")
def opened(played: Desk) -> Desk:
    desk = played.copy()
    desk.play_openings()
    return desk


@pytest.fixture
def desk(opened: Desk) -> Desk:
    return opened.copy()


def name_of(desk: Desk) -> str:
    return f"open/{desk.election.h_e.hex()}/openings/{BOX}.ndjson"


def collect(desk: Desk) -> list[Opened]:
    registry = read_registry(desk.record, desk.terms)
    return collect_openings(desk.record, desk.exchange, desk.terms, registry)


def refused(desk: Desk, match: str) -> None:
    before = dict(desk.files)
    with pytest.raises(ElectionError, match=match):
        collect(desk)
    assert desk.files == before


def test_nothing_was_assembled_yet(played: Desk) -> None:
    desk = played.copy()
    before = dict(desk.files)
    assert collect(desk) == [Opened(BOX, (), (LEFT,))]
    assert desk.files == before


def test_they_join_those_of_the_box_once(desk: Desk) -> None:
    before = desk.files[PATH].splitlines(keepends=True)
    assert collect(desk) == [Opened(BOX, (LEFT,), ())]
    lines = desk.files[PATH].splitlines(keepends=True)
    assert [json.loads(line)["position"] for line in lines] == [2, LEFT]
    assert lines[:1] == before
    after = dict(desk.files)
    assert collect(desk) == [Opened(BOX, (), ())]
    assert desk.files == after


def test_a_box_that_left_nothing_is_not_asked_for(desk: Desk) -> None:
    assert [outcome.device for outcome in collect(desk)] == [BOX]


def other_selection(line: dict[str, object]) -> None:
    first = line["contests"][0]  # type: ignore[index]
    first["selections"] = [0, 1, 0, 0]


def other_position(line: dict[str, object]) -> None:
    line["position"] = 1


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (other_selection, rf"box {BOX}, position {LEFT}, contest 1, option 1: the opening does"),
        (other_position, "position 1 was not left to the guardians to open"),
    ],
)
def test_an_opening_that_is_not_of_the_ballot_is_refused(
    desk: Desk, change: Callable[[dict[str, object]], None], match: str
) -> None:
    line = json.loads(desk.shared[name_of(desk)])
    change(line)
    desk.shared[name_of(desk)] = canonical(line)
    refused(desk, match)


def test_a_line_twice_is_refused(desk: Desk) -> None:
    desk.shared[name_of(desk)] *= 2
    refused(desk, f"position {LEFT} stands twice")


@pytest.mark.parametrize("raw", [b"", b"{}\n", b"\xff\n"])
def test_what_is_no_opening_is_refused(desk: Desk, raw: bytes) -> None:
    desk.shared[name_of(desk)] = raw
    refused(desk, rf"openings/{BOX}\.ndjson")


def test_a_published_opening_is_not_replaced(desk: Desk) -> None:
    collect(desk)
    line = json.loads(desk.shared[name_of(desk)])
    other_selection(line)
    desk.shared[name_of(desk)] = canonical(line)
    refused(desk, f"box {BOX}, position {LEFT}: another opening is published")


def test_a_ballot_that_is_not_challenged_is_not_opened(desk: Desk) -> None:
    """The door would have refused such a record; the opening is refused all the same."""
    path = f"ballots/{BOX}/000000.ndjson"
    lines = desk.files[path].splitlines(keepends=True)
    lines[LEFT - 1] = lines[LEFT - 1].replace(b'"challenged"', b'"cast"')
    desk.files[path] = b"".join(lines)
    refused(desk, f"position {LEFT} is cast; only a challenged one is opened")


def test_a_ballot_that_is_gone_is_named(desk: Desk) -> None:
    path = f"ballots/{BOX}/000000.ndjson"
    desk.files[path] = b"".join(desk.files[path].splitlines(keepends=True)[: LEFT - 1])
    refused(desk, f"{path} has no position {LEFT}")
