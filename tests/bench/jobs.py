"""The jobs of a run in their order, each with a guess of its time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tests.bench import suites
from tests.bench.record import folder_of, record_of
from tests.bench.whole_ways import WAYS, lacking, run, run_on_cluster

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.whole_ways import WholeWay

SUITES: Final = {
    "fixed base": ("tests/bench/test_fixed_base.py", 45),
    "encryption": ("tests/bench/test_encryption.py", 30),
    "box kernel": ("tests/bench/test_box_kernel.py", 30),
    "ballots": ("tests/bench/test_verification.py", 120),
    "parts": ("tests/bench/test_parts.py", 60),
    "kernel": ("tests/bench/test_kernel.py", 60),
    "race": ("tests/peer/test_race.py", 90),
}
SHARES: Final = (100, 10, 1)  # of the ballots: the sizes of the records
ROUNDS: Final = {100: 3, 10: 1, 1: 1}  # by share; 1 and 2 processes in turn
PROCESSES: Final = (1, 2)
SECONDS_TO_BUILD: Final = 0.010  # a ballot, in two processes


@dataclass(frozen=True)
class Job:
    """A part of a run. seconds: a guess, to show how long the run will take."""

    name: str
    seconds: float
    measure: Callable[[], dict[str, Any]]


def jobs_for(ballots: int) -> list[Job]:
    """All jobs of a run whose largest record has so many ballots."""
    jobs = [
        Job(name, seconds, partial(suites.measure, file))
        for name, (file, seconds) in SUITES.items()
    ]
    for share in SHARES:
        size = ballots // share
        built = folder_of(size).is_dir()
        guess = 0 if built else 5 + SECONDS_TO_BUILD * size
        jobs.append(Job(f"record of {size}", guess, partial(_record, size)))
        for way in WAYS:
            jobs += _check_jobs(way, size, ROUNDS[share])
    fastest = [way for way in WAYS if not lacking(way)][-1:]
    few = ballots // 10
    jobs += [_cluster_job(way, few, ("--recheck", "1")) for way in WAYS]
    return jobs + [_cluster_job(way, ballots, ()) for way in fastest]


def _record(size: int) -> dict[str, Any]:
    folder = record_of(size)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        "ballots": size,
        "bytes": sum(path.stat().st_size for path in files),
        "boxes": sum(path.parent.name == "devices" for path in files),
        "files": sum(path.match("ballots/*/*.ndjson") for path in files),
    }


def _check_jobs(way: WholeWay, size: int, rounds: int) -> list[Job]:
    """Rounds of one process and two in turn, so that neighbours slow both alike."""
    return [
        Job(
            f"check {way.way.name} {size} by {processes} round {number}",
            2 + way.seconds * size / processes,
            partial(run, way, size, processes),
        )
        for number in range(1, rounds + 1)
        for processes in PROCESSES
    ]


def _cluster_job(way: WholeWay, size: int, more: tuple[str, ...]) -> Job:
    """more: options; few ballot files would else be looked at twice, nearly all of them."""
    seconds = 10 + way.seconds * size / 2
    name = f"check {way.way.name} {size} on a cluster"
    return Job(name, seconds, partial(run_on_cluster, way, size, more))
