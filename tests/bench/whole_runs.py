"""What whole runs of `dalel-verify check` amount to: medians, speed, memory, and the estimate."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any, Final

COUNTRY: Final = 8_300_000  # ballots
CORES: Final = 16
CLUSTER: Final = "on a cluster"


@dataclass(frozen=True)
class Whole:
    """All rounds of one way over one record. Seconds and bytes are medians of the rounds.

    clocks: by the clock, of each round. cpu, first: processor seconds of all processes, and of the
    first one.
    """

    way: str
    ballots: int
    processes: int
    on_cluster: bool
    clocks: tuple[float, ...]
    cpu: float
    first: float
    memory: int
    modexp: float
    load: float

    @property
    def clock(self) -> float:
        """Seconds by the clock."""
        return median(self.clocks)

    @property
    def a_ballot(self) -> float:
        """Processor seconds a ballot."""
        return self.cpu / self.ballots

    @property
    def a_second(self) -> float:
        """Ballots a second by the clock."""
        return self.ballots / self.clock


@dataclass(frozen=True)
class Estimate:
    """Seconds for all ballots of the country. serial: of them what more cores do not shorten."""

    two_cores: float
    many_cores: float
    serial: float


class WholeRuns:
    """The runs of one `bench.json`."""

    def __init__(self, found: dict[str, Any]) -> None:
        rounds: dict[tuple[str, int, int, bool], list[dict[str, Any]]] = {}
        self.missing: dict[str, str] = {}
        for name, part in found["parts"].items():
            if not name.startswith("check "):
                continue
            if "missing" in part:
                self.missing[name] = part["missing"]
                continue
            on_cluster = name.endswith(CLUSTER)
            key = (part["way"], part["ballots"], part["processes"], on_cluster)
            rounds.setdefault(key, []).append(part)
        self.all = [_whole(key, runs) for key, runs in rounds.items()]

    def ways(self) -> list[str]:
        """The ways that were measured, in the order of the run."""
        return list(dict.fromkeys(whole.way for whole in self.all))

    def of(
        self, way: str, ballots: int, processes: int, *, on_cluster: bool = False
    ) -> Whole | None:
        """One of them, or None."""
        wanted = (way, ballots, processes, on_cluster)
        for whole in self.all:
            if (whole.way, whole.ballots, whole.processes, whole.on_cluster) == wanted:
                return whole
        return None

    def sizes(self) -> list[int]:
        """Ballots of the records, ascending."""
        return sorted({whole.ballots for whole in self.all})

    def speed_up(self, way: str, ballots: int) -> float | None:
        """How much sooner two processes are done than one; rounds are compared in pairs."""
        one, two = self.of(way, ballots, 1), self.of(way, ballots, 2)
        if one is None or two is None:
            return None
        return median(a / b for a, b in zip(one.clocks, two.clocks, strict=False))

    def estimate(self, way: str, ballots: int) -> Estimate | None:
        """Both times for the country, in proportion to the run with two processes.

        What the first process computes is taken as shared by no other, and the work of the others
        as shared by all cores.
        """
        two = self.of(way, ballots, 2)
        if two is None:
            return None
        scale = COUNTRY / ballots
        many = two.first + (two.cpu - two.first) / CORES
        return Estimate(two.clock * scale, many * scale, two.first * scale)


def _whole(key: tuple[str, int, int, bool], runs: list[dict[str, Any]]) -> Whole:
    way, ballots, processes, on_cluster = key
    return Whole(
        way,
        ballots,
        processes,
        on_cluster,
        clocks=tuple(run["clock"] for run in runs),
        cpu=median(run["cpu"] for run in runs),
        first=median(run["first"] for run in runs),
        memory=max(run["memory"] for run in runs),
        modexp=median(run["modexp"] for run in runs),
        load=max(run["load"] for run in runs),
    )
