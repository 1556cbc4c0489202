"""The figures of a run that nobody measured, for tests of what is written from them."""

from __future__ import annotations

from typing import Any, Final

BALLOTS: Final = 20_000
UNIT: Final = 0.001  # seconds of a modexp
COSTS: Final = {  # modexps of a ballot
    "naive": 80.0,
    "gmpy2": 28.0,
    "gmpy2 with hints": 5.0,
    "kernel": 2.5,
    "kernel with hints": 0.8,
}
MEGABYTE: Final = 10**6


def made_run() -> dict[str, Any]:
    """A run with all parts."""
    parts: dict[str, Any] = {
        "fixed base": {"figures": _windows()},
        "encryption": {"figures": {"test_online": {"median": UNIT / 10, "in modexps": 0.1}}},
        "box kernel": {"figures": {"test_power[12]": dict.fromkeys(_OF_A_WINDOW, 1.5)}},
        "ballots": {"figures": {name: _ballots() for name in _CHECKS}},
        "kernel": {"figures": {"test_kernel[multiply]": _kernel()}},
        "parts": {
            "figures": {"test_reading": {"ms": 0.2, "in modexps": 0.2, "for each": "ballot"}}
        },
        "race": {"figures": _race()},
    }
    for ballots in (BALLOTS // 100, BALLOTS // 10, BALLOTS):
        parts[f"record of {ballots}"] = {"ballots": ballots, "bytes": 1, "boxes": 25, "files": 100}
        for way in ("gmpy2", "kernel with hints"):
            for processes in (1, 2):
                name = f"check {way} {ballots} by {processes} round 1"
                parts[name] = check_run(way, ballots, processes)
    return {
        "ballots": BALLOTS,
        "machine": {
            "model": "a processor",
            "cores": 2,
            "flags": ["adx"],
            "memory": 2**34,
            "system": "Linux",
            "python": "3.11",
            "gmpy2": "2",
            "gmp": "GMP 6",
            "routines": "routines for a processor",
            "family": "a processor",
        },
        "start": {"load": 0.1, "modexp": UNIT},
        "end": {"load": 0.2, "modexp": UNIT, "seconds": 100.0},
        "parts": parts,
    }


def check_run(way: str, ballots: int, processes: int) -> dict[str, Any]:
    """A run that costs a tenth more than its checks, and 1 s for what is not about ballots."""
    work = 1.1 * COSTS[way] * UNIT * ballots
    return {
        "way": way,
        "ballots": ballots,
        "processes": processes,
        "clock": 1 + work / processes,
        "cpu": 1 + work,
        "first": 1 + 0.01 * work,
        "memory": (60 * processes + 20) * MEGABYTE + 100 * ballots,
        "seen": processes + 1,
        "modexp": UNIT,
        "load": 0.3,
    }


_OF_A_WINDOW: Final = ("power, us", "power, modexp", "build, ms", "MiB")
_CHECKS: Final = ("test_range_and_limit_proofs", "test_v6_and_v7", "test_all_checks")


def _ballots() -> dict[str, Any]:
    found: dict[str, Any] = {"group": "ballots", "median": 1.0, "rounds": 3}
    for way, cost in COSTS.items():
        ratio = COSTS["naive"] / cost
        found |= {f"{way}: ms": cost, f"{way}: modexp": cost, f"{way}: ratio": ratio}
        found |= {f"{way}: low": ratio - 0.1, f"{way}: high": ratio + 0.1}
    return found


def _windows() -> dict[str, Any]:
    found: dict[str, Any] = {"test_unit_of_measure": {"group": "power", "median": UNIT}}
    for window in range(4, 13):
        found[f"test_power[{window}]"] = {"median": UNIT / window, "MiB": 2.0 ** (window - 6)}
        found[f"test_build[{window}]"] = {"median": UNIT * 2**window / 8}
    return found


def _kernel() -> dict[str, Any]:
    shares = {"multiply, us": 1.0, "multiply, share of the peak": 0.9}
    return {**shares, "long multiplication at the peak, us": 0.9}


def _part(noun: str) -> dict[str, Any]:
    return {"ms": 0.2, "in modexps": 0.2, "for each": noun}


def _race() -> dict[str, Any]:
    name = "verification of a ballot in memory"
    return {
        "test_modexp": {"group": "modexp", "cpu": UNIT},
        "test_our_verification": {"group": name, "cpu": 10 * UNIT},
        "test_their_verification": {"group": name, "cpu": 120 * UNIT},
    }
