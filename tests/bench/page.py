"""BENCHMARKS.md, its plot and its short figures, from one run and the texts in text/."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, Final

from tests.bench import tables, whole_tables
from tests.bench.bars import Found, bars, bars_table, shown
from tests.bench.plot import Axis, Line, svg

if TYPE_CHECKING:
    from tests.bench.whole_runs import WholeRuns

TEXT: Final = Path(__file__).parent / "text" / "page.md"
_SECOND, _MINUTE, _HOUR, _DAY = 1, 60, 3_600, 86_400
TWO: Final = 2


def page_of(found: dict[str, Any]) -> str:
    """The whole page. Raises KeyError when the text asks for what is not made here."""
    held = Found(found)
    values = {
        "machine": tables.machine_table(held),
        "bars": bars_table(held),
        "missed": tables.missed(held),
        "windows": tables.windows_table(held),
        "box_windows": tables.box_windows_table(held),
        "checks": tables.checks_table(held),
        "encryption": tables.encryption_table(held),
        "kernel": tables.kernel_table(held),
        "records": whole_tables.records_table(held),
        "parts": tables.parts_table(held),
        "estimate": whole_tables.estimate_table(held),
        "race": tables.race_table(held),
        **_inline(held),
    }
    text = Template(TEXT.read_text("utf-8")).substitute(values)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def bars_of(found: dict[str, Any]) -> str:
    """The table of bars, for the terminal."""
    return bars_table(Found(found))


def short_figures(found: dict[str, Any]) -> dict[str, Any]:
    """What a reader of the repository may want to compare, and nothing that changes without it."""
    held = Found(found)
    return {
        "ballots": held.ballots,
        "machine": found["machine"],
        "modexp_us": round(found["start"]["modexp"] * 1e6),
        "load": {"before": found["start"]["load"], "after": found["end"]["load"]},
        "figures": {
            bar.name: {
                "bar": bar.bar,
                "aim": bar.aim,
                "unit": bar.unit.strip(),
                "value": None if bar.value is None else round(bar.value, 4),
                "met": bar.is_met,
            }
            for bar in bars(held)
        },
    }


def plot_of(found: dict[str, Any]) -> str:
    """Time by the clock against ballots, a line for every way and number of processes."""
    held = Found(found)
    lines = _measured_lines(held.whole)
    naive = held.figure("ballots", "test_all_checks", "naive: ms")
    if naive is not None and lines:
        sizes = (held.whole.sizes()[0], held.whole.sizes()[-1])
        points = tuple((float(size), naive / 1e3 * size) for size in sizes)
        lines.insert(0, Line("naive, 1 process (computed)", points, dashed=True))
    title = "dalel-verify check: time against ballots"
    if not lines:
        lines = [Line("not measured", ((1.0, 1.0), (10.0, 1.0)), dashed=True)]
    x = Axis.over("ballots", (x for line in lines for x, _ in line.points), lambda v: f"{v:,.0f}")
    y = Axis.over("time", (y for line in lines for _, y in line.points), _tick)
    machine = found["machine"]
    note = f"{machine['model']}, {machine['cores']} cores, {machine['gmp']}; one contest, 7 options"
    return svg(title, x, y, lines, note)


def _measured_lines(whole: WholeRuns) -> list[Line]:
    lines = []
    for way in whole.ways():
        for processes in (1, TWO):
            runs = [whole.of(way, size, processes) for size in whole.sizes()]
            points = tuple((float(run.ballots), run.clock) for run in runs if run is not None)
            if len(points) >= TWO:
                name = f"{way}, {processes} process{'es' if processes > 1 else ''}"
                lines.append(Line(name, points))
    return lines


def _tick(seconds: float) -> str:
    if seconds >= _DAY:
        return f"{seconds / _DAY:.0f} d"
    if seconds >= 10 * _HOUR:
        return f"{seconds / _HOUR:.0f} h"
    return f"{seconds:,.0f} s" if seconds >= _SECOND else f"{seconds:g} s"


def _inline(held: Found) -> dict[str, str]:
    """Numbers that stand in a sentence."""
    chosen, widest = tables.CHOSEN, tables.WINDOWS[-1]
    power, wide = (held.figure("fixed base", f"test_power[{w}]") for w in (chosen, widest))
    build, wide_build = (held.figure("fixed base", f"test_build[{w}]") for w in (chosen, widest))
    mib, wide_mib = (held.figure("fixed base", f"test_power[{w}]", "MiB") for w in (chosen, widest))
    ratio = held.figure("memberships", "test_batch_of_memberships", "ratio")
    ratio = ratio or held.figure("ballots", "test_batch_of_memberships", "ratio")
    largest = held.parts.get(f"record of {held.ballots}", {})
    powers = 50  # of a ballot of one contest with 7 options: see the text
    saved = None if power is None or wide is None else (power - wide) * powers * 1e3
    return {
        "ballots": f"{held.ballots:,}",
        "tables_s": shown(None if build is None else 3 * build, 2),
        "tables_mib": shown(None if mib is None else 3 * mib, 2),
        "wide_s": shown(None if wide_build is None else 3 * wide_build, 2),
        "wide_mib": shown(None if wide_mib is None else 3 * wide_mib, 2),
        "wide_saves_ms": shown(saved, 2),
        "memberships": shown(ratio, 2),
        "record_files": f"{largest.get('files', 0):,}" if largest else "no",
        "record_boxes": f"{largest.get('boxes', 0):,}" if largest else "no",
        "record_mb": f"{largest.get('bytes', 0) / 1e6:,.0f}" if largest else "no",
    }
