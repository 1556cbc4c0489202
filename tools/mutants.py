"""Mutation testing of `verifier/checks`: changes of a check that no test would notice.

Usage: python tools/mutants.py [FILE ...] [--work FOLDER] [--children N] [--keep] [--report].
mutmut changes a copy in FOLDER/<file>/mutants and runs the tests that `tests/mutants/selection.py`
names; the work tree is not touched. A run that was interrupted goes on where it stopped, as long
as nothing changed. --keep: mutants that are killed stay so, whatever changed since; for work on
the survivors. --report: run nothing, show what is there.
Exit code 1 unless all mutants were tried, at least 95 percent are killed, and `explained.toml`
explains every other one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from mutant_report import report

REPOSITORY = Path(__file__).resolve().parent.parent
COPIED = ("egcore", "keyceremony", "terminal_bridge", "tally", "specs", "tools", "stubs", "tests")
ALONE = ("pyproject.toml", "README.md", "Makefile")
MUTMUT = Path(sys.executable).parent / "mutmut"
NICENESS = 5
KILLED, NOT_TRIED = 1, None  # what mutmut notes of a mutant
OPTIONS = (
    *("-p", "no:cacheprovider", "-p", "no:benchmark", "-p", "no:xdist"),
    *("-p", "no:dalel-watch"),  # of the first of many sessions in one process; it has one log
    *("-m", "not standard and not long"),
)


def fingerprint() -> str:
    """SHA-256 over everything that decides whether a mutant is killed."""
    digest = hashlib.sha256()
    for folder in ("verifier", *COPIED):
        for path in sorted((REPOSITORY / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(REPOSITORY)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def settings(file: str, tests: list[str]) -> str:
    """The text of setup.cfg, where mutmut finds its settings."""
    lists = {
        "source_paths": ["verifier"],
        "only_mutate": [f"verifier/checks/{file}.py"],
        "also_copy": [*COPIED, *ALONE],
        "pytest_add_cli_args": OPTIONS,
        "pytest_add_cli_args_test_selection": tests,
    }
    text = "[mutmut]\n"
    for name, values in lists.items():
        text += f"{name}=\n" + "".join(f"    {value}\n" for value in values)
    return text + (
        "track_dependencies=false\nuse_git_change_detection=false\non_dependency_change=ignore\n"
        "timeout_multiplier=10\ntimeout_constant=5\n"
    )


def prepare(work: Path, file: str, tests: list[str], state: str, *, keep: bool) -> Path:
    """Give the folder in which mutmut runs, with what is known from an earlier run if it holds."""
    folder = work / file
    mark = folder / "fingerprint"
    known = mark.read_text("utf-8") if mark.exists() else None
    if known != state:
        if keep and folder.exists():
            forget_survivors(folder, file)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("verifier", *COPIED, *ALONE):
        link = folder / name
        if not link.is_symlink():
            link.symlink_to(REPOSITORY / name)
    (folder / "setup.cfg").write_text(settings(file, tests), "utf-8")
    mark.write_text(state, "utf-8")
    return folder


def results_file(folder: Path, file: str) -> Path:
    """Where mutmut keeps what became of every mutant."""
    return folder / "mutants" / "verifier" / "checks" / f"{file}.py.meta"


def forget_survivors(folder: Path, file: str) -> None:
    """Let mutmut try again what is not killed, with tests whose times it measures anew."""
    path = results_file(folder, file)
    (folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    if path.exists():
        content = json.loads(path.read_text("utf-8"))
        codes = content["exit_code_by_key"]
        content["exit_code_by_key"] = {k: c if c == KILLED else NOT_TRIED for k, c in codes.items()}
        path.write_text(json.dumps(content), "utf-8")


def is_done(folder: Path, file: str) -> bool:
    """Whether every mutant of the file was tried."""
    path = results_file(folder, file)
    if not path.exists():
        return False
    codes = json.loads(path.read_text("utf-8"))["exit_code_by_key"].values()
    return NOT_TRIED not in codes


def run(folder: Path, file: str, children: int) -> int:
    """Run mutmut; give its exit code. What it prints goes to a file beside."""
    print(f"{file}: running", flush=True)
    command = ("nice", "-n", str(NICENESS), str(MUTMUT), "run", "--max-children", str(children))
    environment = {**os.environ, "PYTHONPATH": "", "COLUMNS": "200"}
    with (folder / "mutmut.log").open("w", encoding="utf-8") as log:
        done = subprocess.run(
            command, cwd=folder, stdout=log, stderr=log, check=False, env=environment
        )
    if done.returncode != 0 or not is_done(folder, file):
        tail = (folder / "mutmut.log").read_text("utf-8", errors="replace")[-3000:]
        print(f"{file}: mutmut did not finish (exit code {done.returncode})\n{tail}")
        return done.returncode or 1
    return 0


def main() -> int:
    """Run what is not done, then report."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("files", nargs="*", metavar="FILE", help="v06, say; all if none is given")
    parser.add_argument("--work", type=Path, default=REPOSITORY / "build" / "mutants")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--report", action="store_true")
    asked = parser.parse_args()
    command = (sys.executable, "-m", "tests.mutants.selection")
    printed = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    selection: dict[str, list[str]] = json.loads(printed.stdout)
    chosen = [file for file in selection if not asked.files or file.startswith(tuple(asked.files))]
    if not asked.report and not MUTMUT.exists():
        print(f"expected the program mutmut at {MUTMUT}, found none: install mutmut and try again")
        return 2
    state, failed = fingerprint(), 0
    if not asked.report:
        for file in chosen:
            folder = prepare(asked.work, file, selection[file], state, keep=asked.keep)
            if not is_done(folder, file):
                failed |= run(folder, file, asked.children)
    is_good = report(asked.work, chosen, REPOSITORY)
    return 0 if is_good and not failed else 1


if __name__ == "__main__":
    raise SystemExit(main())
