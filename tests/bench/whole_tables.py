"""The tables of whole runs, and of the estimate for a country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.bench.bars import MIB, NOT_MEASURED, over_core, shown, table
from tests.bench.whole_runs import CORES, COUNTRY

if TYPE_CHECKING:
    from tests.bench.bars import Found
    from tests.bench.whole_runs import Whole

WAYS: Final = ("naive", "gmpy2", "kernel", "gmpy2 with hints", "kernel with hints")


def records_table(found: Found) -> str:
    """Whole runs over all records, medians of the rounds."""
    rows = [
        (
            whole.way,
            f"{whole.ballots:,}",
            "2 Dask workers" if whole.on_cluster else str(whole.processes),
            f"{whole.clock:,.1f}",
            shown(whole.a_second),
            "" if whole.on_cluster else shown(whole.a_ballot * 1e3),
            "" if whole.on_cluster else shown(whole.a_ballot / whole.modexp),
            _over(found, whole),
            _speed_up(found, whole),
            "" if whole.on_cluster else f"{whole.memory / MIB:,.0f}",
            f"{whole.load:g}",
        )
        for whole in sorted(
            found.whole.all, key=lambda one: (one.ballots, _place(one.way), one.on_cluster)
        )
    ]
    if not rows:
        return f"{NOT_MEASURED}: {found.whole_reason('gmpy2')}"
    head = (
        *("way", "ballots", "processes", "clock, s", "ballots/s", "CPU, ms a ballot"),
        *("modexp", "over the checks alone", "against 1 process", "memory, MiB", "load"),
    )
    missing = sorted(set(found.whole.missing.values()))
    return "\n\n".join((table(head, rows), *(f"Not measured: {reason}." for reason in missing)))


def estimate_table(found: Found) -> str:
    """The time for the ballots of the whole country."""
    rows = []
    for way in found.whole.ways():
        estimate = found.whole.estimate(way, found.ballots)
        if estimate is not None:
            rows.append(
                (
                    way,
                    long_time(estimate.two_cores),
                    long_time(estimate.many_cores),
                    long_time(estimate.serial),
                )
            )
    if not rows:
        return f"{NOT_MEASURED}: {found.whole_reason('gmpy2')}"
    head = (
        f"{COUNTRY:,} ballots, estimated",
        "2 cores",
        f"{CORES} cores",
        "of it the first process",
    )
    return table(head, rows)


def long_time(seconds: float) -> str:
    """A length of time in the unit that suits it."""
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {name}"
    return f"{seconds:.1f} s"


def _over(found: Found, whole: Whole) -> str:
    if whole.processes != 1 or whole.on_cluster:
        return ""
    value = over_core(found, whole.way, whole.ballots)
    return "" if value is None else shown(value)


def _speed_up(found: Found, whole: Whole) -> str:
    if whole.processes == 1:
        return ""
    one = found.whole.of(whole.way, whole.ballots, 1)
    if one is None:
        return ""
    if whole.on_cluster:
        return f"{one.clock / whole.clock:.2f}"
    ratio = found.whole.speed_up(whole.way, whole.ballots)
    return "" if ratio is None else f"{ratio:.2f}"


def _place(way: str) -> int:
    return WAYS.index(way) if way in WAYS else len(WAYS)
