"""A worker that has another version of the program."""

from __future__ import annotations

from typing import Any

from verifier.cluster import task
from verifier.program import Program

changed: Any = task
changed.this_program = lambda: Program("0.0.1", bytes(32))
