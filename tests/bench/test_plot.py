"""The plot is well-formed, shows every point at its place, and writes no name over another."""

from __future__ import annotations

from itertools import pairwise
from math import log10
from xml.etree import ElementTree as ET

import pytest

from tests.bench.made_run import made_run
from tests.bench.page import plot_of
from tests.bench.plot import HEIGHT, LINE_HEIGHT, WIDTH, Axis, Line, svg

SVG = "{http://www.w3.org/2000/svg}"


def plotted(*lines: Line) -> ET.Element:
    x = Axis.over("x", (x for line in lines for x, _ in line.points), str)
    y = Axis.over("y", (y for line in lines for _, y in line.points), str)
    return ET.fromstring(svg("a title", x, y, lines, "a note"))  # noqa: S314 -- written here


def points_of(plot: ET.Element) -> list[list[tuple[float, float]]]:
    return [
        [
            (float(x), float(y))
            for x, y in (pair.split(",") for pair in line.attrib["points"].split())
        ]
        for line in plot.iter(f"{SVG}polyline")
    ]


def test_a_power_law_is_a_straight_line() -> None:
    line = Line("a way", tuple((10.0**power, 3 * 10.0**power) for power in (1, 2, 3)))
    (drawn,) = points_of(plotted(line))
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(drawn)]
    assert steps[0] == pytest.approx(steps[1], abs=0.2)
    assert steps[0][0] > 0 > steps[0][1]  # to the right, and up


def test_every_point_has_a_dot_unless_it_was_not_measured() -> None:
    measured = Line("a", ((1, 1), (10, 2), (100, 3)))
    computed = Line("b", ((1, 5), (100, 500)), dashed=True)
    plot = plotted(measured, computed)
    assert [len(line) for line in points_of(plot)] == [3, 2]
    assert len(list(plot.iter(f"{SVG}circle"))) == 3
    dashes = ["stroke-dasharray" in line.attrib for line in plot.iter(f"{SVG}polyline")]
    assert dashes == [False, True]


def test_all_of_it_is_within_the_picture() -> None:
    plot = plotted(*(Line(f"way {n}", ((200, 1.0 + n), (20_000, 100.0 + n))) for n in range(9)))
    for element in plot.iter():
        for name, most in (
            ("x", WIDTH),
            ("x1", WIDTH),
            ("cx", WIDTH),
            ("y", HEIGHT),
            ("cy", HEIGHT),
        ):
            if name in element.attrib:
                assert 0 <= float(element.attrib[name]) <= most


def test_names_of_lines_that_end_together_stand_apart() -> None:
    plot = plotted(*(Line(f"way {n}", ((1, 1), (100, 50))) for n in range(6)))
    places = [
        float(t.attrib["y"]) for t in plot.iter(f"{SVG}text") if (t.text or "").startswith("way")
    ]
    assert len(places) == 6
    gaps = [b - a for a, b in pairwise(sorted(places))]
    assert min(gaps) >= LINE_HEIGHT - 0.2


def test_names_are_escaped() -> None:
    plot = plotted(Line("a < b & c", ((1, 1), (2, 2))))
    assert "a < b & c" in [element.text for element in plot.iter(f"{SVG}text")]


@pytest.mark.parametrize("values", [[], [0.0], [-1.0, 5.0]])
def test_a_logarithmic_axis_refuses_what_it_cannot_hold(values: list[float]) -> None:
    with pytest.raises(ValueError, match="values above 0"):
        Axis.over("x", values, str)


def test_an_axis_ends_at_powers_of_ten() -> None:
    axis = Axis.over("x", [200, 20_000], str)
    assert axis.decades == [100, 1_000, 10_000, 100_000]
    assert (axis.low, axis.high) == (100, 100_000)
    assert Axis.over("x", [100], str).decades == [100, 1_000]


def test_a_run_has_a_line_for_every_way_and_number_of_processes() -> None:
    names = [element.text for element in ET.fromstring(plot_of(made_run())).iter(f"{SVG}text")]  # noqa: S314
    for name in ("gmpy2, 1 process", "gmpy2, 2 processes", "naive, 1 process (computed)"):
        assert name in names


def test_the_naive_way_stands_above_by_its_cost() -> None:
    """80 ms a ballot, none of which the made run has measured over a record."""
    run = made_run()
    naive, gmpy2 = points_of(ET.fromstring(plot_of(run)))[:2]  # noqa: S314 -- written here
    clock = run["parts"]["check gmpy2 20000 by 1 round 1"]["clock"]
    first, last = (run["parts"][f"check gmpy2 {n} by 1 round 1"]["clock"] for n in (200, 20_000))
    a_decade = (gmpy2[0][1] - gmpy2[-1][1]) / log10(last / first)
    assert (gmpy2[-1][1] - naive[-1][1]) / a_decade == pytest.approx(
        log10(0.080 * 20_000 / clock), abs=0.01
    )
