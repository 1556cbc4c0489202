"""V21: each fault in the plan fails its own item and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.verifier.signed_again import contents, items_of, joined
from tests.unit.verifier.whole_record import BALLOTS, honest, lines_of, statuses, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLAN = "tally/plan.ndjson"
Lines = list[dict[str, Any]]  # contest one: p-1, p-2; contest two: p-1, p-2


def changed(lines: Lines, change: Callable[[Lines], object]) -> dict[str, bytes]:
    change(lines)
    return {**honest(), PLAN: joined(lines)}


def _swap(lines: Lines) -> None:
    lines[0], lines[1] = lines[1], lines[0]


def _join(lines: Lines) -> None:
    """One group for both precincts where the floor asks for two."""
    lines[0]["precincts"] += lines.pop(1)["precincts"]


@pytest.mark.parametrize(
    "change",
    [
        _swap,
        lambda lines: lines.pop(),
        lambda lines: lines.pop(0),
        lambda lines: lines.append(lines[-1]),
        lambda lines: lines[0].update(precincts=["p-1", "p-2"]),
        lambda lines: lines[0].update(precincts=[]),
        lambda lines: lines[0].update(group="p-9"),
        lambda lines: lines[0].update(contest="nothing"),
        _join,
    ],
)
def test_21_a_groups(change: Callable[[Lines], object], tmp_path: Path) -> None:
    record = changed(contents(honest()[PLAN]), change)
    assert items_of(record, tmp_path, 21) == {"21.A"}


@pytest.mark.parametrize("ballots", [0, 1, 2**31 - 1])
def test_21_b_ballots(ballots: int, tmp_path: Path) -> None:
    record = changed(contents(honest()[PLAN]), lambda lines: lines[0].update(ballots=ballots))
    assert items_of(record, tmp_path, 21) == {"21.B"}


@pytest.mark.parametrize(
    "change",
    [
        lambda options: options.pop(),
        lambda options: options.reverse(),
        lambda options: options.append(options[0]),
        lambda options: options[0].update(option="foreign"),
        lambda options: options.clear(),
    ],
)
def test_21_c_options(change: Callable[[Lines], object], tmp_path: Path) -> None:
    record = changed(contents(honest()[PLAN]), lambda lines: change(lines[2]["options"]))
    assert items_of(record, tmp_path, 21) == {"21.C"}


def test_without_its_file_the_plan_is_not_checked(tmp_path: Path) -> None:
    record = honest()
    del record[PLAN]
    assert statuses(verify(record, tmp_path))["V21"] == "not checked"


def test_an_unreadable_ballot_leaves_its_groups_unchecked(tmp_path: Path) -> None:
    first, *rest = lines_of(honest(), BALLOTS)
    record = {**honest(), BALLOTS: b"".join([first.replace(b"{", b"[", 1), *rest])}
    report = verify(record, tmp_path)
    (result,) = [v for v in report.verifications if v.id == "V21"]
    assert (result.status.value, result.demanded, result.checked) == ("not checked", None, 2)
