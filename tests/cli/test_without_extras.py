"""`dalel-verify` on a machine without numpy, llvmlite and distributed: all but the extras works."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from egcore.parameters import STANDARD
from tests.attacks.judge import write_folder
from tests.attacks.museum.base import honest_record

ROOT: Final = Path(__file__).parents[2]
# The program, with finders that have none of these packages.
PROGRAM: Final = """
import sys
class Without:
    def __init__(self, finder):
        self.finder = finder
    def __getattr__(self, name):
        return getattr(self.finder, name)
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("numpy", "llvmlite", "distributed", "dask"):
            return None
        return self.finder.find_spec(name, path, target)
sys.meta_path[:] = map(Without, sys.meta_path)
from verifier.cli import main
code = main(sys.argv[1:])
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"numpy", "llvmlite", "distributed", "dask"}
sys.exit(code)
"""


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(honest_record(STANDARD), tmp_path_factory.mktemp("bare") / "record")


def dalel_verify(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.standard
def test_a_record_is_judged_and_hints_are_made_and_used(record: Path) -> None:
    first = dalel_verify("check", str(record), "--json", "-")
    assert (first.returncode, json.loads(first.stdout)["verdict"]) == (0, "accepted")
    made = dalel_verify("hints", str(record), "--processes", "1")
    assert made.returncode == 0, made.stderr
    hinted = dalel_verify("check", str(record))
    assert hinted.returncode == 0
    assert "ballots were checked with hints" in hinted.stdout
    again = dalel_verify("check", str(record), "--json", "-")
    assert again.stdout == first.stdout


@pytest.mark.standard
def test_the_kernel_is_missed_when_it_was_asked_for(record: Path) -> None:
    ran = dalel_verify("check", str(record), "--backend", "ifma")
    assert ran.returncode == 0
    assert (
        "gmpy2 computes in place of the kernel: numpy is not installed: pip install 'dalel[fast]'"
        in ran.stderr
    )
    quiet = dalel_verify("check", str(record), "--backend", "auto")
    assert (quiet.returncode, quiet.stderr) == (0, "")


def test_a_cluster_is_missed_in_one_line(tmp_path: Path) -> None:
    ran = dalel_verify("check", str(tmp_path), "--cluster", "tcp://127.0.0.1:1")
    assert ran.returncode == 3
    assert "[cluster]" in ran.stderr
    assert len(ran.stderr.splitlines()) == 2  # what is missing, and what to do


def test_versions_name_what_is_missing() -> None:
    ran = dalel_verify("version", "--verbose")
    assert ran.returncode == 0
    assert "kernel: numpy is not installed: pip install 'dalel[fast]'" in ran.stdout
