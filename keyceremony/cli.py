"""`dalel-guardian`: the program of a member of the commission (specs/18)."""

from __future__ import annotations

import sys

from egcore.program import run_program


def app() -> int:
    """Run the program and return its exit code: 0, 1 for an error, 2 for a wrong command line."""
    return run_program("dalel-guardian", "guardian", "keyceremony.commands")


if __name__ == "__main__":
    sys.exit(app())
