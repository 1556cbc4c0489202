"""Figures of the benchmarks that pytest runs, each file of them in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

REPOSITORY: Final = Path(__file__).parents[2]
_WORDS: Final = 300
_NONE: Final = "ignore:Not saving anything"  # where all benchmarks of a file were skipped


def measure(file: str) -> dict[str, Any]:
    """What the benchmarks of a file say: {"figures": {test: {group, median, ...}}}.

    Or {"missing": reason}: there is no such file, its tests were skipped, or one failed.
    """
    if not (REPOSITORY / file).is_file():
        return {"missing": f"there is no {file}"}
    with TemporaryDirectory(prefix="dalel-bench-") as folder:
        written, summary = Path(folder) / "written.json", Path(folder) / "summary.json"
        command = [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file, "-W", _NONE),
            *("--benchmark-only", f"--benchmark-json={written}", f"--summary-file={summary}"),
        ]
        # Without what pytest-xdist tells its processes, in one of which a test may call this.
        outside = {name: v for name, v in os.environ.items() if not name.startswith("PYTEST_")}
        done = subprocess.run(
            command,
            cwd=REPOSITORY,
            env=outside,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if done.returncode != 0:
            said = done.stdout.decode("utf-8", "replace").strip().splitlines()
            for line in said[-40:]:
                print(line, file=sys.stderr)
            return {"missing": f"{file} failed: {said[-1][:_WORDS] if said else 'no output'}"}
        reasons = list(json.loads(summary.read_bytes())["not_run"])
        figures = _figures(written)
    if not figures:
        return {"missing": "; ".join(reasons) or f"{file} measured nothing"}
    return {"figures": figures, "not_run": reasons}


def _figures(written: Path) -> dict[str, dict[str, Any]]:
    if not written.is_file() or not written.read_bytes().strip():
        return {}
    return {
        one["name"]: {
            "group": one["group"],
            "median": one["stats"]["median"],
            "rounds": one["stats"]["rounds"],
            **one["extra_info"],
        }
        for one in json.loads(written.read_bytes())["benchmarks"]
    }
