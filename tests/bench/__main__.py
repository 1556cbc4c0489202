"""All figures of BENCHMARKS.md in one run: `make bench`, or `python -m tests.bench --ballots N`.

Prints how far it has come, and writes build/bench.json, docs/bench/figures.json, the plot, and
BENCHMARKS.md. A run that was ended goes on where it was, as long as the code and the number of
ballots are the same. --page writes the page again from build/bench.json and measures nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any, Final

from tests.bench import page
from tests.bench.jobs import Job, jobs_for
from tests.bench.machine import load, modexp, this_machine
from tests.bench.progress import clock
from tests.bench.store import REPOSITORY, Store, sources, write, write_text

BUILD: Final = REPOSITORY / "build"
RESULT: Final = BUILD / "bench.json"
PAGE: Final = REPOSITORY / "BENCHMARKS.md"
FIGURES: Final = REPOSITORY / "docs" / "bench" / "figures.json"
PLOT: Final = REPOSITORY / "docs" / "bench" / "ballots.svg"
FEWEST: Final = 100


def measure(ballots: int) -> None:
    """Do all jobs that no earlier run has done, and write down what all of them say."""
    machine = this_machine().as_json()
    store = Store(BUILD / "bench", {"ballots": ballots, "code": sources(), "machine": machine})
    jobs = jobs_for(ballots)
    start = store.part("start", lambda: {"load": load(), "modexp": modexp()})
    started, parts = time.monotonic(), dict[str, Any]()
    for number, job in enumerate(jobs, 1):
        if not store.has(job.name):
            left = clock(_left(jobs[number - 1 :], store))
            _say(f"{number} of {len(jobs)}: {job.name}, about {left} left")
        parts[job.name] = store.part(job.name, job.measure)
        if "missing" in parts[job.name]:
            _say(f"  not measured: {parts[job.name]['missing']}")
    end = {"load": load(), "modexp": modexp(), "seconds": time.monotonic() - started}
    found = {"ballots": ballots, "machine": machine, "start": start, "end": end, "parts": parts}
    write(RESULT, found)
    store.drop()


def write_page(found: dict[str, Any]) -> None:
    """Write the page, the plot and the short figures of a run."""
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    write(FIGURES, page.short_figures(found))
    write_text(PLOT, page.plot_of(found))
    write_text(PAGE, page.page_of(found))


def _left(jobs: list[Job], store: Store) -> float:
    return sum(job.seconds for job in jobs if not store.has(job.name))


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """Measure, or take what was measured, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--ballots", type=int, default=20_000, help="of the largest record")
    parser.add_argument("--page", action="store_true", help="write the page of the last run again")
    chosen = parser.parse_args(arguments)
    if chosen.ballots < FEWEST:
        parser.error(f"the largest record has at least {FEWEST} ballots, not {chosen.ballots}")
    if chosen.page and not RESULT.is_file():
        parser.error("there is no build/bench.json: run it without --page")
    if not chosen.page:
        measure(chosen.ballots)
    found = json.loads(RESULT.read_bytes())  # so that the page is the same when written again
    write_page(found)
    print(page.bars_of(found))
    for written in (RESULT, FIGURES, PLOT, PAGE):
        _say(f"written: {written}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
