"""The ways to check a whole record, and why one is not to be had on this machine."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from tests.bench.check_runs import CheckWay, RunFailed, check, options_of
from tests.bench.record import hinted_record_of, record_of
from verifier.core.ifma.choose import ifma_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKERS: Final = 2
_WAIT: Final = 60.0  # seconds for a scheduler to start
_PAUSE: Final = 0.1
_ADDRESS: Final = re.compile(r"tcp://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class WholeWay:
    """A way with a guess of its seconds a ballot. needs: what it takes besides gmpy2."""

    way: CheckWay
    seconds: float
    needs: tuple[str, ...] = ()


WAYS: Final = (
    WholeWay(CheckWay("gmpy2", ("--backend", "gmpy2")), 0.037),
    WholeWay(CheckWay("kernel", ("--backend", "ifma")), 0.007, ("kernel",)),
    WholeWay(CheckWay("gmpy2 with hints", ("--backend", "gmpy2"), hints=True), 0.010, ("hints",)),
    WholeWay(
        CheckWay("kernel with hints", ("--backend", "ifma"), hints=True),
        0.002,
        ("kernel", "hints"),
    ),
)


def lacking(way: WholeWay) -> str:
    """Why a way is not to be had here; nothing if it is."""
    for need in way.needs:
        reason = _lacks_kernel() if need == "kernel" else _lacks_hints()
        if reason:
            return reason
    return ""


def lacks_cluster() -> str:
    """Why no record can be checked on a cluster here; nothing if one can."""
    if "--cluster" not in options_of("check"):
        return "dalel-verify check has no option --cluster"
    if importlib.util.find_spec("distributed") is None:
        return "the extra [cluster] is not installed"
    return ""


def run(way: WholeWay, ballots: int, processes: int) -> dict[str, Any]:
    """One run of a way, or what it is missing."""
    reason = lacking(way)
    if reason:
        return {"missing": reason}
    try:
        record = hinted_record_of(ballots) if way.way.hints else record_of(ballots)
        return check(_as_offered(way.way), record, ballots, processes).as_json()
    except RunFailed as fault:
        return {"missing": str(fault)}


def run_on_cluster(way: WholeWay, ballots: int, options: tuple[str, ...]) -> dict[str, Any]:
    """One run on a scheduler and two workers of this machine, or what it is missing."""
    reason = lacks_cluster() or lacking(way)
    if reason:
        return {"missing": reason}
    try:
        record = hinted_record_of(ballots) if way.way.hints else record_of(ballots)
        with cluster() as address:
            more = ("--cluster", address, "--trust-workers", *options)
            return check(_as_offered(way.way), record, ballots, WORKERS, more).as_json()
    except RunFailed as fault:
        return {"missing": str(fault)}


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a Dask scheduler on loopback with two workers; all end with the block."""
    started: list[subprocess.Popen[bytes]] = []
    with TemporaryDirectory(prefix="dalel-bench-") as folder:
        said = Path(folder) / "scheduler.log"
        try:
            started.append(_dask(said, "scheduler", "--port", "0", "--no-dashboard", "--no-show"))
            address = _address(said)
            one = ("--nworkers", "1", "--nthreads", "1", "--no-dashboard")
            for number in range(WORKERS):
                log = Path(folder) / f"worker-{number}.log"
                place = ("--local-directory", str(Path(folder) / f"worker-{number}"))
                started.append(_dask(log, "worker", address, *one, *place))
            yield address
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait()


def _dask(said: Path, role: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "distributed.cli.dask_" + role, *options]
    with said.open("wb") as log:
        return subprocess.Popen(
            [*command, "--host", "127.0.0.1"], stdout=log, stderr=subprocess.STDOUT
        )


def _address(said: Path) -> str:
    """Where a scheduler listens, as it says in its log. Raises RunFailed."""
    until = time.monotonic() + _WAIT
    while time.monotonic() < until:
        found = _ADDRESS.search(said.read_text("utf-8", "replace"))
        if found:
            return found[0]
        time.sleep(_PAUSE)
    raise RunFailed(f"a Dask scheduler did not start: {said.read_text('utf-8', 'replace')[-300:]}")


def _as_offered(way: CheckWay) -> CheckWay:
    """A way without its option where the program has no other back end than gmpy2 yet."""
    has_choice = "--backend" in options_of("check")
    return way if has_choice else CheckWay(way.name, (), way.hints)


def _lacks_kernel() -> str:
    if "--backend" not in options_of("check"):
        return "dalel-verify check has no option --backend"
    choice = ifma_rows()
    return "" if choice.engine is not None else f"the kernel cannot run: {choice.reason}"


def _lacks_hints() -> str:
    return "" if "--backend" in options_of("check") else "dalel-verify check reads no hints yet"
