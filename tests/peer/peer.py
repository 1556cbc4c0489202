"""Starting the peer's programs: they run on its own Python and leave files, which are read."""

from __future__ import annotations

import fcntl
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY: Final = Path(__file__).resolve().parents[2]
PYTHON: Final = REPOSITORY / ".venv-peer" / "bin" / "python"
MOST_SECONDS: Final = 600


def is_there() -> bool:
    """Whether the peer's environment has been made, to its end."""
    return (REPOSITORY / ".venv-peer" / ".setup-done").exists()


def run(program: str, *arguments: str | Path) -> None:
    """Run a program of `tests/peer/programs`. Its output is not read: the package prints at will.

    Raises RuntimeError with the end of what it said on standard error if it fails.
    """
    command = [PYTHON, "-W", "ignore", "-m", f"tests.peer.programs.{program}", *arguments]
    done = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, timeout=MOST_SECONDS, check=False
    )
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace")[-2_000:]
        raise RuntimeError(f"{program} of the peer ended with {done.returncode}: {said}")


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Give a folder that `make` has filled, by whichever process of the tests came first."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{folder}.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = Path(f"{folder}.done")
        if not done.exists():
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
