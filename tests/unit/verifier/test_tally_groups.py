"""EQ-X11 as the verifier computes it, against cases worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.verifier.test_manifest_rules import MANIFEST
from verifier.groups import (
    compute_groups,
    group_precincts,
    precincts_by_area,
    undecided_precincts,
)
from verifier.reader.manifest import parse_manifest

FLOOR = 10


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        pytest.param([], [], id="no precinct"),
        pytest.param([[("a", 10)]], [("a",)], id="closed at exactly the floor"),
        pytest.param([[("a", 9), ("b", 1)]], [("a", "b")], id="two make the floor"),
        pytest.param([[("a", 10), ("b", 10)]], [("a",), ("b",)], id="one group each"),
        pytest.param(
            [[("a", 10), ("b", 9)]], [("a", "b")], id="the rest joins the last of its area"
        ),
        pytest.param(
            [[("a", 10), ("b", 12), ("c", 3), ("d", 2)]],
            [("a",), ("b", "c", "d")],
            id="the rest joins the last closed, not the first",
        ),
        pytest.param(
            [[("a", 10), ("b", 4)], [("c", 6), ("d", 10)]],
            [("a", "b"), ("c", "d")],
            id="the rest of an area with a closed group does not wait for the next area",
        ),
        pytest.param(
            [[("a", 4)], [("b", 6), ("c", 10)]],
            [("a", "b"), ("c",)],
            id="open over the border of an area",
        ),
        pytest.param(
            [[("a", 11)], [("b", 4)], [("c", 6)]],
            [("a",), ("b", "c")],
            id="the rest of an area without a closed group does not join another area's",
        ),
        pytest.param(
            [[("a", 4)], [("b", 6), ("c", 3)]],
            [("a", "b", "c")],
            id="a group opened earlier and closed here is closed here",
        ),
        pytest.param(
            [[("a", 6), ("b", 5), ("c", 0)], [("d", 3), ("e", 0)], [("f", 2)]],
            [("a", "b", "d", "f"), ("c",), ("e",)],
            id="after the last area the rest joins the last closed",
        ),
        pytest.param([[("a", 1)], [("b", 2)]], [("a", "b")], id="the only group is too small"),
        pytest.param([[("a", 0), ("b", 0)]], [("a",), ("b",)], id="empty ones stay alone"),
        pytest.param(
            [[("a", 4), ("b", 0), ("c", 6)]],
            [("a", "c"), ("b",)],
            id="an empty one does not touch the open group; order by first precincts",
        ),
    ],
)
def test_groups_by_hand(
    areas: list[list[tuple[str, int]]], expected: list[tuple[str, ...]]
) -> None:
    counts = {name: count for area in areas for name, count in area}
    names = [[name for name, _ in area] for area in areas]
    assert group_precincts(names, counts, FLOOR) == expected


@given(
    st.lists(st.lists(st.integers(0, 14), max_size=6), max_size=5),
    st.integers(1, 20),
)
def test_groups_cover_everything_once_and_respect_the_floor(
    areas: list[list[int]], floor: int
) -> None:
    names = [[f"{a}-{p}" for p in range(len(area))] for a, area in enumerate(areas)]
    counts = {
        name: count
        for area, listed in zip(areas, names, strict=True)
        for name, count in zip(listed, area, strict=True)
    }
    groups = group_precincts(names, counts, floor)
    assert sorted(p for group in groups for p in group) == sorted(counts)
    sizes = [sum(counts[p] for p in group) for group in groups]
    assert all(len(group) == 1 for group, size in zip(groups, sizes, strict=True) if size == 0)
    counted = [size for size in sizes if size > 0]
    assert all(size >= floor for size in counted) or len(counted) == 1
    assert all(0 not in (counts[p] for p in group) or len(group) == 1 for group in groups)


def test_groups_of_a_manifest() -> None:
    manifest = replace(parse_manifest(MANIFEST), floor=3)
    cells = {(1, "p-1"): 2, (1, "p-2"): 2, (2, "p-2"): 5}
    groups = compute_groups(manifest, cells, frozenset({"p-2"}))
    assert [(g.contest, g.contest_id, g.name, g.precincts, g.ballots) for g in groups.groups] == [
        (1, "president", "p-1", ("p-1", "p-2"), 4),
        (2, "council", "p-2", ("p-2",), 5),
    ]
    assert groups.by_name["council", "p-2"] is groups.groups[1]
    assert groups.of_contest(1) == groups.groups[:1]
    assert groups.of_contest(3) == ()
    assert not groups.is_complete(groups.groups[1])
    assert compute_groups(manifest, cells, frozenset({"p-9"})).is_complete(groups.groups[0])


def test_only_precincts_with_the_contest_are_visited_area_by_area() -> None:
    visits = precincts_by_area(parse_manifest(MANIFEST))
    assert visits == {
        "president": [("nation", ["p-1", "p-2"])],
        "council": [("south", ["p-2"])],
    }


def test_without_a_manifest_no_group_is_known() -> None:
    groups = compute_groups(None, {}, frozenset())
    assert (groups.groups, groups.known) == ((), False)


PRECINCT = st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(0, 12)))


@settings(max_examples=2_000)
@given(st.lists(st.lists(PRECINCT, max_size=5), max_size=5), st.integers(1, 15))
def test_a_group_that_is_decided_is_one_whatever_could_not_be_read(
    areas: list[list[tuple[int, int | None]]], floor: int
) -> None:
    """The second number of a precinct: its ballots that could not be read; None, there are none."""
    named = [[f"{a}-{i}" for i in range(len(area))] for a, area in enumerate(areas)]
    pairs = dict(zip(chain(*named), chain(*areas), strict=True))
    readable = {name: count for name, (count, _) in pairs.items()}
    there = {name: count + (hidden or 0) for name, (count, hidden) in pairs.items()}
    incomplete = frozenset(name for name, (_, hidden) in pairs.items() if hidden is not None)
    undecided = undecided_precincts(named, readable, incomplete, floor)
    assert incomplete <= undecided
    found = group_precincts(named, readable, floor)
    decided = {group for group in found if undecided.isdisjoint(group)}
    assert decided <= set(group_precincts(named, there, floor))


@pytest.mark.parametrize(
    ("incomplete", "undecided"),
    [
        ("", ""),
        ("a", "ab"),
        ("c", "cde"),
        ("d", "cde"),
        ("g", "cdeg"),
        ("f", "cdefg"),
    ],
)
def test_what_could_not_be_read_leaves_other_areas_decided(incomplete: str, undecided: str) -> None:
    """Areas a b | c d e | f g: the first two close a group, the last joins the second's."""
    areas = [["a", "b"], ["c", "d", "e"], ["f", "g"]]
    counts = {"a": 10, "b": 2, "c": 9, "d": 1, "e": 4, "f": 0, "g": 3}
    found = undecided_precincts(areas, counts, frozenset(incomplete), FLOOR)
    assert found == frozenset(undecided)
