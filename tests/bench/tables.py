"""The tables of BENCHMARKS.md, each from the figures of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.bench.bars import bars, shown, table
from tests.bench.progress import clock
from tests.bench.whole_tables import WAYS

if TYPE_CHECKING:
    from tests.bench.bars import Found

QUIET: Final = 0.5  # load average
WINDOWS: Final = range(4, 13)
CHOSEN: Final = 8
EXPONENT: Final = 256  # bits
CHECKS: Final = {
    "range and limit proofs of V6 and V7": "test_range_and_limit_proofs",
    "V6 and V7, the encrypted nonce with them": "test_v6_and_v7",
    "all checks of a ballot: V5 to V8, nonce, V20": "test_all_checks",
}
ENCRYPTION: Final = {
    "encrypted at once, from tables": "test_instant",
    "from a slot made ahead": "test_online",
    "the same right after a slot was made, so with cold caches": "test_online_after_making_a_slot",
    "from a slot to the signed event": "test_submitted_online",
    "making a slot": "test_offline",
    "making a slot of eight at once, by the kernel of the box": "test_offline_by_kernel",
    "its longest step, for which an answer may have to wait": "test_one_step",
}
RACE: Final = (
    "verification of a ballot in memory",
    "reading and verification of a ballot",
    "a program over the record",
    "encryption of a ballot",
    "encryption of a ballot, with log lines",
)
PARTS: Final = {
    "small files of the record": "test_small_files",
    "planning the units": "test_plan",
    "reading a ballot, and its form": "test_reading",
    "all checks of a ballot": "test_checks",
    "adding up results: uniqueness, links between files, sums": "test_adding_up",
    "all that is not about single ballots, with one group": "test_the_rest",
    "start of the program": "test_start[program]",
    "start of a worker, before it reads": "test_start[worker]",
}


def machine_table(found: Found) -> str:
    """What the figures depend on."""
    machine, start, end = found.raw["machine"], found.raw["start"], found.raw["end"]
    rows = [
        ("processor", machine["model"]),
        ("cores", str(machine["cores"])),
        ("of its flags", ", ".join(machine["flags"]) or "none that a figure depends on"),
        ("memory", f"{machine['memory'] / 2**30:.0f} GiB"),
        ("system", machine["system"]),
        ("Python, gmpy2, GMP", f"{machine['python']}, {machine['gmpy2']}, {machine['gmp']}"),
        ("of GMP", machine["routines"]),
        ("modexp, before and after", f"{_us(start['modexp'])} and {_us(end['modexp'])} us"),
        ("load average, before and after", f"{start['load']} and {end['load']}"),
        ("neighbours", _neighbours(start["load"])),
        ("whole run", clock(end["seconds"])),
    ]
    return table(("", ""), rows)


def _neighbours(load: float) -> str:
    """What the load before the run says of figures by the clock."""
    if load <= QUIET:
        return "quiet when the run began"
    return "**busy when the run began**: figures by the clock say little, ratios less than usual"


def windows_table(found: Found) -> str:
    """What a window of the fixed-base tables costs, and from how many powers the next one pays."""
    unit = found.figure("fixed base", "test_unit_of_measure")
    if unit is None:
        return _nothing(found, "fixed base")
    rows, before = [], None
    for window in WINDOWS:
        power = found.figure("fixed base", f"test_power[{window}]")
        build = found.figure("fixed base", f"test_build[{window}]")
        mib = found.figure("fixed base", f"test_power[{window}]", "MiB")
        if power is None or build is None or mib is None:
            return _nothing(found, "fixed base")
        pays = ""
        if before is not None:
            saved = before[0] - power
            pays = f"{(build - before[1]) / saved:,.0f} powers" if saved > 0 else "never"
        before = (power, build)
        name = f"**{window}**" if window == CHOSEN else str(window)
        products = str(-(-EXPONENT // window))
        costs = (_us(power), shown(power / unit), _ms(build), f"{mib:.1f}")
        rows.append((name, products, *costs, pays))
    head = ("window, bits", "products a power", "power, us", "modexp", "build, ms", "MiB")
    return table((*head, "pays against the row above from"), rows)


def box_windows_table(found: Found) -> str:
    """The same for the kernel of the box."""
    figures = found.parts.get("box kernel", {}).get("figures", {})
    names = ("power, us", "power, modexp", "build, ms", "MiB")
    rows = [
        (test.partition("[")[2].rstrip("]"), *(shown(figure[name]) for name in names))
        for test, figure in figures.items()
        if "MiB" in figure
    ]
    return table(("window, bits", *names), rows) if rows else _nothing(found, "box kernel")


def checks_table(found: Found) -> str:
    """Every way of checking a ballot, by what is checked."""
    rows = []
    for name, test in CHECKS.items():
        for way in WAYS:
            cost = found.figure("ballots", test, f"{way}: modexp")
            if cost is None:
                continue
            values = [found.figure("ballots", test, f"{way}: {of}") for of in ("ms", "ratio")]
            low, high = (found.figure("ballots", test, f"{way}: {of}") for of in ("low", "high"))
            spread = "" if way == "naive" else f"{shown(low)} to {shown(high)}"
            ratio = "1" if way == "naive" else f"**{shown(values[1])}**"
            rows.append((name, way, shown(cost), shown(values[0]), ratio, spread))
    if not rows:
        return _nothing(found, "ballots")
    head = ("what", "way", "modexp a ballot", "ms", "against naive", "of the rounds")
    return "\n\n".join((table(head, rows), *_not_run(found, "ballots")))


def encryption_table(found: Found) -> str:
    """What a ballot costs at the box."""
    figures = found.parts.get("encryption", {}).get("figures", {})
    rows = [
        (
            name,
            shown(figures[test]["in modexps"]),
            _ms(figures[test]["median"] / figures[test].get("pieces", 1)),
        )
        for name, test in ENCRYPTION.items()
        if test in figures
    ]
    if not rows:
        return _nothing(found, "encryption")
    return "\n\n".join((table(("", "modexp", "ms"), rows), *_not_run(found, "encryption")))


def kernel_table(found: Found) -> str:
    """What the benchmarks of the kernel say, as they say it, each figure once."""
    figures = found.parts.get("kernel", {}).get("figures", {})
    values = {
        name: shown(value)
        for figure in reversed(figures.values())
        for name, value in figure.items()
        if name not in {"group", "median", "rounds"} and isinstance(value, int | float)
    }
    return table(("", ""), list(values.items())) if values else _nothing(found, "kernel")


def parts_table(found: Found) -> str:
    """Where the time of a check goes."""
    rows = [
        (name, shown(figure["in modexps"], 2), shown(figure["ms"], 2), figure["for each"])
        for name, test in PARTS.items()
        if (figure := found.parts.get("parts", {}).get("figures", {}).get(test)) is not None
    ]
    return table(("part", "modexp", "ms", "for each"), rows) if rows else _nothing(found, "parts")


def race_table(found: Found) -> str:
    """The peer's package beside the verifier."""
    figures = found.parts.get("race", {}).get("figures", {})
    unit = found.figure("race", "test_modexp", "cpu")
    sides: dict[str, dict[str, float]] = {}
    for test, figure in figures.items():
        side = "mine" if test.startswith("test_our_") else "theirs"
        sides.setdefault(figure["group"], {})[side] = figure["cpu"]
    loud, quiet = sides.get(RACE[-1], {}), sides.get(RACE[-2], {})
    if "mine" in quiet:
        loud["mine"] = quiet["mine"]
    both = {name: side for name, side in sides.items() if {"mine", "theirs"} <= set(side)}
    if unit is None or not both:
        return _nothing(found, "race")
    rows = [
        (
            name,
            _ms(both[name]["mine"]),
            shown(both[name]["mine"] / unit),
            _ms(both[name]["theirs"]),
            shown(both[name]["theirs"] / unit),
            f"**{both[name]['theirs'] / both[name]['mine']:.2f}**",
        )
        for name in RACE
        if name in both
    ]
    head = ("processor time", "Dalel, ms", "modexp", "the package, ms", "modexp", "ratio")
    return table(head, rows)


def missed(found: Found) -> str:
    """The figures that are below their bar, in words."""
    names = [bar.name for bar in bars(found) if bar.is_met is False]
    return f"Below their bar in this run: {'; '.join(names)}." if names else ""


def _not_run(found: Found, part: str) -> list[str]:
    return [f"Not on this machine: {reason}." for reason in found.parts[part].get("not_run", ())]


def _nothing(found: Found, part: str) -> str:
    return f"Not measured: {found.reason(part)}."


def _us(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f}"


def _ms(seconds: float) -> str:
    return shown(seconds * 1e3)
