"""`dalel-verify` on a toy group as a process of its own, to be killed in the middle."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.toy_groups import TOY

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).parents[2]
# A smaller group, which no option of the program selects.
PROGRAM: Final = """
import json, sys
from verifier.algebra import Group
from verifier.cli import main
name, p, q, g = json.loads(sys.argv[1])
sys.exit(main(sys.argv[2:], Group(name, p, q, g)))
"""
GROUP: Final = json.dumps([TOY.name, TOY.p, TOY.q, TOY.g])
_SECONDS: Final = 300


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", PROGRAM, GROUP, *map(str, arguments)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The program to its end."""
    return subprocess.run(
        command(*arguments), cwd=ROOT, capture_output=True, text=True, check=False, timeout=_SECONDS
    )


def run_until(is_time: Callable[[subprocess.Popen[bytes]], bool], *arguments: object) -> int | None:
    """Kill the program by SIGKILL as soon as it is time; None if it ended before that, as 0."""
    with subprocess.Popen(
        command(*arguments), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as running:
        end = time.monotonic() + _SECONDS
        while running.poll() is None and not is_time(running):
            assert time.monotonic() < end, "it neither ended nor came that far"
            time.sleep(0.0005)
        running.kill()
        running.wait()
        error = b"" if running.stderr is None else running.stderr.read()
    assert running.returncode in {0, -9}, error.decode()
    return running.returncode or None
