"""The figures that are to be reached, each with its bar, its aim, and what this run says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.bench.whole_runs import WholeRuns

if TYPE_CHECKING:
    from collections.abc import Sequence

MIB: Final = 2**20
MOST_MEMORY: Final = 600 * MIB
NOT_MEASURED: Final = "not measured"
OFFLINE: Final = "offline encryption with the kernel, 7 options"


@dataclass(frozen=True)
class Bar:
    """One figure. value: None where it was not measured, for that reason. high: more is better.

    note: what has to be said with it.
    """

    name: str
    bar: float
    aim: float | None
    unit: str
    value: float | None
    high: bool = True
    reason: str = ""
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the bar is met; None when nothing was measured."""
        if self.value is None:
            return None
        return self.value >= self.bar if self.high else self.value <= self.bar

    @property
    def verdict(self) -> str:
        """In words."""
        if self.value is None:
            return f"{NOT_MEASURED}: {self.reason}"
        if not self.is_met:
            return "**missed**"
        reached = self.aim is not None and (
            self.value >= self.aim if self.high else self.value <= self.aim
        )
        return "aim met" if reached else "met"


class Found:
    """What one run found, with a reason for all that it did not."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.raw = found
        self.parts: dict[str, dict[str, Any]] = found["parts"]
        self.whole = WholeRuns(found)
        self.ballots: int = found["ballots"]

    def figure(self, part: str, test: str, name: str = "median") -> float | None:
        """A figure of a test; None when there is none."""
        figures = self.parts.get(part, {}).get("figures", {})
        value = figures.get(test, {}).get(name)
        return None if value is None else float(value)

    def reason(self, part: str) -> str:
        """Why a part lacks a figure."""
        held = self.parts.get(part, {})
        reasons = [held["missing"]] if "missing" in held else held.get("not_run", [])
        return "; ".join(reasons) or "this run has no such figure"

    def whole_reason(self, way: str) -> str:
        """Why a way has no whole runs."""
        for name, reason in self.whole.missing.items():
            if name.startswith(f"check {way} ") and name.removeprefix(f"check {way} ")[0].isdigit():
                return reason
        return "this run has no such figure"


def bars(found: Found) -> list[Bar]:
    """All bars, in the order in which they were set."""

    def ratio(test: str, way: str) -> float | None:
        return found.figure("ballots", test, f"{way}: ratio")

    def of_ballots(name: str, bar: float, aim: float, test: str, way: str) -> Bar:
        return Bar(name, bar, aim, "x", ratio(test, way), reason=found.reason("ballots"))

    two, every = "test_v6_and_v7", "test_all_checks"
    return [
        of_ballots("V6 + V7, gmpy2, against naive", 2.8, 3, two, "gmpy2"),
        of_ballots("all per-ballot checks, gmpy2, against naive", 2.6, 3, every, "gmpy2"),
        _over_core(found, "gmpy2", 1.25, 1.1),
        *_memory(found),
        _speed_up(found),
        _encryption(found, "online encryption, 7 options", 0.15, 0.11, "test_online"),
        _race(found),
        of_ballots("V6 + V7, kernel, against naive", 28, 32, two, "kernel"),
        of_ballots("V6 + V7, kernel with hints, against naive", 100, 150, two, "kernel with hints"),
        of_ballots("V6 + V7, gmpy2 with hints, against naive", 14, 18, two, "gmpy2 with hints"),
        of_ballots(
            "all per-ballot checks, kernel with hints, against naive",
            60,
            100,
            every,
            "kernel with hints",
        ),
        _kernel(found),
        _over_core(found, "kernel with hints", 1.4, 1.15),
        _encryption(
            found,
            "offline encryption with the kernel, 7 options",
            1.0,
            0.5,
            "test_offline_by_kernel",
        ),
    ]


def over_core(found: Found, way: str, ballots: int) -> float | None:
    """Processor time a ballot of a whole run by one process, over that of the checks alone.

    Both in modexps of their moments, so that neighbours who slow everything change nothing.
    """
    core = found.figure("ballots", "test_all_checks", f"{way}: modexp")
    whole = found.whole.of(way, ballots, 1)
    if core is None or whole is None:
        return None
    return whole.a_ballot / whole.modexp / core


def in_seconds(found: Found, way: str, ballots: int) -> str:
    """The same in seconds: a modexp before and after a long run is not one of its middle."""
    core = found.figure("ballots", "test_all_checks", f"{way}: ms")
    whole = found.whole.of(way, ballots, 1)
    if core is None or whole is None:
        return ""
    return f"in seconds {1e3 * whole.a_ballot / core:.2f}x"


def _over_core(found: Found, way: str, bar: float, aim: float) -> Bar:
    name = f"whole check of {found.ballots:,} ballots, {way}, per ballot and core, over the checks"
    value, reason = over_core(found, way, found.ballots), found.whole_reason(way)
    note = in_seconds(found, way, found.ballots)
    return Bar(name, bar, aim, "x", value, high=False, reason=reason, note=note)


def _memory(found: Found) -> list[Bar]:
    few, many = found.ballots // 10, found.ballots
    small, large = (found.whole.of("gmpy2", ballots, 1) for ballots in (few, many))
    ratio = None if small is None or large is None else large.memory / small.memory
    held = [whole.memory for whole in found.whole.all if not whole.on_cluster]
    most = max(held, default=None)
    reason = found.whole_reason("gmpy2")
    name = f"peak memory, {many:,} against {few:,} ballots, gmpy2, 1 process"
    return [
        Bar(name, 1.1, None, "x", ratio, high=False, reason=reason),
        Bar(
            "peak memory of all processes, the most of any run",
            MOST_MEMORY / MIB,
            None,
            " MiB",
            None if most is None else most / MIB,
            high=False,
            reason=reason,
        ),
    ]


def _speed_up(found: Found) -> Bar:
    value = found.whole.speed_up("gmpy2", found.ballots)
    name = f"2 processes against 1, {found.ballots:,} ballots, gmpy2"
    return Bar(name, 1.8, 1.95, "x", value, reason=found.whole_reason("gmpy2"))


def _encryption(found: Found, name: str, bar: float, aim: float, test: str) -> Bar:
    value = found.figure("encryption", test, "in modexps")
    reason = found.reason("encryption")
    return Bar(name, bar, aim, " modexp", value, high=False, reason=reason)


def _race(found: Found) -> Bar:
    mine = found.figure("race", "test_our_verification", "cpu")
    theirs = found.figure("race", "test_their_verification", "cpu")
    value = None if mine is None or theirs is None else theirs / mine
    name = "against electionguard 1.4.0, verifying a ballot"
    return Bar(name, 4.5, None, "x", value, reason=found.reason("race"))


def _kernel(found: Found) -> Bar:
    """The share of the multiplications that it does: fewer than the school's way needs."""

    def figure(name: str) -> float | None:
        return found.figure("kernel", "test_kernel[multiply]", name)

    done = figure("multiply, share of the peak")
    value = None if done is None else 100 * done
    least, took = figure("long multiplication at the peak, us"), figure("multiply, us")
    note = ""
    if least is not None and took is not None:
        note = f"a long multiplication at the peak would take {least / took:.2f} times as long"
    name = "kernel multiply, rows to rows, against the measured IFMA peak"
    return Bar(name, 85, 95, " %", value, reason=found.reason("kernel"), note=note)


def shown(value: float | None, digits: int = 3) -> str:
    """A number with so many significant digits at least, or that it was not measured."""
    if value is None:
        return NOT_MEASURED
    if value == 0:
        return "0"
    places = 0
    while places < 6 and abs(value) * 10**places < 10 ** (digits - 1):
        places += 1
    return f"{value:,.{places}f}"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table. A bar in a cell is escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def bars_table(found: Found) -> str:
    """All bars as a table."""
    rows = [
        (
            bar.name,
            f"{bar.bar:g}{bar.unit}",
            "" if bar.aim is None else f"{bar.aim:g}{bar.unit}",
            "" if bar.value is None else f"**{shown(bar.value)}**{bar.unit}",
            "; ".join(filter(None, (bar.verdict, bar.note))),
        )
        for bar in bars(found)
    ]
    return table(("figure", "bar", "aim", "this run", ""), rows)
