"""Builds every case of the museum on the standard group, and has the verifier judge each.

Usage: python -m tests.museum FOLDER [--only ID ...] [--processes N], or --chapter.
Writes FOLDER/index.json and FOLDER/<id>/record anew, runs `dalel-verify check --json` on each
record as a process of its own, and compares verdict, items and what was checked with the index.
Exit code 1 on any difference. --chapter writes the index into specs/20-museum.md and stops.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from egcore.parameters import STANDARD
from tests.attacks.judge import write_folder
from tests.attacks.museum.base import honest_record
from tests.attacks.museum.catalogue import BY_ID, CASES
from tests.attacks.museum.index import by_number, entries, tables
from tests.attacks.museum.scene import build
from tests.attacks.museum.verdict import differences, failed_items

if TYPE_CHECKING:
    from collections.abc import Iterable

CHAPTER = Path(__file__).parent.parent / "specs" / "20-museum.md"
MARK = "<!-- index -->\n"
VERIFIER = Path(sys.executable).parent / "dalel-verify"
REJECTED = 1  # exit code of the verifier


@dataclass(frozen=True)
class Judged:
    """What became of one case. items: those that failed. wrong: differences, empty if none."""

    id: str
    seconds: float
    items: tuple[str, ...]
    wrong: tuple[str, ...]


def judge_case(task: tuple[str, Path]) -> Judged:
    """Build one case into its folder, run the verifier on it, and compare."""
    id_, folder = task
    case, started = BY_ID[id_], time.monotonic()
    record = write_folder(build(case, STANDARD), folder / id_ / "record")
    report_file = folder / id_ / "report.json"
    command = (VERIFIER, "check", "--processes", "1", "--json", report_file, record)
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    seconds = time.monotonic() - started
    if done.returncode != REJECTED:
        said = done.stderr.strip().splitlines()
        wrong = (f"exit code {done.returncode}: {said[-1] if said else 'nothing on stderr'}",)
        return Judged(id_, seconds, (), wrong)
    report = json.loads(report_file.read_bytes())
    items = tuple(by_number(failed_items(report)))
    return Judged(id_, seconds, items, tuple(differences(case, report)))


def accepts_honest_record(folder: Path) -> bool:
    """Whether the record that most cases start from is accepted by the same program."""
    record = write_folder(honest_record(STANDARD), folder / "honest" / "record")
    command = (VERIFIER, "check", record)
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def prepare(folder: Path, ids: Iterable[str]) -> None:
    """Remove what an earlier run left of these cases; write the index of all."""
    for id_ in ("honest", *ids):
        if (folder / id_).exists():
            shutil.rmtree(folder / id_)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(entries(), ensure_ascii=False, indent=1)
    (folder / "index.json").write_text(text + "\n", "utf-8")


def show(judged: Judged) -> None:
    """One line of the table, and one more for each difference."""
    mark = "FAILED" if judged.wrong else "ok"
    items = " ".join(judged.items)
    print(f"{mark:<7}{judged.id:<6}{judged.seconds:>6.1f} s  {items}", flush=True)
    print(f"{'':21}{BY_ID[judged.id].title}", flush=True)
    for line in judged.wrong:
        print(f"{'':21}{line}", flush=True)


def run(folder: Path, ids: list[str], processes: int) -> int:
    """All cases; the base election is made once, before the processes part."""
    started = time.monotonic()
    prepare(folder, ids)
    if not accepts_honest_record(folder):
        print("FAILED  the honest record is not accepted")
        return 1
    print(f"honest record accepted after {time.monotonic() - started:.0f} s", flush=True)
    context = multiprocessing.get_context("fork")  # so that each has the base election
    wrong = []
    with context.Pool(processes) as pool:
        for judged in pool.imap(judge_case, [(id_, folder) for id_ in ids]):
            show(judged)
            wrong += [judged.id] if judged.wrong else []
    seconds = time.monotonic() - started
    print(f"{len(ids)} cases in {seconds:.0f} s with {processes} processes")
    print(f"FAILED: {' '.join(wrong)}" if wrong else "each was refused by its items alone")
    return 1 if wrong else 0


def write_chapter() -> None:
    """The tables of specs/20-museum.md, from the code."""
    text, mark, _ = CHAPTER.read_text("utf-8").partition(MARK)
    CHAPTER.write_text(f"{text}{mark}{tables()}", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.museum", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("build/museum"))
    parser.add_argument("--only", nargs="+", metavar="ID", choices=list(BY_ID))
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--chapter", action="store_true")
    options = parser.parse_args()
    if options.chapter:
        write_chapter()
        return 0
    ids = options.only or [case.id for case in CASES]
    return run(options.folder, ids, options.processes)


if __name__ == "__main__":
    sys.exit(main())
