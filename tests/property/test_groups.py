"""Groups are disjoint, cover every precinct, and respect the floor, for any counts (EQ-X11)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from egcore.groups import join_cells

AREAS = st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=6), min_size=1, max_size=5)


def _named(areas: list[list[int]]) -> tuple[list[list[str]], dict[str, int]]:
    names = [[f"p-{a}-{i}" for i in range(len(area))] for a, area in enumerate(areas)]
    cells = {
        name: count
        for area, counts in zip(names, areas, strict=True)
        for name, count in zip(area, counts, strict=True)
    }
    return names, cells


@given(AREAS, st.integers(1, 15))
def test_groups_partition_the_precincts_and_respect_the_floor(
    areas: list[list[int]], floor: int
) -> None:
    names, cells = _named(areas)
    groups = join_cells(names, cells, floor)
    members = [precinct for group in groups for precinct in group]
    assert sorted(members) == sorted(cells)
    total = sum(cells.values())
    for group in groups:
        ballots = sum(cells[precinct] for precinct in group)
        if ballots == 0:
            assert len(group) == 1
        else:
            assert ballots >= min(floor, total)
            assert all(cells[precinct] for precinct in group)


def test_the_four_steps_by_hand() -> None:
    names = [["a1", "a2", "a3"], ["b1"], ["c1", "c2"]]
    cells = {"a1": 3, "a2": 0, "a3": 8, "b1": 4, "c1": 7, "c2": 2}
    assert join_cells(names, cells, 10) == [["a2"], ["a1", "a3"], ["b1", "c1", "c2"]]
    assert join_cells(names, cells, 5) == [["a2"], ["a1", "a3"], ["b1", "c1", "c2"]]
    assert join_cells(names, cells, 30) == [["a2"], ["a1", "a3", "b1", "c1", "c2"]]
    assert join_cells([["a"], ["b"]], {"a": 12, "b": 3}, 10) == [["a", "b"]]
