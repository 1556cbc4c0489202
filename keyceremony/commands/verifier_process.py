"""The verifier as a process of its own: nothing of it is imported here, and it holds no key."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from egcore.program import ProgramError

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM: Final = "dalel-verify"
_ACCEPTED: Final = 0
_VERDICTS: Final = {1: "rejects the record", 4: "could not check all of it"}


def find_verifier() -> str:
    """Return the program beside this Python, else on the path. Raises ProgramError."""
    beside = Path(sys.executable).with_name(PROGRAM)
    found = str(beside) if beside.is_file() else shutil.which(PROGRAM)
    if found is None:
        raise ProgramError(
            f"{PROGRAM} is not installed here",
            "run: pip install dalel; or name a guardian who has run it: --vouched-by I",
        )
    return found


def report_on(record: Path, command: Sequence[str]) -> bytes:
    """Return the JSON report of `dalel-verify check RECORD --stage sealed`.

    command: how the verifier is started. Raises ProgramError for every exit code but 0.
    """
    with TemporaryDirectory(prefix="dalel-") as folder:
        report = Path(folder) / "report.json"
        arguments = ["check", str(record), "--stage", "sealed", "--json", str(report)]
        # its progress goes to our stderr: on a whole country's record this takes hours
        ended = subprocess.run([*command, *arguments], stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - our own program
        if ended.returncode != _ACCEPTED:
            verdict = _VERDICTS.get(ended.returncode, f"ended with code {ended.returncode}")
            raise ProgramError(
                f"{PROGRAM} {verdict}; nothing is decrypted",
                f"read its findings: {PROGRAM} check {record} --stage sealed",
            )
        return report.read_bytes()
