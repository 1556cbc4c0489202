"""BENCHMARKS.md is written from a run and from nothing else, and says what was not measured."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.bench import page
from tests.bench.bars import Bar, Found, bars, shown, table
from tests.bench.made_run import BALLOTS, COSTS, made_run
from tests.bench.whole_runs import CORES, COUNTRY, WholeRuns
from tests.bench.whole_tables import long_time

FIGURES = {
    "V6 + V7, gmpy2, against naive": 80 / 28,
    "all per-ballot checks, gmpy2, against naive": 80 / 28,
    "online encryption, 7 options": 0.1,
    "against electionguard 1.4.0, verifying a ballot": 12.0,
    "V6 + V7, kernel, against naive": 32.0,
    "V6 + V7, kernel with hints, against naive": 100.0,
    "V6 + V7, gmpy2 with hints, against naive": 16.0,
    "all per-ballot checks, kernel with hints, against naive": 100.0,
    "kernel multiply, rows to rows, against the measured IFMA peak": 90.0,
}


def without(run: dict[str, Any], part: str, reason: str) -> dict[str, Any]:
    return {**run, "parts": {**run["parts"], part: {"missing": reason}}}


def test_each_bar_shows_the_figure_of_the_run() -> None:
    found = {bar.name: bar.value for bar in bars(Found(made_run()))}
    assert len(found) == 15
    assert {name: found[name] for name in FIGURES} == pytest.approx(FIGURES)


def test_whole_runs_are_held_to_the_checks_alone() -> None:
    found = {bar.name: bar for bar in bars(Found(made_run()))}
    (over,) = (bar for name, bar in found.items() if ", gmpy2, per ballot and core" in name)
    assert over.value == pytest.approx(1.1 + 1 / (BALLOTS * 28 * 0.001))
    assert over.note.startswith("in seconds ")
    assert float(over.note.removeprefix("in seconds ").rstrip("x")) == pytest.approx(
        over.value, abs=0.01
    )
    (memory,) = (bar for name, bar in found.items() if name.startswith("peak memory, 20,000"))
    assert memory.value == pytest.approx((80 + 2) / (80 + 0.2))
    (speed,) = (bar for name, bar in found.items() if name.startswith("2 processes against 1"))
    work = 1.1 * 28 * 0.001 * BALLOTS
    assert speed.value == pytest.approx((1 + work) / (1 + work / 2))


def test_the_run_costs_of_another_moment_are_told_in_its_own_modexps() -> None:
    """Neighbours that slow the program and the unit alike change no ratio."""
    run = made_run()
    slow = json.loads(json.dumps(run))
    for name, part in slow["parts"].items():
        if name.startswith("check "):
            for figure in ("clock", "cpu", "first", "modexp"):
                part[figure] *= 2
    values = [[bar.value for bar in bars(Found(one))] for one in (run, slow)]
    assert values[0] == pytest.approx(values[1], nan_ok=False)


@pytest.mark.parametrize(
    ("value", "high", "said"),
    [
        (4.0, True, "aim met"),
        (3.0, True, "aim met"),
        (2.9, True, "met"),
        (2.8, True, "met"),
        (2.79, True, "**missed**"),
        (2.9, False, "**missed**"),
        (2.8, False, "met"),
        (None, True, "not measured: no kernel"),
    ],
)
def test_verdicts(value: float | None, high: bool, said: str) -> None:  # noqa: FBT001 -- a case
    aim = 3.0 if high else 2.5
    assert Bar("a figure", 2.8, aim, "x", value, high, "no kernel").verdict == said


def test_page_has_every_number_of_the_run() -> None:
    written = page.page_of(made_run())
    assert "$" not in written
    for way, cost in COSTS.items():
        assert f"| {way} | {shown(cost)} | {shown(cost)} |" in written
    assert written.count("Not measured") == 0
    assert "**missed**" not in written.split("## Checks of one ballot")[0].replace("1.1x", "")


@pytest.mark.parametrize(("load", "said"), [(0.2, "quiet when"), (6.1, "**busy when")])
def test_page_says_whether_neighbours_were_busy(load: float, said: str) -> None:
    run = made_run()
    run["start"]["load"] = load
    assert f"| neighbours | {said} the run began" in page.page_of(run)


def test_what_has_to_be_said_with_a_figure_stands_beside_it() -> None:
    said = "a long multiplication at the peak would take 0.90 times as long"
    assert f"| met; {said} |" in page.page_of(made_run())


def test_page_names_a_missed_bar() -> None:
    run = made_run()
    run["parts"]["ballots"]["figures"]["test_v6_and_v7"]["gmpy2: ratio"] = 2.7
    written = page.page_of(run)
    assert "Below their bar in this run: V6 + V7, gmpy2, against naive." in written
    assert "| **2.70**x | **missed** |" in written


@pytest.mark.parametrize(
    "part", ["fixed base", "box kernel", "encryption", "ballots", "kernel", "parts", "race"]
)
def test_page_without_a_part_says_why(part: str) -> None:
    written = page.page_of(without(made_run(), part, "a reason | with a bar"))
    assert "Not measured: a reason | with a bar." in written
    assert len(written) > 5_000


def test_page_of_a_run_that_measured_nothing() -> None:
    """Every table says so, no number is made up, and the plot is a plot."""
    run = {**made_run(), "parts": {}}
    written = page.page_of(run)
    assert [bar.value for bar in bars(Found(run))] == [None] * 15
    assert written.count("this run has no such figure") >= 15
    assert page.plot_of(run).startswith("<svg")
    figures = page.short_figures(run)["figures"]
    assert {figure["met"] for figure in figures.values()} == {None}


def test_a_way_that_is_not_to_be_had_is_named_with_its_reason() -> None:
    run = made_run()
    run["parts"]["check kernel 200 by 1 round 1"] = {"missing": "this processor has no IFMA"}
    assert "Not measured: this processor has no IFMA." in page.page_of(run)


def test_reasons_of_one_way_are_not_those_of_another() -> None:
    run = {**made_run(), "parts": {}}
    run["parts"]["check gmpy2 with hints 200 by 1 round 1"] = {"missing": "no hints"}
    held = Found(run)
    assert held.whole_reason("gmpy2 with hints") == "no hints"
    assert held.whole_reason("gmpy2") == "this run has no such figure"


def test_short_figures_hold_no_clock_and_no_name() -> None:
    figures = page.short_figures(made_run())
    assert set(figures) == {"ballots", "machine", "modexp_us", "load", "figures"}
    assert "seconds" not in json.dumps(figures)


def test_estimate_is_in_proportion_and_shares_all_but_the_first_process() -> None:
    runs = WholeRuns(made_run())
    two = runs.of("gmpy2", BALLOTS, 2)
    estimate = runs.estimate("gmpy2", BALLOTS)
    assert two is not None
    assert estimate is not None
    scale = COUNTRY / BALLOTS
    assert estimate.two_cores == pytest.approx(two.clock * scale)
    assert estimate.serial == pytest.approx(two.first * scale)
    assert estimate.many_cores == pytest.approx((two.first + (two.cpu - two.first) / CORES) * scale)


def test_rounds_become_medians_and_are_compared_in_pairs() -> None:
    run = made_run()
    name = f"check gmpy2 {BALLOTS} by {{}} round {{}}"
    for number, (one, two) in enumerate([(10.0, 5.0), (40.0, 10.0), (30.0, 10.0)], 1):
        for processes, clock in ((1, one), (2, two)):
            part = {**run["parts"][name.format(processes, 1)], "clock": clock}
            run["parts"][name.format(processes, number)] = part
    runs = WholeRuns(run)
    held = runs.of("gmpy2", BALLOTS, 1)
    assert held is not None
    assert held.clock == 30.0
    assert runs.speed_up("gmpy2", BALLOTS) == 3.0


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "not measured"), (0, "0"), (0.10612, "0.106"), (28.31, "28.3"), (8123.4, "8,123")],
)
def test_numbers_have_three_digits(value: float | None, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(59.0, "59.0 s"), (600.0, "10.0 minutes"), (9_000.0, "2.5 hours"), (864_000.0, "10.0 days")],
)
def test_long_times(seconds: float, text: str) -> None:
    assert long_time(seconds) == text


def test_tables_have_as_many_cells_in_every_line() -> None:
    lines = table(("a", "b"), [("1", "x|y"), ("2", "")]).splitlines()
    assert [len(re.split(r"(?<!\\)\|", line)) for line in lines] == [4] * 4
