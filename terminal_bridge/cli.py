"""`dalel-box`: the program of the precinct's devices: permits, terminal, ballot box (specs/18)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from egcore.program import run_program

if TYPE_CHECKING:
    from collections.abc import Sequence


def app(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code. argv: without the name; None for the process's."""
    return run_program("dalel-box", "box", "terminal_bridge.commands.application", argv)


if __name__ == "__main__":
    sys.exit(app())
