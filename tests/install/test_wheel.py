"""`pip install .` alone gives a working offline verifier, with gmpy2, rich and what rich needs."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from typing import TYPE_CHECKING

import pytest

from tests.specification import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

RICH_NEEDS = {"markdown-it-py", "mdurl", "pygments"}
INSTALLED = {"dalel", "gmpy2", "rich"} | RICH_NEEDS
WITH_ENVIRONMENT = {"pip", "setuptools"}  # what an empty environment holds, by Python version


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program away from the checkout, so that only what is installed can be imported."""
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the project into an empty environment; give the folder of its programs."""
    folder = tmp_path_factory.mktemp("empty") / "environment"
    venv.create(folder, with_pip=True)
    done = run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", REPOSITORY, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "bin"


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the record of `make election`; hold one where there is none yet."""
    made = REPOSITORY / "build" / "election"
    if not (made / "record" / "results.json").exists():
        made = tmp_path_factory.mktemp("election")
        done = run(sys.executable, "-m", "tests.election", made, cwd=REPOSITORY)
        assert done.returncode == 0, done.stdout + done.stderr
    return made / "record"


def test_nothing_else_is_installed(programs: Path, tmp_path: Path) -> None:
    done = run(programs / "python", "-m", "pip", "list", "--format", "json", cwd=tmp_path)
    names = {str(entry["name"]).lower().replace("_", "-") for entry in json.loads(done.stdout)}
    assert names - WITH_ENVIRONMENT == INSTALLED


def test_the_five_packages_are_typed_and_hold_their_data(programs: Path, tmp_path: Path) -> None:
    script = (
        "import importlib.util as u, pathlib, sys\n"
        "for name in ['egcore', 'keyceremony', 'terminal_bridge', 'tally', 'verifier']:\n"
        "    folder = pathlib.Path(u.find_spec(name).origin).parent\n"
        "    print(name, (folder / 'py.typed').exists())\n"
        "tally = pathlib.Path(u.find_spec('tally').origin).parent\n"
        "print(sorted(path.name for path in (tally / 'scenarios').glob('*.json')))\n"
        "print(u.find_spec('tests'))\n"
    )
    done = run(programs / "python", "-c", script, cwd=tmp_path)
    assert done.stdout.splitlines() == [
        "egcore True",
        "keyceremony True",
        "terminal_bridge True",
        "tally True",
        "verifier True",
        "['kz2022_president.json', 'kz2023_mazhilis.json']",
        "None",
    ]


def test_the_verifier_says_how_it_is_used(programs: Path, tmp_path: Path) -> None:
    done = run(programs / "dalel-verify", "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "check" in done.stdout


def test_the_verifier_refuses_a_wrong_command_line(programs: Path, tmp_path: Path) -> None:
    assert run(programs / "dalel-verify", "reject", cwd=tmp_path).returncode == 2


def test_the_verifier_accepts_an_election_on_the_standard_group(
    programs: Path, record: Path, tmp_path: Path
) -> None:
    done = run(
        programs / "dalel-verify", "check", record, "--json", tmp_path / "r.json", cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert report["verdict"] == "accepted"
    assert report["stage"] == "final"
