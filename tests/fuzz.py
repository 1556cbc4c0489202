"""Changes whole records at random and has the verifier judge each: never anything but a report.

Usage: python -m tests.fuzz [--cases N] [--seed S] [--out FOLDER] [--processes N], or --only NUMBER
with a seed, or --replay FOLDER/NUMBER. All on a toy group. Prints verdicts by kind of change and
cases by failing item. What tests/fuzzing/judge.py calls a problem fails the case: it is written to
FOLDER/NUMBER, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.fuzzing.campaign import Counts, campaign, kept_case
from tests.fuzzing.case import KINDS
from tests.fuzzing.judge import FAULTY, GROUP, REFUSED, judge_written
from verifier.cli import main as dalel_verify
from verifier.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COLUMNS = (*(verdict.value for verdict in Verdict), REFUSED, FAULTY)
ITEMS_IN_A_ROW = 8
GOOD = "each gave a report; none was accepted but the unchanged, and some that all signers changed"


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """Cases done and time left, on stderr, when a person looks at it."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    columns = (TextColumn("cases"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("cases", total=total)
        yield lambda: bar.advance(task)


def print_counts(counts: Counts) -> None:
    """One row a kind, then cases by failing item. A case of several changes is in several rows."""
    print(f"{'kind of change':<32}{'cases':>8}" + "".join(f"{name:>13}" for name in COLUMNS))
    for kind in KINDS:
        found = counts.by_kind.get(kind, Counter())
        row = "".join(f"{found[name]:>13}" for name in COLUMNS)
        print(f"{kind:<32}{sum(found.values()):>8}{row}")
    print("\ncases by failing item")
    items = sorted(counts.by_item, key=by_number)
    for first in range(0, len(items), ITEMS_IN_A_ROW):
        side_by_side = items[first : first + ITEMS_IN_A_ROW]
        print("  ".join(f"{item:>4} {counts.by_item[item]:>6}" for item in side_by_side))


def by_number(item: str) -> tuple[int, str]:
    """The order of the specification; a fault of the verifier comes first."""
    number, _, letter = item.partition(".")
    return (int(number), letter) if number.isdecimal() else (-1, item)


def run(seed: int, numbers: range, processes: int, out: Path) -> int:
    """All cases of these numbers; 0 when all were judged and none has a problem."""
    print(f"seed {seed}, cases {numbers.start} to {numbers.stop - 1}", flush=True)
    started, counts = time.monotonic(), Counts()
    with progress(len(numbers)) as advance, suppress(KeyboardInterrupt):
        for judged in campaign(seed, numbers, processes, out):
            counts.add(judged)
            advance()
            if judged.answer.problems:
                print(f"FAILED  case {judged.number}: {judged.answer.problems[0]}", flush=True)
    print_counts(counts)
    seconds = time.monotonic() - started
    print(f"\n{counts.cases} cases in {seconds:.0f} s with {processes} processes, seed {seed}")
    if counts.failing:
        names = " ".join(map(str, sorted(counts.failing)))
        print(f"FAILED: {names}\nsee {out}/NUMBER, or: python -m tests.fuzz --replay {out}/NUMBER")
    elif counts.cases < len(numbers):
        print(f"interrupted: {len(numbers) - counts.cases} cases were not judged")
    else:
        print(GOOD)
        return 0
    return 1


def replay(folder: Path) -> int:
    """Judge a case that was kept, and show what the verifier says of it."""
    answer = judge_written(kept_case(folder), folder)
    for name in ("record", "record.zip"):
        if (folder / name).exists():
            dalel_verify(["check", str(folder / name)], GROUP)
    for problem in answer.problems:
        print(f"FAILED  {problem}")
    return 1 if answer.problems else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, help="drawn when it is not given, and printed")
    parser.add_argument("--out", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="one case of a seed")
    parser.add_argument("--replay", type=Path, metavar="FOLDER", help="a case that failed before")
    options = parser.parse_args(arguments)
    if options.replay is not None:
        return replay(options.replay)
    seed = secrets.randbelow(2**32) if options.seed is None else options.seed
    numbers = range(options.cases)
    if options.only is not None:
        numbers = range(options.only, options.only + 1)
    return run(seed, numbers, options.processes, options.out)


if __name__ == "__main__":
    sys.exit(main())
